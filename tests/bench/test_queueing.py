"""The simulation against what is known of queues, so that its numbers can be believed."""

from __future__ import annotations

import pytest

from bench.queueing import Errand, Simulation


def _run(arrivals: float, engines: int = 1, engine_ms: float = 100.0) -> tuple[float, float]:
    errand = Errand("one", 1.0, 1, 1.0, service_ms=1.0, engine_ms=engine_ms)
    found = Simulation([errand], 1, engines, arrivals).run(3600, 300)
    return found.engine_use, found.p95


def test_servers_are_as_busy_as_the_work_that_comes() -> None:
    used, _ = _run(arrivals=18_000)  # five a second, 100 ms each
    assert used == pytest.approx(0.5, abs=0.03)


def test_nobody_waits_when_few_come_and_many_wait_when_it_is_full() -> None:
    _, few = _run(arrivals=360)
    _, many = _run(arrivals=34_000)
    assert few < 0.35 < 0.5 < many


def test_a_second_engine_takes_half_of_the_work() -> None:
    one, _ = _run(arrivals=18_000)
    two, _ = _run(arrivals=18_000, engines=2)
    assert two == pytest.approx(one / 2, rel=0.05)


def test_the_mean_wait_is_that_of_the_formula() -> None:
    """M/G/1, Pollaczek and Khinchine: half the load, a spread of a quarter: waits 62 ms."""
    errand = Errand("one", 1.0, 1, 1.0, service_ms=0.0, engine_ms=100.0)
    simulation = Simulation([errand], 1, 1, 18_000)
    simulation.run(20_000, 100)
    waits = simulation._waits
    assert sum(waits) / len(waits) == pytest.approx(0.1 + 0.0625, rel=0.05)


def test_the_same_seed_gives_the_same_run() -> None:
    assert _run(arrivals=18_000) == _run(arrivals=18_000)
