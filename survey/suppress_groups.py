"""Hiding in a table of two kinds of lines: the answers within a group, and one answer among groups.

A line is safe when whoever subtracts its shown figures from its total, knowing how they were
rounded, is left with a range for each hidden one that is wide enough. So the rounding protects as
well, and less has to be hidden than by exact totals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from survey.model import Item
from survey.tables import LEAST, LEAST_ABOUT_PERSON, ROUND_TO, Counts, Table, rounded

#: How wide the range of a hidden count must be.
_WIDTH = 10
_DOWN = ROUND_TO // 2
_UP = ROUND_TO - 1 - _DOWN

Hide = Callable[[Item, Sequence[int], int, Sequence[bool] | None], list[bool]]


@dataclass(slots=True)
class _Cross:
    """The work on one breakdown: which groups and which of their cells are still shown."""

    whole: Table
    by: Table
    item: Item
    counts: Counts
    hide_options: Hide
    shown: dict[str, list[bool]] = field(default_factory=dict)

    def size(self, group: str) -> int:
        return self.counts.groups[self.item.id, self.by.item, group]

    def cell(self, group: str, code: str) -> int:
        return self.counts.cells[self.item.id, self.by.item, group, code]

    def cells(self, group: str) -> list[int]:
        return [self.cell(group, option.code) for option in self.item.options]

    def not_stated(self) -> int:
        """The most people who, as far as a reader knows, did not say to which group they belong."""
        assert self.by.answered is not None  # noqa: S101  (a breakdown is made of shown tables)
        people = rounded(self.counts.people)
        return max(people + _UP - (self.by.answered - _DOWN), 0)


def hide_groups(
    whole: Table, by: Table, item: Item, counts: Counts, hide_options: Hide
) -> dict[str, list[bool]]:
    """Which groups are shown, and which of their options are hidden.

    Args:
        whole: the table of the item, hidden where it must be.
        by: that of the grouping item.
        item: what was asked.
        counts: what was counted, exactly.
        hide_options: hides options within a group.

    Returns:
        Group to one flag an option; groups that are not shown are missing. Empty when fewer than
        two groups are left.
    """
    cross = _Cross(whole, by, item, counts, hide_options)
    gone = [cell.count is None for cell in whole.cells]
    for cell in by.cells:
        if cell.count is not None and cross.size(cell.code) >= LEAST_ABOUT_PERSON:
            cross.shown[cell.code] = list(gone)
    while _hide_more(cross):
        pass
    return cross.shown if len(cross.shown) > 1 else {}


def _hide_more(cross: _Cross) -> bool:
    """One round through all lines; whether anything changed."""
    before = {group: list(hidden) for group, hidden in cross.shown.items()}
    _whole_groups(cross)
    for group in list(cross.shown):
        hidden = cross.hide_options(
            cross.item, cross.cells(group), cross.size(group), cross.shown[group]
        )
        cross.shown[group] = hidden
        if all(hidden):
            del cross.shown[group]
    for at in range(len(cross.item.options)):
        _across(cross, at)
    return before != cross.shown


def _whole_groups(cross: _Cross) -> None:
    """The sizes of hidden groups must not follow from those of the shown ones."""
    total = cross.whole.answered or 0
    while cross.shown:
        others = len(cross.by.cells) - len(cross.shown)
        sizes = [cross.size(group) for group in cross.shown]
        if _safe(total, sizes, others, cross.not_stated()):
            return
        smallest = min(cross.shown, key=lambda group: (cross.size(group), group))
        del cross.shown[smallest]


def _across(cross: _Cross, at: int) -> None:
    """One answer among the groups."""
    total, code = cross.whole.cells[at].count, cross.whole.cells[at].code
    if total is None:
        return
    while True:
        open_ = [group for group, hidden in cross.shown.items() if not hidden[at]]
        hidden = len(cross.by.cells) - len(open_)
        if not open_ or _safe(
            total, [cross.cell(g, code) for g in open_], hidden, cross.not_stated()
        ):
            return
        smallest = min(open_, key=lambda group: (cross.cell(group, code), group))
        cross.shown[smallest][at] = True


def _safe(total: int, shown: Sequence[int], hidden: int, not_stated: int) -> bool:
    """Whether the hidden counts of a line stay hidden.

    Args:
        total: of the line, as published.
        shown: the counts that are shown, exactly; readers see them rounded.
        hidden: how many are hidden, apart from those who did not state their group.
        not_stated: the most that those can be.
    """
    if not hidden:
        return True
    seen = [rounded(count) for count in shown]
    most = total + _UP - sum(max(count - _DOWN, LEAST) for count in seen)
    least = total - _DOWN - sum(count + _UP for count in seen)
    if hidden > 1:
        return most >= _WIDTH
    return most - max(least - not_stated, 0) >= _WIDTH
