"""The whole service in this process: real stores and walks, and rules in place of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

import service.parts
from bot.engine import Engine
from service.app import public_app
from service.demo import Demo, prepare
from service.parts import Parts
from service.settings import Settings
from service.storage import Storage
from tests.support.line import TransportLine
from tests.support.rules_engine import RulesEngine
from tests.support.served import served
from tests.support.talk import Talk

URL = "https://speaksafe.example"


@dataclass(frozen=True, slots=True)
class House:
    """A running service.

    Args:
        http: asks its public door.
        app: that door.
        parts: everything behind it.
        demo: the accounts of its demo.
        data_dir: where its data lies.
        engine: what stands in for the machine learning; without its executor it fails.
    """

    http: httpx.Client
    app: ASGIApp
    parts: Parts
    demo: Demo
    data_dir: Path
    engine: RulesEngine

    def talk(self, lang: str | None = "en") -> Talk:
        """Somebody who has not said anything yet."""
        return Talk(self.http, lang)


@contextmanager
def house(data_dir: Path, **settings: str) -> Iterator[House]:
    """Put the service together.

    Args:
        data_dir: where its data is to lie.
        settings: more of its settings, by their names.
    """
    engine = RulesEngine()
    line = TransportLine(engine)
    env = {"SPEAKSAFE_DATA_DIR": str(data_dir), "SPEAKSAFE_PUBLIC_URL": URL, **settings}
    read = Settings.read(env)
    storage = Storage.open(read)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service.parts, "Engine", lambda url, token: Engine(url, token, line))
        # Wrong sign-ins wait; here there are thousands of them.
        patch.setattr("inbox.pacing.LONGEST_WAIT", 0.0)
        parts = service.parts.build(read, storage, "http://engine", "token")
        engine.executor = parts.executor
        demo = prepare(storage, data_dir, parts.instrument_ref)
        app = public_app(parts, demo=True)
        try:
            with served(app) as url, _client(url) as http:
                yield House(http, app, parts, demo, data_dir, engine)
        finally:
            storage.close()


def _client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=60, trust_env=False)
