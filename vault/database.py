"""One database layer for two engines: SQLite as the embedded default, PostgreSQL in production.

Everything here is synchronous; callers on an event loop use ``asyncio.to_thread``.
"""

from __future__ import annotations

import enum
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from vault.errors import StorageError
from vault.migrating import alembic_config, is_current

_BUSY_SECONDS = 10

#: How long a change of the tables keeps others waiting, and how often it is tried.
_MIGRATION_WAITS = "2s"
_MIGRATION_PAUSE = 1.0
_MIGRATION_TRIES = 60
#: SQLSTATEs of whoever waited too long for a table, or in a circle with others.
_TRY_AGAIN = ("55P03", "40P01")


class Lock(enum.IntEnum):
    """What at most one transaction works on at a time.

    The numbers are PostgreSQL's advisory locks ("SpSa" and a counter). On SQLite every writing
    transaction is alone anyway.
    """

    MIGRATIONS = 0x53705361_00000001
    ROUNDS = 0x53705361_00000002
    INVITATIONS = 0x53705361_00000003
    ACCOUNTS = 0x53705361_00000004
    AUDIT = 0x53705361_00000005


class Database:
    """An open database.

    Args:
        engine: made by :meth:`open`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writing=True)
        self._turn = threading.Lock()

    @classmethod
    def open(cls, url: str) -> Database:
        """Open ``sqlite:///path`` or ``postgresql://user:password@host/name``.

        A SQLite file is made if it is missing, readable by its owner only; its folder must exist.

        Raises:
            ValueError: the address is of another kind. The message does not quote it, since it
                may hold a password.
            StorageError: the SQLite file can't be made.
        """
        try:
            parsed = make_url(url)
        except SQLAlchemyError:
            raise ValueError("the database address can't be read; see the settings") from None
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            return cls(_sqlite(parsed))
        if parsed.get_backend_name() == "postgresql":
            return cls(_postgres(parsed))
        raise ValueError("the database address must begin with sqlite:/// or postgresql://")

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self._engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The SQLite file; ``None`` on a server."""
        return Path(str(self._engine.url.database)) if self.is_sqlite else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads.

        Raises:
            StorageError: the database refused or can't be reached.
        """
        with _plain_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self, lock: Lock | None = None) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, rolled back by an exception.

        Args:
            lock: what no other transaction may work on meanwhile.

        Raises:
            StorageError: the database refused or can't be reached.
        """
        with self._in_turn(), _plain_errors(), self._writing.begin() as connection:
            if lock is not None and not self.is_sqlite:
                _alone(connection, lock)
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the newest form; several processes may start at once.

        An older version may go on serving meanwhile. A change of a table waits for transactions
        that use it, and whoever comes then waits behind the change: so it waits a moment only,
        lets the others through, and tries again.

        Raises:
            StorageError: the database refused or can't be reached, or has the form of a newer
                version already.
        """
        for left in reversed(range(_MIGRATION_TRIES)):
            with _plain_errors():
                try:
                    self._upgrade()
                    return
                except OperationalError as error:
                    if left == 0 or getattr(error.orig, "sqlstate", "") not in _TRY_AGAIN:
                        raise
                except CommandError:
                    raise StorageError("its tables are those of a newer version") from None
            time.sleep(_MIGRATION_PAUSE)

    def _upgrade(self) -> None:
        with self._writing.begin() as connection:
            if not self.is_sqlite:
                _alone(connection, Lock.MIGRATIONS)
                connection.execute(text(f"SET LOCAL lock_timeout = '{_MIGRATION_WAITS}'"))
            command.upgrade(alembic_config(connection), "head")

    def is_current(self) -> bool:
        """Whether the tables have the newest form.

        Raises:
            StorageError: the database can't be reached.
        """
        with self.read() as connection:
            return is_current(connection)

    def ping(self) -> None:
        """Raise :class:`StorageError` if the database can't be reached."""
        with self.read() as connection:
            connection.execute(text("SELECT 1"))

    def checkpoint(self, *tables: str) -> None:
        """Let go of what was deleted or overwritten, outside any transaction.

        SQLite keeps earlier rows in its write-ahead file until that is truncated; if a reader
        holds it for long, the next call does it. PostgreSQL keeps them in the table until it is
        vacuumed (its own write-ahead log is the operator's to guard).

        Args:
            tables: what to vacuum on PostgreSQL; SQLite always truncates the whole file.
        """
        with self._in_turn(), _plain_errors():
            if self.is_sqlite:
                raw = self._engine.raw_connection()
                try:
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                finally:
                    raw.close()
                return
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                for table in tables:
                    # Alone: helpers that look through large indexes take longer to start than
                    # the few rows that are let go of here.
                    connection.execute(text(f"VACUUM (SKIP_LOCKED, PARALLEL 0) {table}"))

    def wipe(self, *tables: str) -> bool:
        """Leave nothing of deleted rows in the files of these tables.

        PostgreSQL writes them anew and gives the old files back; that needs them for itself for
        a moment. On SQLite rows were overwritten as they were deleted.

        Returns:
            False when others use the tables now: try again later, rather than have them wait.
        """
        if self.is_sqlite:
            self.checkpoint()
            return True
        try:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.execute(text("SET lock_timeout = '500ms'"))
                try:
                    for table in tables:
                        connection.execute(text(f"VACUUM FULL {table}"))
                finally:
                    connection.execute(text("RESET lock_timeout"))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One writer of this process after the other, on SQLite.

        SQLite itself lets them wait by sleeping and asking again, each time longer: whoever comes
        late may be overtaken by everybody, and sleeps on when nobody writes any more.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=_BUSY_SECONDS):
            raise StorageError("Busy")
        try:
            yield
        finally:
            self._turn.release()


def _alone(connection: Connection, lock: Lock) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(lock)})


@contextmanager
def _plain_errors() -> Iterator[None]:
    """The database library's errors quote rows; only their kind gets out."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StorageError(type(error).__name__) from None


def _sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise StorageError(type(error).__name__) from None
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        hide_parameters=True,
        connect_args={"timeout": _BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin transactions at moments of its own; _begin_sqlite does it instead.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # what was acknowledged survives a power cut, too
        "secure_delete=ON",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-8000",  # KiB; the upper levels of large indexes stay at hand
        f"busy_timeout={_BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: one that read first could not upgrade after another wrote.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgres(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _BUSY_SECONDS},
    )
