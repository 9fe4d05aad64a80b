"""Where a text written from right to left would be shown in another order than it is read.

Arabic is read from the right, Latin names and numbers within it from the left. A screen puts them
in order by rules (Unicode Standard Annex 9) that fail where nothing but a comma, a colon or a
space stands between two of them, and where a line begins with one. There a name needs other words
around it, or marks: U+2068 (an island that finds its own direction) or U+2066 (an island from left
to right), closed by U+2069.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.texts.read import Text

#: What may begin a text, because its words are Arabic or it is a single number.
BEGINS = {"count", "entity", "most", "number", "office", "shown", "total"}
#: Digits in groups: on a screen from right to left the last group would come first.
GROUPED = {"code"}

_ARABIC = "\u0621-\u064a\u0671-\u06d3"
_ISLAND = re.compile("[\u2066-\u2068][^\u2069]*\u2069")
_PLACE = re.compile(r"\{(\w+)\}")
#: Nothing but marks between two Latin words: the screen takes both, and the marks, for one.
_TWO_NAMES = re.compile(
    rf"[A-Za-z]\)?[،؛:,.]\s[^{_ARABIC}]*[A-Za-z]|[A-Za-z] \([^{_ARABIC}]*[A-Za-z]"
)
_TWO_NUMBERS = re.compile(r"\d\s+\d|\d،\s*\d")
#: A sign that belongs to a Latin word jumps to its other side without a mark behind it.
_SIGN = re.compile("[A-Za-z][+#%*!](?!\u200e)")
_FORBIDDEN = re.compile("[\u202a-\u202e]")


def flips(text: Text) -> Iterator[str]:
    """What would be shown in another order than it is read, in one text."""
    written = _ISLAND.sub("", text.text)
    if _FORBIDDEN.search(text.text):
        yield "an old mark of direction (U+202A to U+202E): it reaches beyond its text"
    if GROUPED & set(_PLACE.findall(written)):
        yield "digits in groups stand without U+2066 and U+2069"
    begins = re.match(r"\W*\{(\w+)\}", written)
    if begins and begins[1] not in BEGINS and re.search(rf"[{_ARABIC}]", written):
        yield f"it begins with {{{begins[1]}}}, which may be Latin"
    known = _PLACE.sub("", written)
    first = re.search(r"[^\W\d_]", known)
    if first and first[0].isascii() and re.search(rf"[{_ARABIC}]", known):
        yield "it begins with a Latin word, so that some screens show all of it from the left"
    if _TWO_NAMES.search(known):
        yield "two Latin names with nothing Arabic between them"
    if _TWO_NUMBERS.search(known):
        yield "two numbers with nothing Arabic between them"
    if _SIGN.search(known):
        yield "a sign behind a Latin word, without U+200E behind it"
