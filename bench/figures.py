"""What is computed from measured turns. Times are in milliseconds unless a name says seconds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: The turns that stand for "turn 10" and "turn 150" of one conversation, first to last.
EARLY = (6, 15)
LATE = (141, 150)


@dataclass(frozen=True, slots=True)
class Sample:
    """One message and its answer.

    Args:
        turn: its place in its conversation, from 1.
        ms: from the first byte sent to the last byte received.
        ok: it was answered, and with something.
    """

    turn: int
    ms: float
    ok: bool


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of the load generator found.

    Args:
        samples: every message that was answered or failed while it was measured.
        seconds: how long that was.
        finished: conversations that came to their end.
        astray: conversations that did not go as their script says.
        refused: messages that were told to come again, and were sent again.
    """

    samples: tuple[Sample, ...]
    seconds: float
    finished: int
    astray: int
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one run; a time is ``None`` when nothing was answered."""

    messages: int
    failed: int
    finished: int
    astray: int
    per_second: float
    p50: float | None
    p95: float | None
    p99: float | None
    refused: int = 0


def percentile(values: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile: the smallest value that ``share`` of all do not exceed.

    Args:
        values: in any order.
        share: above 0, up to 1.

    Returns:
        One of the values, or ``None`` when there are none.

    Raises:
        ValueError: the share is out of range.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share: {share} is not above 0 and up to 1")
    if not values:
        return None
    return sorted(values)[math.ceil(share * len(values)) - 1]


def summarise(load: Load) -> Summary:
    """Throughput and times of the answered messages; a failed one only counts as failed."""
    times = [sample.ms for sample in load.samples if sample.ok]
    return Summary(
        messages=len(times),
        failed=len(load.samples) - len(times),
        finished=load.finished,
        astray=load.astray,
        per_second=len(times) / load.seconds if load.seconds > 0 else 0.0,
        p50=percentile(times, 0.50),
        p95=percentile(times, 0.95),
        p99=percentile(times, 0.99),
        refused=load.refused,
    )


def at_turns(samples: Iterable[Sample], turns: tuple[int, int]) -> float | None:
    """The median time of the turns from the first to the last of ``turns``."""
    first, last = turns
    return percentile([s.ms for s in samples if s.ok and first <= s.turn <= last], 0.5)


def by_turn(samples: Iterable[Sample], step: int = 10) -> list[tuple[int, float]]:
    """The median time of each ``step`` turns, with the last of these turns."""
    groups: dict[int, list[float]] = {}
    for sample in samples:
        if sample.ok:
            groups.setdefault(math.ceil(sample.turn / step) * step, []).append(sample.ms)
    return [(turn, percentile(groups[turn], 0.5) or 0.0) for turn in sorted(groups)]


def ratio(ours: float | None, stock: float | None) -> float | None:
    """Ours divided by stock, or ``None`` where one is missing or stock is nothing."""
    return None if ours is None or not stock else ours / stock
