"""Whether a database is whole, and what it knows of the time."""

from __future__ import annotations

import time
from datetime import date

from sqlalchemy import func, select, text

from vault.database import Database
from vault.errors import StorageError
from vault.tables import audit, case_entries, cases, metadata


def is_whole(database: Database) -> bool:
    """Read every page, and see whether each can be.

    It takes as long as reading the files takes. PostgreSQL notices a damaged page for certain only
    if it was made with checksums (``initdb --data-checksums``), as the composition does.

    Args:
        database: it may be damaged, but must be reachable.
    """
    try:
        with database.read() as connection:
            if database.is_sqlite:
                told = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
                return bool(told == "ok")
            for name in metadata.tables:
                # As text: what lies beside a table, because it is long, is read with it.
                connection.execute(text(f"SELECT sum(length(t::text)) FROM {name} t"))  # noqa: S608
    except StorageError:
        return False
    return True


def newest_day(database: Database) -> date | None:
    """The last day that was written into it.

    Raises:
        StorageError: the database can't be reached.
    """
    columns = (cases.c.opened_on, case_entries.c.entered_on, audit.c.done_on)
    with database.read() as connection:
        days = [connection.execute(select(func.max(one))).scalar() for one in columns]
    return max((day for day in days if day is not None), default=None)


def seconds_ahead(database: Database) -> float:
    """By how much the clock of this machine is ahead of the database server's; 0 for a file.

    Raises:
        StorageError: the database can't be reached.
    """
    if database.is_sqlite:
        return 0.0
    with database.read() as connection:
        there = connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar()
        return time.time() - float(there or 0)
