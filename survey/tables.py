"""Counting answers into the declared tables, and hiding what could give somebody away.

The rules (thresholds as used for staff surveys and research data: VPSC People Matter, ACRO):

- an item that fewer than 10 people answered is not shown, one about the person from 30;
- a count below 10 is hidden, zero included: that nobody chose something is a fact about everyone;
- where options exclude each other, the hidden counts of a table together must reach 10 and be at
  least two, or the next smallest is hidden too: otherwise the total gives them away. So a table
  in which (nearly) all chose the same is not shown;
- where several options could be chosen, so that no total ties them, a count is hidden also when
  fewer than 10 did *not* choose the option;
- what is shown is rounded to 5; percentages come from the rounded counts, and nothing exact is
  published anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from survey.model import Instrument, Item

LEAST = 10
LEAST_ABOUT_PERSON = 30
ROUND_TO = 5

#: Why a table, or a part of it, is not shown.
Reason = Literal["few_answers", "few_about_person", "no_cell", "some_cells"]


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


def rounded(count: int) -> int:
    """To the nearest multiple of 5."""
    return (count + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def tabulate(instrument: Instrument, answers: Iterable[Mapping[str, Any]]) -> tuple[Table, ...]:
    """The declared tables of a questionnaire.

    Args:
        instrument: it declares which tables there are.
        answers: one mapping a person, item id to code or codes; read once, kept nowhere.

    Returns:
        One table for each item in ``instrument.tables``, in that order, hidden parts hidden.
    """
    items = [item for name in instrument.tables if (item := instrument.item(name))]
    answered: Counter[str] = Counter()
    chosen: dict[str, Counter[str]] = {item.id: Counter() for item in items}
    for given in answers:
        for item in items:
            if item.id in given:
                codes = given[item.id]
                answered[item.id] += 1
                chosen[item.id].update([codes] if isinstance(codes, str) else codes)
    return tuple(
        _table(item, answered[item.id], chosen[item.id], _least(instrument, item)) for item in items
    )


def _least(instrument: Instrument, item: Item) -> int:
    return LEAST_ABOUT_PERSON if instrument.section_of(item.id).optional else LEAST


def _table(item: Item, answered: int, chosen: Mapping[str, int], least: int) -> Table:
    if answered < least:
        reason: Reason = "few_about_person" if least > LEAST else "few_answers"
        return Table(item.id, None, (), reason)
    counts = [chosen.get(option.code, 0) for option in item.options]
    hide = _hidden_apart(counts, answered) if item.kind == "multi" else _hidden_together(counts)
    if all(hide):
        return Table(item.id, None, (), "no_cell")
    whole = rounded(answered)
    cells = tuple(
        Cell(option.code, None, None)
        if hidden
        else Cell(option.code, rounded(count), _percent(rounded(count), whole))
        for option, count, hidden in zip(item.options, counts, hide, strict=True)
    )
    return Table(item.id, whole, cells, "some_cells" if any(hide) else None)


def _hidden_apart(counts: Sequence[int], answered: int) -> list[bool]:
    return [count < LEAST or answered - count < LEAST for count in counts]


def _hidden_together(counts: Sequence[int]) -> list[bool]:
    hide = [count < LEAST for count in counts]
    while any(hide) and not all(hide):
        hidden = [count for count, is_hidden in zip(counts, hide, strict=True) if is_hidden]
        if len(hidden) > 1 and sum(hidden) >= LEAST:
            break
        # The next smallest; of equals the first, so that the same answers give the same tables.
        smallest = min((c, at) for at, c in enumerate(counts) if not hide[at])[1]
        hide[smallest] = True
    return hide


def _percent(count: int, whole: int) -> int:
    return (200 * count + whole) // (2 * whole)
