"""The service and an engine of rules, each a process of its own that can be killed at any moment.

    python -m tests.attack.faults_parts

Starting takes seconds, most of them for reading content that never changes. So a *nursery* reads
everything once and then, for each line with a part's name and its environment, forks a process
that opens its database, its Redis and its doors anew, and prints its id. It ends when its input
does, and its children with it.
"""

from __future__ import annotations

import asyncio
import ctypes
import functools
import gc
import gzip
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from rasa_sdk.executor import ActionExecutor
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import service.assets
import service.parts
from service.app import public_app
from service.caretaker import caretaker
from service.demo import prepare
from service.settings import Settings
from service.storage import Storage
from service.supervisor import Doors, _server, inner_server
from tests.support.rules_engine import RulesEngine

TOKEN = "t" * 32

#: Their loaders, and what they pack with, are replaced here.
joined: Any = service.parts
assets: Any = service.assets

_DIES_WITH_ITS_PARENT = 1  # PR_SET_PDEATHSIG


def nursery() -> None:
    """Fork one for each line, until there are no more lines."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    print("ready", flush=True)
    for line in sys.stdin:
        part, env = json.loads(line)
        pid = os.fork()
        if pid == 0:
            ctypes.CDLL(None).prctl(_DIES_WITH_ITS_PARENT, signal.SIGKILL)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.environ.update(env)
            try:
                {"service": serve, "engine": think}[part]()
            finally:
                os._exit(1)
        print(pid, flush=True)


def read_once() -> None:
    """Content does not change, so every child may have what its parent has read."""
    for name in ("Messages", "Answers", "Menu", "Entities", "Routes", "Known", "Words"):
        kind = getattr(joined, name)
        kind.load = functools.lru_cache(maxsize=None)(kind.load)
    # A replica that died keeps a person waiting for so long; here one dies every moment.
    joined.HELD_SECONDS = 1
    # A third of a start goes into packing the pages, which are the same each time.
    assets.gzip = SimpleNamespace(compress=functools.cache(gzip.compress))
    joined.load_instrument = functools.cache(joined.load_instrument)
    joined.Answers.load = _loosely(joined.Answers.load)
    joined.Menu.load = _loosely(joined.Menu.load)
    joined.Known.load = _loosely(joined.Known.load)
    with tempfile.TemporaryDirectory() as folder:
        rehearsal = Settings.read({"SPEAKSAFE_DATA_DIR": folder})
        storage = Storage.open(rehearsal)
        public_app(joined.build(rehearsal, storage, "http://nowhere", TOKEN), True)
        storage.close()


def _loosely(load: Any) -> Any:
    """What is given beside the folder is content, too, and cannot be hashed."""
    inner, kept = load.__wrapped__, {}

    def loaded(folder: Path, *rest: Any) -> Any:
        if folder not in kept:
            kept[folder] = inner(folder, *rest)
        return kept[folder]

    return loaded


def serve() -> None:
    """The service, both doors of it and its caretaker, until it is killed."""
    asyncio.run(_serve())


async def _serve() -> None:
    settings = Settings.read(os.environ)
    storage = Storage.open(settings)
    parts = joined.build(settings, storage, None, TOKEN)
    prepare(storage, settings.data_dir, parts.instrument_ref)
    inner = inner_server(parts, Doors(TOKEN, settings.actions_port, 0), settings)
    outer = _server(public_app(parts, True), settings.host, settings)
    worker = caretaker(settings, storage, parts.keeping, parts.messages)
    await asyncio.gather(inner.serve(), outer.serve(), worker.keep_working(pause=0.5))


class _Result:
    def __init__(self, body: Any) -> None:
        self._body = body

    def model_dump(self) -> Any:
        """As the SDK's executor returns it."""
        return self._body


class FarActions(ActionExecutor):
    """Has actions run where the service runs, as Rasa does."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    async def run(self, action_call: Any, *_rest: Any, **_more: Any) -> Any:
        """Run one action."""
        headers = {"X-Speaksafe-Engine-Token": TOKEN}
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.post(self._url, json=action_call, headers=headers)
            answer.raise_for_status()
            body = answer.json()
        return _Result(body) if body else None


def think() -> None:
    """The engine: real rules, real actions over the inner door, fixed words; see RulesEngine."""
    rules = RulesEngine()
    rules.executor = FarActions(os.environ["ACTIONS_URL"])

    async def turn(request: Request) -> Response:
        body = await request.body()
        asked = httpx.Request(request.method, str(request.url), content=body)
        answer = await rules.handle_async_request(asked)
        rules.asked.clear()
        return Response(await answer.aread(), answer.status_code, media_type="application/json")

    app = Starlette(routes=[Route("/{path:path}", turn, methods=["GET", "POST", "DELETE"])])
    settings = Settings.read({"PORT": os.environ["ENGINE_PORT"]})
    asyncio.run(_server(app, "127.0.0.1", settings).serve())


if __name__ == "__main__":
    read_once()
    gc.freeze()
    nursery()
