"""What a person is sent: one text and, perhaps, choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a person can press, or type by its label or its number.

    Args:
        label: what she reads.
        value: what comes back when she presses it; never personal, never a receipt.
    """

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a person.

    Args:
        text: the words, in her language.
        choices: in the order in which they are numbered, from 1.
        free: a text of her own is asked for here, so a number she types is her answer and not
            the number of a choice.
        secret: the words must be shown but never kept (a receipt).
        held: letters that an answer in her own words may have if her browser keeps it and says
            only that there is one; 0 where words are sent as they are.
        seal: what her browser is to seal, to whom, before she agrees to send it.
        attach: files can be added here by her browser: how many, how large, and the words for it.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    free: bool = False
    secret: bool = False
    held: int = 0
    seal: dict[str, Any] | None = field(default=None, hash=False)
    attach: dict[str, Any] | None = field(default=None, hash=False)
