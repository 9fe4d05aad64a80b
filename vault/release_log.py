"""The log of releases: what was ever published, so that a later release can be checked against it.

A file, not a table: releases are made on the computer that holds the Task Force's key, which has
no database. One line an entry, each with the hash of the one before it and signed with that key:

    {"entry": 2, "previous": hash, "record": {…}, "signer": …, "signature": …, "hash": …}

An entry that is changed, inserted, left out or moved is found when the log is read. That entries
were cut off at the end cannot be seen in the file itself: the certificate of each release names its
entry, so whoever has the certificates can tell (``speaksafe certificate DIR --log FILE``).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vault.errors import ReleaseLogError
from vault.keys import PrivateKey
from vault.signing import sign, signed, signer
from vault.writing import keep_entry

#: The log in the data folder, unless another file is named.
FILE_NAME = "releases.log"
#: What the first entry names as the one before it.
START = "0" * 64
#: What the signature of an entry is for.
USE = "release-log"
_MEANWHILE = "another release was made meanwhile; make this one again"
_KEYS = {"entry", "previous", "record", "signer", "signature", "hash"}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One release as it was logged.

    Args:
        number: 1 for the first.
        previous: the hash of the entry before it.
        record: what was logged.
        signer: what verifies the signature; empty when no key was there to sign.
        signature: over the hash.
        hash: SHA-256 of number, previous hash, record and signer, as hex.
    """

    number: int
    previous: str
    record: Mapping[str, Any]
    signer: str
    signature: str
    hash: str

    def certificate(self) -> dict[str, Any]:
        """What a release says about its entry."""
        return {
            "entry": self.number,
            "previous": self.previous,
            "hash": self.hash,
            "signer": self.signer,
            "signature": self.signature,
        }

    def _line(self) -> bytes:
        return _canonical(self.certificate() | {"record": self.record}) + b"\n"


class ReleaseLog:
    """The log in one file.

    Args:
        path: it is made with the first entry, readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> tuple[LogEntry, ...]:
        """Every entry, the first one first, after all of them were verified.

        Raises:
            ReleaseLogError: the file can't be read, or it is not as it was written. The message
                names the first line that is wrong.
        """
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ReleaseLogError(f"{self.path} can't be read ({error.strerror})") from None
        return self._verified(lines)

    def append(self, record: Mapping[str, Any], key: PrivateKey | None, after: int) -> LogEntry:
        """Add an entry; when it returns, the entry is on disk.

        Args:
            record: JSON values, all of them public.
            key: the Task Force's, which signs.
            after: how many entries there were when the record was checked against them.

        Raises:
            ReleaseLogError: as :meth:`entries`; another entry came in between; or the file can't
                be written.
        """
        entry = self.draft(record, signer(key) if key else "", after)
        if key:
            entry = replace(entry, signature=sign(key, USE, entry.hash.encode()))
        self.add(entry)
        return entry

    def draft(self, record: Mapping[str, Any], who: str, after: int) -> LogEntry:
        """The entry that would come next, not signed yet and not written.

        Args:
            record: as for :meth:`append`.
            who: what verifies the signature that is to come; empty when none will.
            after: as for :meth:`append`.

        Raises:
            ReleaseLogError: as :meth:`append`.
        """
        entries = self.entries()
        if len(entries) != after:
            raise ReleaseLogError(_MEANWHILE)
        previous = entries[-1].hash if entries else START
        digest = _hash(after + 1, previous, record, who)
        return LogEntry(after + 1, previous, record, who, "", digest)

    def add(self, entry: LogEntry) -> None:
        """Write an entry that :meth:`draft` made and that is signed by now.

        Raises:
            ReleaseLogError: as :meth:`append`; or the signature is not that of the entry.
        """
        if _read(entry._line()) is None:
            raise ReleaseLogError("the entry's signature does not fit; make the release again")
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ReleaseLogError(f"{self.path} can't be written ({error.strerror})") from None
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            entries = self._verified(file.read().splitlines())
            last = entries[-1].hash if entries else START
            if (entry.number, entry.previous) != (len(entries) + 1, last):
                raise ReleaseLogError(_MEANWHILE)
            file.seek(0, os.SEEK_END)
            file.write(entry._line())
            file.flush()
            os.fsync(file.fileno())
            keep_entry(self.path)

    def _verified(self, lines: list[bytes]) -> tuple[LogEntry, ...]:
        found: list[LogEntry] = []
        for number, line in enumerate(lines, start=1):
            entry = _read(line)
            previous = found[-1].hash if found else START
            if entry is None or (entry.number, entry.previous) != (number, previous):
                raise ReleaseLogError(
                    f"{self.path}: line {number} is not as it was written; "
                    "restore the log from a copy, and ask who changed it"
                )
            found.append(entry)
        return tuple(found)


def _read(line: bytes) -> LogEntry | None:
    try:
        parts = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parts, dict) or set(parts) != _KEYS or not isinstance(parts["record"], dict):
        return None
    entry = LogEntry(
        number=parts["entry"],
        previous=parts["previous"],
        record=parts["record"],
        signer=parts["signer"],
        signature=parts["signature"],
        hash=parts["hash"],
    )
    if entry.hash != _hash(entry.number, entry.previous, entry.record, entry.signer):
        return None
    if entry.signer or entry.signature:
        good = signed(str(entry.signer), USE, str(entry.hash).encode(), str(entry.signature))
        return entry if good else None
    return entry


def _hash(number: object, previous: object, record: object, who: object) -> str:
    whole = {"entry": number, "previous": previous, "record": record, "signer": who}
    return hashlib.sha256(_canonical(whole)).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
