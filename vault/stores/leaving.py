"""Somebody leaves, and cases that nobody can read find new readers."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import Connection, delete, insert, select, update

from vault.database import Database, Lock
from vault.errors import NoSuchAccount, RecoveryError, SealingError
from vault.keys import PublicKey
from vault.names import plain_name
from vault.recipients import Entry, join
from vault.recovery import Bundle, Passing, Sealed
from vault.sealing import key_ids
from vault.stores.case_keys import keys_of
from vault.stores.queueing import queue
from vault.stores.readers import Passed, able_to_read, lock, passed_on, put, strike
from vault.tables import account_offices, accounts, case_entries, case_offices, cases

_STALE = "a case is gone or its office has other keys; export anew"


class Leaving:
    """What has to be done when people go."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def remove(self, name: str, today: date) -> Counter[Passed]:
        """Take an account back: nothing is sealed to it, and it opens nothing that lies here.

        Her entries are struck out of every envelope. A case that she alone could read goes the
        way it goes when she steps aside.

        Args:
            name: what she signs in with.
            today: from when the next readers are told.

        Returns:
            how many of her cases went where; those with other readers are not counted.

        Raises:
            NoSuchAccount: nobody has this name.
        """
        plain = plain_name(name)
        passed: Counter[Passed] = Counter()
        with self._db.write(Lock.ACCOUNTS) as connection:
            query = select(accounts).where(accounts.c.name == plain)
            account = connection.execute(query).first()
            if account is None:
                raise NoSuchAccount
            theirs = select(account_offices.c.office).where(
                account_offices.c.account_id == account.account_id
            )
            offices = list(connection.execute(theirs).scalars())
            touched = select(case_offices.c.case_id).where(case_offices.c.office.in_(offices))
            waiting = select(cases.c.case_id).where(cases.c.standby.in_(offices))
            found = connection.execute(touched.union(waiting)).scalars().all()
            connection.execute(
                update(cases).where(cases.c.handler == account.account_id).values(handler=None)
            )
            here = accounts.c.account_id == account.account_id
            connection.execute(delete(accounts).where(here))
            for case_id in found if account.public_key else ():
                lock(connection, case_id)
                mine = select(case_offices).where(case_offices.c.case_id == case_id)
                had_readers = connection.execute(mine).first() is not None
                strike(connection, case_id, PublicKey(account.public_key).key_id)
                if had_readers and not able_to_read(connection, case_id):
                    passed[passed_on(connection, case_id, today)] += 1
        self._db.checkpoint("case_entries", "held_keys", "accounts")
        return passed

    def orphans(self) -> list[str]:
        """The cases that nobody can read."""
        with self._db.read() as connection:
            ids = connection.execute(select(cases.c.case_id).order_by(cases.c.case_id)).scalars()
            return [case_id for case_id in ids.all() if not able_to_read(connection, case_id)]

    def bundle(self, office: str, *, every: bool = False) -> Bundle:
        """Sealed cases for the holder of the recovery key.

        Args:
            office: whom they are to be passed on to.
            every: all cases (for a rehearsal), not only those that nobody can read. Without those
                that nobody in the office may read, because it is shut out of them or each of them
                belongs to one that is: not even that they exist is for its eyes.

        Raises:
            RecoveryError: nobody in that office has a key.
        """
        orphans = set(self.orphans())
        query = select(case_entries).order_by(case_entries.c.case_id, case_entries.c.number)
        with self._db.read() as connection:
            people = keys_of(connection, "", [office])
            rows = connection.execute(query).all()
            wanted = {row.case_id for row in rows if every or row.case_id in orphans}
            passable = {one for one in wanted if keys_of(connection, one, [office])}
        if not people:
            raise RecoveryError("nobody in this office has a key; invite a focal point first")
        found = [
            Sealed(row.case_id, row.number, row.purpose, row.envelope)
            for row in rows
            if row.case_id in passable
        ]
        return Bundle(office, tuple(people.values()), tuple(found))

    def put_in(self, passing: Passing, today: date) -> frozenset[str]:
        """Give cases their new readers, who are told.

        A case that nobody in the office may read any more is left out. It must not hold up the
        others: a file that was made anew would have to be refused again, for ever.

        Args:
            passing: made by the holder of the recovery key.
            today: from when they are told.

        Returns:
            the cases that have new readers.

        Raises:
            RecoveryError: it is not for people of its office as it is now, or a case is gone.
        """
        with self._db.write(Lock.ACCOUNTS) as connection:
            named = {case_id for case_id, _ in passing.entries}
            # Whoever stepped aside from a case, or is shut out of it, is not given it so.
            people = {one: keys_of(connection, one, [passing.office]) for one in named}
            done = frozenset(case_id for case_id in named if people[case_id])
            if named and not done:
                raise RecoveryError(_STALE)
            for (case_id, number), entries in passing.entries.items():
                if case_id in done:
                    kids = {key.key_id for key in people[case_id].values()}
                    fitting = [entry for entry in entries if entry.get("kid") in kids]
                    _add_readers(connection, case_id, number, fitting)
            for case_id in done:
                _give(connection, case_id, passing.office, today)
        return done

    def sealed_to(self, key: PublicKey) -> tuple[int, int]:
        """How many envelopes of cases name a key, and how many there are."""
        with self._db.read() as connection:
            envelopes = connection.execute(select(case_entries.c.envelope)).scalars().all()
        return sum(key.key_id in key_ids(one) for one in envelopes), len(envelopes)


def _add_readers(connection: Connection, case_id: str, number: int, new: list[Entry]) -> None:
    here = case_entries.c.case_id == case_id, case_entries.c.number == number
    query = select(case_entries.c.envelope).where(*here)
    envelope = connection.execute(query).scalar_one_or_none()
    if envelope is None or not new:
        raise RecoveryError(_STALE)
    try:
        shared = join(envelope, new)
    except SealingError:
        raise RecoveryError("this passing is damaged; make it again") from None
    put(connection, case_id, number, shared)


def _give(connection: Connection, case_id: str, office: str, today: date) -> None:
    """Let an office see a case that its people can open now, and tell them."""
    have = select(case_offices.c.office).where(case_offices.c.case_id == case_id)
    known = list(connection.execute(have).scalars())
    if office not in known:
        row = {"case_id": case_id, "office": office, "place": len(known)}
        connection.execute(insert(case_offices).values(row))
    unread = update(cases).where(cases.c.case_id == case_id)
    connection.execute(unread.values(unread_by_focal_point=True))
    queue(connection, case_id, "escalation", able_to_read(connection, case_id), today)
