"""How long cases are kept, and how they go.

A closed case is deleted some days after it was closed, unless it is held for a reason, or its
reporter wrote something that nobody has read. Deleting takes its envelopes, its notices and all
that names it, down to the bytes in the file; one anonymous number grows. The trail keeps the random
id of the case, which leads nowhere any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from sqlalchemy import Connection, delete, insert, select, update

from vault.database import Database
from vault.errors import NoSuchCase
from vault.stores.case_keys import offices_of
from vault.stores.queueing import queue, readers_of
from vault.tables import cases, totals

#: Why a case must not be deleted. Words of one's own could tell what the case is about.
HoldReason = Literal["investigation", "court", "rule"]
HOLD_REASONS: tuple[str, ...] = get_args(HoldReason)

#: Days before its deletion in which the readers of a case are told.
WARNING_DAYS = 14

_DELETED = "cases-deleted"
#: What is written anew on PostgreSQL after a deletion.
_TABLES = (
    "cases",
    "case_entries",
    "case_exclusions",
    "case_offices",
    "case_recusals",
    "held_keys",
    "attachments",
    "attachment_parts",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """How a case stands.

    Args:
        closed_on: the day; ``None`` while it is open.
        delete_on: the day of its deletion, as things are; ``None`` while it is open or held.
        hold: why it is held.
        no_follow_up_since: since when its reporter wants no more answers.
        deletion_asked_on: when its reporter asked for its deletion.
        deletion_refused: why that could not be.
    """

    closed_on: date | None
    delete_on: date | None
    hold: str | None
    no_follow_up_since: date | None
    deletion_asked_on: date | None
    deletion_refused: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """Days from closing to deletion.

    Args:
        default: where an office has none of its own.
        by_office: by the id of the receiving office.
    """

    default: int
    by_office: Mapping[str, int]

    def of(self, office: str | None) -> int:
        """The days for cases of an office."""
        return self.by_office.get(office or "", self.default)

    @property
    def shortest(self) -> int:
        """The fewest days after which any case goes."""
        return min([self.default, *self.by_office.values()])


class Keeping:
    """Looks after how long cases stay.

    Args:
        term: days from closing to deletion.
    """

    def __init__(self, db: Database, term: Term) -> None:
        self._db = db
        self._term = term
        # Also after a start: what was deleted just before an end may not be wiped yet.
        self._to_wipe = True

    def of(self, case_id: str) -> Kept:
        """How a case stands.

        Raises:
            NoSuchCase: there is no such case.
        """
        with self._db.read() as connection:
            row = connection.execute(select(cases).where(cases.c.case_id == case_id)).first()
            if row is None:
                raise NoSuchCase
            until = self._until(connection, case_id, row.closed_on) if row.closed_on else None
        return Kept(
            closed_on=row.closed_on,
            delete_on=None if row.hold else until,
            hold=row.hold,
            no_follow_up_since=row.no_follow_up_since,
            deletion_asked_on=row.deletion_asked_on,
            deletion_refused=row.deletion_refused,
        )

    def hold(self, case_id: str, reason: str | None) -> None:
        """Keep a case from being deleted, or (``None``) no longer.

        Raises:
            ValueError: the reason is unknown.
            NoSuchCase: there is no such case.
        """
        if reason is not None and reason not in HOLD_REASONS:
            raise ValueError(f"this reason is unknown; use one of {', '.join(HOLD_REASONS)}")
        self._change(case_id, {"hold": reason})

    def end_follow_up(self, case_id: str, on: date) -> None:
        """Its reporter wants no more answers.

        Raises:
            NoSuchCase: there is no such case.
        """
        values = {"no_follow_up_since": on, "unread_by_focal_point": True}
        self._change(case_id, values, tell="addition", on=on)

    def ask_deletion(self, case_id: str, on: date) -> None:
        """Its reporter asks for its deletion; what was refused before may be asked again.

        Raises:
            NoSuchCase: there is no such case.
        """
        values = {
            "deletion_asked_on": on,
            "deletion_refused": None,
            "unread_by_focal_point": True,
        }
        self._change(case_id, values, tell="addition", on=on)

    def refuse_deletion(self, case_id: str, reason: str) -> None:
        """The office has to keep it; the reporter sees why, and the case is held.

        Raises:
            ValueError: the reason is unknown.
            NoSuchCase: there is no such case.
        """
        if reason not in HOLD_REASONS:
            raise ValueError(f"this reason is unknown; use one of {', '.join(HOLD_REASONS)}")
        values: dict[str, object] = {
            "deletion_refused": reason,
            "hold": reason,
            "unread_by_reporter": True,
        }
        self._change(case_id, values)

    def delete(self, case_id: str) -> bool:
        """Delete a case now, wherever it stands; a held one stays.

        Returns:
            False when it is held.

        Raises:
            NoSuchCase: there is no such case.
        """
        with self._db.write() as connection:
            query = select(cases.c.hold).where(cases.c.case_id == case_id)
            row = connection.execute(query).first()
            if row is None:
                raise NoSuchCase
            if row.hold is not None:
                return False
            _delete(connection, case_id)
        self._to_wipe = True
        self._wipe()
        return True

    def work(self, today: date) -> list[tuple[str, tuple[str, ...]]]:
        """Delete what is due, and tell the readers of what soon will be.

        Args:
            today: the day.

        Returns:
            what was deleted: each case's id and offices.
        """
        gone = []
        with self._db.write() as connection:
            undated = cases.c.status == "closed", cases.c.closed_on.is_(None)
            connection.execute(update(cases).where(*undated).values(closed_on=today))
            soonest = today - timedelta(days=self._term.shortest - WARNING_DAYS)
            query = select(cases.c.case_id, cases.c.closed_on).where(
                cases.c.status == "closed",
                cases.c.closed_on <= soonest,
                cases.c.hold.is_(None),
                cases.c.unread_by_focal_point.is_(False),
            )
            for row in connection.execute(query).all():
                until = self._until(connection, row.case_id, row.closed_on)
                warn_on = until - timedelta(days=WARNING_DAYS)
                if until <= today:
                    gone.append((row.case_id, tuple(offices_of(connection, row.case_id))))
                    _delete(connection, row.case_id)
                elif warn_on <= today:
                    readers = readers_of(connection, row.case_id)
                    queue(connection, row.case_id, "deletion", readers, warn_on)
        self._to_wipe = self._to_wipe or bool(gone)
        self._wipe()
        return gone

    def deleted(self) -> int:
        """How many cases were ever deleted."""
        with self._db.read() as connection:
            query = select(totals.c.many).where(totals.c.name == _DELETED)
            return int(connection.execute(query).scalar_one_or_none() or 0)

    def _wipe(self) -> None:
        if self._to_wipe:
            self._to_wipe = not self._db.wipe(*_TABLES)

    def _until(self, connection: Connection, case_id: str, closed_on: date) -> date:
        offices = offices_of(connection, case_id)
        return closed_on + timedelta(days=self._term.of(offices[0] if offices else None))

    def _change(
        self,
        case_id: str,
        values: Mapping[str, object],
        tell: Literal["addition"] | None = None,
        on: date | None = None,
    ) -> None:
        change = update(cases).where(cases.c.case_id == case_id).values(**values)
        with self._db.write() as connection:
            if connection.execute(change).rowcount != 1:
                raise NoSuchCase
            if tell and on:
                queue(connection, case_id, tell, readers_of(connection, case_id), on)


def _delete(connection: Connection, case_id: str) -> None:
    connection.execute(delete(cases).where(cases.c.case_id == case_id))
    more = update(totals).where(totals.c.name == _DELETED).values(many=totals.c.many + 1)
    if connection.execute(more).rowcount == 0:
        connection.execute(insert(totals).values(name=_DELETED, many=1))
