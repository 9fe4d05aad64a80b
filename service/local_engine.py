"""The live system without its public door, for commands that ask it something."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from service.demo import prepare
from service.engine_process import free_port, train
from service.parts import Parts, build
from service.settings import Settings
from service.storage import Storage
from service.supervisor import Doors, engine_process, inner_server, tell, until_ready


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Parts]:
    """Everything but the public door, on an empty store that goes away again.

    Args:
        settings: for the content; the data that is served is of its own.
    """
    model = await train(tell)
    doors = Doors.new(settings)
    with tempfile.TemporaryDirectory() as folder:
        own = _apart(settings, Path(folder))
        engine = engine_process(own, doors, model)
        async with _inner(own, doors, engine.url) as parts:
            engine.start()
            try:
                await until_ready(parts, engine)
                yield parts
            finally:
                await engine.stop()


@asynccontextmanager
async def serving(settings: Settings, port: int) -> AsyncIterator[Parts]:
    """The inner door alone, open to an engine that a developer started.

    Args:
        settings: for the content.
        port: where the actions are served, on this machine only.
    """
    doors = Doors(token="", actions_port=port, engine_port=free_port())
    with tempfile.TemporaryDirectory() as folder:
        async with _inner(_apart(settings, Path(folder)), doors, "http://127.0.0.1:9") as parts:
            yield parts


def _apart(settings: Settings, folder: Path) -> Settings:
    """The same content on a store of its own: what a command says must not touch what people
    said."""
    return replace(
        settings,
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'speaksafe.sqlite'}",
        pepper_file=folder / "pepper",
        redis_url=None,
        engine_url=None,
        engine_workers=1,
        demo=True,
        actions_host="127.0.0.1",
    )


@asynccontextmanager
async def _inner(own: Settings, doors: Doors, engine_url: str) -> AsyncIterator[Parts]:
    storage = Storage.open(own)
    parts = build(own, storage, engine_url, doors.token)
    prepare(storage, own.data_dir, parts.instrument_ref)
    inner = inner_server(parts, doors, own)
    task = asyncio.create_task(inner.serve())
    try:
        yield parts
    finally:
        inner.should_exit = True
        await task
        await parts.close()
        storage.close()
