"""The keys that a case's envelopes are sealed to, and those that are held back from it.

Inside the transactions of others; :mod:`vault.stores.readers` explains what for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from vault.errors import SealingError
from vault.keys import PublicKey
from vault.recipients import split
from vault.stores.exclusions import shut_out
from vault.tables import (
    account_offices,
    accounts,
    case_offices,
    case_recusals,
    cases,
    held_keys,
)


def keys_of(connection: Connection, case_id: str, offices: Iterable[str]) -> dict[str, PublicKey]:
    """The keys of these offices' people who neither stepped aside from a case nor are shut out of
    it, by account."""
    aside = select(case_recusals.c.account_id).where(case_recusals.c.case_id == case_id)
    query = (
        select(accounts.c.account_id, accounts.c.public_key)
        .join(account_offices)
        .where(
            account_offices.c.office.in_(list(offices)),
            accounts.c.public_key.is_not(None),
            accounts.c.account_id.not_in(aside),
            accounts.c.account_id.not_in(shut_out(case_id)),
        )
        .distinct()
        .order_by(accounts.c.public_key)
    )
    return {row.account_id: PublicKey(row.public_key) for row in connection.execute(query)}


def offices_of(connection: Connection, case_id: str) -> list[str]:
    """The offices of a case, the receiving one first."""
    query = select(case_offices.c.office).where(case_offices.c.case_id == case_id)
    return list(connection.execute(query.order_by(case_offices.c.place)).scalars())


def hold_back(connection: Connection, case_id: str, number: int, envelope: bytes) -> bytes:
    """Take the standby's entries out of an envelope that is about to be stored, and keep them.

    Returns:
        the envelope to store.
    """
    standby = standby_of(connection, case_id)
    if standby is None:
        return envelope
    offices = offices_of(connection, case_id)
    open_now = {key.key_id for key in keys_of(connection, case_id, offices).values()}
    held = {key.key_id for key in keys_of(connection, case_id, [standby]).values()} - open_now
    try:
        stored, entries = split(envelope, held)
    except SealingError:
        return envelope
    if entries:
        row = {"case_id": case_id, "number": number, "recipients": json.dumps(entries)}
        connection.execute(insert(held_keys).values(row))
    return stored


def standby_of(connection: Connection, case_id: str) -> str | None:
    """The office that waits behind those of a case, if the reporter agreed to one."""
    query = select(cases.c.standby).where(cases.c.case_id == case_id)
    office: str | None = connection.execute(query).scalar_one_or_none()
    return office
