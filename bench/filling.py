"""Fills a database quickly with rows as they lie there: random bytes in the place of ciphertext."""

from __future__ import annotations

import base64
import random
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
from sqlalchemy import make_url

from bench.hot import ENVELOPE, SECRET, TODAY, World
from vault.codes import hash_code, new_code
from vault.database import Database
from vault.encoding import new_id
from vault.keys import PrivateKey
from vault.stores import DropBox, KeyStore, RoundStore
from vault.stores.drop_box import POOL

#: Cases of one office: a long inbox.
INBOX = 50

#: Of so many cases, one is unread and has a notice that waits.
UNREAD = 100

#: Of so many cases, one shuts an office out.
SHUTTING = 4

#: Bytes of a wrapped answer.
ANSWER = 1900

#: Good invitations among those of the pool; more than are redeemed in a measurement.
TOKENS = 2000

_NOISE = secrets.token_bytes(8 * 1024 * 1024)
#: The end of an envelope is its longest part, the sealed text.
_TAIL = 2000

Row = tuple[Any, ...]


def noise(length: int) -> bytes:
    """Bytes that cannot be compressed, drawn quickly."""
    at = random.randrange(len(_NOISE) - length)
    return _NOISE[at : at + length]


def _sealed() -> bytes:
    """An envelope by its outside; what is sealed in it is noise."""
    return ENVELOPE[:-_TAIL] + base64.urlsafe_b64encode(noise(_TAIL))[: _TAIL - 2] + ENVELOPE[-2:]


def fill(url: str, rows: int, tell: Callable[[str], None], inbox: int = INBOX) -> World:
    """Fill a fresh, migrated database.

    Args:
        url: of the database.
        rows: cases, answers, invitations, notices and entries of the trail: so many of each.
        tell: shows progress.
        inbox: cases of one office.

    Returns:
        the database, open, and what is in it.
    """
    database = Database.open(url)
    database.migrate()
    KeyStore(database).add("recovery", PrivateKey.new().public())
    round_ = RoundStore(database).open("bench-1", "invited", PrivateKey.new().public(), TODAY)
    offices = [f"office-{number}" for number in range(max(1, rows // inbox))]
    accounts = {office: new_id() for office in offices}
    cases = sorted((new_id(), secrets.token_bytes(32)) for _ in range(rows))
    office_of = dict(zip((case_id for case_id, _ in cases), _dealt(offices, rows), strict=True))
    tokens = [new_code() for _ in range(min(TOKENS, rows))]
    put = _postgres if not database.is_sqlite else _sqlite
    with put(url) as into:
        for table, columns, made in (
            *_of_accounts(accounts),
            *_of_cases(cases, office_of),
            *_of_notices(cases, office_of, accounts),
            *_of_the_survey(rows, round_.round_id, tokens),
        ):
            into(table, columns, made)
            tell(f"  {table}")
    DropBox(database, SECRET).put(round_.round_id, noise(ANSWER))  # begins a pool
    _settle_down(database)
    sample = random.Random(3).sample(cases, min(2000, rows))
    return World(database, sample, sorted(set(offices)), accounts, tokens, round_.round_id)


def _dealt(offices: list[str], rows: int) -> list[str]:
    dealt = [offices[number % len(offices)] for number in range(rows)]
    random.Random(1).shuffle(dealt)
    return dealt


def _of_accounts(accounts: dict[str, str]) -> Iterator[tuple[str, str, Iterable[Row]]]:
    pairs = sorted((id, office) for office, id in accounts.items())
    yield (
        "accounts",
        "account_id,name,public_key",
        ((id, f"account {office}", PrivateKey.new().public().raw) for id, office in pairs),
    )
    yield "account_offices", "account_id,office", pairs


def _of_cases(
    cases: list[tuple[str, bytes]], office_of: dict[str, str]
) -> Iterator[tuple[str, str, Iterable[Row]]]:
    key = PrivateKey.new().public().raw
    yield (
        "cases",
        "case_id,locator,reporter_key,status,lang,opened_on,unread_by_focal_point,"
        "unread_by_reporter,survey_offer_spent,closed_on",
        (
            (
                *(id, locator, key, "in_review" if number % UNREAD else "received", "en"),
                *(_day(number), not number % UNREAD, False, False, None),
            )
            for number, (id, locator) in enumerate(cases)
        ),
    )
    yield (
        "case_offices",
        "case_id,office,place",
        ((id, office_of[id], 0) for id, _ in cases),
    )
    yield (
        "case_exclusions",
        "case_id,kind,name",
        ((id, "office", f"shut {office_of[id]}") for id, _ in cases[::SHUTTING]),
    )
    yield (
        "case_entries",
        "case_id,number,purpose,author,envelope,entered_on",
        (
            (id, 0, "report", "reporter", _sealed(), _day(number))
            for number, (id, _) in enumerate(cases)
        ),
    )
    yield (
        "audit",
        "link,number,previous,done_on,who,action,offices,case_id",
        (
            (new_id(), number + 1, "x" * 32, _day(number), "somebody", "read", office_of[id], id)
            for number, (id, _) in enumerate(cases)
        ),
    )


def _of_notices(
    cases: list[tuple[str, bytes]], office_of: dict[str, str], accounts: dict[str, str]
) -> Iterator[tuple[str, str, Iterable[Row]]]:
    rows = (
        (
            *(new_id(), id, accounts[office_of[id]], "new", _day(number)),
            *("sent" if number % UNREAD else "waiting", 0),
        )
        for number, (id, _) in enumerate(cases)
    )
    yield "outbox", "notice_id,case_id,account_id,kind,due_on,state,tries", sorted(rows)


def _of_the_survey(
    rows: int, round_id: str, tokens: list[str]
) -> Iterator[tuple[str, str, Iterable[Row]]]:
    # Whole pools: what is settled stays as it is.
    keys = sorted(secrets.token_bytes(16) for _ in range(rows // POOL * POOL))
    yield (
        "box",
        "row_key,round_id,settled,wrapped",
        ((key, round_id, True, noise(ANSWER)) for key in keys),
    )
    known = [hash_code(token, SECRET, "invitation") for token in tokens]
    strange = [secrets.token_bytes(32) for _ in range(rows - len(tokens))]
    yield "invitations", "token_hash", ((one,) for one in sorted(known + strange))


def _day(number: int) -> date:
    return TODAY - timedelta(days=10 + number * 7919 % 300)


class _sqlite:
    """Puts rows into a SQLite file, in the order of their keys, with nothing to survive a crash."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(make_url(url).database or "", isolation_level=None)

    def __enter__(self) -> Callable[[str, str, Iterable[Row]], None]:
        for pragma in ("synchronous=OFF", "cache_size=-1000000", "foreign_keys=OFF"):
            self._connection.execute(f"PRAGMA {pragma}")
        return self._put

    def __exit__(self, *_why: object) -> None:
        self._connection.close()

    def _put(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        marks = ",".join("?" for _ in columns.split(","))
        plain = (tuple(str(v) if isinstance(v, date) else v for v in row) for row in rows)
        self._connection.execute("BEGIN")
        insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 (ours)
        self._connection.executemany(insert, plain)
        self._connection.execute("COMMIT")


class _postgres:
    """Puts rows into a PostgreSQL database with COPY."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def __enter__(self) -> Callable[[str, str, Iterable[Row]], None]:
        return self._put

    def __exit__(self, *_why: object) -> None:
        self._connection.close()

    def _put(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)


def _settle_down(database: Database) -> None:
    """What a database does by itself in time: statistics, and pages tidied up."""
    if database.is_sqlite:
        database.checkpoint()
        return
    with psycopg.connect(_plain(database), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _plain(database: Database) -> str:
    url = database._engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
