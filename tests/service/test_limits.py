"""Limits are for one conversation, never for an office behind one address."""

from __future__ import annotations

from service.limits import Limit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_and_a_flood_is_not() -> None:
    limit = Limit(burst=3, per_second=1, clock=Clock())
    assert [limit.allows("a") for _ in range(5)] == [True, True, True, False, False]


def test_time_gives_back() -> None:
    clock = Clock()
    limit = Limit(burst=2, per_second=1, clock=clock)
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    clock.now = 1.0
    assert [limit.allows("a"), limit.allows("a")] == [True, False]
    clock.now = 100.0
    assert [limit.allows("a") for _ in range(3)] == [True, True, False], "no more than the burst"


def test_one_flood_does_not_touch_the_others() -> None:
    limit = Limit(burst=1, per_second=1, clock=Clock())
    assert not all(limit.allows("a") for _ in range(100))
    assert limit.allows("b")


def test_memory_stays_bounded() -> None:
    limit = Limit(burst=1, per_second=1, names=10, clock=Clock())
    for number in range(1000):
        limit.allows(str(number))
    assert len(limit._left) == 10
