"""Folding: many ways of writing one word become one.

What people type under pressure has capitals, missing accents, stretched letters, curly
apostrophes, invisible marks and emoji. Both the declared phrases and the messages go through the
same folding, so a translator writes ordinary words and need not think of any of this.
"""

from __future__ import annotations

import re
import unicodedata

#: Stands for the edge of a sentence in a list of tokens.
EDGE = "."

#: Stands for a comma, where commas are asked for.
COMMA = ","

#: A folded text is cut here: one character may stand for eighteen, and only an attacker needs it.
LONGEST = 60_000

_INVISIBLE = re.compile(
    "[\u00ad\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]"
)
# Combining accents, Arabic vowel signs and Quranic marks.
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_LETTERS = str.maketrans("ىةٱیکھہ", "يهايكهه")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u0060\u00b4\u02bb]")
# French elision: "j'ai" is two words, as "j ai" is. English "don't" has no letter of these alone.
_ELISION = re.compile(r"\b(j|m|t|s|l|d|n|c|qu|jusqu|lorsqu|puisqu|quelqu)'")
# A letter three times or more is a stretched one; digits are left alone.
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# One Han character is one token. "*" and "@" inside a word hide a letter from filters ("r*pe").
_TOKEN = re.compile(
    rf"[{_HAN}]|[^\W_{_HAN}]+(?:[*@][^\W_{_HAN}]+)*|(?P<edge>(?<!\.)\.(?!\.)|[!?;\n。؟؛۔]+)|(?P<comma>[,،、:])"
)


def fold(text: str) -> str:
    """One spelling for many: compatibility forms, case, accents, Arabic letters, stretching.

    Args:
        text: any text.

    Returns:
        The folded text; its punctuation is still there.
    """
    text = unicodedata.normalize("NFKC", text)[:LONGEST].casefold()
    text = _MARKS.sub("", unicodedata.normalize("NFD", _INVISIBLE.sub("", text)))
    text = _APOSTROPHES.sub("'", text.translate(_LETTERS))
    text = _ELISION.sub(r"\1 ", text).replace("'", "")
    return _STRETCHED.sub(r"\1", text)


def tokens(text: str, commas: bool = False) -> list[str]:
    """The words of a text, with ``EDGE`` where a sentence ends.

    Dots of suspense ("I... I want") are no edge: frightened people write them inside a sentence.

    Args:
        text: the text, not yet folded.
        commas: whether commas are listed, too.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        kind = match.lastgroup
        if kind is None:
            found.append(match.group())
        elif kind == "edge":
            found.append(EDGE)
        elif commas:
            found.append(COMMA)
    return found
