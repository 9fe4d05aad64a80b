"""What is left of the drop box and of invitations in the files of a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from tests.vault.boxes import BOX_KEY, PEPPER, envelopes
from vault.codes import hash_code
from vault.database import Database
from vault.errors import RoundError
from vault.keys import PrivateKey
from vault.stores import DropBox, InvitationStore, RoundStore
from vault.stores.drop_box import POOL
from vault.stores.invitations import NEIGHBOURS
from vault.tables import box as box_table
from vault.tables import invitations as invitations_table

# -- what is left on PostgreSQL --------------------------------------------------------------

# Every row version that still lies in a table's pages, the deleted ones included.
VERSIONS = """
    generate_series(0, pg_relation_size('{0}') / current_setting('block_size')::int - 1) AS page,
    heap_page_items(get_raw_page('{0}', page::int)) AS version
"""


@pytest.fixture
def on_postgres(fresh_postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL database that shows its pages, in which the round r1 is open."""
    database = Database.open(fresh_postgres_url)
    with database.write() as connection:
        connection.execute(text("CREATE EXTENSION pageinspect"))
    RoundStore(database).open("victim-experience-1", "invited", PrivateKey.new().public())
    yield database
    database.close()


def _transactions(connection: Connection, where: str) -> list[tuple[str, int]]:
    query = f"SELECT xmin::text, count(*) FROM box WHERE {where} GROUP BY 1 ORDER BY 2"  # noqa: S608
    return [(row[0], row[1]) for row in connection.execute(text(query))]


def _dead(database: Database, table: str) -> int:
    """How many deleted rows can still be seen."""
    return _count(database, f"{VERSIONS.format(table)} WHERE version.t_xmax::text <> '0'")


def _linked(database: Database) -> int:
    """How many answers came in the transaction that spent an invitation."""
    versions = VERSIONS.format("invitations")
    return _count(database, f"box, {versions} WHERE box.xmin = version.t_xmax")


def _count(database: Database, what: str) -> int:
    with database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one())  # noqa: S608


@pytest.mark.postgres
def test_all_rows_of_a_pool_have_one_transaction(on_postgres: Database) -> None:
    box = DropBox(on_postgres, BOX_KEY)
    for number, envelope in enumerate(envelopes(POOL + 3), start=1):
        box.put("r1", envelope)
        if number in (1, 5, POOL - 1):
            with on_postgres.read() as connection:
                assert [count for _, count in _transactions(connection, "true")] == [POOL]
    with on_postgres.read() as connection:
        assert [count for _, count in _transactions(connection, "settled")] == [POOL]
        assert [count for _, count in _transactions(connection, "NOT settled")] == [POOL]


@pytest.mark.postgres
def test_the_place_of_a_row_tells_no_order(on_postgres: Database) -> None:
    """Eight answers, ten times: the one that came last does not always stand in one place."""
    box, places = DropBox(on_postgres, BOX_KEY), set()
    for envelope in envelopes(7):
        box.put("r1", envelope)
    for number in range(10):
        box.put("r1", b"x" * (20 - number))  # shorter than all that came before it
        with on_postgres.read() as connection:
            rows = list(connection.execute(text("SELECT wrapped FROM box ORDER BY ctid")).scalars())
        lengths = [len(row) for row in rows]
        places.add(lengths.index(min(lengths)))
    assert len(places) > 1


@pytest.mark.postgres
def test_no_transaction_links_an_invitation_to_an_answer(on_postgres: Database) -> None:
    box, invitations = DropBox(on_postgres, BOX_KEY), InvitationStore(on_postgres, PEPPER)
    for number, token in enumerate(invitations.new(8)):
        assert invitations.redeem(token)
        box.put("r1", f"answer {number}".encode())
        assert _linked(on_postgres) == 0
        assert _dead(on_postgres, "invitations") == 0
        assert _dead(on_postgres, "box") == 0


@pytest.mark.postgres
def test_the_link_would_be_seen_if_there_were_one(on_postgres: Database) -> None:
    """The careless way, both in one transaction and nothing cleared away: the search finds it."""
    InvitationStore(on_postgres, PEPPER).new(3)
    with on_postgres.write() as connection:
        one = connection.execute(select(invitations_table.c.token_hash).limit(1)).scalar_one()
        connection.execute(invitations_table.delete().where(invitations_table.c.token_hash == one))
        row = {"row_key": b"k", "round_id": "r1", "settled": False, "wrapped": b"w"}
        connection.execute(box_table.insert().values(row))
    assert _linked(on_postgres) == 1
    assert _dead(on_postgres, "invitations") == 1


@pytest.mark.postgres
def test_an_invitation_made_for_one_person_looks_like_the_others(on_postgres: Database) -> None:
    invitations = InvitationStore(on_postgres, PEPPER)
    first = invitations.new(5)
    for happens in (
        lambda: invitations.new(1),
        lambda: invitations.redeem(first[0]),
        lambda: invitations.restore(first[0]),
    ):
        happens()
        with on_postgres.read() as connection:
            made = connection.execute(text("SELECT DISTINCT xmin::text FROM invitations")).all()
        assert len(made) == 1


@pytest.mark.postgres
def test_of_many_invitations_a_neighbourhood_is_written_anew(on_postgres: Database) -> None:
    invitations = InvitationStore(on_postgres, PEPPER)
    tokens = invitations.new(4 * NEIGHBOURS)
    query = "SELECT count(*) FROM invitations GROUP BY xmin::text ORDER BY count(*)"
    for change in (lambda: invitations.redeem(tokens[0]), lambda: invitations.restore(tokens[0])):
        change()
        with on_postgres.read() as connection:
            together = list(connection.execute(text(query)).scalars())
        assert NEIGHBOURS in together or NEIGHBOURS + 1 in together
        assert _dead(on_postgres, "invitations") == 0


@pytest.mark.postgres
def test_where_a_spent_invitation_lay_is_drawn_by_lot(on_postgres: Database) -> None:
    invitations, places = InvitationStore(on_postgres, PEPPER), set()
    (token, *_) = invitations.new(4 * NEIGHBOURS)
    newest = "SELECT xmin::text FROM invitations ORDER BY xmin::text::bigint DESC LIMIT 1"
    query = f"SELECT token_hash FROM invitations WHERE xmin::text = ({newest}) ORDER BY 1"  # noqa: S608
    hashed = hash_code(token, PEPPER, "invitation")
    for _ in range(8):
        invitations.restore(token)
        with on_postgres.read() as connection:
            places.add(list(connection.execute(text(query)).scalars()).index(hashed))
    assert len(places) > 1


# -- what is left on SQLite ------------------------------------------------------------------


@pytest.fixture
def on_sqlite(sqlite_url: str) -> Iterator[Database]:
    """A SQLite database in which the round r1 is open."""
    database = Database.open(sqlite_url)
    RoundStore(database).open("victim-experience-1", "invited", PrivateKey.new().public())
    yield database
    database.close()


def _wrapped(database: Database) -> list[bytes]:
    with database.read() as connection:
        return list(connection.execute(select(box_table.c.wrapped)).scalars())


def _traces(files: bytes, wrapped: bytes) -> bool:
    """Whether any piece of a row is in the files (long rows are spread over pages)."""
    return any(wrapped[at : at + 16] in files for at in range(0, len(wrapped) - 16, 64))


def test_sqlite_keeps_nothing_of_earlier_pools(on_sqlite: Database, tmp_path: Path) -> None:
    box = DropBox(on_sqlite, BOX_KEY)
    earlier: list[bytes] = []
    for envelope in envelopes(6):
        box.put("r1", envelope)
        assert (tmp_path / "speaksafe.db-wal").stat().st_size == 0
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert not any(_traces(files, wrapped) for wrapped in earlier)
        present = _wrapped(on_sqlite)
        # The search finds what is there, so what it does not find is not there.
        assert all(_traces(files, wrapped) for wrapped in present)
        earlier += present


def test_sqlite_keeps_nothing_of_a_spent_invitation(on_sqlite: Database, tmp_path: Path) -> None:
    invitations = InvitationStore(on_sqlite, PEPPER)
    token, *_ = invitations.new(3)
    with on_sqlite.read() as connection:
        before = set(connection.execute(select(invitations_table.c.token_hash)).scalars())
    invitations.redeem(token)
    with on_sqlite.read() as connection:
        after = set(connection.execute(select(invitations_table.c.token_hash)).scalars())
    (spent,) = before - after
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    # SQLite marks what is free in the first bytes of a row; the rest would still be there.
    assert spent[8:] not in files
    assert all(other[8:] in files for other in after)


def test_whoever_closes_a_round_learns_that_its_pages_are_not_cleared_yet(
    on_postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vault.stores.rounds._CLEARING_TRIES", 2)
    rounds = RoundStore(on_postgres)
    with on_postgres.read() as backup:
        backup.execute(select(box_table.c.round_id)).all()
        with pytest.raises(RoundError, match="close it once more"):
            rounds.close("r1")
    assert rounds.get("r1").closed
    assert rounds.close("r1").closed
