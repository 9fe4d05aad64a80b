"""Texts made fit for carriers: cut where they are too long, and shown in reading order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from catalogue import Message
from catalogue.messages import RIGHT_TO_LEFT

#: Where a text may be cut, the best place first.
_CUTS = ("\n\n", "\n", ". ", "? ", "! ", "。", "؟ ", " ")


#: Invisible; what follows it is ordered from left to right (Unicode Standard Annex 9).
_LEFT_TO_RIGHT = "\u200e"


def in_order(messages: tuple[Message, ...], lang: str) -> tuple[Message, ...]:
    """The messages with a receipt that is shown in the order in which it is noted.

    A receipt has no letters. On a screen that is read from the right, its last group of digits
    would stand first, and whoever copies it has another receipt.
    """
    if lang not in RIGHT_TO_LEFT:
        return messages
    return tuple(
        replace(message, text=f"{_LEFT_TO_RIGHT}{message.text}") if message.secret else message
        for message in messages
    )


def utf16(text: str) -> int:
    """How long a text is for carriers that count UTF-16 units (an emoji is two)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, most: int, measure: Callable[[str], int] = utf16) -> list[str]:
    """The text in pieces of at most ``most``; nothing but space is lost between them.

    Args:
        text: any text.
        most: at least the size of one character.
        measure: the size of a text, as the carrier counts; UTF-16 units if not given.
    """
    pieces = []
    rest = text.strip()
    while measure(rest) > most:
        head = _head(rest, most, measure)
        at = _cut(head)
        pieces.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [piece for piece in (*pieces, rest) if piece]


def _head(text: str, most: int, measure: Callable[[str], int]) -> str:
    """As many whole characters as fit; a character counts for one at least."""
    ends = range(1, min(len(text), most) + 1)
    return text[: bisect_right(ends, most, key=lambda end: measure(text[:end]))]


def _cut(head: str) -> int:
    for mark in _CUTS:
        at = head.rfind(mark)
        if at > len(head) // 2:
            return at + len(mark)
    return len(head)
