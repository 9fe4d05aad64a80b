"""The answer to one message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalogue import Choice, Message

#: The intent of a turn that was not begun, because too many wait already.
BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to one message.

    Args:
        messages: what to say.
        ended: the conversation is over and forgotten.
        lang: the language of the answer.
        intent: what was understood, by its full name; the gate's own word when it answered alone;
            ``None`` when the engine gave no answer, ``BUSY`` when it was not even asked.
        confidence: 0 to 1.
        gate: ``stop``, ``erase``, ``exit``, ``crisis`` or ``None``.
        cleared: what was said before must go from the screen, as far as the channel can do it.
    """

    messages: tuple[Message, ...]
    ended: bool
    lang: str
    intent: str | None = None
    confidence: float = 0.0
    gate: str | None = None
    cleared: bool = False

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The choices of the last message that has any: label and value."""
        offering = [message.choices for message in self.messages if message.choices]
        return [(choice.label, choice.value) for choice in offering[-1]] if offering else []

    @classmethod
    def from_entry(cls, entry: dict[str, Any]) -> Turn:
        """From the state store."""
        messages = tuple(
            Message(**(raw | {"choices": tuple(Choice(**choice) for choice in raw["choices"])}))
            for raw in entry["messages"]
        )
        return cls(**(entry | {"messages": messages}))
