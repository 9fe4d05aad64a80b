"""Hiding what could give somebody away.

The rules (thresholds as used for staff surveys and research data: VPSC People Matter, ACRO):

- an item that fewer than 10 people answered is not shown, one about the person from 30, a group
  of a breakdown from 30;
- a count below 10 is hidden, zero included: that nobody chose something is a fact about everyone;
- where options exclude each other, the hidden counts of a line together must reach 10 and be at
  least two, or the next smallest is hidden too: otherwise the total gives them away. So a table
  or a group in which (nearly) all chose the same is not shown;
- where several options could be chosen, a count is hidden also when fewer than 10 did *not* choose
  the option, and when options that stand alone leave fewer than 10 for the others;
- a breakdown is a table with two kinds of lines. Both are protected, until nothing changes;
- what is shown is rounded to 5; percentages come from the rounded counts, and nothing exact is
  published anywhere.

Whether this was enough is for the auditor to say (:mod:`survey.audit`), which knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.model import Instrument, Item
from survey.suppress_groups import hide_groups
from survey.tables import (
    LEAST,
    LEAST_ABOUT_PERSON,
    Breakdown,
    Cell,
    Counts,
    Group,
    Reason,
    Table,
    percent,
    rounded,
)


@dataclass(frozen=True, slots=True)
class Protected:
    """Everything that may be published: the declared tables and breakdowns, in their order."""

    tables: tuple[Table, ...]
    breakdowns: tuple[Breakdown, ...]

    def without(self, tables: set[str], breakdowns: set[tuple[str, str]]) -> Protected:
        """The same with some withdrawn, because the auditor objected.

        Args:
            tables: items whose table is not shown, nor any breakdown that it is a part of.
            breakdowns: item and grouping item.
        """
        return Protected(
            tuple(Table(t.item, None, (), "audit") if t.item in tables else t for t in self.tables),
            tuple(
                Breakdown(b.item, b.by, (), "audit")
                if (b.item, b.by) in breakdowns or {b.item, b.by} & tables
                else b
                for b in self.breakdowns
            ),
        )


def protect(instrument: Instrument, counts: Counts) -> Protected:
    """The declared tables with everything hidden that could give somebody away.

    Args:
        instrument: it declares which tables there are, and what is about the person.
        counts: what was counted, exactly.
    """
    items = [item for name in instrument.tables if (item := instrument.item(name))]
    tables = {item.id: _table(item, counts, _least(instrument, item)) for item in items}
    broken = tuple(
        _breakdown(tables, instrument.item(b.item), instrument.item(b.by), counts)
        for b in instrument.breakdowns
    )
    return Protected(tuple(tables.values()), tuple(b for b in broken if b))


def _least(instrument: Instrument, item: Item) -> int:
    return LEAST_ABOUT_PERSON if instrument.section_of(item.id).optional else LEAST


def _table(item: Item, counts: Counts, least: int) -> Table:
    reason: Reason = "hidden_person" if least > LEAST else "hidden"
    answered = counts.answered[item.id]
    if answered < least:
        return Table(item.id, None, (), reason)
    found = [counts.chosen[item.id, option.code] for option in item.options]
    hide = hidden_options(item, found, answered)
    if all(hide):
        return Table(item.id, None, (), reason)
    cells = _cells(item, found, hide, answered)
    return Table(item.id, rounded(answered), cells, "some_cells" if any(hide) else None)


def _cells(
    item: Item, counts: Sequence[int], hide: Sequence[bool], answered: int
) -> tuple[Cell, ...]:
    whole = rounded(answered)
    return tuple(
        Cell(option.code, None, None)
        if hidden
        else Cell(option.code, rounded(count), percent(rounded(count), whole))
        for option, count, hidden in zip(item.options, counts, hide, strict=True)
    )


def hidden_options(
    item: Item, counts: Sequence[int], answered: int, also: Sequence[bool] | None = None
) -> list[bool]:
    """Which options of an item are hidden among those who answered it.

    Args:
        item: what was asked.
        counts: of each option.
        answered: how many answered.
        also: options that are to be hidden in any case.
    """
    hide = [count < LEAST for count in counts]
    if also is not None:
        hide = [one or other for one, other in zip(hide, also, strict=True)]
    if item.kind == "multi":
        return _hide_apart(item, counts, answered, hide)
    return _hide_together(counts, hide)


def _hide_apart(item: Item, counts: Sequence[int], answered: int, hide: list[bool]) -> list[bool]:
    hide = [one or answered - n < LEAST for one, n in zip(hide, counts, strict=True)]
    lonely = [at for at, option in enumerate(item.options) if option.alone]
    while any(hide) and not all(hide):
        shown = [at for at in lonely if not hide[at]]
        usual = [at for at in range(len(counts)) if at not in lonely and not hide[at]]
        largest = max(usual, key=lambda at: (counts[at], -at), default=None)
        if len(shown) == len(lonely):
            largest = None  # what is hidden is not lonely: it overlaps with the largest
        taken = [*shown, *([] if largest is None else [largest])]
        if not taken or answered - sum(counts[at] for at in taken) >= LEAST:
            break
        hide[min(taken, key=lambda at: (counts[at], at))] = True
    return hide


def _hide_together(counts: Sequence[int], hide: list[bool]) -> list[bool]:
    while any(hide) and not all(hide):
        hidden = [count for count, is_hidden in zip(counts, hide, strict=True) if is_hidden]
        if len(hidden) > 1 and sum(hidden) >= LEAST:
            break
        # The next smallest; of equals the first, so that the same answers give the same tables.
        smallest = min((c, at) for at, c in enumerate(counts) if not hide[at])[1]
        hide[smallest] = True
    return hide


def _breakdown(
    tables: Mapping[str, Table], item: Item | None, by: Item | None, counts: Counts
) -> Breakdown | None:
    if item is None or by is None:
        return None
    whole, groups = tables[item.id], tables[by.id]
    if not whole.shown or not groups.shown:
        return Breakdown(item.id, by.id, (), "hidden_person")
    hide = hide_groups(whole, groups, item, counts, hidden_options)
    if not hide:
        return Breakdown(item.id, by.id, (), "hidden_person")
    made = []
    for option in by.options:
        hidden = hide.get(option.code)
        size = counts.groups[item.id, by.id, option.code]
        if hidden is None:
            cells = tuple(Cell(o.code, None, None) for o in item.options)
            made.append(Group(option.code, None, cells))
            continue
        found = [counts.cells[item.id, by.id, option.code, o.code] for o in item.options]
        cells = _cells(item, found, hidden, size)
        made.append(Group(option.code, rounded(size), cells))
    partly = len(hide) < len(by.options) or any(map(any, hide.values()))
    return Breakdown(item.id, by.id, tuple(made), "some_cells" if partly else None)
