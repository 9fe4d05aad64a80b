"""Watches over the engine: one that ends, or hangs, is started again.

The gate works meanwhile, and nothing is lost: conversations lie with the service.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from service.engine_process import START_PATIENCE

_log = logging.getLogger("speaksafe.engine")

#: Seconds without any answer after which an engine hangs. One that is only busy answers in between.
HUNG_SECONDS = 30.0

_PAUSE = 1.0


class Process(Protocol):
    """What is watched."""

    @property
    def alive(self) -> bool:
        """Whether it runs."""

    def start(self) -> None:
        """Start it."""

    async def stop(self) -> None:
        """End it."""


async def keep_alive(
    engine: Process,
    answers: Callable[[], Awaitable[bool]],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Start the engine again whenever it ends or hangs; until cancelled.

    Args:
        engine: answers already.
        answers: asks it, on a way of its own (the turns' connections may all be waiting), and
            waits a few seconds at most.
        sleep: waits for so many seconds.
        clock: seconds.
    """
    heard, patience = clock(), HUNG_SECONDS
    while True:
        await sleep(_PAUSE)
        if engine.alive and await answers():
            heard, patience = clock(), HUNG_SECONDS
            continue
        if engine.alive and clock() - heard < patience:
            continue
        if engine.alive:
            _log.error("the engine hangs; it is started again")
            await engine.stop()
        engine.start()
        heard, patience = clock(), START_PATIENCE
