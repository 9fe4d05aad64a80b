"""Writers of one process come one after the other on SQLite, and nobody waits for ever."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from vault import database as module
from vault.database import Database
from vault.errors import StorageError


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """One that does not wait for a lock of SQLite's own."""
    opened = Database.open(f"sqlite:///{tmp_path / 'turns.db'}")

    def impatient(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=0")

    event.listen(opened._engine, "connect", impatient)
    with opened.write() as connection:
        connection.execute(text("CREATE TABLE said (word TEXT)"))
    yield opened
    opened.close()


def _say(database: Database, word: str) -> None:
    with database.write() as connection:
        connection.execute(text("INSERT INTO said VALUES (:word)"), {"word": word})


def _said(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(text("SELECT word FROM said")).scalars())


def test_many_writers_at_once_never_meet(database: Database) -> None:
    def writes(writer: int) -> None:
        for number in range(20):
            _say(database, f"{writer}/{number}")
            database.checkpoint()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(writes, range(8)))
    assert sorted(_said(database)) == sorted(f"{w}/{n}" for w in range(8) for n in range(20))


def test_who_waits_too_long_is_told_and_may_come_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUSY_SECONDS", 0.01)
    inside, done = threading.Event(), threading.Event()

    def dawdles() -> None:
        with database.write():
            inside.set()
            done.wait(30)

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(dawdles)
        assert inside.wait(30)
        with pytest.raises(StorageError):
            _say(database, "meanwhile")
        with pytest.raises(StorageError):
            database.checkpoint()
        assert _said(database) == []  # who reads waits for nobody
        done.set()
        slow.result()
    _say(database, "again")
    assert _said(database) == ["again"]


def test_who_fails_lets_the_next_one_in(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write():
        raise RuntimeError
    _say(database, "next")
    assert _said(database) == ["next"]
