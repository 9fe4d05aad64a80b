"""Every text that a person can read, one by one, with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue.messages import LANGUAGES
from catalogue.translations import units

CONTENT = Path(__file__).parents[2] / "content"

#: What the service understands when people type it; it never says it.
_TYPED = re.compile(r"\.words\.")
#: Names of organizations and offices, and the glossary itself.
_NAMES = ("entities/", "entity_facts/", "routes/", "glossary/")
#: What reporters press, in their own voice: there "why" is theirs to ask.
_PRESSED = re.compile(r"\.choice\.|/options/|/standard_options/|\.crisis\.(go_on|not_meant)$")
#: Read by focal points and the Task Force, who work with the service.
_STAFF = ("messages/inbox.", "messages/release.")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of one unit; a unit may be several texts, sent one after the other."""

    lang: str
    unit: str
    text: str

    @property
    def pressed(self) -> bool:
        """Whether it is a choice that the person presses."""
        return bool(_PRESSED.search(self.unit)) and not self.unit.endswith("/say")

    @property
    def staff(self) -> bool:
        """Whether only focal points or the Task Force read it."""
        return self.unit.startswith(_STAFF)

    def __str__(self) -> str:
        return f"{self.unit} [{self.lang}]: {self.text}"


@cache
def everything(names: bool = False) -> tuple[Text, ...]:
    """All texts in all languages.

    Args:
        names: with the names of organizations and offices, which are not ours to word.
    """
    return tuple(_all(names))


def of(lang: str, names: bool = False) -> Iterator[Text]:
    """All texts of one language."""
    return (text for text in everything(names) if text.lang == lang)


def filled(text: str) -> str:
    """A text with something short in its placeholders."""
    return re.sub(r"\{\w+\}", "5", text)


def _all(names: bool) -> Iterator[Text]:
    for unit, texts in units(CONTENT).items():
        if _TYPED.search(unit) or unit.startswith("glossary/"):
            continue
        if unit.startswith(_NAMES) and not names:
            continue
        for lang in LANGUAGES:
            yield from (Text(lang, unit, text) for text in _parts(texts[lang]))


def _parts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (part for part in value if isinstance(part, str))
    elif isinstance(value, dict):
        for part in value.values():
            yield from _parts(part)
