"""Nobody's offices are changed so that a case is left without anybody who can open it.

Whoever joins an office that a reporter shut out loses her case, and whoever leaves the office that
has it loses it, too. If she is the only one who can open it, it must first have another reader.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from vault.errors import LastReader
from vault.stores.readers import able_to_read
from vault.tables import account_offices, case_offices


def only_hers(connection: Connection, account_id: str) -> frozenset[str]:
    """The cases that nobody else can open.

    Args:
        connection: of the transaction in which her offices change.
        account_id: who; somebody who is new has none.
    """
    hers = select(account_offices.c.office).where(account_offices.c.account_id == account_id)
    query = select(case_offices.c.case_id).where(case_offices.c.office.in_(hers)).distinct()
    found = connection.execute(query).scalars().all()
    return frozenset(one for one in found if able_to_read(connection, one) == [account_id])


def refuse_unread(connection: Connection, alone: Iterable[str]) -> None:
    """After the change: they can still be opened.

    Args:
        connection: of the same transaction, which is undone if not.
        alone: from :func:`only_hers`, before the change.

    Raises:
        LastReader: some of them could not.
    """
    lost = sum(not able_to_read(connection, case_id) for case_id in alone)
    if lost:
        raise LastReader(lost)
