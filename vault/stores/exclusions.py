"""Who must not see a case: offices, and levels of an organization, that its reporter shut out.

An office is shut out by name. A level is shut out as well, because an office that comes in later
may be of that level; which offices those are, the service says at each start
(:meth:`Exclusions.renew`). Whoever belongs to an office that is shut out can neither open the case
nor find it, also as a member of another office that has it: she would be the same person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy import Connection, Select, insert, select

from vault.database import Database
from vault.tables import account_offices, case_exclusions

Kind = Literal["office", "level"]


class Exclusions:
    """Keeps what is shut out by its level up to date."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def renew(self, levels: Mapping[str, Iterable[str]]) -> int:
        """Shut out the offices that are of a level today.

        What was shut out once stays so, whatever level it is said to be of later.

        Args:
            levels: the offices of each level.

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
            _insert(connection, [(case, "office", name) for case, name in sorted(want - have)])
        return len(want - have)


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


def closed_to_office(office: str) -> Select[tuple[str]]:
    """The cases that an office is shut out of."""
    named = case_exclusions.c.kind == "office", case_exclusions.c.name == office
    return select(case_exclusions.c.case_id).where(*named)


def _insert(connection: Connection, rows: Iterable[tuple[str, str, str]]) -> None:
    values = [{"case_id": case, "kind": kind, "name": name} for case, kind, name in rows]
    if values:
        connection.execute(insert(case_exclusions), values)
