"""What changed since the last release, with honest uncertainty.

Compared is the share of good answers to each scale. Two things make it uncertain, and both are
counted: the published numbers are rounded (to 5, so each may be off by 2), and those who answered
are few. Chance is taken at 99 in 100, because many questions are compared at once. What cannot be
counted stands beside the chart in words: other people answered this time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from survey.facts import Facts
from survey.model import Instrument, Item

#: Standard errors to either side: 99 in 100 (normal approximation to the binomial).
_SURE = 2.576


@dataclass(frozen=True, slots=True)
class Change:
    """How the share of good answers to one item changed; all in percent or percentage points.

    Args:
        item: its id.
        before: the share then.
        now: the share now.
        low: the least that the change can be, with both uncertainties.
        high: the greatest.
    """

    item: str
    before: int
    now: int
    low: int
    high: int

    @property
    def verdict(self) -> Literal["better", "worse", "unclear"]:
        """What can be said of it."""
        if self.low > 0:
            return "better"
        return "worse" if self.high < 0 else "unclear"


def good_shares(instrument: Instrument, facts: Facts) -> dict[str, int]:
    """The share of good answers, in percent of those on the scale, of each scale shown in full.

    Args:
        instrument: the questionnaire.
        facts: of a release.
    """
    scales = [item for item in instrument.items() if item.kind == "scale"]
    counted = [(item, _counts(item, facts)) for item in scales]
    return {item.id: round(100 * _share(item, counts, 0)[1]) for item, counts in counted if counts}


def changes(instrument: Instrument, before: Facts, now: Facts) -> list[Change]:
    """Every scale that both releases show in full, in the order of the questionnaire.

    Args:
        instrument: the questionnaire of both.
        before: the facts of the earlier release.
        now: those of this one.
    """
    found = []
    for item in instrument.items():
        if item.kind != "scale":
            continue
        old, new = (_counts(item, facts) for facts in (before, now))
        if old and new:
            found.append(_change(item, old, new, now.rounded_to // 2))
    return found


def _counts(item: Item, facts: Facts) -> Mapping[str, int] | None:
    for column in facts.columns:
        if column.item == item.id and not column.by:
            counts = {f.code: f.count for f in column.figures}
            toned = {o.code: counts.get(o.code) for o in item.options if o.tone is not None}
            whole = {code: count for code, count in toned.items() if count is not None}
            return whole if len(whole) == len(toned) else None
    return None


def _change(item: Item, old: Mapping[str, int], new: Mapping[str, int], slack: int) -> Change:
    then, now = _share(item, old, slack), _share(item, new, slack)
    chance = _SURE * math.sqrt(_variance(then, old) + _variance(now, new))
    return Change(
        item=item.id,
        before=round(100 * then[1]),
        now=round(100 * now[1]),
        low=math.floor(100 * (now[0] - then[2] - chance)),
        high=math.ceil(100 * (now[2] - then[0] + chance)),
    )


def _share(item: Item, counts: Mapping[str, int], slack: int) -> tuple[float, float, float]:
    """The share of good answers: the least, as published, the greatest."""
    tones = {option.code: option.tone or 0 for option in item.options}
    good = [count for code, count in counts.items() if tones[code] > 0]
    rest = [count for code, count in counts.items() if tones[code] <= 0]
    few, many = sum(good) - slack * len(good), sum(good) + slack * len(good)
    less, more = sum(rest) - slack * len(rest), sum(rest) + slack * len(rest)
    return few / (few + more), sum(good) / (sum(good) + sum(rest)), many / (many + less)


def _variance(share: tuple[float, float, float], counts: Mapping[str, int]) -> float:
    return share[1] * (1 - share[1]) / sum(counts.values())
