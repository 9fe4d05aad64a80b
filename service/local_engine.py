"""The live system without its public door, for commands that ask it something."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from service.engine_process import train
from service.parts import Parts, build
from service.settings import Settings
from service.storage import Storage
from service.supervisor import Doors, engine_process, inner_server, tell, until_ready


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Parts]:
    """Everything but the public door, on an empty store that goes away again.

    What the command says must not touch what people said, so it has its own folder; the engine,
    the model, the content and the code are those of the live system.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        own = replace(
            settings,
            data_dir=path,
            database_url=f"sqlite:///{path / 'speaksafe.sqlite'}",
            pepper_file=path / "pepper",
            redis_url=None,
            engine_url=None,
            demo=True,
        )
        doors = Doors.new(own)
        model = await train(tell)
        storage = Storage.open(own)
        engine = engine_process(own, doors, model)
        parts = build(own, storage, engine.url, doors.token)
        inner = inner_server(parts, doors, own)
        serving = asyncio.create_task(inner.serve())
        engine.start()
        try:
            await until_ready(parts, engine)
            yield parts
        finally:
            await engine.stop()
            inner.should_exit = True
            await serving
            await parts.close()
            storage.close()
