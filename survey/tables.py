"""Counting answers into the declared tables, and what a published table is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from survey.model import Instrument, Item

LEAST = 10
LEAST_ABOUT_PERSON = 30
ROUND_TO = 5

#: Why a table, or a part of it, is not shown. That few answered and that all answered alike is
#: one reason on purpose: which of the two it was would itself be a fact about few people.
Reason = Literal["hidden", "hidden_person", "some_cells", "audit"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One published figure; ``count`` and ``percent`` are ``None`` when it is hidden."""

    code: str
    count: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """What is published of one item.

    Args:
        item: its id.
        answered: how many answered, rounded; ``None`` when the table is not shown.
        cells: one for each option, in order; empty when the table is not shown.
        reason: why something is hidden; ``None`` when all is shown.
    """

    item: str
    answered: int | None
    cells: tuple[Cell, ...]
    reason: Reason | None

    @property
    def shown(self) -> bool:
        """Whether any figure of it is published."""
        return bool(self.cells)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a breakdown; ``answered`` is ``None`` and all is hidden when it is not shown."""

    code: str
    answered: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What is published of one item among the groups that another one makes.

    Args:
        item: what was asked.
        by: the item that makes the groups.
        groups: one for each of its options, in order; empty when nothing of it is shown.
        reason: why something is hidden; ``None`` when all is shown.
    """

    item: str
    by: str
    groups: tuple[Group, ...]
    reason: Reason | None

    @property
    def shown(self) -> bool:
        """Whether any figure of it is published."""
        return bool(self.groups)


@dataclass(slots=True)
class Counts:
    """What is counted, exactly. It never leaves the machine that counts.

    Args:
        people: how many answered at all.
        answered: by item.
        chosen: by item and code.
        groups: how many answered, by item, grouping item and group.
        cells: how many chose, by item, grouping item, group and code.
    """

    people: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    chosen: Counter[tuple[str, str]] = field(default_factory=Counter)
    groups: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    cells: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Count the people of the other with these."""
        self.people += other.people
        self.answered.update(other.answered)
        self.chosen.update(other.chosen)
        self.groups.update(other.groups)
        self.cells.update(other.cells)


def rounded(count: int) -> int:
    """To the nearest multiple of 5."""
    return (count + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def percent(count: int, whole: int) -> int:
    """A share in whole percent, the half rounded up."""
    return (200 * count + whole) // (2 * whole)


def count(instrument: Instrument, answers: Iterable[Mapping[str, Any]]) -> Counts:
    """Count answers for the declared tables.

    An answer to a question whose condition does not hold is left out: the questionnaire never
    sends one, and the audit relies on that.

    Args:
        instrument: it declares which tables there are.
        answers: one mapping a person, item id to code or codes; read once, kept nowhere.
    """
    items = [item for name in instrument.tables if (item := instrument.item(name))]
    breakdowns = [(b.item, b.by) for b in instrument.breakdowns]
    found = Counts()
    for given in answers:
        found.people += 1
        codes = {
            name: (answer,) if isinstance(answer, str) else tuple(answer)
            for name, answer in given.items()
        }
        for item in items:
            if not _counts(item, codes):
                codes.pop(item.id, None)
                continue
            found.answered[item.id] += 1
            for code in codes[item.id]:
                found.chosen[item.id, code] += 1
        for name, by in breakdowns:
            if name in codes and by in codes:
                group = codes[by][0]
                found.groups[name, by, group] += 1
                for code in codes[name]:
                    found.cells[name, by, group, code] += 1
    return found


def _counts(item: Item, codes: Mapping[str, tuple[str, ...]]) -> bool:
    chosen = codes.get(item.id)
    if not chosen or (item.ask_if is not None and not item.ask_if.holds(codes)):
        return False
    return len(chosen) == 1 or not any(o.alone for o in item.options if o.code in chosen)
