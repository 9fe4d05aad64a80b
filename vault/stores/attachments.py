"""Sealed files of cases, in parts; this server has no key to any of them.

Before a report is sent its files wait. They become the case's in the transaction that stores the
report, and go with the case. What is never sent goes after a day; until then it is noise, because
its key was never stored.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from vault.database import Database
from vault.errors import FilesMissing, TooMuch
from vault.files import MOST_PARTS, PART, TAG
from vault.tables import attachment_parts, attachments

#: Sealed files that may wait under one name: five, each with a copy for looking at.
MOST_FILES = 10

#: Days that a file waits for its report; nobody takes so long, a chat is forgotten much sooner.
_DAYS = 1

#: The files that wait. Put so that the index of ``waiting`` serves it on SQLite, too.
_WAITS = attachments.c.waiting > ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a sealed file.

    Args:
        id: of the file, random.
        number: from 0.
        of: how many parts the file has.
        sealed: as :func:`vault.files.seal_file` makes it.
    """

    id: str
    number: int
    of: int
    sealed: bytes = field(repr=False)


class AttachmentStore:
    """Where files are kept.

    Args:
        most_waiting: parts of files that may wait for their reports, of all people together.
    """

    def __init__(self, db: Database, most_waiting: int = 8192) -> None:
        self._db = db
        self._most_waiting = most_waiting

    def put(self, waiting: str, part: Part, on: date) -> None:
        """Keep a part of a file that waits; the same one again changes nothing.

        Nor does one of a file that went already, with the report of this name: when the service
        dies before it says that a report is stored, her browser brings all again and asks again.

        Args:
            waiting: under which name: the id that the case will have, or one drawn for it.
            part: any of the file's parts, in any order.
            on: the day.

        Raises:
            ValueError: it is no part of a file.
            TooMuch: too many files wait, under this name or altogether.
        """
        if not 0 <= part.number < part.of <= MOST_PARTS or len(part.sealed) > PART + TAG:
            raise ValueError("this is no part of a file; seal it as the page does")
        with self._db.write() as connection:
            known = _file(connection, part.id)
            if known is None:
                self._begin(connection, waiting, part, on)
            elif known.case_id == waiting and known.parts == part.of:
                return
            elif known.waiting != waiting or known.parts != part.of:
                raise ValueError("another file has this id; draw a new one")
            here = (
                attachment_parts.c.attachment_id == part.id,
                attachment_parts.c.number == part.number,
            )
            if connection.execute(select(attachment_parts.c.number).where(*here)).first() is None:
                row = {"attachment_id": part.id, "number": part.number, "sealed": part.sealed}
                connection.execute(insert(attachment_parts).values(row))

    def _begin(self, connection: Connection, waiting: str, part: Part, on: date) -> None:
        theirs = select(func.count()).where(attachments.c.waiting == waiting)
        all_parts = select(func.sum(attachments.c.parts)).where(_WAITS)
        if connection.execute(theirs).scalar_one() >= MOST_FILES:
            raise TooMuch
        if (connection.execute(all_parts).scalar_one() or 0) + part.of > self._most_waiting:
            raise TooMuch
        row = {"attachment_id": part.id, "waiting": waiting, "parts": part.of, "put_on": on}
        connection.execute(insert(attachments).values(row))

    def arrived(self, waiting: str) -> tuple[str, ...]:
        """The files that wait under a name, all of their parts being here.

        Raises:
            FilesMissing: one of them has not arrived as a whole.
        """
        here = func.count(attachment_parts.c.number)
        query = (
            select(attachments.c.attachment_id, attachments.c.parts, here.label("here"))
            .outerjoin(attachment_parts)
            .where(attachments.c.waiting == waiting)
            .group_by(attachments.c.attachment_id, attachments.c.parts)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        if any(row.here != row.parts for row in rows):
            raise FilesMissing
        return tuple(row.attachment_id for row in rows)

    def part(self, case_id: str, id: str, number: int) -> Part | None:
        """One part of a file of a case; ``None`` when there is none."""
        query = (
            select(attachment_parts.c.sealed, attachments.c.parts)
            .join(attachments)
            .where(
                attachments.c.attachment_id == id,
                attachments.c.case_id == case_id,
                attachment_parts.c.number == number,
            )
        )
        with self._db.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else Part(id, number, row.parts, row.sealed)

    def discard(self, ids: Collection[str]) -> None:
        """Delete files that still wait; those of a case stay."""
        gone = attachments.c.attachment_id.in_(list(ids)), attachments.c.waiting.is_not(None)
        with self._db.write() as connection:
            connection.execute(delete(attachments).where(*gone))

    def clear(self, waiting: str) -> None:
        """Delete what still waits under a name: of a try that failed, or was given up.

        It would go along with the next one that is sent: an original, where only copies are
        wanted by then, or half a file, for which that one could never be stored.

        Args:
            waiting: the name; what belongs to a case already stays.
        """
        with self._db.write() as connection:
            connection.execute(delete(attachments).where(attachments.c.waiting == waiting))

    def forget(self, today: date) -> int:
        """Delete files whose report never came.

        Returns:
            how many there were.
        """
        old = _WAITS, attachments.c.put_on < today - timedelta(_DAYS)
        with self._db.write() as connection:
            return connection.execute(delete(attachments).where(*old)).rowcount


def adopt(connection: Connection, case_id: str, ids: Collection[str]) -> None:
    """Make waiting files those of a case, inside the transaction that stores what names them.

    Raises:
        FilesMissing: one of them does not wait any more.
    """
    if not ids:
        return
    theirs = attachments.c.attachment_id.in_(list(ids)), attachments.c.waiting.is_not(None)
    change = update(attachments).where(*theirs).values(case_id=case_id, waiting=None)
    if connection.execute(change).rowcount != len(set(ids)):
        raise FilesMissing


def _file(connection: Connection, id: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(attachments).where(attachments.c.attachment_id == id)).first()
