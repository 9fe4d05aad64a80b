"""How easy everything is to read, in figures: one for each text, and together for a language.

``python -m tests.texts.figures`` prints the table that stands in docs/words.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from catalogue.messages import LANGUAGES
from tests.texts.ease import characters, ease
from tests.texts.plain import length, sentences
from tests.texts.read import everything, filled

#: Fewer words than this (in Chinese: characters) say nothing about a style: a formula swings
#: from one end to the other with a single long name.
ENOUGH = {"ar": 22, "zh": 40, "en": 25, "fr": 25, "ru": 22, "es": 25}

#: No text may be harder than this: the least ease, in Chinese the most characters a sentence.
#: Russian and Arabic say "sexual harassment" or "abuse of authority" in ten syllables.
HARDEST = {"ar": 70.0, "zh": 33.0, "en": 55.0, "fr": 58.0, "ru": 20.0, "es": 58.0}

#: All texts together may not be harder than this. 80 is what an eleven-year-old reads in English.
TOGETHER = {"ar": 95.0, "zh": 18.0, "en": 80.0, "fr": 78.0, "ru": 52.0, "es": 76.0}


@dataclass(frozen=True, slots=True)
class Figure:
    """One unit of content and how easy it is."""

    lang: str
    unit: str
    text: str
    value: float

    @property
    def hard(self) -> bool:
        """Whether it is harder than any text may be."""
        return is_harder(self.lang, self.value, HARDEST)


def is_harder(lang: str, value: float, bounds: Mapping[str, float]) -> bool:
    """Whether a figure lies on the wrong side of its bound: in Chinese, less is easier."""
    return value > bounds[lang] if lang == "zh" else value < bounds[lang]


def measure(lang: str, text: str) -> float:
    """The figure of one text."""
    return characters(text) if lang == "zh" else ease(lang, text)


@cache
def figures(lang: str) -> tuple[Figure, ...]:
    """Every unit that is long enough, the hardest first."""
    found = [
        Figure(lang, unit, text, measure(lang, text))
        for unit, text in _units(lang).items()
        if length(lang, text) >= ENOUGH[lang]
    ]
    return tuple(sorted(found, key=lambda one: one.value, reverse=lang == "zh"))


def together(lang: str) -> float:
    """The figure of all texts of a language as one, short ones too."""
    return measure(lang, "\n".join(_units(lang).values()))


def words_a_sentence(lang: str) -> float:
    """How long a sentence is on average; in Chinese, in characters."""
    parts = [part for text in _units(lang).values() for part in sentences(text)]
    return sum(length(lang, part) for part in parts) / len(parts)


def _units(lang: str) -> dict[str, str]:
    texts: dict[str, list[str]] = {}
    for text in everything():
        if text.lang == lang and not text.pressed and not text.unit.startswith("policy/sources/"):
            texts.setdefault(text.unit, []).append(filled(text.text))
    return {unit: "\n".join(parts) for unit, parts in texts.items()}


def table() -> str:
    """The figures as a table in Markdown."""
    rows = ["| language | texts | words a sentence | all together | bound | hardest | bound |"]
    rows.append("|---|---|---|---|---|---|---|")
    for lang in LANGUAGES:
        found = figures(lang)
        rows.append(
            f"| {lang} | {len(found)} | {words_a_sentence(lang):.1f} | {together(lang):.0f} "
            f"| {TOGETHER[lang]:.0f} | {found[0].value:.0f} | {HARDEST[lang]:.0f} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
