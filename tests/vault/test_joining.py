"""Whose answer is this? Attacks on a copy of the database, by transaction, order and place.

Somebody has the database, and knows in which order people used their invitations (from a corridor,
a log, the rows themselves). Each attack is first shown to work on a careless store, which keeps
invitations and answers as most programs would. Then it is tried on ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from vault.database import Database
from vault.keys import PrivateKey
from vault.sealing import Context, seal
from vault.stores import DropBox, InvitationStore, RoundStore

PEOPLE = 12
#: About one person in twelve is guessed right by chance; nine or more, twice in a million times.
CHANCE = 9
KEY = PrivateKey.new().public()

#: An attack gives the answers (their beginnings) in the order in which it believes they came.
Attack = Callable[[Database, Path, dict[str, bytes]], list[str]]


class Careless:
    """Invitations and answers as most programs would keep them."""

    box = "careless_answers"
    column = "answer"

    def __init__(self, database: Database) -> None:
        self._db = database
        self.is_sqlite = database.is_sqlite
        number = "INTEGER PRIMARY KEY" if database.is_sqlite else "SERIAL PRIMARY KEY"
        blob = "BLOB" if database.is_sqlite else "BYTEA"
        with database.write() as connection:
            connection.execute(text(f"CREATE TABLE careless_tokens (id {number}, spent INTEGER)"))
            connection.execute(text(f"CREATE TABLE careless_answers (id {number}, answer {blob})"))
            for _ in range(PEOPLE):
                connection.execute(text("INSERT INTO careless_tokens (spent) VALUES (0)"))

    def answer(self, person: int, envelope: bytes) -> None:
        with self._db.write() as connection:
            spend = text("UPDATE careless_tokens SET spent = 1 WHERE id = :id")
            connection.execute(spend, {"id": person + 1})
            put = text("INSERT INTO careless_answers (answer) VALUES (:answer)")
            connection.execute(put, {"answer": envelope})

    def stored(self, envelopes: list[bytes]) -> dict[str, bytes]:
        """What stands in the rows, by person."""
        return {str(person): envelope for person, envelope in enumerate(envelopes)}


class Ours:
    """The drop box and the invitations."""

    box = "box"
    column = "wrapped"

    def __init__(self, database: Database) -> None:
        self._db = database
        RoundStore(database).open("victim-experience-1", "invited", KEY)
        self._box = DropBox(database, b"b" * 32)
        self._invitations = InvitationStore(database, b"i" * 32)
        self._tokens = self._invitations.new(PEOPLE)

    def answer(self, person: int, envelope: bytes) -> None:
        assert self._invitations.redeem(self._tokens[person])
        self._box.put("r1", envelope)

    def stored(self, envelopes: list[bytes]) -> dict[str, bytes]:
        """What stands in the rows, by person: only the server's secret can tell."""
        found = {}
        with self._db.read() as connection:
            for wrapped in connection.execute(text("SELECT wrapped FROM box")).scalars():
                held = self._box._cipher.decrypt(wrapped[:12], wrapped[12:], b"r1")
                if held[17:] in envelopes:
                    found[str(envelopes.index(held[17:]))] = bytes(wrapped)
        return found


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    database = Database.open(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def postgres(fresh_postgres_url: str) -> Iterator[Database]:
    database = Database.open(fresh_postgres_url)
    with database.write() as connection:
        connection.execute(text("CREATE EXTENSION pageinspect"))
    yield database
    database.close()


def _fill(store: Careless | Ours) -> dict[str, bytes]:
    """Everybody answers, in the order of their numbers; what stands in whose row."""
    context = Context("answer", "r1")
    sealed = [seal(hashlib.sha256(bytes([n])).digest(), [KEY], context) for n in range(PEOPLE)]
    short = [one[-200:] for one in sealed] if isinstance(store, Careless) else sealed
    for person, envelope in enumerate(short):
        store.answer(person, envelope)
    return store.stored(short)


def _hits(order: list[str]) -> int:
    """How many are where they came, read from either end."""
    right = [str(n) for n in range(PEOPLE)]
    return max(
        sum(one == two for one, two in zip(way, right, strict=False))
        for way in (order, order[::-1])
    )


def _by(database: Database, query: str, rows: dict[str, bytes]) -> list[str]:
    people = {content: person for person, content in rows.items()}
    with database.read() as connection:
        found = [bytes(row[0]) for row in connection.execute(text(query))]
    return [people[content] for content in found if content in people]


def _by_place(files: list[bytes], rows: dict[str, bytes]) -> list[str]:
    whole = b"".join(files)
    places = {person: whole.find(content[:24]) for person, content in rows.items()}
    assert all(place >= 0 for place in places.values()), "the attack must see the rows"
    return sorted(places, key=lambda person: places[person])


class TestSqlite:
    def _table_order(
        self, database: Database, store: Careless | Ours, rows: dict[str, bytes]
    ) -> int:
        return _hits(_by(database, f"SELECT {store.column} FROM {store.box}", rows))  # noqa: S608

    def _place(self, folder: Path, rows: dict[str, bytes]) -> int:
        return _hits(_by_place([(folder / "speaksafe.db").read_bytes()], rows))

    def test_careless_is_joined_by_row_and_by_place_in_the_file(
        self, sqlite: Database, tmp_path: Path
    ) -> None:
        store = Careless(sqlite)
        rows = _fill(store)
        sqlite.checkpoint()
        with sqlite.read() as connection:
            joined = connection.execute(
                text(
                    "SELECT count(*) FROM careless_tokens t JOIN careless_answers a"
                    " ON a.rowid = t.rowid WHERE t.spent = 1"
                )
            ).scalar_one()
        assert joined == PEOPLE
        assert self._table_order(sqlite, store, rows) == PEOPLE
        assert self._place(tmp_path, rows) == PEOPLE

    def test_ours_is_not(self, sqlite: Database, tmp_path: Path) -> None:
        store = Ours(sqlite)
        rows = _fill(store)
        with pytest.raises(Exception, match="refused"), sqlite.read() as connection:
            connection.execute(text("SELECT rowid FROM box"))
        assert self._table_order(sqlite, store, rows) < CHANCE
        assert self._place(tmp_path, rows) < CHANCE


#: Every version of a row that still lies in the pages of a table, deleted ones included.
_VERSIONS = """(SELECT version.t_xmin::text AS made, version.t_xmax::text AS gone
    FROM generate_series(0, pg_relation_size('{0}') / current_setting('block_size')::int - 1) page,
    heap_page_items(get_raw_page('{0}', page::int)) version)"""


@pytest.mark.postgres
class TestPostgres:
    def _orders(
        self, database: Database, store: Careless | Ours, rows: dict[str, bytes]
    ) -> dict[str, int]:
        select = f"SELECT {store.column} FROM {store.box} ORDER BY "  # noqa: S608
        return {
            "ctid": _hits(_by(database, select + "ctid", rows)),
            "transaction": _hits(_by(database, select + "xmin::text::bigint, ctid", rows)),
            "file": _hits(_by_place([self._file(database, store.box)], rows)),
        }

    def _file(self, database: Database, table: str) -> bytes:
        with database.write() as connection:
            connection.execute(text("CHECKPOINT"))
            # Large values lie in a table beside it; their first bytes tell which is which.
            query = f"""SELECT pg_read_binary_file(pg_relation_filepath('{table}')) ||
                coalesce((SELECT pg_read_binary_file(pg_relation_filepath(reltoastrelid))
                FROM pg_class WHERE relname = '{table}' AND reltoastrelid <> 0), '')"""  # noqa: S608
            return bytes(connection.execute(text(query)).scalar_one())

    def _joined(self, database: Database, tokens: str, answers: str) -> int:
        """Answers that came in a transaction in which an invitation was written or deleted."""
        query = f"""SELECT count(DISTINCT a.ctid) FROM {answers} a,
            {_VERSIONS.format(tokens)} t WHERE a.xmin::text IN (t.made, t.gone)"""  # noqa: S608
        with database.read() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def test_careless_is_joined_by_transaction_order_and_place(self, postgres: Database) -> None:
        store = Careless(postgres)
        rows = _fill(store)
        assert self._joined(postgres, "careless_tokens", "careless_answers") == PEOPLE
        assert self._orders(postgres, store, rows) == dict.fromkeys(
            ("ctid", "transaction", "file"), PEOPLE
        )

    def test_ours_is_not(self, postgres: Database) -> None:
        store = Ours(postgres)
        rows = _fill(store)
        assert self._joined(postgres, "invitations", "box") == 0
        with postgres.read() as connection:
            for table in ("box", "invitations"):
                made = text(f"SELECT count(DISTINCT xmin::text) FROM {table}")  # noqa: S608
                assert connection.execute(made).scalar_one() == 1
        hits = self._orders(postgres, store, rows)
        assert max(hits.values()) < CHANCE
