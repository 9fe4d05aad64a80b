"""Long texts cut for carriers that take only so much in one message."""

from __future__ import annotations

#: Where a text may be cut, the best place first.
_CUTS = ("\n\n", "\n", ". ", "? ", "! ", "。", "؟ ", " ")


def utf16(text: str) -> int:
    """How long a text is for carriers that count UTF-16 units (an emoji is two)."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, most: int) -> list[str]:
    """The text in pieces of at most ``most`` UTF-16 units; nothing but space is lost between them.

    Args:
        text: any text.
        most: at least two.
    """
    pieces = []
    rest = text.strip()
    while utf16(rest) > most:
        head = _head(rest, most)
        at = _cut(head)
        pieces.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [piece for piece in (*pieces, rest) if piece]


def _head(text: str, most: int) -> str:
    """As many whole characters as fit."""
    return text.encode("utf-16-le")[: most * 2].decode("utf-16-le", errors="ignore")


def _cut(head: str) -> int:
    for mark in _CUTS:
        at = head.rfind(mark)
        if at > len(head) // 2:
            return at + len(mark)
    return len(head)
