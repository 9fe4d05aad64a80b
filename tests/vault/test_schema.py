"""The tables: alike in code and in the database, and unable to tell an order or a time."""

from __future__ import annotations

import re
import stat
import threading
import traceback
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Date, DateTime, Interval, Time, inspect, text
from sqlalchemy.schema import Table

from tests.vault.rows import fill
from vault.database import Database
from vault.errors import StorageError
from vault.migrating import alembic_config
from vault.stores import CaseStore
from vault.tables import metadata

TABLES = list(metadata.sorted_tables)
FINE = re.compile(r"_at$|time|hour|minute|second|stamp|created|updated")


def _tables(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


# -- migrations ------------------------------------------------------------------------------


def test_the_migrations_make_the_declared_tables(database: Database) -> None:
    assert _tables(database) == {table.name for table in TABLES}
    with database.write() as connection:
        command.check(alembic_config(connection))


def test_down_and_up_again_with_data(database: Database) -> None:
    fill(database)
    with database.write() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert _tables(database) == set()
    assert not database.is_current()
    database.migrate()
    assert database.is_current()
    fill(database)


def test_migrating_again_keeps_the_data(database: Database) -> None:
    fill(database)
    database.migrate()
    assert len(CaseStore(database).for_offices(["office"])) == 1


def test_several_processes_migrate_at_once(database: Database, database_url: str) -> None:
    with database.write() as connection:
        command.downgrade(alembic_config(connection), "base")
    errors: list[BaseException] = []

    def migrate() -> None:
        mine = Database.open(database_url)
        try:
            mine.migrate()
        except BaseException as error:
            errors.append(error)
        finally:
            mine.close()

    starters = [threading.Thread(target=migrate) for _ in range(3)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert errors == []
    assert database.is_current()


def test_tables_of_a_newer_version_are_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer version"):
        database.migrate()


@pytest.mark.postgres
def test_a_migration_lets_others_through_while_it_waits(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody uses a table for long; those who come meanwhile do not wait for the migration."""
    database = Database.open(fresh_postgres_url)
    with database.write() as connection:
        command.downgrade(alembic_config(connection), "0007")
    monkeypatch.setattr("vault.database._MIGRATION_WAITS", "50ms")
    monkeypatch.setattr("vault.database._MIGRATION_PAUSE", 0.05)
    migrating = threading.Thread(target=database.migrate)
    with database.write() as connection:
        connection.execute(text("UPDATE outbox SET tries = 0"))
        migrating.start()
        for _ in range(5):
            with database.write() as other:
                other.execute(text("SET LOCAL lock_timeout = '2s'"))
                other.execute(text("UPDATE outbox SET tries = 0"))
        assert migrating.is_alive()
    migrating.join(timeout=30)
    assert database.is_current()
    database.close()


def test_a_migration_happens_wholly_or_not_at_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as connection:
        command.downgrade(alembic_config(connection), "base")

    def broken(*_args: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("alembic.op.create_index", broken)
    with pytest.raises(RuntimeError):
        database.migrate()
    assert _tables(database) == set()


# -- what the schema must not tell -----------------------------------------------------------


def test_nothing_is_finer_than_a_day(database: Database) -> None:
    with database.read() as connection:
        inspector = inspect(connection)
        for table in _tables(database):
            for column in inspector.get_columns(table):
                assert not isinstance(column["type"], DateTime | Time | Interval), table
                assert not FINE.search(column["name"]), column["name"]
    for declared in TABLES:
        for one in declared.columns:
            assert not isinstance(one.type, DateTime | Time | Interval), one
            assert not FINE.search(one.name), one


@pytest.mark.parametrize("name", ["box", "invitations"])
def test_answers_and_invitations_carry_no_time_at_all(name: str) -> None:
    columns = metadata.tables[name].columns
    assert not [column.name for column in columns if isinstance(column.type, Date)]
    assert not [column.name for column in columns if re.search("month|day|date|_on$", column.name)]


def test_answers_and_invitations_share_nothing() -> None:
    box, invitations = metadata.tables["box"], metadata.tables["invitations"]
    assert not set(box.columns.keys()) & set(invitations.columns.keys())
    assert {key.column.table.name for key in box.foreign_keys} == {"rounds"}
    assert not invitations.foreign_keys


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_counter_is_a_key(table: Table) -> None:
    first = table.primary_key.columns[0]
    assert str(first.type) in ("TEXT", "BLOB")
    assert table.autoincrement_column is None
    assert table.dialect_options["sqlite"]["with_rowid"] is False


def test_postgres_has_no_sequence(fresh_postgres_url: str) -> None:
    database = Database.open(fresh_postgres_url)
    with database.read() as connection:
        assert inspect(connection).get_sequence_names() == []
    database.close()


def test_sqlite_tables_have_no_row_id(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    with database.read() as connection:
        made = {row.name: row.sql for row in connection.execute(query)}
    database.close()
    made.pop("alembic_version")
    assert len(made) == len(TABLES)
    assert all(sql.rstrip().endswith("WITHOUT ROWID") for sql in made.values())


# -- opening ---------------------------------------------------------------------------------


def test_sqlite_is_opened_with_its_safeguards(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    with database.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "secure_delete", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert pragmas == {
        "journal_mode": "wal",
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_a_sqlite_file_is_its_owners_only(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/new.db")
    database.migrate()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    database.close()
    assert modes["new.db"] == 0o600 and set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    "url",
    ["", "mysql://u:geheim@h/d", "sqlite://", "sqlite:///:memory:", "geheim", "http://u:geheim@h"],
)
def test_other_addresses_are_refused_without_quoting_them(url: str) -> None:
    with pytest.raises(ValueError, match="database address") as caught:
        Database.open(url)
    assert "geheim" not in str(caught.value)


def test_a_missing_folder_and_an_absent_server_are_plain_errors(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="FileNotFoundError"):
        Database.open(f"sqlite:///{tmp_path}/none/x.db")
    absent = Database.open("postgresql://u:geheim@127.0.0.1:1/d")
    with pytest.raises(StorageError, match="OperationalError") as caught:
        absent.ping()
    assert "geheim" not in "".join(traceback.format_exception(caught.value))


def test_a_refusal_quotes_no_row(database: Database) -> None:
    fill(database)
    with pytest.raises(StorageError, match="IntegrityError") as caught:
        fill(database, opened_on=date(2026, 5, 6))
    said = "".join(traceback.format_exception(caught.value))
    assert "zzlocator" not in said and "zzname" not in said and "INSERT" not in said


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as connection:
        connection.execute(metadata.tables["invitations"].insert().values(token_hash=b"x"))
        raise RuntimeError
    with database.read() as connection:
        assert connection.execute(metadata.tables["invitations"].select()).all() == []
