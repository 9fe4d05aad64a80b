"""Who must not see a case: offices, and levels of an organization, that its reporter shut out.

An office is shut out by name. A level is shut out as well, because an office that comes in later
may be of that level; which offices those are, the service says at each start
(:meth:`Exclusions.renew`). Whoever belongs to an office that is shut out can neither open the case
nor find it, also as a member of another office that has it: she would be the same person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy import Connection, Select, insert, select, union_all

from vault.database import Database
from vault.tables import account_offices, case_exclusions, case_offices, cases

Kind = Literal["office", "level"]


class Exclusions:
    """Keeps what is shut out by its level up to date."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def renew(self, levels: Mapping[str, Iterable[str]]) -> int:
        """Shut out the offices that are of a level today.

        What was shut out once stays so, whatever level it is said to be of later. That is why an
        office that has a case, or stands by for it, is never shut out of it here: its reporter was
        told its name, and one wrong line in routes.yml at one start would leave her case without a
        reader for good.

        Args:
            levels: the offices of each level. Without those whose level nobody knows: they would
                be shut out for good although a level may be found for them tomorrow.

        Returns:
            how many had not been shut out of a case yet.
        """
        theirs = {level: frozenset(offices) for level, offices in levels.items()}
        with self._db.write() as connection:
            rows = connection.execute(select(case_exclusions)).all()
            have = {(row.case_id, row.name) for row in rows if row.kind == "office"}
            want = {
                (row.case_id, office)
                for row in rows
                if row.kind == "level"
                for office in theirs.get(row.name, ())
            }
            new = want - have - _having(connection)
            _insert(connection, [(case, "office", name) for case, name in sorted(new)])
        return len(new)


def shut(
    connection: Connection, case_id: str, offices: Iterable[str], levels: Iterable[str]
) -> None:
    """Write down whom the reporter of a new case shut out."""
    named = [(case_id, "office", office) for office in sorted(set(offices))]
    _insert(connection, [*named, *((case_id, "level", level) for level in sorted(set(levels)))])


def shut_out(case_id: str) -> Select[tuple[str]]:
    """The accounts that belong to an office that is shut out of a case."""
    here = case_exclusions.c.case_id == case_id, case_exclusions.c.kind == "office"
    return (
        select(account_offices.c.account_id)
        .join(case_exclusions, case_exclusions.c.name == account_offices.c.office)
        .where(*here)
    )


def closed_to(account_id: str) -> Select[tuple[str]]:
    """The cases that somebody is shut out of."""
    return (
        select(case_exclusions.c.case_id)
        .join(account_offices, case_exclusions.c.name == account_offices.c.office)
        .where(account_offices.c.account_id == account_id, case_exclusions.c.kind == "office")
    )


def closed_to_offices(offices: Iterable[str]) -> Select[tuple[str]]:
    """The cases that one of these offices is shut out of."""
    named = case_exclusions.c.kind == "office", case_exclusions.c.name.in_(list(offices))
    return select(case_exclusions.c.case_id).where(*named)


def _having(connection: Connection) -> set[tuple[str, str]]:
    """The offices that have a case from which a level is shut out, or stand by for it."""
    by_level = select(case_exclusions.c.case_id).where(case_exclusions.c.kind == "level")
    has = select(case_offices.c.case_id, case_offices.c.office)
    waits = select(cases.c.case_id, cases.c.standby).where(cases.c.standby.is_not(None))
    query = union_all(
        has.where(case_offices.c.case_id.in_(by_level)), waits.where(cases.c.case_id.in_(by_level))
    )
    return {(case_id, office) for case_id, office in connection.execute(query)}


def _insert(connection: Connection, rows: Iterable[tuple[str, str, str]]) -> None:
    values = [{"case_id": case, "kind": kind, "name": name} for case, kind, name in rows]
    if values:
        connection.execute(insert(case_exclusions), values)
