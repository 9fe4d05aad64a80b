"""The one shape of all actions: the conversation in, messages out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker

from actions.desk import Desk
from bot.asking import weighs
from bot.conversation import Conversation
from bot.turn import Turn
from catalogue import Heard, Message


@dataclass(frozen=True, slots=True)
class Understood:
    """What was said and what the engine made of it.

    Args:
        heard: text or choice, intent, confidence, language.
        ranking: full names of the likeliest intents, the best first.
        burden: how likely it is that something weighs on the person, 0 to 1.
        calmed: the gate recognised danger in it, and has said what to do.
        near: the kind of acute danger that it may be, though no alarm was raised; its full name.
        chances: the probability of each in `ranking`; empty if the engine told none.
    """

    heard: Heard
    ranking: tuple[str, ...]
    burden: float = 0.0
    calmed: bool = False
    near: str | None = None
    chances: tuple[float, ...] = ()


class SpeaksafeAction(Action):
    """Finds the conversation, lets the action answer, keeps the conversation.

    A subclass sets ``called`` (its name in domain.yml) and writes ``reply``.
    """

    called: ClassVar[str]

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def name(self) -> str:
        """The name in domain.yml."""
        return self.called

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """What to say; changes of ``conversation`` are kept."""
        raise NotImplementedError

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Rasa's entry: slots in, one call, events out."""
        with self.desk.conversations.doing.action(tracker.sender_id) as may:
            return await self._answered(dispatcher, tracker) if may else []

    async def _answered(
        self, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[dict[str, Any]]:
        kept = self.desk.conversations
        conversation = await kept.find(tracker.sender_id)
        ours = "choice" in (tracker.latest_message.get("metadata") or {})
        if conversation is None and ours:  # erased in this very moment: nothing may come back
            return []
        if conversation is None:  # from a developer's own shell
            lang = tracker.get_slot("language") or "en"
            conversation = Conversation(tracker.sender_id, "web", lang)
        desk = self.desk.on(conversation.channel)
        speaker = self if desk is self.desk else type(self)(desk)
        said = understood(tracker, conversation.lang)
        messages = _with_care(desk, conversation, said, await speaker.reply(conversation, said))
        if ours and await kept.find(conversation.id) is None:
            return []
        heard, lang = said.heard, conversation.lang
        conversation.will_say(Turn(tuple(messages), False, lang, heard.intent, heard.confidence))
        await kept.keep(conversation)
        for message in messages:
            dispatcher.utter_message(
                text=message.text,
                buttons=[{"title": c.label, "payload": c.value} for c in message.choices],
                json_message=_custom(message),
            )
        return [SlotSet("walk", conversation.walk), SlotSet("topic", conversation.topic)]


def _with_care(
    desk: Desk, conversation: Conversation, said: Understood, messages: list[Message]
) -> list[Message]:
    """The answer, and one line more if the message may be danger: each kind once in a chat.

    The line stands before what is said last, so that a question stays the end.
    """
    if said.near is None or said.calmed or said.near in conversation.cared:
        return messages
    conversation.cared.append(said.near)
    kind = said.near.removeprefix("danger/")
    line = Message(desk.messages.text(conversation.lang, f"talk.near.{kind}"))
    return [*messages[:-1], line, *messages[-1:]]


def _custom(message: Message) -> dict[str, Any] | None:
    custom = {name: getattr(message, name) for name in ("free", "secret", "held", "seal", "attach")}
    return custom if any(custom.values()) else None


def understood(tracker: Tracker, lang: str) -> Understood:
    """Read Rasa's latest message.

    Args:
        tracker: as the engine sent it.
        lang: the language of the conversation.
    """
    latest = tracker.latest_message
    intent = latest.get("intent") or {}
    metadata = latest.get("metadata") or {}
    choice = metadata.get("choice")
    heard = Heard(
        text="" if choice else latest.get("text") or "",
        choice=choice,
        intent=_full_name(latest, intent.get("name") or "nlu_fallback"),
        confidence=float(intent.get("confidence") or 0.0),
        lang=lang,
    )
    likeliest = latest.get("full_intent_ranking") or ()
    burden = sum(float(entry["confidence"]) for entry in likeliest if weighs(entry["name"]))
    ranking = tuple(entry["name"] for entry in likeliest)
    chances = tuple(float(entry["confidence"]) for entry in likeliest)
    calmed = bool(metadata.get("calmed"))
    near = None if choice else latest.get("near_danger")
    return Understood(heard, ranking, burden, calmed, near, chances)


def _full_name(latest: dict[str, Any], name: str) -> str:
    response = (latest.get("response_selector") or {}).get(name, {}).get("response", {})
    return response.get("intent_response_key") or name
