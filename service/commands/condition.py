"""What ``speaksafe doctor`` says of the machine: room on the disk, the clock, damaged data."""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from service.settings import Settings
from vault.database import Database
from vault.errors import VaultError
from vault.health import is_whole, newest_day, seconds_ahead

#: A part, its state, and what was found and is to be done.
Told = tuple[str, Literal["ok", "warn", "fail"], str]

#: Bytes that must be free on the disk; and those below which it is time to make room.
LEAST_FREE, LITTLE_FREE = 32 * 1024**2, 1024**3

#: Seconds by which two clocks may differ.
MOST_APART = 120.0

_NO_WRITING = (
    "the data folder cannot be written to: look why the disk is read-only (often it is failing), "
    "mount it writable, and give the folder to the service's user"
)

_REPAIR = (
    "a page of it is damaged: stop the service, keep a copy of the files as they are, check the "
    "disk, and restore the last backup (docs/operating.md)"
)


def disk(settings: Settings) -> Told:
    """Room and the right to write, in the data folder and where the SQLite file lies."""
    folders = {settings.data_dir}
    if settings.database_url.startswith("sqlite:///"):
        folders.add(Path(settings.database_url.removeprefix("sqlite:///")).parent)
    free = []
    for folder in folders:
        try:
            free.append(shutil.disk_usage(folder).free)
            with tempfile.TemporaryFile(dir=folder) as trial:
                trial.write(b"0" * 65536)
        except FileNotFoundError:
            continue  # it is made at the first start
        except OSError as error:
            if error.errno == errno.ENOSPC:
                free.append(0)
                continue
            return "disk", "fail", _NO_WRITING
    least = min(free, default=LITTLE_FREE)
    if least < LEAST_FREE:
        return "disk", "fail", "the disk of the data folder is full; make room"
    if least < LITTLE_FREE:
        return "disk", "warn", f"{least // 1024**2} MB are left on the disk; make room"
    return "disk", "ok", "can be written to, and has room"


def clock(database: Database) -> Told:
    """Our clock, beside the database server's and the last day that was written down."""
    ahead = seconds_ahead(database)
    if abs(ahead) > MOST_APART:
        where = "ahead of" if ahead > 0 else "behind"
        found = f"this machine's clock is {where} the database's; set both by NTP, then restart"
        return "clock", "fail", found
    newest = newest_day(database)
    if newest and newest > datetime.now(UTC).date():
        found = "there are entries of days to come: the clock was or is wrong; set it by NTP"
        return "clock", "fail", found
    return "clock", "ok", "agrees with what is stored"


def whole(database: Database) -> Told:
    """Whether every page of the database can be read."""
    good = is_whole(database)
    return "data", "ok" if good else "fail", "every page can be read" if good else _REPAIR


def of_database(database: Database) -> Iterator[Told]:
    """Clock and data of a database that can be opened."""
    with contextlib.suppress(VaultError):  # a damaged page: the next line says so
        yield clock(database)
    yield whole(database)


def damaged(settings: Settings) -> Told | None:
    """Why a database could not be opened, if it is because it is damaged."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    if not settings.database_url.startswith("sqlite:///") or not path.is_file():
        return None
    if path.stat().st_size == 0:
        return None
    try:
        database = Database.open(settings.database_url)
    except (VaultError, ValueError):
        return None
    try:
        told = whole(database)
        return None if told[1] == "ok" else told
    finally:
        database.close()
