"""``kill -9`` of real engines, with their models, in the middle of turns: nothing is lost or twice.

``test_faults_killed`` kills an engine of rules hundreds of times, since it comes back at once. Here
those of production are killed, each of which has to load its model again, and the program that
starts them again is the real one, too.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from service.settings import Settings
from tests.attack.faults_left import look
from tests.attack.faults_people import Crowd, Told
from tests.attack.size import FULL
from tests.attack.test_faults_killed import HONEST
from tests.support.live import Live, start, stop

KILLS = 25

#: Seconds for an engine to load its model again, on a machine that is busy.
PATIENCE = 120.0


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Live]:
    """A system with two engines of its own."""
    running = start(tmp_path, SPEAKSAFE_ENGINE_WORKERS="2")
    yield running
    assert stop(running) == 0


def _until(what: Callable[[], object], patience: float = PATIENCE) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def _busy(pid: int) -> bool:
    """Whether it works at this moment, rather than waiting for something to come."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "R"
    return False


def _kill(own: Live, dice: random.Random) -> Counter[str]:
    """One engine, or all of them, at a moment in which it works."""
    done: Counter[str] = Counter()
    pids = own.engine_pids()
    for pid in pids if dice.random() < 0.4 else dice.sample(pids, min(1, len(pids))):
        done["at work"] += _until(partial(_busy, pid), 5.0)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            done["killed"] += 1
    return done


def _goes_on(told: Told, turns: int) -> bool:
    """Whether so many more messages are answered."""
    wanted = told.turns + turns
    return _until(lambda: told.turns >= wanted)


def _storm(own: Live, told: Told, dice: random.Random) -> Counter[str]:
    """Kill again and again; how many of them were in the middle of work."""
    done: Counter[str] = Counter()
    while done["killed"] < KILLS:
        assert _goes_on(told, 5 + dice.randrange(20)), "nobody is answered any more"
        done += _kill(own, dice)
    return done


@pytest.mark.skipif(not FULL, reason="it takes minutes: make attack; a few: tests/live")
def test_no_acknowledged_message_is_lost_when_real_engines_are_killed(
    own: Live, record_property: Callable[[str, Any], None]
) -> None:
    with Crowd(own.url, 5) as people:
        told = people.told
        done = _storm(own, told, random.Random(8))
        assert _until(lambda: own.ready() and len(own.engine_pids()) == 2), "it does not come back"
        assert _goes_on(told, 20)
        assert _until(lambda: told.receipts and told.thanked), "nobody comes to an end"
    left = look(Settings.read(own.env), told)
    record_property("engines", dict(done))
    record_property("turns", told.turns)
    record_property("reports", f"{len(told.receipts)} acknowledged, {left.reports} stored")
    record_property("answers", f"{len(told.thanked)} acknowledged, {left.answers} stored")
    record_property("told of a fault", told.faults)
    record_property("refused", dict(told.refused))
    assert (left.lost, left.twice, left.unasked) == ([], [], [])
    assert told.odd == []
    assert all(any(word in said for word in HONEST) for said in told.refused), told.refused
