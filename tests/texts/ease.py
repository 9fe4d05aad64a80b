"""How easy a text is to read, by the formula that is usual for its language.

Higher is easier. The figures of two languages do not compare: each has its own scale.

- en: Flesch (1948). es: Fernández Huerta (1959), with the usual correction of its misprint.
  fr: Kandel and Moles (1958). ru: Oborneva (2006).
- ar: OSMAN (El-Haj and Rayson, 2016), for text without short vowels.
- zh: no formula is common. We count the characters of a sentence, and the share of characters
  that are among the 3,755 most used ones (level 1 of the standard GB 2312).
"""

from __future__ import annotations

import re

from tests.texts.plain import bare, length, sentences, words
from tests.texts.syllables import count

#: Base, weight of the words in a sentence, weight of the syllables in a word.
_FLESCH = {
    "en": (206.835, 1.015, 84.6),
    "fr": (207.0, 1.015, 73.6),
    "es": (206.84, 1.02, 60.0),
    "ru": (206.835, 1.3, 60.1),
}
#: Where level 2 of GB 2312 begins, the less used characters.
_LEVEL_TWO = 0xD8


def ease(lang: str, text: str) -> float:
    """How easy a text is, in any language but Chinese."""
    parts = sentences(text)
    said = [word for part in parts for word in words(part) if not word.isdigit()]
    if lang == "ar":
        return _osman(parts, [bare(word) for word in said])
    base, by_sentence, by_word = _FLESCH[lang]
    syllables = sum(count(lang, word) for word in said)
    return base - by_sentence * len(said) / len(parts) - by_word * syllables / len(said)


def characters(text: str) -> float:
    """Characters in a Chinese sentence, on average."""
    parts = sentences(text)
    return sum(length("zh", part) for part in parts) / len(parts)


def rare(text: str) -> list[str]:
    """Chinese characters that are not among the most used ones, or not simplified."""
    return [letter for letter in re.findall("[\u4e00-\u9fff]", text) if not _is_common(letter)]


def _is_common(letter: str) -> bool:
    try:
        return letter.encode("gb2312")[0] < _LEVEL_TWO
    except UnicodeEncodeError:
        return False


def _osman(parts: list[str], said: list[str]) -> float:
    syllables = [count("ar", word) for word in said]
    long = sum(len(word) > 5 for word in said)
    complex_ = sum(number > 4 for number in syllables)
    formal = sum(
        number > 4 and bool(re.search("[ئءؤذظ]|وا$|ون$", word))
        for word, number in zip(said, syllables, strict=True)
    )
    weights = (long + sum(syllables) + complex_ + formal) / len(said)
    return 200.791 - 1.015 * len(said) / len(parts) - 24.181 * weights
