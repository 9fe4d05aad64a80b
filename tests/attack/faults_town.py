"""Service, engine, Redis and a database, all of which can be killed while people talk."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from service.settings import Settings
from tests.attack.faults_parts import TOKEN
from tests.attack.faults_people import Told
from tests.attack.faults_servers import Born, Nursery, Part, Postgres, Redis, closing
from tests.support.live import free_port

#: How often each is chosen to be killed. Redis takes every chat with it, so it is chosen rarely.
_WEIGHTS = {"service": 55, "engine": 28, "database": 14, "redis": 1}


class Town:
    """Everything, running.

    Args:
        nursery: bears service and engine.
        folder: for the data.
        database: a PostgreSQL; without one it is a SQLite file in the folder.
    """

    def __init__(self, nursery: Nursery, folder: Path, database: Postgres | None) -> None:
        self.database = database
        self.redis = Redis()
        port, engine, actions = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.env = {
            "PORT": str(port),
            "SPEAKSAFE_DATA_DIR": str(folder),
            "SPEAKSAFE_REDIS_URL": self.redis.url,
            "SPEAKSAFE_STATE_KEY": os.urandom(32).hex(),
            "SPEAKSAFE_ENGINE_URL": f"http://127.0.0.1:{engine}",
            "SPEAKSAFE_ENGINE_TOKEN": TOKEN,
            "SPEAKSAFE_ACTIONS_PORT": str(actions),
        }
        if database:
            self.env["SPEAKSAFE_DATABASE_URL"] = database.url
        self.service = Born(nursery, "service", self.env)
        inner = {"ENGINE_PORT": str(engine), "ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook"}
        self.engine = Born(nursery, "engine", inner)
        self.killed: Counter[str] = Counter()

    @property
    def settings(self) -> Settings:
        """As the service has them."""
        return Settings.read(self.env)

    def ready(self, patience: float = 60.0) -> bool:
        """Whether it says within this time that it is ready."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            self.tend()
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).is_success:
                    return True
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        return False

    def tend(self) -> None:
        """Start what has ended by itself, as the composition does (``restart: unless-stopped``).

        A service that comes up while PostgreSQL still recovers says so and ends.
        """
        for part in (self.service, self.engine):
            if part.pid and not part.lives():
                part.start()

    def storm(self, told: Told, kills: int, dice: random.Random) -> None:
        """Kill again and again: sometimes at once, sometimes after a few more answers.

        Args:
            told: by people who talk meanwhile; a slow machine is given the time it needs.
            kills: how many.
            dice: what is killed, and when.
        """
        for _ in range(kills):
            wanted, until = told.turns + dice.randrange(6), time.monotonic() + 20
            while told.turns < wanted and time.monotonic() < until:
                self.tend()
                time.sleep(0.005)
            time.sleep(dice.random() * 0.05)
            self.strike(dice)

    def strike(self, dice: random.Random) -> None:
        """Kill one of them wherever it is, and start it again."""
        names = [name for name in _WEIGHTS if name != "database" or self.database]
        (name,) = dice.choices(names, [_WEIGHTS[name] for name in names])
        self.killed[name] += 1
        if name == "database":
            assert self.database
            if dice.random() < 0.7:
                self.database.kill_one(dice.random())
                return
        parts = (self.service, self.engine, self.redis, self.database)
        part = next(part for part in parts if part and part.name == name)
        part.kill()
        time.sleep(dice.random() * 0.05)
        part.start()


@contextmanager
def town(nursery: Nursery, folder: Path, database: Postgres | None) -> Iterator[Town]:
    """Start all of it."""
    made = Town(nursery, folder, database)
    parts: list[Part] = [made.service, made.engine, made.redis]
    parts += [database] if database else []
    with closing(*parts):
        for part in reversed(parts):
            part.start()
        assert made.ready()
        yield made
