"""What two engines do against one: asked as the service asks them, with actions that cost nothing.

The engines' work alone is measured. The asking itself takes a small part of a core, so on a machine
of two cores two engines cannot do quite twice as much.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import web

from bench.running import tell
from bench.scripts import QUESTIONS
from bench.systems import BenchError
from bench.training import our_model
from bot.engine import Engine, EngineDown
from service.engine_process import EngineProcess, EngineProcesses, free_port

#: Conversations that go on at the same time.
AT_ONCE = 16

PATIENCE = 120.0

#: What is said, by errand: a question to be understood, or the next answer of a walk.
ERRANDS = {"policy": (None, None, None), "survey": ("survey", "choose", "opt:Q1.1")}

_SAID = {"events": [], "responses": [{"text": "Yes.", "buttons": [], "custom": {}}]}


@contextlib.asynccontextmanager
async def _actions() -> AsyncIterator[int]:
    """An action server that says the same to everything."""

    async def webhook(_request: web.Request) -> web.Response:
        return web.json_response(_SAID)

    app = web.Application()
    app.router.add_post("/webhook", webhook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield port
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def _running(count: int) -> AsyncIterator[Engine]:
    model = our_model(measure=False).model
    token = secrets.token_hex(16)
    async with _actions() as port:
        with tempfile.TemporaryDirectory() as folder:
            url = f"http://127.0.0.1:{port}/webhook"
            log = Path(folder) / "engine.log"
            processes = EngineProcesses(
                [EngineProcess(model, free_port(), url, token, {}, log) for _ in range(count)]
            )
            engine = Engine(processes.url, token)
            processes.start()
            try:
                until = time.monotonic() + PATIENCE
                while not await engine.ready():
                    if not processes.alive or time.monotonic() > until:
                        raise BenchError("an engine does not start")
                    await asyncio.sleep(0.2)
                yield engine
            finally:
                await engine.close()
                await processes.stop()


async def _rate(engine: Engine, errand: str, seconds: float) -> dict[str, float]:
    walk, intent, choice = ERRANDS[errand]
    slots = {"language": "en", "walk": walk, "topic": None}
    done, failed, end = 0, 0, time.perf_counter() + seconds

    async def talk(number: int) -> None:
        nonlocal done, failed
        sender = secrets.token_hex(32)
        for turn in range(number, 1_000_000):
            if time.perf_counter() > end:
                return
            text = "" if choice else QUESTIONS[turn % len(QUESTIONS)]
            try:
                await engine.turn(sender, dict(slots), text=text, intent=intent, choice=choice)
            except EngineDown:
                failed += 1
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*(talk(number) for number in range(AT_ONCE)))
    return {"per_second": done / (time.perf_counter() - began), "failed": failed}


async def _measure(seconds: float, counts: tuple[int, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {errand: {} for errand in ERRANDS}
    for count in counts:
        async with _running(count) as engine:
            for errand in ERRANDS:
                await _rate(engine, errand, 2.0)
                rate = await _rate(engine, errand, seconds)
                found[errand][str(count)] = rate
                tell(f"  {count} engines, {errand}: {rate['per_second']:.0f} turns/s")
    return found


def measure(seconds: float, counts: tuple[int, ...] = (1, 2)) -> dict[str, Any]:
    """Turns a second by errand and number of engines.

    Raises:
        BenchError: an engine does not start.
    """
    return asyncio.run(_measure(seconds, counts))
