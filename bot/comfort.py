"""What is said in acute danger: the same words from the gate and from the engine's second net."""

from __future__ import annotations

from bot.conversation import Conversation
from catalogue import Messages


def calm(conversation: Conversation, messages: Messages, danger: str) -> tuple[str, ...]:
    """What to do now and whom to reach.

    The consoling sentence is said once in a chat; what to do is said again.

    Args:
        conversation: remembers the danger for all that is said after it.
        messages: the catalogues.
        danger: ``self_harm``, ``violence_now``, ``assault_recent`` or ``child``.
    """
    said = messages.on(conversation.channel)
    texts = said.texts(conversation.lang, f"gate.crisis.{danger}")
    if conversation.danger == danger:
        texts = (said.text(conversation.lang, "gate.crisis.again"), *texts[1:])
    conversation.danger = danger
    return texts
