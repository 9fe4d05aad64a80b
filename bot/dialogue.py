"""One message in, its answer out: the gate first, then the engine.

The gate is deterministic and needs no engine: stop, erase, leave, the safe word and words of
acute danger are honoured also while the machine learning is down. Only then is the engine asked,
under a pseudonym.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.choices import VALUE, intent_of, named
from bot.conversation import Conversation
from bot.conversations import Conversations
from bot.engine import Engine, EngineDown
from bot.language import asks_for, detect
from bot.words import Sign, Words
from catalogue import Choice, Message, Messages, Walk

#: Longest text that is taken whole; a report's account may be long.
LONGEST = 20_000

#: The gate's words as choices, for a button that must always work.
_PRESSED = {f"gate:{kind}": Sign(kind) for kind in ("stop", "erase", "exit")}


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to one message.

    Args:
        messages: what to say.
        ended: the conversation is over and forgotten.
        lang: the language of the answer.
        intent: what was understood; ``None`` when the gate answered alone.
        confidence: 0 to 1.
        gate: ``stop``, ``erase``, ``exit``, ``crisis`` or ``None``.
    """

    messages: tuple[Message, ...]
    ended: bool
    lang: str
    intent: str | None = None
    confidence: float = 0.0
    gate: str | None = None

    @classmethod
    def from_entry(cls, entry: dict[str, Any]) -> Turn:
        """From the state store."""
        messages = tuple(
            Message(**(raw | {"choices": tuple(Choice(**choice) for choice in raw["choices"])}))
            for raw in entry["messages"]
        )
        return cls(**(entry | {"messages": messages}))


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said, after the gate has looked at it."""

    text: str
    choice: str | None
    sign: Sign | None


class Dialogue:
    """Holds conversations, whatever the channel."""

    def __init__(
        self,
        messages: Messages,
        words: Words,
        conversations: Conversations,
        engine: Engine,
        walks: Mapping[str, Walk],
    ) -> None:
        self._messages = messages
        self._words = words
        self._conversations = conversations
        self._engine = engine
        self._walks = walks

    async def begin(self, id: str, channel: str, lang: str | None) -> Conversation:
        """Start a conversation.

        Args:
            id: its pseudonym.
            channel: the channel's name.
            lang: the language that was chosen, if one was.
        """
        known = lang if lang in self._messages.languages else None
        conversation = Conversation(id, channel, known or "en", chosen_lang=known is not None)
        await self._conversations.keep(conversation)
        return conversation

    async def hear(
        self, id: str, *, text: str = "", choice: str | None = None, key: str | None = None
    ) -> Turn | None:
        """Answer one message, once.

        Args:
            id: the conversation's pseudonym.
            text: what was typed, or
            choice: the value of the choice that was pressed.
            key: the caller's mark of this very message. A message that comes again, because
                its answer was lost on the way, is answered as before and done only once.

        Returns:
            The answer, or ``None`` when there is no such conversation (any more).
        """
        async with self._conversations.lock(id):
            conversation = await self._conversations.find(id)
            if conversation is None:
                return None
            if key and key == conversation.key and conversation.answer:
                return Turn.from_entry(conversation.answer)
            if len(text) > LONGEST:
                return self._turn(conversation, self._say(conversation, "gate.too_long"))
            said = self._listen(conversation, text, choice)
            await self._conversations.keep(conversation)
            turn = await self._answer(conversation, said)
            if not turn.ended:
                await self._remember(id, turn, key)
            return turn

    def _listen(self, conversation: Conversation, text: str, choice: str | None) -> _Said:
        if choice is not None:
            sign = _PRESSED.get(choice)
            return _Said("", choice if VALUE.fullmatch(choice) else "choice:unknown", sign)
        wanted = asks_for(text)
        if wanted in self._messages.languages:
            return _Said("", f"lang:{wanted}", None)
        sign = self._words.recognise(text, conversation.lang)
        if sign is None or sign.kind == "crisis":
            value = named(text, conversation.offered, free=conversation.free)
            if value is not None:
                return _Said("", value, _PRESSED.get(value))
            self._follow_language(conversation, text)
        return _Said(text, None, sign)

    def _follow_language(self, conversation: Conversation, text: str) -> None:
        """A mixed conversation follows the person; an account in her own words does not."""
        if conversation.free and conversation.opened:
            return
        lang = detect(text, conversation.lang)
        known = lang in self._messages.languages
        if known and (not conversation.chosen_lang or len(text.split()) >= 4):
            conversation.lang = lang

    async def _answer(self, conversation: Conversation, said: _Said) -> Turn:
        sign = said.sign
        if said.choice and said.choice.startswith("lang:"):
            return await self._speak(conversation, said.choice.removeprefix("lang:"))
        if sign is None:
            return await self._think(conversation, said, ())
        if sign.kind == "stop" and conversation.walk:
            return await self._stop_walk(conversation)
        if sign.kind in ("stop", "erase", "exit"):
            return await self._end(conversation, sign.kind)
        if sign.kind == "safe_word":
            return self._turn(conversation, self._say(conversation, "gate.safe_word"))
        return await self._comfort(conversation, said, sign)

    async def _speak(self, conversation: Conversation, lang: str) -> Turn:
        """Go on in another language, at the very place where we are."""
        if lang in self._messages.languages:
            conversation.lang, conversation.chosen_lang = lang, True
            await self._conversations.keep(conversation)
        if conversation.walk and conversation.walk_state is not None:
            walk = self._walks[conversation.walk]
            step = await walk.again(conversation.walk_state, conversation.lang)
            return self._turn(conversation, step.messages)
        return await self._think(conversation, _Said("", "menu:start", None), ())

    async def _stop_walk(self, conversation: Conversation) -> Turn:
        walk = self._walks[conversation.walk or ""]
        step = await walk.stop(conversation.walk_state or {}, conversation.lang)
        conversation.walk_state = step.state
        if step.state is None:
            conversation.walk = None
        await self._conversations.keep(conversation)
        return self._turn(conversation, step.messages, gate="stop")

    async def _end(self, conversation: Conversation, kind: str) -> Turn:
        await self._conversations.forget(conversation.id)
        await self._engine.forget(conversation.id)
        key = {"stop": "gate.stopped", "erase": "gate.erased", "exit": "gate.left"}[kind]
        return Turn(self._say(conversation, key), True, conversation.lang, gate=kind)

    async def _comfort(self, conversation: Conversation, said: _Said, sign: Sign) -> Turn:
        """Acute danger: say at once what to do now; lose nothing of what was written."""
        calm = self._say(conversation, f"gate.crisis.{sign.danger}")
        if conversation.walk:
            turn = await self._think(conversation, said, calm)
            return Turn(
                turn.messages, False, turn.lang, turn.intent, turn.confidence, gate="crisis"
            )
        choices = (
            self._choice(conversation, "talk.choice.support", "menu:support"),
            self._choice(conversation, "gate.crisis.go_on", "menu:main"),
            self._choice(conversation, "gate.crisis.not_meant", "do:not_meant"),
        )
        last = Message(calm[-1].text, choices)
        return self._turn(conversation, (*calm[:-1], last), gate="crisis")

    async def _think(
        self, conversation: Conversation, said: _Said, first: tuple[Message, ...]
    ) -> Turn:
        """Ask the engine; ``first`` is said before its answer, and also without it."""
        slots = {
            "language": conversation.lang,
            "walk": conversation.walk,
            "topic": conversation.topic,
        }
        intent = intent_of(said.choice) if said.choice else None
        try:
            answer = await self._engine.turn(
                conversation.id, slots, text=said.text, intent=intent, choice=said.choice
            )
        except EngineDown:
            answer = None
        if answer is None or not answer.messages:
            return self._turn(conversation, (*first, *self._down(conversation)))
        messages = (*first, *answer.messages)
        if not first and not conversation.opened and answer.intent not in ("greet", "help"):
            messages = self._introduce(conversation, messages)
        return self._turn(
            conversation, messages, intent=answer.intent, confidence=answer.confidence
        )

    def _introduce(
        self, conversation: Conversation, messages: tuple[Message, ...]
    ) -> tuple[Message, ...]:
        """Who begins with a question is answered first, and told what this is right after."""
        (brief,) = self._say(conversation, f"open.brief.{conversation.channel}")
        *before, last = messages
        if last.text.rstrip().endswith(("?", "？", "؟")) or last.free:
            return (*before, brief, last)  # a question stays the last thing that is said
        return (*before, replace(last, choices=()), replace(brief, choices=last.choices))

    def _down(self, conversation: Conversation) -> tuple[Message, ...]:
        texts = self._say(conversation, "gate.engine_down")
        again = self._choice(conversation, "talk.choice.again", "menu:main")
        return (*texts[:-1], Message(texts[-1].text, () if conversation.walk else (again,)))

    async def _remember(self, id: str, turn: Turn, key: str | None) -> None:
        conversation = await self._conversations.find(id)
        if conversation is None:
            return  # erased meanwhile
        # In acute danger nobody is told what this is; that comes with the next answer.
        conversation.opened = conversation.opened or turn.gate is None
        offering = [m for m in turn.messages if m.choices]
        if offering:
            conversation.offered = [(c.label, c.value) for c in offering[-1].choices]
        conversation.free = any(m.free for m in turn.messages)
        conversation.key, conversation.answer = key, asdict(turn) if key else None
        await self._conversations.keep(conversation)

    def _turn(
        self,
        conversation: Conversation,
        messages: tuple[Message, ...],
        *,
        intent: str | None = None,
        confidence: float = 0.0,
        gate: str | None = None,
    ) -> Turn:
        return Turn(messages, False, conversation.lang, intent, confidence, gate)

    def _say(self, conversation: Conversation, key: str) -> tuple[Message, ...]:
        return tuple(Message(text) for text in self._messages.texts(conversation.lang, key))

    def _choice(self, conversation: Conversation, key: str, value: str) -> Choice:
        return Choice(self._messages.text(conversation.lang, key), value)
