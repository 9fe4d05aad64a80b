"""Things that go wrong while somebody writes, each for one moment, each as talkative as can be."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from sqlalchemy import event

from service.parts import Parts
from tests.support.rules_engine import RulesEngine

FAULTS = (
    *("engine down", "engine silent", "engine broken", "engine raves", "engine raises"),
    *("action raises", "database locked", "database full", "carrier fails", "carrier loses"),
)


class Stumbling(RulesEngine):
    """An engine that fails when it is told to, and then repeats what it was asked."""

    fault = ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As in the rules' engine, unless it is to fail."""
        body = await request.aread()
        match self.fault:
            case "engine down":
                raise httpx.ConnectError(f"refused: {body!r}")
            case "engine silent":
                raise httpx.ReadTimeout(f"no answer to {body!r}")
            case "engine broken":
                return httpx.Response(500, content=body)
            case "engine raves":
                return httpx.Response(200, content=b'{"messages": [' + body)
            case "engine raises":
                raise ValueError(body.decode(errors="replace"))
        return await super().handle_async_request(request)


class Faults:
    """Makes things go wrong.

    Args:
        engine: the one behind the service.
        parts: of the service; its database and its actions are made to fail.
        carriers: the stand-ins of the carriers.
    """

    def __init__(self, engine: Stumbling, parts: Parts, carriers: list[Any]) -> None:
        self.engine = engine
        self._carriers = carriers
        self._database = parts.storage.database
        self._full = self._raises = False
        self.seen: dict[str, int] = dict.fromkeys(FAULTS, 0)
        actions = parts.executor.actions
        for name, run in list(actions.items()):
            actions[name] = self._raising(run)
        event.listen(self._database._engine, "checkout", self._checked_out)

    @asynccontextmanager
    async def one(self, chance: random.Random, often: float) -> AsyncIterator[str]:
        """One of them, or none, as long as this lasts.

        Args:
            chance: chooses.
            often: the share of times in which something fails.
        """
        which = chance.choice(FAULTS) if chance.random() < often else ""
        lock = None
        if which:
            self.seen[which] += 1
        match which:
            case "action raises":
                self._raises = True
            case "database full":
                self._full = True
            case "database locked":
                lock = self._lock()
            case "carrier fails" | "carrier loses":
                for one in self._carriers:
                    (one.fail if which == "carrier fails" else one.lose)(1)
            case _:
                self.engine.fault = which
        try:
            yield which
        finally:
            self.engine.fault, self._raises, self._full = "", False, False
            if lock is not None:
                lock()
            for one in self._carriers:
                one.fail(0)
                one.lose(0)

    async def in_every_action(self, door: httpx.AsyncClient, text: str) -> None:
        """An exception in each action, through the door by which the engine calls them."""
        self._raises = True
        names = [*self.engine.executor.actions] if self.engine.executor else []
        for name in names:
            latest = {"text": text, "intent": {"name": "x"}, "metadata": {"choice": None}}
            tracker = {"sender_id": text, "slots": {"language": text}, "events": []}
            call = {"next_action": name, "tracker": tracker | {"latest_message": latest}}
            answer = await door.post("/webhook", content=json.dumps(call))
            assert answer.status_code == 500 and text not in answer.text, name
        assert len(names) > 15
        self._raises = False

    def _raising(self, run: Callable[..., Any]) -> Callable[..., Any]:
        async def instead(dispatcher: Any, tracker: Any, domain: Any) -> Any:
            if self._raises:
                raise RuntimeError(f"{tracker.sender_id}: {tracker.latest_message}")
            found = run(dispatcher, tracker, domain)
            return await found if asyncio.iscoroutine(found) else found

        return instead

    def _checked_out(self, connection: Any, *_: Any) -> None:
        """No page more than there are, while it is to be full; and no long waiting for a lock."""
        if not self._database.is_sqlite:
            connection.execute("SET lock_timeout = '80ms'")
            connection.commit()
            return
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        most = pages if self._full else 1_000_000
        connection.execute(f"PRAGMA max_page_count = {most}").fetchall()
        connection.execute("PRAGMA busy_timeout = 80").fetchall()

    def _lock(self) -> Callable[[], None]:
        """Somebody else writes, and does not come to an end."""
        if self._database.file is not None:
            other = sqlite3.connect(self._database.file, isolation_level=None)
            other.execute("BEGIN EXCLUSIVE")

            def release() -> None:
                other.execute("ROLLBACK")
                other.close()

            return release
        raw = self._database._engine.raw_connection()
        raw.cursor().execute("LOCK TABLE cases, box, rounds, case_entries IN ACCESS EXCLUSIVE MODE")
        return lambda: (raw.rollback(), raw.close())[1]
