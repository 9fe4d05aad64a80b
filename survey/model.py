"""What an instrument (a questionnaire) is made of: frozen objects with no logic but look-ups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from survey.conditions import Condition

Words = Mapping[str, str]
Kind = Literal["single", "multi", "scale", "text", "check", "routing"]
KINDS: tuple[Kind, ...] = ("single", "multi", "scale", "text", "check", "routing")

#: What an item can tell of how a case went; such an item is never broken down by groups.
MEASURES = ("outcome", "duration")

#: What an option of a ``check`` item does instead of being an answer.
DOES = ("go_on", "pause", "support", "keep", "delete")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend in a file.

    Args:
        line: where, counted from 1; 0 when the file as a whole is meant.
        problem: what is wrong, in one clause.
        remedy: what to write instead, in one clause.
    """

    line: int
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an item; its ``code`` is what is stored and published."""

    code: str
    label: Words
    also: Mapping[str, tuple[str, ...]]
    apart: bool = False
    alone: bool = False
    tone: int | None = None
    does: str = ""
    routes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice outside the questionnaire, offered within it (``topic:…`` or ``menu:…``)."""

    value: str
    label: Words


@dataclass(frozen=True, slots=True)
class Note:
    """Something said once, when its condition holds, perhaps with offers."""

    when: Condition
    say: Words
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One question."""

    id: str
    kind: Kind
    text: Words
    short: Words
    why: Words
    options: tuple[Option, ...]
    ask: Words | None
    ask_if: Condition | None
    warn: Words | None
    max_chars: int
    after: Note | None
    risk: str
    precedent: tuple[str, ...]
    scale: str = ""
    measures: str = ""

    @property
    def stored(self) -> bool:
        """Whether its answer is part of what is sent; the others only show the way."""
        return self.kind not in ("check", "routing")

    def option(self, code: str) -> Option | None:
        """The option with this code."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class Section:
    """Items that belong together; an ``optional`` one is about the person, and can be left out."""

    id: str
    title: Words
    intro: Words | None
    note: Note | None
    optional: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """What is said before anything is asked; ``{channel}`` in it is the channel's own sentence."""

    text: Mapping[str, tuple[str, ...]]
    more: Mapping[str, tuple[str, ...]]
    channels: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class GateOption:
    """An answer at the gate: it begins the survey, ends it, or explains and asks again."""

    code: str
    label: Words
    also: Mapping[str, tuple[str, ...]]
    leads_to: Literal["begin", "end", "explain"]
    say: Words | None


@dataclass(frozen=True, slots=True)
class Gate:
    """The question that keeps out those for whom the survey is not made; never stored."""

    id: str
    text: Words
    options: tuple[GateOption, ...]


@dataclass(frozen=True, slots=True)
class BreakdownOf:
    """A table that may be published: the answers to ``item`` in each group that ``by`` makes."""

    item: str
    by: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire in one version; a round keeps the version it was opened with."""

    id: str
    version: int
    languages: tuple[str, ...]
    minutes: int
    title: Words
    consent: Consent
    gate: Gate
    sections: tuple[Section, ...]
    short_form: tuple[str, ...]
    tables: tuple[str, ...]
    breakdowns: tuple[BreakdownOf, ...] = ()

    @property
    def ref(self) -> str:
        """Name and version as one text, e.g. ``victim-experience-1``."""
        return f"{self.id}-{self.version}"

    def items(self) -> Iterator[Item]:
        """Every item, in order."""
        for section in self.sections:
            yield from section.items

    def item(self, name: str) -> Item | None:
        """The item with this id."""
        return next((item for item in self.items() if item.id == name), None)

    def section_of(self, name: str) -> Section:
        """The section that holds an item.

        Raises:
            KeyError: there is no such item.
        """
        for section in self.sections:
            if any(item.id == name for item in section.items):
                return section
        raise KeyError(name)
