"""Runs everything on one machine: the engine, the inner door, the public door."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from bot.engine import Engine
from service.actions_app import actions_app
from service.app import onboarding_app, public_app
from service.caretaker import caretaker
from service.demo import Demo, prepare
from service.engine_process import (
    START_PATIENCE,
    EngineError,
    EngineProcess,
    EngineProcesses,
    free_port,
    train,
    usual_workers,
)
from service.parsing import BoundedHttp
from service.parts import Parts, build
from service.settings import Settings, SettingsError
from service.storage import Storage
from service.watch import keep_alive


def tell(line: str) -> None:
    """Show progress to whoever waits."""
    print(line, file=sys.stderr, flush=True)


class _Server(uvicorn.Server):
    """A server among several: signals are the supervisor's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@dataclass(frozen=True, slots=True)
class Doors:
    """Addresses and secrets of the inner connections, made anew at each start."""

    token: str
    actions_port: int
    engine_port: int

    @classmethod
    def new(cls, settings: Settings) -> Doors:
        """Free ports and a fresh token, unless they are set."""
        token = settings.engine_token or secrets.token_hex(32)
        return cls(token, settings.actions_port or free_port(), free_port())


def engine_process(settings: Settings, doors: Doors, model: Any) -> EngineProcesses:
    """The engine for these settings, not started yet: as many workers as are wanted."""
    state = {}
    if settings.redis_url and settings.state_key:
        state = {
            "SPEAKSAFE_REDIS_URL": settings.redis_url,
            # Its own: with the service's key it could open drafts and receipts in Redis.
            "SPEAKSAFE_STATE_KEY": secrets.token_hex(32),
        }
    log = settings.data_dir / "logs" / "engine.log"
    actions = f"http://127.0.0.1:{doors.actions_port}/webhook"
    more = [free_port() for _ in range((settings.engine_workers or usual_workers()) - 1)]
    return EngineProcesses(
        [
            EngineProcess(model, port, actions, doors.token, state, log)
            for port in (doors.engine_port, *more)
        ]
    )


async def run(settings: Settings, *, onboarding: bool = False) -> None:
    """Start everything, say where it is, and end it all on Ctrl-C or SIGTERM.

    Args:
        settings: what was configured.
        onboarding: only the pages where focal points and Task Force make their keys; then a
            route without a key does not stand in the way.

    Raises:
        SettingsError: the port is in use.
        EngineError: the engine cannot be trained or does not start.
    """
    _require_free(settings.host, settings.port)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    work = asyncio.create_task(_serve(settings, stop, onboarding))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        tell("Stopping …")
        # What is being answered is answered; whatever still waits after that is let go.
        done, _ = await asyncio.wait({work}, timeout=20)
        if not done:
            work.cancel()
    stopped.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work


async def _serve(settings: Settings, stop: asyncio.Event, onboarding: bool) -> None:
    doors = Doors.new(settings)
    engine = None
    if settings.engine_url is None and not onboarding:
        model = await _unless(stop, train(tell))
        if model is None:
            return
        engine = engine_process(settings, doors, model)
    storage = Storage.open(settings)
    try:
        parts = build(settings, storage, engine.url if engine else None, doors.token)
        demo = prepare(storage, settings.data_dir, parts.instrument_ref) if settings.demo else None
        if onboarding:
            await _run_outer(settings, onboarding_app(parts), None, stop, onboarding=True)
            return
        for line in parts.require_routes():
            tell(line)
        if engine:
            tell("Starting the assistant (about 15 s) …")
            engine.start()
        await _run_doors(settings, parts, doors, engine, demo, stop)
    finally:
        if engine:
            await engine.stop()
        storage.close()


async def _unless(stop: asyncio.Event, work: Any) -> Any:
    """Do ``work`` unless it is time to stop; then leave it."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        stopped.cancel()
        return task.result()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return None


async def _run_doors(
    settings: Settings,
    parts: Parts,
    doors: Doors,
    engine: EngineProcesses | None,
    demo: Demo | None,
    stop: asyncio.Event,
) -> None:
    inner = inner_server(parts, doors, settings)
    serving = asyncio.create_task(inner.serve())
    watch = None
    worker = caretaker(settings, parts.storage, parts.keeping, parts.messages)
    caring = asyncio.create_task(worker.keep_working())
    try:
        if await _unless(stop, until_ready(parts, engine)) is None:
            return
        # Only now: an engine that cannot start at all is said once, not tried for ever.
        watch = asyncio.create_task(_watched(engine, doors.token)) if engine else None
        await _run_outer(settings, public_app(parts, demo is not None), demo, stop)
    finally:
        await _ended(caring)
        if watch:
            watch.cancel()
        inner.should_exit = True
        await serving
        await parts.close()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _run_outer(
    settings: Settings,
    app: ASGIApp,
    demo: Demo | None,
    stop: asyncio.Event,
    *,
    onboarding: bool = False,
) -> None:
    outer = _server(app, settings.host, settings)
    serving = asyncio.create_task(outer.serve())
    while not outer.started and not serving.done():  # noqa: ASYNC110 (it has no event)
        await asyncio.sleep(0.02)
    if outer.started:
        _announce(settings, demo, onboarding=onboarding)
        await stop.wait()
    outer.should_exit = True
    await serving


def inner_server(parts: Parts, doors: Doors, settings: Settings) -> _Server:
    """The door through which the engine has its actions run."""
    return _server(actions_app(parts.executor, doors.token), settings.actions_host, doors)


def _server(app: Any, host: str, at: Doors | Settings) -> _Server:
    port = at.actions_port if isinstance(at, Doors) else at.port
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        http=BoundedHttp,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # an address is not wanted, so none is taken from a header either
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=64 * 1024,
    )
    return _Server(config)


async def until_ready(parts: Parts, engine: EngineProcesses | None) -> bool:
    """Wait until the engine has its model loaded.

    Raises:
        EngineError: it ended, or takes too long.
    """
    for _ in range(int(START_PATIENCE * 5)):
        if await parts.engine.ready():
            return True
        if engine and not engine.alive:
            raise EngineError("the assistant ended while starting; see logs/engine.log")
        await asyncio.sleep(0.2)
    raise EngineError("the assistant does not answer; check SPEAKSAFE_ENGINE_URL")


async def _watched(engines: EngineProcesses, token: str) -> None:
    async with asyncio.TaskGroup() as watching:
        for worker in engines.workers:
            watching.create_task(_watch_one(worker, token))


async def _watch_one(engine: EngineProcess, token: str) -> None:
    asking = Engine(engine.url, token)  # its connections are not those of the turns
    try:
        await keep_alive(engine, asking.ready)
    finally:
        await asking.close()


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise SettingsError(
                "PORT", "is in use", f"end what listens on {port}, or set PORT"
            ) from None


def _announce(settings: Settings, demo: Demo | None, *, onboarding: bool) -> None:
    base = settings.public_url
    chat = "not open yet: focal points make their keys first" if onboarding else f"{base}/"
    lines = [
        "",
        "Speaksafe is ready.",
        f"  chat          {chat}",
        f"  focal points  {base}/inbox",
        f"  Task Force    {base}/taskforce",
        f"  owners        {base}/owner",
    ]
    if demo:
        lines += [
            "",
            "This is a DEMO: nothing reaches a real office. Its sign-ins:",
            *(f"  {name:<17} {passphrase}" for name, passphrase in demo.sign_ins.items()),
            f"Demo keys and sign-ins lie in {demo.folder}",
        ]
    print("\n".join([*lines, "", "Ctrl-C ends everything."]), flush=True)
