"""An engine that ends or hangs is started again; one that is busy or just starting is left."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from service.engine_process import START_PATIENCE
from service.watch import HUNG_SECONDS, keep_alive


class Stage:
    """An engine, and a clock that runs as fast as it is asked."""

    def __init__(self, until: float, answers: Callable[[Stage], bool]) -> None:
        self.now, self.until = 0.0, until
        self.alive = True
        self.done: list[tuple[str, float]] = []
        self.times = 0
        self._answers = answers

    def start(self) -> None:
        self.alive = True
        self.done.append(("start", self.now))

    async def stop(self) -> None:
        self.alive = False
        self.done.append(("stop", self.now))

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self.until:
            raise TimeoutError

    async def asked(self) -> bool:
        self.times += 1
        answers = self._answers(self)
        self.now += 0 if answers else 2  # an answer that does not come is waited for
        return answers

    async def plays(self) -> list[str]:
        with contextlib.suppress(TimeoutError):
            await keep_alive(self, self.asked, self.sleep, lambda: self.now)
        return [what for what, _ in self.done]


async def test_an_engine_that_answers_is_left_alone() -> None:
    assert await Stage(10_000, lambda _: True).plays() == []


async def test_one_that_ended_is_started_at_once() -> None:
    stage = Stage(20, lambda stage: bool(stage.done))
    stage.alive = False
    assert await stage.plays() == ["start"]
    assert stage.done[0][1] <= 2


async def test_one_that_hangs_is_ended_and_started() -> None:
    stage = Stage(400, lambda stage: stage.now < 100 or bool(stage.done))
    assert await stage.plays() == ["stop", "start"]
    assert 99 + HUNG_SECONDS <= stage.done[0][1] <= 100 + HUNG_SECONDS + 5


async def test_one_that_is_only_busy_is_left() -> None:
    """It answers now and then: work is waiting, but it gets done."""
    stage = Stage(2_000, lambda stage: stage.times % 5 == 0)
    assert await stage.plays() == []


async def test_one_that_starts_is_given_its_time() -> None:
    stage = Stage(100 + START_PATIENCE, lambda stage: stage.now < 100)
    assert await stage.plays() == ["stop", "start"]


async def test_one_that_does_not_come_up_is_tried_again() -> None:
    stage = Stage(150 + 2.5 * START_PATIENCE, lambda stage: stage.now < 100)
    assert await stage.plays() == ["stop", "start"] * 3
