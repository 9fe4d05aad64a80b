"""One form of a text to search in, and a text cut into sentences and words."""

from __future__ import annotations

import re

#: Where a sentence ends. Chinese puts no space after it; a closing mark may stand in between.
_END = re.compile(
    r"(?<=[.!?;؟؛…])[”\"]?\s+|(?<=»)\s+(?=[A-ZÀ-ÝА-ЯЁ])|(?<=[。！？；])(?![”》」）])|(?<=[。！？]”)|\n"
)
#: A word of a language with spaces: letters and digits, with the marks that join them.
_WORD = re.compile(r"[\w’'-]*[^\W_][\w’'-]*")
#: Marks above and below Arabic letters, the stretching line, and marks of direction: all are
#: left out by some writers, so that no pattern may depend on them.
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640\u200e\u200f\u2066-\u2069]")


def plain(text: str) -> str:
    """Lower case, plain spaces, straight apostrophes; е for ё, and bare Arabic letters."""
    return re.sub(r"\s+", " ", bare(text.lower()).replace("’", "'"))


def bare(text: str) -> str:
    """Without what writers leave out: Arabic marks and hamzas, the dots on Russian ё.

    Patterns go through it as well, so that they may be written as the language is.
    """
    return _MARKS.sub("", text).translate(str.maketrans("أإآёЁ", "اااеЕ"))


def sentences(text: str) -> list[str]:
    """A text cut at its full stops, semicolons, question and exclamation marks."""
    return [part for part in _END.split(text) if re.search(r"\w", part)]


def length(lang: str, text: str) -> int:
    """How long a text is for its reader: words, in Chinese characters."""
    return len(re.findall(r"[^\W_]", text)) if lang == "zh" else len(_WORD.findall(text))


def words(text: str) -> list[str]:
    """The words of a text in a language that puts spaces between them."""
    return _WORD.findall(text)
