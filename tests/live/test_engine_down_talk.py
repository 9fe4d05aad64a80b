"""The engine goes away in the middle of everything, and comes back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live import Live, start, stop
from tests.support.talk import Talk


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A system of our own, because its engine is killed."""
    running = start(tmp_path_factory.mktemp("down"))
    yield running
    assert stop(running) == 0


def _until_ready(own: Live) -> None:
    deadline = time.monotonic() + 120
    while not own.ready():
        assert time.monotonic() < deadline, "the engine does not come back"
        time.sleep(0.2)


def _drafting(own: Live) -> Talk:
    talk = own.talk().opens().chooses("menu:report").chooses("opt:self").chooses("opt:unknown")
    return talk.chooses("opt:clear").says("What I wrote before.")


def _answering(own: Live) -> Talk:
    talk = own.talk().opens().chooses("menu:survey").chooses("do:start").chooses("opt:G1.1")
    return talk.says("1, 2")


def test_what_works_without_the_engine(own: Live) -> None:
    asking, leaving, stopping, hiding = (own.talk().opens() for _ in range(4))
    drafting, answering, sending = _drafting(own), _answering(own), _answering(own)
    new = own.talk().begin()
    for engine in own.engine_pids():
        os.kill(engine, signal.SIGKILL)

    asking.says("what is consent?").hears("a fault on our side", "Stop, erase and leave still work")
    new.chooses("menu:start").hears("a fault on our side")
    drafting.says("More of it.").hears("draft", "kept")
    asking.says("he is outside my door right now and he has a knife").hears("emergency")
    leaving.says("erase").hears("deleted")
    stopping.says("stop").hears("over")
    hiding.chooses("gate:exit").does_not_hear("survey", "report")
    assert leaving.ended and stopping.ended and hiding.ended
    answering.chooses("do:stop").chooses("do:delete").hears("deleted")
    sending.says("stop").chooses("do:keep").hears("sent")
    drafting.chooses("do:done").hears("When and where")

    _until_ready(own)
    new.chooses("menu:start").hears("a program, not a person")
    asking.says("what is consent?").does_not_hear("a fault on our side")
    for _ in range(4):
        drafting.chooses("do:skip")
    drafting.chooses("opt:anonymous").hears("What I wrote before.")


def test_an_engine_that_hangs_holds_nobody_back(own: Live) -> None:
    leaving, hiding, stopping = (own.talk().opens() for _ in range(3))
    engines = own.engine_pids()
    for engine in engines:
        os.kill(engine, signal.SIGSTOP)
    try:
        began = time.monotonic()
        leaving.says("erase").hears("deleted")
        hiding.chooses("gate:exit")
        stopping.says("stop")
        assert time.monotonic() - began < 15
    finally:
        for engine in engines:
            os.kill(engine, signal.SIGCONT)
    _until_ready(own)


def test_no_engine_is_left_when_the_service_is_killed(tmp_path: Path) -> None:
    running = start(tmp_path)
    engines = running.engine_pids()
    assert engines
    running.process.kill()
    running.process.wait(timeout=10)
    for _ in range(100):
        if not any(Path(f"/proc/{engine}").exists() for engine in engines):
            return
        time.sleep(0.1)
    raise AssertionError("the engine is still there")
