"""An inbox, a page at a time: what a page costs does not grow with the cases of an office.

Of each of its offices a case knows its place in the list, as one text that sorts: since when the
reporter waits for an answer (``99999999``: she does not), whether something is new (``0``: yes),
the day it came in, counted backwards, and the case's id. Triggers of the migrations write it
whenever one of these changes; an index has every list in order. Those with something new and those
that are closed have indexes of their own, which hold nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, Connection, exists, func, select

from vault.database import Database
from vault.stores.cases import Case, case_of, offices_by_case
from vault.tables import case_exclusions, case_offices, case_recusals, cases

Shown = Literal["all", "new", "waiting", "closed"]

#: The place of the first case that nobody waits in: after every day there is.
_NOBODY_WAITS = "99999999"

_COLUMNS: Mapping[Shown, ColumnElement[str]] = {
    "all": case_offices.c.listed,
    "new": case_offices.c.listed_new,
    "waiting": case_offices.c.listed,
    "closed": case_offices.c.listed_closed,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose list it is.

    Args:
        account_id: who she is.
        offices: whose cases she sees, unless she stepped aside from one or is shut out of it.
    """

    account_id: str
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list.

    Args:
        case: the case.
        since: the day of the reporter's first word that nobody replied to yet. Closed cases wait
            for nothing but a new word.
        place: where it stood when it was read; what comes next is asked for with it.
    """

    case: Case
    since: date | None
    place: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases of a list, in order, and whether there are more behind them."""

    cases: list[Listed]
    more: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Of all her cases: with something new, and without an answer since a given day or longer."""

    unread: int
    due: int


class CaseList:
    """The cases of somebody's offices: who waits longest first, then what is new, then newest."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def page(self, reader: Reader, many: int, shown: Shown = "all", after: str = "") -> Page:
        """The next cases of a list.

        Args:
            reader: whose list; nothing else is ever found, whatever ``after`` says.
            many: how many at most.
            shown: all, or those with something new, that wait for an answer, or are closed.
            after: the place of the last case she has; empty for the beginning.
        """
        with self._db.read() as connection:
            found: dict[str, str] = {}
            for office in reader.offices:
                found |= _places(connection, reader, office, shown, after, many + 1)
            wanted = sorted(found, key=found.__getitem__)[:many]
            rows = connection.execute(select(cases).where(cases.c.case_id.in_(wanted))).all()
            offices = offices_by_case(connection, wanted)
        known = {row.case_id: case_of(row, offices) for row in rows}
        # One that was deleted in between is not there any more.
        here = [case_id for case_id in wanted if case_id in known]
        listed = [Listed(known[one], _since(found[one]), found[one]) for one in here]
        return Page(listed, len(found) > many)

    def counts(self, reader: Reader, due: date) -> Counts:
        """How many of all her cases are new or due; reads those in an index, and no others.

        Args:
            reader: whose list.
            due: what waits since this day, or longer, is due.
        """
        day = f"{due:%Y%m%d}~"
        with self._db.read() as connection:
            unread = _count(connection, reader, case_offices.c.listed_new > "")
            waiting = case_offices.c.listed > "", case_offices.c.listed < day
            return Counts(unread, _count(connection, reader, *waiting))


def _places(
    connection: Connection, reader: Reader, office: str, shown: Shown, after: str, many: int
) -> dict[str, str]:
    column = _COLUMNS[shown]
    query = (
        select(case_offices.c.case_id, column.label("listed"))
        .where(case_offices.c.office == office, column > after, *_open_to(reader))
        .order_by(column)
        .limit(many)
    )
    if shown == "waiting":
        query = query.where(column < _NOBODY_WAITS)
    return {row.case_id: row.listed for row in connection.execute(query)}


def _count(connection: Connection, reader: Reader, *which: ColumnElement[bool]) -> int:
    # A case of two of her offices counts once.
    many = func.count(case_offices.c.case_id.distinct())
    theirs = case_offices.c.office.in_(reader.offices)
    query = select(many).where(theirs, *which, *_open_to(reader))
    return int(connection.execute(query).scalar_one())


def _open_to(reader: Reader) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """She neither stepped aside from a case nor is of an office that is shut out of it.

    Asked for each case of a page, by key: there may be any number of cases she does not see.
    """
    aside = exists().where(
        case_recusals.c.case_id == case_offices.c.case_id,
        case_recusals.c.account_id == reader.account_id,
    )
    shut_out = exists().where(
        case_exclusions.c.case_id == case_offices.c.case_id,
        case_exclusions.c.kind == "office",
        case_exclusions.c.name.in_(reader.offices),
    )
    return ~aside, ~shut_out


def _since(place: str) -> date | None:
    day = place[:8]
    return None if day == _NOBODY_WAITS else date(int(day[:4]), int(day[4:6]), int(day[6:]))
