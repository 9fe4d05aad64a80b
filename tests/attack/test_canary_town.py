"""People write on every channel in six languages while things go wrong; nothing of it lies about.

Quick with all tests, on SQLite; with ``make attack`` hundreds of people, also on PostgreSQL with
Redis. The search looks at what would be there for somebody who takes the machine: data, dumps,
backups, the store of running chats, logs, temporary files, the environment of the process, cores.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

import service.parts
from service.demo import prepare
from service.settings import Settings
from service.storage import Storage
from tests.attack.canary_faults import FAULTS
from tests.attack.planting import CHANNELS, LANGUAGES, people
from tests.attack.promises import ROOT
from tests.attack.size import FULL, sized
from tests.support import postgres
from tests.support.canary import find
from tests.support.redis import server as redis_server

SEED = 20


@dataclass(frozen=True)
class Left:
    """What is there when everybody has written.

    Args:
        folder: with everything that can be searched.
        words: what was planted.
        told: by the process itself.
    """

    folder: Path
    words: list[str]
    told: dict[str, Any]


def _demo(folder: Path) -> None:
    settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(folder)})
    storage = Storage.open(settings)
    file = settings.content_dir / "instruments" / "victim-experience.yml"
    prepare(storage, folder, service.parts.load_instrument(file).ref)
    storage.close()


@contextmanager
def _played(folder: Path, many: int, settings: dict[str, str]) -> Iterator[dict[str, Any]]:
    """A process in which everybody has written, and which still runs."""
    temporary = folder / "tmp"
    temporary.mkdir(parents=True)
    _demo(folder / "data")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SPEAKSAFE_", "PYTEST_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.attack.canary_town"],
        cwd=ROOT,
        env=clean | {"TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(folder / "printed").open("w"),
        text=True,
    )
    with process:
        assert process.stdin and process.stdout
        given = {"folder": str(folder), "seed": SEED, "many": many, "settings": settings}
        process.stdin.write(json.dumps(given) + "\n")
        process.stdin.flush()
        said = process.stdout.readline()
        assert said, (folder / "printed").read_text()[-2000:]
        for name in ("environ", "cmdline"):
            (folder / name).write_bytes(Path(f"/proc/{process.pid}/{name}").read_bytes())
        yield json.loads(said)


def _dumped(folder: Path) -> None:
    """A backup and a dump, as an operator makes them."""
    with sqlite3.connect(folder / "data" / "speaksafe.sqlite") as base:
        base.execute("VACUUM INTO ?", [str(folder / "backup.sqlite")])
        (folder / "dump.sql").write_text("\n".join(base.iterdump()))
    base.close()


def _words(told: dict[str, Any], many: int) -> list[str]:
    words = [word for one in people(SEED, many) for word in one.words]
    receipts = [secret.replace(" ", "") for secret in told["secrets"] if " " in secret]
    return [*words, *told["secrets"], *receipts, *dict.fromkeys(told["addresses"])]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder, many = tmp_path_factory.mktemp("canary"), sized(12, 180)
    with _played(folder, many, {}) as told:
        pass
    _dumped(folder)
    return Left(folder, _words(told, many), told)


def test_nothing_that_was_said_lies_about(
    left: Left, record_property: Callable[[str, Any], None]
) -> None:
    assert left.told["reports"] > 0 and any(" " in secret for secret in left.told["secrets"])
    assert len(left.told["secrets"]) > 3
    assert (left.folder / "log").stat().st_size > 10_000
    assert (left.folder / "memory").stat().st_size > 10_000
    assert find(left.words, [left.folder]) == []
    record_property("words planted", len(left.words))
    record_property("things that went wrong", sum(left.told["faults"].values()))


def test_everything_went_wrong_that_can(left: Left) -> None:
    faults = left.told["faults"]
    assert set(faults) == set(FAULTS) and sum(faults.values()) > 20
    assert not FULL or min(faults.values()) > 5
    assert len(CHANNELS) == len(LANGUAGES) == 6


@pytest.mark.parametrize(
    "place",
    ["data/speaksafe.sqlite", "backup.sqlite", "dump.sql", "log", "memory", "environ", "printed"],
)
def test_the_search_finds_a_leak_in_each_place(left: Left, tmp_path: Path, place: str) -> None:
    """The same files with one word more, as that place would hold it."""
    copy = tmp_path / Path(place).name
    shutil.copy(left.folder / place, copy)
    chosen = left.words[:: max(1, len(left.words) // 7)]
    for at, word in enumerate(chosen):
        if copy.suffix == ".sqlite":
            with sqlite3.connect(copy) as base:
                base.execute("CREATE TABLE IF NOT EXISTS leaks (v TEXT)")
                base.execute("INSERT INTO leaks VALUES (?)", [f"{at} {word} said"])
            base.close()
        else:
            with copy.open("ab") as file:
                file.write(f"\n{at}={word}\0".encode("utf-16-le" if at % 2 else "utf-8"))
    assert {leak.word for leak in find(chosen, [copy])} == set(range(len(chosen)))


def test_a_leak_in_a_file_that_nobody_thought_of_is_found(left: Left) -> None:
    stray = left.folder / "tmp" / "core.4711"
    stray.write_bytes(b"\x7fELF" + left.words[0].encode() + b"\0")
    try:
        assert {leak.path for leak in find(left.words, [left.folder])} == {stray}
    finally:
        stray.unlink()


@pytest.mark.postgres
@pytest.mark.skipif(not FULL, reason="with make attack only: it takes minutes")
def test_nothing_lies_about_on_postgres_and_redis(
    tmp_path: Path, record_property: Callable[[str, Any], None]
) -> None:
    """Tables, write-ahead log and dump of PostgreSQL; all of Redis, and what it would save."""
    programs = postgres.server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder, many = tmp_path / "all", 48
    with ExitStack() as running:
        url = running.enter_context(postgres.server(programs, full_page_writes="on"))
        shelf = running.enter_context(redis_server())
        settings = {
            "SPEAKSAFE_DATABASE_URL": url,
            "SPEAKSAFE_REDIS_URL": shelf,
            "SPEAKSAFE_STATE_KEY": "5b" * 32,
        }
        told = running.enter_context(_played(folder, many, settings))
        _copied(url, folder / "cluster")
        dump = subprocess.run([programs / "pg_dump", url], capture_output=True, check=True).stdout
        (folder / "dump.sql").write_bytes(dump)
        kept = _saved(shelf, folder)
    words = _words(told, many)
    assert told["reports"] > 0 and kept > 10 and b"case_entries" in dump
    assert find(words, [folder]) == []
    (folder / "cluster" / "stray").write_text(words[1])
    assert {leak.word for leak in find(words, [folder])} == {1}
    record_property("words planted", len(words))
    record_property("entries in Redis", kept)


def _copied(url: str, target: Path) -> None:
    """The server's whole data folder, the write-ahead log included."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (source,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    for path in Path(source).rglob("*"):
        if path.is_file():
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target / path.relative_to(source))


def _saved(shelf: str, folder: Path) -> int:
    """Names and values, and the file that Redis would write if it were told to."""
    client = redis.Redis.from_url(shelf)
    client.config_set("rdbcompression", "no")
    client.save()
    place: Any = client.config_get("dir")
    shutil.copy(Path(place["dir"]) / "dump.rdb", folder / "dump.rdb")
    names: Any = client.keys("*")
    values = [client.dump(name) or b"" for name in names]
    (folder / "redis").write_bytes(b"\n".join([*names, *map(bytes, values)]))  # type: ignore[arg-type]
    client.close()
    return len(names)
