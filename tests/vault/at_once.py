"""Doing things at the same time, as several processes would: each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from vault.database import Database

R = TypeVar("R")


def at_once(url: str, jobs: Sequence[Callable[[Database], R]]) -> list[R]:
    """Run every job in a thread with a database opened for it; all begin together.

    Raises:
        Exception: whatever a job raised.
    """
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[Database], R]) -> R:
        database = Database.open(url)
        try:
            database.ping()
            start.wait()
            return job(database)
        finally:
            database.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
