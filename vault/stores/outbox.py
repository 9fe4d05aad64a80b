"""The outbox: notices to focal points, each sent once at most, and none forgotten.

No mail server can be asked whether it took a message whose answer was lost. So a notice is
*marked*, in a transaction of its own, in the moment before its last byte goes out:

- killed before the mark, nothing was delivered: it waits as before and is sent again;
- killed after the mark, it may have been delivered: it is never sent again (``doubt``), and
  another notice, of kind ``repeat``, is due the next day if the case is still unread.

Whoever works on a notice holds a lock that the system lets go when the process dies: on
PostgreSQL the notice's row, passed over by others (``SKIP LOCKED``); on SQLite, which has no such
locks, a file beside the database. So no time has to be stored to notice that somebody died.
"""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from vault.database import Database
from vault.stores.queueing import Kind, is_reader, queue, readers_of
from vault.tables import case_entries, cases, outbox, outbox_marks

State = Literal["waiting", "sent", "doubt", "refused", "unaddressed", "spared"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that is to be sent.

    Args:
        notice_id: the same for ever, also as the message's own id.
        account_id: for whom.
        kind: what it is about; nothing of it is told in the message.
        tries: how often it was tried in vain.
    """

    notice_id: str
    account_id: str
    kind: Kind
    tries: int


class Taken:
    """A notice that nobody else works on meanwhile.

    Args:
        held: the transaction that locks it; ``None`` where a file does.
    """

    def __init__(self, db: Database, held: Connection | None, notice: Notice) -> None:
        self._db = db
        self._held = held
        self.notice = notice

    def mark(self) -> None:
        """From now on it may be delivered. Lasts whatever happens to this process.

        Raises:
            StorageError: it is not marked; do not deliver.
        """
        with self._db.write() as connection:
            row = {"notice_id": self.notice.notice_id}
            connection.execute(insert(outbox_marks).values(row))

    def settle(self, state: State, *, tried: bool = False) -> None:
        """Write down how it went.

        Args:
            state: ``waiting`` when it certainly was not delivered and may be tried again.
            tried: count one more try in vain.
        """
        if self._held is not None:
            _settle(self._held, self.notice, state, tried=tried)
            return
        with self._db.write() as connection:
            _settle(connection, self.notice, state, tried=tried)


class Outbox:
    """Where notices wait, and what became of them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @contextmanager
    def take(self, today: date, skip: Collection[str] = ()) -> Iterator[Taken | None]:
        """Take the notice that is due longest, and hold it to the end of the block.

        Args:
            today: nothing that is due later is taken.
            skip: ids of notices to leave alone for now.

        Returns:
            ``None`` when nothing is due or others work on all there is.
        """
        if self._db.file is not None:
            with _alone(self._db.file) as alone:
                notice = self._next_on_sqlite(today, skip) if alone else None
                yield Taken(self._db, None, notice) if notice else None
            return
        while True:
            with self._db.write() as connection:
                # Not FOR UPDATE: that would make the mark's foreign key wait for us.
                query = _due(today, skip).with_for_update(
                    of=outbox, skip_locked=True, key_share=True
                )
                found = _first(connection, query, today)
                if isinstance(found, Notice):
                    yield Taken(self._db, connection, found)
                    return
            if found is None:
                yield None
                return

    def schedule(self, today: date, remind_after: int, escalate_after: int) -> list[str]:
        """Queue a reminder for each case in which something lies unread for too long.

        Args:
            today: the day.
            remind_after: days without anybody opening what the reporter wrote last.
            escalate_after: days after which a case that nobody ever opened needs its alternate.

        Returns:
            the cases that need their alternate.
        """
        long_ago = today - timedelta(days=remind_after)
        last = (
            select(func.max(case_entries.c.entered_on))
            .where(case_entries.c.case_id == cases.c.case_id, case_entries.c.author == "reporter")
            .scalar_subquery()
        )
        query = select(
            cases.c.case_id, cases.c.status, cases.c.opened_on, last.label("since")
        ).where(
            cases.c.unread_by_focal_point,
            # No entry is older than its case; so young ones need not be looked into.
            cases.c.opened_on <= long_ago,
            last <= long_ago,
        )
        late = []
        with self._db.write() as connection:
            for row in connection.execute(query).all():
                due_on = row.since + timedelta(days=remind_after)
                queue(
                    connection, row.case_id, "reminder", readers_of(connection, row.case_id), due_on
                )
                waited = (today - row.opened_on).days
                if row.status == "received" and waited >= escalate_after:
                    late.append(row.case_id)
        return late

    def counts(self) -> Mapping[State, int]:
        """How many notices are in which state."""
        query = select(outbox.c.state, func.count().label("many")).group_by(outbox.c.state)
        with self._db.read() as connection:
            return Counter({row.state: row.many for row in connection.execute(query)})

    def waiting_since(self) -> date | None:
        """The day from which the oldest notice waits that is still to be sent."""
        query = select(func.min(outbox.c.due_on)).where(outbox.c.state == "waiting")
        with self._db.read() as connection:
            day: date | None = connection.execute(query).scalar_one()
            return day

    def _next_on_sqlite(self, today: date, skip: Collection[str]) -> Notice | None:
        while True:
            with self._db.write() as connection:
                notice = _first(connection, _due(today, skip), today)
            if notice is None or isinstance(notice, Notice):
                return notice


def _due(today: date, skip: Collection[str]) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = (
        select(outbox)
        .where(outbox.c.state == "waiting", outbox.c.due_on <= today)
        .order_by(outbox.c.due_on, outbox.c.tries, outbox.c.notice_id)
        .limit(1)
    )
    return query.where(outbox.c.notice_id.not_in(skip)) if skip else query


def _first(
    connection: Connection, query: Select[tuple[object, ...]], today: date
) -> Notice | Literal[True] | None:
    """The first notice that is to be sent; ``True`` when one was settled without being sent."""
    row = connection.execute(query).first()
    if row is None:
        return None
    notice = Notice(row.notice_id, row.account_id, row.kind, row.tries)
    if _marked(connection, notice):
        _settle(connection, notice, "doubt", tried=False)
        queue(connection, row.case_id, "repeat", [notice.account_id], today + timedelta(days=1))
        return True
    # Who was shut out since then, or has left the office, is not to learn that there is a case.
    hers = is_reader(connection, row.case_id, notice.account_id)
    if not hers or (notice.kind != "deletion" and not _still_unread(connection, row)):
        _settle(connection, notice, "spared", tried=False)
        return True
    return notice


def _marked(connection: Connection, notice: Notice) -> bool:
    mark = select(outbox_marks).where(outbox_marks.c.notice_id == notice.notice_id)
    return connection.execute(mark).first() is not None


def _still_unread(connection: Connection, row: Row[tuple[object, ...]]) -> bool:
    query = select(cases.c.unread_by_focal_point).where(cases.c.case_id == row.case_id)
    return bool(connection.execute(query).scalar_one())


def _settle(connection: Connection, notice: Notice, state: State, *, tried: bool) -> None:
    here = outbox.c.notice_id == notice.notice_id
    values = {"state": state, "tries": notice.tries + tried}
    connection.execute(update(outbox).where(here).values(values))
    mark = outbox_marks.c.notice_id == notice.notice_id
    connection.execute(delete(outbox_marks).where(mark))


@contextmanager
def _alone(database: Path) -> Iterator[bool]:
    """Whether nobody else works on the outbox of this file; to the end of the block."""
    handle = os.open(
        database.with_name(database.name + ".outbox"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
    )
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
