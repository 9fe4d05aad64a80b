"""What is computed from measured turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import EARLY, LATE, Load, Sample, at_turns, percentile, ratio, summarise
from bench.scripts import LONG

TIMES = st.lists(st.floats(0, 1e6), min_size=1)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.01, 1), (0.5, 50), (0.95, 95), (0.99, 99), (1, 100)]
)
def test_a_percentile_of_one_to_a_hundred_is_its_own_number(share: float, expected: int) -> None:
    assert percentile([*range(100, 0, -1)], share) == expected


def test_a_percentile_of_nothing_is_nothing() -> None:
    assert percentile([], 0.5) is None


@pytest.mark.parametrize("share", [0, -0.1, 1.01])
def test_a_percentile_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        percentile([1.0], share)


@given(TIMES, st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(
    times: list[float], share: float
) -> None:
    found = percentile(times, share)
    assert found in times
    assert sum(t <= found for t in times) >= share * len(times) - 1e-9


def test_only_answered_messages_have_a_time_and_a_throughput() -> None:
    samples = (Sample(1, 10, True), Sample(2, 30, True), Sample(3, 9000, False))
    found = summarise(Load(samples, seconds=2.0, finished=1, astray=1))
    assert (found.messages, found.failed, found.astray) == (2, 1, 1)
    assert found.per_second == 1.0
    assert found.p99 == 30


def test_a_run_without_an_answer_has_no_times() -> None:
    found = summarise(Load((), seconds=0.0, finished=0, astray=0))
    assert found.per_second == 0
    assert found.p50 is None


def test_the_cost_of_a_turn_is_that_of_its_neighbourhood() -> None:
    samples = [Sample(turn, float(turn), True) for turn in range(1, LONG + 1)]
    assert at_turns(samples, EARLY) == 10
    assert at_turns(samples, LATE) == 145


def test_the_long_conversation_is_as_long_as_its_last_measured_turn() -> None:
    assert LATE[1] <= LONG


def test_a_ratio_needs_both_sides() -> None:
    assert ratio(1, 4) == 0.25
    assert ratio(None, 4) is None
    assert ratio(1, None) is None
    assert ratio(1, 0) is None
