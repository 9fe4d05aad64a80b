"""Somebody takes the disk of the PostgreSQL server, and the secret of ours: whose answer is whose?

As ``tests/attack/test_linking.py``. The server is set as it is in production. One attack succeeds,
and is printed: the write-ahead log shows every answer as it comes to whoever has the secret, too.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from tests.attack import pages
from tests.attack.house import house
from tests.attack.linking import Row, Stolen, round_of_people
from tests.attack.size import FULL, sized
from tests.attack.test_linking import CHANCE, KNOWN, scores
from tests.support import postgres
from tests.support.answering import takes_the_survey
from tests.support.redis import server as redis_server
from vault.database import Database
from vault.secrets import Secrets
from vault.state import StateStore
from vault.stores import RoundStore

#: One pool; with ``make attack`` also more than one.
PEOPLE = (60, 60, 150) if FULL else (28,)

#: As servers are set when nobody sets anything.
AS_SHIPPED = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
}

#: Of each round: rows of earlier pools that the files of the tables still held, and its database.
REMNANTS: list[tuple[int, str]] = []

#: Large values lie in a table beside the others, so places tell the size: the same limit again.
BY_SIZE = {
    ("amount", place)
    for place in (
        *("place of the row", "place in the file"),
        *("first place in the log", "last place in the log"),
    )
}

Taken = list[tuple[Stolen, list[bytes], list[Row]]]

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    programs = postgres.server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.server(programs, **AS_SHIPPED) as url:
        yield url


def _fresh(server_url: str, name: str) -> str:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server_url.rsplit("/", 1)[0] + "/" + name


@pytest.fixture(scope="module")
def taken(server_url: str) -> Taken:
    """Rounds, one behind the other, each in a database of its own on one server."""
    found: Taken = []
    for at, people in enumerate(PEOPLE):
        url = _fresh(server_url, f"round{at}")
        stolen, sealed = round_of_people(pages.files_of(url), url, people, random.Random(at))
        found.append((stolen, sealed, pages.rows(stolen, url)))
        REMNANTS.append((pages.remnants(stolen, found[-1][2], url), url))
    return found


def test_no_attack_on_postgres_does_better_than_chance(
    taken: Taken, record_property: Callable[[str, Any], None]
) -> None:
    found = scores(taken)
    assert {what for _, what in found} >= {"transaction", "place in the file"}
    for attack, did in found.items():
        if attack not in KNOWN | BY_SIZE:
            assert did.of >= sized(5, 10), attack
            assert did.probability > CHANCE, (attack, did)
    others = {one: did for one, did in found.items() if one not in KNOWN | BY_SIZE}
    best = min((did.probability, who, what) for (who, what), did in others.items())
    record_property("least likely by chance", f"{best[1]} and {best[2]}, {best[0]:.3f}")


def test_the_log_with_the_secret_tells_the_order(
    taken: Taken, record_property: Callable[[str, Any], None]
) -> None:
    """A limit, not a wish. Were it gone, docs/promises.md would promise too little."""
    told = of = 0
    for stolen, sealed, found in taken:
        order = [one for one in pages.order_in_log(stolen, found) if one in sealed]
        places = [sealed.index(one) for one in order]
        told += sum(one < other for one, other in pairwise(places))
        of += len(sealed) - 1
    record_property("write-ahead log and the server's secret", f"{told} of {of} in their order")
    assert told > 0.8 * of, (told, of)


def test_once_the_round_is_closed_its_tables_hold_no_earlier_pool(
    taken: Taken, record_property: Callable[[str, Any], None]
) -> None:
    """While it is open, pages that were freed and not used again hold some; the log holds all."""
    record_property("rows of earlier pools in free pages, open", [many for many, _ in REMNANTS])
    for (stolen, _, found), (_, url) in zip(taken, REMNANTS, strict=True):
        database = Database.open(url)
        RoundStore(database).close("r1")
        database.close()
        after = replace(stolen, files=pages.files_of(url)())
        assert pages.remnants(after, found, url) == 0
        # The search sees what is there: a table as it was while the round was open.
        kept = pages.remnants(after, found[1:], url)
        assert kept == 1


def test_the_log_without_the_secret_opens_nothing(taken: Taken) -> None:
    for stolen, _, found in taken:
        other = Stolen(stolen.files, Secrets.from_root(bytes(32)), "", stolen.people)
        assert pages.order_in_log(other, found) == []


def test_what_runs_in_redis_says_nothing_of_an_answer(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also to somebody who can open every chat in it: what lies there, beside every row."""
    plain: dict[bytes, str] = {}
    sealed = StateStore._sealed

    def noting(self: StateStore, name: str, entry: dict[str, Any]) -> bytes:
        blob = sealed(self, name, entry)
        plain[blob] = json.dumps(entry)
        return blob

    monkeypatch.setattr(StateStore, "_sealed", noting)
    url = _fresh(server_url, "chats")
    with redis_server() as shelf:
        more = {"SPEAKSAFE_REDIS_URL": shelf, "SPEAKSAFE_STATE_KEY": "5a" * 32}
        with house(tmp_path / "data", SPEAKSAFE_DATABASE_URL=url, **more) as home:
            talks = [home.talk().opens() for _ in range(sized(1, 20))]
            for talk in talks:
                takes_the_survey(talk).hears("Your answers are sent")
            # In the middle of it an answer does lie in a chat: so it can be seen.
            home.talk().opens().chooses("menu:survey").chooses("do:start").chooses("opt:G1.1")
        client = redis.Redis.from_url(shelf)
        kept = [bytes(client.get(name) or b"") for name in client.keys("*")]
        client.close()
    with psycopg.connect(url) as connection:
        keys = [bytes(row[0]) for row in connection.execute("SELECT row_key FROM box")]
    chats = [plain[blob] for blob in kept if blob in plain]
    assert len(chats) > len(talks) and len(keys) >= 64
    whole = b"".join(kept) + "".join(chats).encode()
    assert [key for key in keys if key in whole or key.hex().encode() in whole] == []
    in_the_middle = [chat for chat in chats if '"at": "gate"' in chat]
    assert len(in_the_middle) == 1, "an answer stays in a chat after it was sent"
