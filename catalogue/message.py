"""What a person is sent: one text and, perhaps, choices."""

from __future__ import annotations

from dataclasses import dataclass


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
    """

    text: str
    choices: tuple[Choice, ...] = ()
    free: bool = False
    secret: bool = False
