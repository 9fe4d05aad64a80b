"""How long a text message is, and how it stays short without losing a letter.

A text message carries 140 bytes: 160 letters of GSM-7 (3GPP TS 23.038), or 70 of UCS-2 as soon as
one letter is outside that alphabet; of a longer one each segment carries 153 or 67. So signs that
have a plain twin are replaced by it, where that saves the whole text from UCS-2. Letters are never
replaced: they belong to the language.
"""

from __future__ import annotations

from bot.channels.texts import utf16

#: The alphabet, and the signs that take two places of it.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")

#: Signs and their plain twins.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\u2039\u203a`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\u2002\u2003\t", " "),
        **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
        "\u2026": "...",
        "\u2022": "-",
    }
)

#: Letters of one message, and of each segment of a longer one.
_GSM = (160, 153)
_UCS2 = (70, 67)


def plain(text: str) -> str:
    """The text with plain signs, if that keeps it in GSM-7; else as it is.

    Args:
        text: any text.
    """
    replaced = text.translate(_PLAIN)
    return replaced if is_gsm(replaced) else text


def is_gsm(text: str) -> bool:
    """Whether every letter is in GSM-7."""
    return all(letter in BASIC or letter in EXTENDED for letter in text)


def segments(text: str) -> int:
    """How many segments it is sent in; nothing needs none.

    Args:
        text: as it goes out.
    """
    if is_gsm(text):
        return _count([2 if letter in EXTENDED else 1 for letter in text], *_GSM)
    return _count([utf16(letter) for letter in text], *_UCS2)


def _count(sizes: list[int], alone: int, each: int) -> int:
    """No letter is cut in two, so a segment may stay a place short."""
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    count, used = 1, 0
    for size in sizes:
        if used + size > each:
            count, used = count + 1, 0
        used += size
    return count


def fits(text: str, most: int = 2) -> bool:
    """Whether it goes out in so many segments."""
    return segments(text) <= most
