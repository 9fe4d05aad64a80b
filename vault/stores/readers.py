"""Who may read a case, and how that changes: standing aside, escalation, handing over.

A report is sealed, with the reporter's consent, to a second office as well: the *standby*, which
is the alternate of the route. Its recipients' entries are held back, apart from the envelope, and
handed to nobody. When nobody in the first office opens the case, or all there step aside, they are
joined to the envelopes again and the standby becomes an office of the case. Until then nobody in
it can see that there is a case. Without the reporter's consent there is no standby, and only the
holder of the recovery key can pass a case on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from vault.database import Database
from vault.errors import NoSuchCase, SealingError
from vault.keys import PublicKey
from vault.recipients import Entry, join, split
from vault.sealing import key_ids
from vault.stores.case_keys import keys_of, offices_of, standby_of
from vault.stores.exclusions import closed_to
from vault.stores.queueing import queue
from vault.tables import (
    accounts,
    case_entries,
    case_offices,
    case_recusals,
    cases,
    held_keys,
    outbox,
)

#: Who has a case after somebody stepped aside: others of her office, the standby, or nobody but
#: the holder of the recovery key.
Passed = Literal["colleagues", "alternate", "recovery"]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of a case's offices.

    Args:
        account_id: who she is.
        name: what she signs in with.
        key: whom to seal to.
        reads: every envelope of the case is sealed to her already.
    """

    account_id: str
    name: str
    key: PublicKey
    reads: bool


class Readers:
    """Who reads which case."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def recipients(self, case_id: str) -> list[PublicKey]:
        """Whom the next envelope of a case is sealed to, the standby included.

        Not the reporter, and not the recovery keys. Empty when nobody could read it.
        """
        with self._db.read() as connection:
            offices = offices_of(connection, case_id)
            open_now = keys_of(connection, case_id, offices)
            standby = standby_of(connection, case_id) if open_now else None
            later = keys_of(connection, case_id, [standby]) if standby else {}
        return list(dict.fromkeys([*open_now.values(), *later.values()]))

    def may_read(self, case_id: str, account_id: str) -> bool:
        """Whether somebody is of an office of the case, and neither aside from it nor shut out."""
        with self._db.read() as connection:
            return account_id in keys_of(connection, case_id, offices_of(connection, case_id))

    def aside(self, account_id: str) -> frozenset[str]:
        """The cases that somebody stepped aside from, or is shut out of."""
        query = select(case_recusals.c.case_id).where(case_recusals.c.account_id == account_id)
        with self._db.read() as connection:
            return frozenset(connection.execute(query.union(closed_to(account_id))).scalars())

    def colleagues(self, case_id: str) -> list[Colleague]:
        """The people of the case's offices who did not step aside from it, by name."""
        with self._db.read() as connection:
            people = keys_of(connection, case_id, offices_of(connection, case_id))
            envelopes = _envelopes(connection, case_id).values()
            theirs = accounts.c.account_id.in_(list(people))
            query = select(accounts.c.account_id, accounts.c.name).where(theirs)
            names = {row.account_id: row.name for row in connection.execute(query)}
        named = [frozenset(key_ids(envelope)) for envelope in envelopes]
        found = [
            Colleague(account_id, names[account_id], key, all(key.key_id in ids for ids in named))
            for account_id, key in people.items()
        ]
        return sorted(found, key=lambda one: one.name)

    def recuse(self, case_id: str, account_id: str, today: date) -> Passed:
        """Somebody steps aside: her entries are destroyed, and the case is no longer hers.

        Args:
            case_id: the case.
            account_id: who steps aside; for good.
            today: from when the next readers are told.

        Returns:
            who has the case now.

        Raises:
            NoSuchCase: there is no such case.
        """
        with self._db.write() as connection:
            lock(connection, case_id)
            key = keys_of(connection, case_id, offices_of(connection, case_id)).get(account_id)
            if key is None:
                raise NoSuchCase
            row = {"case_id": case_id, "account_id": account_id}
            connection.execute(insert(case_recusals).values(row))
            strike(connection, case_id, key.key_id)
            hers = outbox.c.case_id == case_id, outbox.c.account_id == account_id
            connection.execute(delete(outbox).where(*hers))
            own = cases.c.case_id == case_id, cases.c.handler == account_id
            connection.execute(update(cases).where(*own).values(handler=None))
            passed = passed_on(connection, case_id, today)
        self._db.checkpoint("case_entries", "held_keys")
        return passed

    def escalate(self, case_id: str, today: date) -> bool:
        """Let the standby see a case that nobody opens, besides the office that has it.

        Returns:
            False when there is no standby that could read it; nothing is changed then.
        """
        with self._db.write() as connection:
            standby = standby_of(connection, case_id)
            if standby is None or not _release(connection, case_id, standby, today):
                return False
            row = {"case_id": case_id, "office": standby, "place": 1}
            connection.execute(insert(case_offices).values(row))
        return True

    def hand_over(
        self, case_id: str, account_id: str, to: str, sealed: Mapping[int, Entry], today: date
    ) -> bool:
        """Give a case into a colleague's hands.

        Args:
            case_id: the case.
            account_id: who hands it over.
            to: the colleague's name.
            sealed: for each envelope that was not sealed to the colleague, her entry, made in a
                browser that can open it.
            today: from when she is told.

        Returns:
            False when there is no such colleague, or entries are missing or not for her key.

        Raises:
            NoSuchCase: there is no such case, or it is not hers to hand over.
        """
        with self._db.write() as connection:
            lock(connection, case_id)
            people = keys_of(connection, case_id, offices_of(connection, case_id))
            if account_id not in people:
                raise NoSuchCase
            query = select(accounts.c.account_id).where(accounts.c.name == to)
            colleague = connection.execute(query).scalar_one_or_none()
            key = people.get(colleague) if colleague else None
            if colleague is None or key is None:
                return False
            for number, envelope in _envelopes(connection, case_id).items():
                shared = _shared(envelope, key, sealed.get(number))
                if shared is None:
                    connection.rollback()
                    return False
                put(connection, case_id, number, shared)
            change = update(cases).where(cases.c.case_id == case_id)
            values = {"handler": colleague, "unread_by_focal_point": True}
            connection.execute(change.values(values))
            queue(connection, case_id, "new", [colleague], today)
        return True


def lock(connection: Connection, case_id: str) -> None:
    """Changed first, the case's row makes two who change its readers wait for each other."""
    change = update(cases).where(cases.c.case_id == case_id).values(lang=cases.c.lang)
    if connection.execute(change).rowcount != 1:
        raise NoSuchCase


def _envelopes(connection: Connection, case_id: str) -> dict[int, bytes]:
    query = select(case_entries.c.number, case_entries.c.envelope)
    rows = connection.execute(query.where(case_entries.c.case_id == case_id))
    return {row.number: row.envelope for row in rows}


def put(connection: Connection, case_id: str, number: int, envelope: bytes) -> None:
    """Store another form of an envelope in its place."""
    here = case_entries.c.case_id == case_id, case_entries.c.number == number
    connection.execute(update(case_entries).where(*here).values(envelope=envelope))


def _shared(envelope: bytes, key: PublicKey, entry: Entry | None) -> bytes | None:
    if key.key_id in key_ids(envelope):
        return envelope
    if entry is None or entry.get("kid") != key.key_id:
        return None
    try:
        return join(envelope, [entry])
    except SealingError:
        return None


def strike(connection: Connection, case_id: str, key_id: str) -> None:
    """Destroy what was sealed to a key in a case."""
    for number, envelope in _envelopes(connection, case_id).items():
        put(connection, case_id, number, split(envelope, {key_id})[0])
    of_case = held_keys.c.case_id == case_id
    for row in connection.execute(select(held_keys).where(of_case)).all():
        entries = [entry for entry in json.loads(row.recipients) if entry["kid"] != key_id]
        change = update(held_keys).where(of_case, held_keys.c.number == row.number)
        connection.execute(change.values(recipients=json.dumps(entries)))


def able_to_read(connection: Connection, case_id: str) -> list[str]:
    """The accounts that may see the case and can open its report."""
    people = keys_of(connection, case_id, offices_of(connection, case_id))
    query = select(case_entries.c.envelope).where(
        case_entries.c.case_id == case_id, case_entries.c.number == 0
    )
    try:
        named = key_ids(connection.execute(query).scalar_one())
    except SealingError:
        return []
    return [account_id for account_id, key in people.items() if key.key_id in named]


def passed_on(connection: Connection, case_id: str, today: date) -> Passed:
    """After a reader has gone: give the case to whoever can read it, and tell them."""
    unread = {"unread_by_focal_point": True}
    connection.execute(update(cases).where(cases.c.case_id == case_id).values(unread))
    others = able_to_read(connection, case_id)
    if others:
        queue(connection, case_id, "escalation", others, today)
        return "colleagues"
    standby = standby_of(connection, case_id)
    connection.execute(delete(case_offices).where(case_offices.c.case_id == case_id))
    if standby is not None and _release(connection, case_id, standby, today):
        row = {"case_id": case_id, "office": standby, "place": 0}
        connection.execute(insert(case_offices).values(row))
        return "alternate"
    return "recovery"


def _release(connection: Connection, case_id: str, standby: str, today: date) -> bool:
    """Join the held entries to the envelopes; False when nobody could open the report then."""
    rows = connection.execute(select(held_keys).where(held_keys.c.case_id == case_id)).all()
    held: dict[int, Sequence[Entry]] = {row.number: json.loads(row.recipients) for row in rows}
    people = keys_of(connection, case_id, [standby])
    kids = {entry["kid"] for entry in held.get(0, ())}
    able = [account_id for account_id, key in people.items() if key.key_id in kids]
    if not able:
        return False
    for number, envelope in _envelopes(connection, case_id).items():
        put(connection, case_id, number, join(envelope, held.get(number, ())))
    connection.execute(delete(held_keys).where(held_keys.c.case_id == case_id))
    connection.execute(update(cases).where(cases.c.case_id == case_id).values(standby=None))
    queue(connection, case_id, "escalation", able, today)
    return True
