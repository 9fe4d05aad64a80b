"""The second net for acute danger: what the gate's words missed and the engine recognised."""

from __future__ import annotations

from actions.base import SpeaksafeAction, Understood
from actions.desk import Desk
from bot import comfort
from bot.conversation import Conversation
from catalogue import Choice, Message

#: The retrieval intent; its topics are the kinds of danger that the gate knows, too.
DANGER = "danger/"


def calm(desk: Desk, conversation: Conversation, intent: str) -> list[Message]:
    """What to do now and whom to reach, without choices.

    Args:
        desk: what is spoken through.
        conversation: remembers the danger, so that the same is not said twice.
        intent: the full name, e.g. ``danger/self_harm``.
    """
    return [Message(t) for t in comfort.calm(conversation, desk.messages, kind(intent))]


def kind(intent: str) -> str:
    """``self_harm``, ``violence_now``, ``assault_recent`` or ``child``.

    A bare ``danger`` (a model of another kind) is answered for what may kill first.
    """
    return intent.removeprefix(DANGER) if intent.startswith(DANGER) else "violence_now"


class Danger(SpeaksafeAction):
    """Acute danger outside a walk: say at once what to do, then let the person choose."""

    called = "action_danger"

    async def reply(self, conversation: Conversation, said: Understood) -> list[Message]:
        """The same words and choices as the gate's."""
        lang = conversation.lang
        *first, last = calm(self.desk, conversation, said.heard.intent)
        choices = (
            self.desk.choice(lang, "support", "menu:support"),
            self._gate(lang, "go_on", "menu:main"),
            self._gate(lang, "not_meant", "do:not_meant"),
        )
        return [*first, Message(last.text, choices)]

    def _gate(self, lang: str, name: str, value: str) -> Choice:
        return Choice(self.desk.messages.text(lang, f"gate.crisis.{name}"), value)
