"""Sentences that no answer may ever say, as patterns, each with examples it has to catch.

The patterns stand in ``sentences/never/<lang>.yml``, one file a language, for somebody who reads
that language. A trap is searched in every text of its language, in lower case, with plain spaces,
straight apostrophes and bare letters, so that typography cannot hide anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue import load_yaml
from policy import Answers
from tests.policy.conftest import LANGUAGES
from tests.policy.said import Said, everything
from tests.texts.plain import bare, plain

FOLDER = Path(__file__).parent / "sentences" / "never"

#: The same in every language.
_EVERYWHERE = {
    "no contact is given": (
        r"https?:|www\.|\b[\w-]+\.(org|int|com|net|info|html?|legal|un)\b|\S@\S|\+ ?\d"
        r"|\b\d{3}[ .-]\d{3}[ .-]?\d|\b\d{4}-\d{4}\b(?<!2020-2021)|\b\d{2}([ .]\d{2}){3}"
    ),
    "nobody is named": (
        r"\b(clements|bhatia|lopez|guterres|beagle|pehrman|kanem|grandi|swing|akhtar)\b"
        r"|\b(mr|ms|mrs|mme|h\.e|s\.e)\. "
    ),
}
#: A title may ask what the person asks.
_MESSAGES_ONLY = {"no answer asks a question"}


@dataclass(frozen=True, slots=True)
class Trap:
    """Patterns and examples, one of each for every language."""

    patterns: Mapping[str, re.Pattern[str]]
    examples: Mapping[str, tuple[str, ...]]
    places: tuple[str, ...] = ("title", "message", "source")

    def caught(self, answers: Answers) -> Iterator[Said]:
        """Every text that falls into the trap."""
        for said in everything(answers):
            if said.place in self.places and self.catches(said.lang, said.text):
                yield said

    def catches(self, lang: str, text: str) -> bool:
        """Whether a text in this language falls into the trap."""
        return bool(self.patterns[lang].search(plain(text)))


@cache
def traps() -> dict[str, Trap]:
    """Every trap by its name; each has patterns and examples in every language."""
    files = {lang: load_yaml(FOLDER / f"{lang}.yml") for lang in LANGUAGES}
    names = list(files["en"])
    assert all(set(file) == set(names) for file in files.values()), "each language has every trap"
    return {
        name: Trap(
            {lang: _pattern(name, file[name].get("patterns", ())) for lang, file in files.items()},
            {lang: tuple(file[name]["caught"]) for lang, file in files.items()},
            ("message",) if name in _MESSAGES_ONLY else ("title", "message", "source"),
        )
        for name in names
    }


def _pattern(name: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    every = (*patterns, _EVERYWHERE[name]) if name in _EVERYWHERE else patterns
    return re.compile(bare("|".join(f"(?:{pattern})" for pattern in every)))
