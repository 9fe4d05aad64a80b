"""Putting notices into the outbox, inside the transaction that makes them necessary.

A notice has a name of its own that is made of what it is about, so that whatever is queued twice
(a retry, two processes, a clock that goes back) is there once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Literal

from sqlalchemy import Connection, Insert, Select, select
from sqlalchemy.dialects import postgresql, sqlite

from vault.encoding import to_text
from vault.stores.exclusions import shut_out
from vault.tables import account_offices, accounts, case_offices, case_recusals, outbox

Kind = Literal["new", "addition", "reminder", "escalation", "repeat", "deletion"]


def queue(
    connection: Connection, case_id: str, kind: Kind, account_ids: Iterable[str], due_on: date
) -> int:
    """Queue a notice for each of these people, unless it is there already.

    Args:
        connection: of the transaction that stores what the notice is about.
        case_id: the case; a notice goes when its case is deleted.
        kind: what it is about.
        account_ids: for whom.
        due_on: the day from which it may be sent.

    Returns:
        how many were not there yet.
    """
    rows = [
        {
            "notice_id": _name(case_id, account_id, kind, due_on),
            "case_id": case_id,
            "account_id": account_id,
            "kind": kind,
            "due_on": due_on,
            "state": "waiting",
            "tries": 0,
        }
        for account_id in sorted(set(account_ids))
    ]
    return sum(connection.execute(_unless_there(connection).values(row)).rowcount for row in rows)


def readers_of(connection: Connection, case_id: str) -> list[str]:
    """The accounts with a key of the case's offices that neither stepped aside nor are shut out."""
    return list(connection.execute(_readers(case_id).distinct()).scalars())


def is_reader(connection: Connection, case_id: str, account_id: str) -> bool:
    """Whether an account is one of them; looked up, whatever the size of the office."""
    query = _readers(case_id).where(accounts.c.account_id == account_id).limit(1)
    return connection.execute(query).first() is not None


def _readers(case_id: str) -> Select[str]:
    offices = select(case_offices.c.office).where(case_offices.c.case_id == case_id)
    aside = select(case_recusals.c.account_id).where(case_recusals.c.case_id == case_id)
    return (
        select(accounts.c.account_id)
        .join(account_offices)
        .where(
            account_offices.c.office.in_(offices),
            accounts.c.public_key.is_not(None),
            accounts.c.account_id.not_in(aside),
            accounts.c.account_id.not_in(shut_out(case_id)),
        )
    )


def _unless_there(connection: Connection) -> Insert:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(outbox).on_conflict_do_nothing()
    return postgresql.insert(outbox).on_conflict_do_nothing()


def _name(case_id: str, account_id: str, kind: str, due_on: date) -> str:
    about = "\n".join((case_id, account_id, kind, due_on.isoformat()))
    return to_text(hashlib.sha256(about.encode()).digest())[:32]
