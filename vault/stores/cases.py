"""Cases: what a reporter sent, and what she and the focal points wrote since. All of it sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, Row, Select, func, insert, select, true, update

from vault.codes import mark
from vault.database import Database
from vault.encoding import new_id as new_case_id
from vault.errors import NoSuchCase
from vault.keys import PublicKey
from vault.stores.attachments import adopt
from vault.stores.case_keys import hold_back
from vault.stores.exclusions import shut
from vault.stores.queueing import queue, readers_of
from vault.tables import case_entries, case_offices, cases

__all__ = ["Author", "Case", "CaseStore", "Entry", "NewCase", "Status", "new_case_id"]

Author = Literal["reporter", "focal_point"]
Status = Literal["received", "opened", "in_review", "closed"]


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that is about to be stored.

    Args:
        case_id: from :func:`new_case_id`; the report is sealed with it before it is stored.
        locator: what the receipt derives.
        reporter_key: whom replies are sealed to.
        offices: who may see the case; the first one is the receiving office.
        envelope: the report, sealed with ``Context("report", case_id)``.
        lang: the language the reporter wrote in.
        opened_on: the day.
        standby: who gets the case if those offices cannot; the envelope is sealed to it, too.
        files: ids of the files that belong to it; they wait in the attachment store.
        shut_out: offices that must not see it, not even that it exists.
        levels: levels of an organization of which the same is true.
    """

    case_id: str
    locator: bytes
    reporter_key: PublicKey
    offices: tuple[str, ...]
    envelope: bytes
    lang: str
    opened_on: date
    standby: str | None = None
    files: tuple[str, ...] = ()
    shut_out: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A stored case, without what was written in it.

    Args:
        unread_by_focal_point: the reporter wrote something that no focal point has opened.
        unread_by_reporter: there is a reply that the reporter has not seen.
        survey_offer_spent: she was offered an invitation to the survey once.
        handler: the account that has it in hand, once it was handed over.
    """

    case_id: str
    offices: tuple[str, ...]
    reporter_key: PublicKey
    status: Status
    opened_on: date
    lang: str
    unread_by_focal_point: bool
    unread_by_reporter: bool
    survey_offer_spent: bool
    handler: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One envelope of a case, sealed with ``Context(purpose, case_id)``.

    Args:
        number: counted from 0, which is the report itself.
        purpose: ``report``, ``addition`` (by the reporter), ``reply`` (by a focal point), or
            ``note``, which focal points write for each other.
    """

    number: int
    purpose: Literal["report", "addition", "reply", "note"]
    author: Author
    envelope: bytes
    on: date


class CaseStore:
    """Where cases are kept."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, new: NewCase) -> None:
        """Store a case and its report, unread, and queue the notices of it.

        Raises:
            ValueError: no office is given, or one that is shut out.
            StorageError: the locator or the id is taken.
            FilesMissing: a file does not wait any more; nothing is stored.
        """
        if not new.offices:
            raise ValueError("a case needs a receiving office")
        if {*new.offices, new.standby} & {*new.shut_out}:
            raise ValueError("an office that is shut out of a case cannot have it")
        row = {
            "case_id": new.case_id,
            "locator": new.locator,
            "reporter_key": new.reporter_key.raw,
            "status": "received",
            "lang": new.lang,
            "opened_on": new.opened_on,
            "unread_by_focal_point": True,
            "unread_by_reporter": False,
            "survey_offer_spent": False,
            "standby": None if new.standby in new.offices else new.standby,
        }
        offices = [
            {"case_id": new.case_id, "office": office, "place": place}
            for place, office in enumerate(dict.fromkeys(new.offices))
        ]
        with self._db.write() as connection:
            connection.execute(insert(cases).values(row))
            connection.execute(insert(case_offices), offices)
            shut(connection, new.case_id, new.shut_out, new.levels)
            adopt(connection, new.case_id, new.files)
            envelope = hold_back(connection, new.case_id, 0, new.envelope)
            _insert_entry(connection, new.case_id, 0, "report", envelope, new.opened_on)
            readers = readers_of(connection, new.case_id)
            queue(connection, new.case_id, "new", readers, new.opened_on)

    def by_locator(self, locator: bytes) -> Case | None:
        """The case that a receipt leads to."""
        with self._db.read() as connection:
            row = connection.execute(select(cases).where(cases.c.locator == locator)).first()
            return case_of(row, offices_by_case(connection, [row.case_id])) if row else None

    def get(self, case_id: str) -> Case | None:
        """The case with this id."""
        with self._db.read() as connection:
            row = connection.execute(select(cases).where(cases.c.case_id == case_id)).first()
            return case_of(row, offices_by_case(connection, [case_id])) if row else None

    def for_offices(self, offices: Sequence[str]) -> list[Case]:
        """The cases that any of these offices may see; the newest day first."""
        theirs = select(case_offices.c.case_id).where(case_offices.c.office.in_(offices))
        query = (
            select(cases)
            .where(cases.c.case_id.in_(theirs))
            .order_by(cases.c.opened_on.desc(), cases.c.case_id)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
            named = offices_by_case(connection, theirs)
            return [case_of(row, named) for row in rows]

    def entries(self, case_id: str) -> list[Entry]:
        """Everything written in a case, in order; empty when there is no such case."""
        query = (
            select(case_entries)
            .where(case_entries.c.case_id == case_id)
            .order_by(case_entries.c.number)
        )
        with self._db.read() as connection:
            return [
                Entry(row.number, row.purpose, row.author, row.envelope, row.entered_on)
                for row in connection.execute(query)
            ]

    def add_entry(
        self,
        case_id: str,
        author: Author,
        envelope: bytes,
        on: date,
        files: tuple[str, ...] = (),
        ticket: str | None = None,
    ) -> Entry:
        """Store an addition (by the reporter) or a reply (by a focal point), unread by the other.

        Args:
            case_id: the case.
            author: who wrote it.
            envelope: what, sealed.
            on: the day.
            files: ids of the files that belong to it.
            ticket: a random text, the same whenever it is sent once more: then it is stored once.

        Raises:
            NoSuchCase: there is no such case.
            FilesMissing: a file of an addition does not wait any more; nothing is stored.
        """
        purpose: Literal["addition", "reply"] = "addition" if author == "reporter" else "reply"
        last = select(func.max(case_entries.c.number)).where(case_entries.c.case_id == case_id)
        with self._db.write() as connection:
            # The case's row is changed first: it makes two writers wait for each other.
            _change(connection, case_id, {"lang": cases.c.lang})
            if ticket and (earlier := _marked(connection, case_id, ticket)):
                return earlier
            _change(connection, case_id, {_unread_by(_other(author)): True})
            number = connection.execute(last).scalar_one() + 1
            stored = hold_back(connection, case_id, number, envelope)
            known_by = mark(ticket.encode(), "addition") if ticket else None
            _insert_entry(connection, case_id, number, purpose, stored, on, known_by)
            adopt(connection, case_id, files)
            if author == "reporter":
                queue(connection, case_id, "addition", readers_of(connection, case_id), on)
        return Entry(number, purpose, author, envelope, on)

    def has(self, case_id: str, ticket: str) -> bool:
        """Whether an entry of a case was stored with this ticket."""
        with self._db.read() as connection:
            return _marked(connection, case_id, ticket) is not None

    def add_note(self, case_id: str, envelope: bytes, on: date) -> Entry:
        """Store what a focal point notes for her colleagues; to the reporter nothing is new.

        Raises:
            NoSuchCase: there is no such case.
        """
        last = select(func.max(case_entries.c.number)).where(case_entries.c.case_id == case_id)
        with self._db.write() as connection:
            # Changed to what it was: it makes two writers wait for each other.
            _change(connection, case_id, {"lang": cases.c.lang})
            number = connection.execute(last).scalar_one() + 1
            stored = hold_back(connection, case_id, number, envelope)
            _insert_entry(connection, case_id, number, "note", stored, on)
        return Entry(number, "note", "focal_point", envelope, on)

    def mark_read(self, case_id: str, by: Author, seen: int | None = None) -> None:
        """The reporter or a focal point has seen everything there is.

        Args:
            case_id: the case.
            by: who.
            seen: number of the last entry that she saw: what the other wrote since stays unread.

        Raises:
            NoSuchCase: there is no such case.
        """
        theirs = case_entries.c.case_id == case_id, case_entries.c.author == _other(by)
        last = select(func.max(case_entries.c.number)).where(*theirs)
        with self._db.write() as connection:
            # Changed to what it was first: who writes at this moment waits, or is waited for.
            _change(connection, case_id, {"lang": cases.c.lang})
            if seen is None or (connection.execute(last).scalar_one() or 0) <= seen:
                _change(connection, case_id, {_unread_by(by): False})

    def set_status(self, case_id: str, status: Status, only_from: Status | None = None) -> bool:
        """Set how far a case has come; any order is allowed, also reopening.

        Args:
            case_id: the case.
            status: the new status.
            only_from: what the status must still be. Two focal points who act in the same moment
                cannot undo each other so.

        Returns:
            False when the status was another one meanwhile; nothing is changed then.

        Raises:
            NoSuchCase: there is no such case.
        """
        still = cases.c.status == only_from if only_from else true()
        values: dict[str, object] = {"status": status}
        if status != "closed":
            values["closed_on"] = None  # taken up again: its time begins anew when it is closed
        change = update(cases).where(cases.c.case_id == case_id, still).values(**values)
        with self._db.write() as connection:
            if connection.execute(change).rowcount:
                return True
            known = select(cases.c.case_id).where(cases.c.case_id == case_id)
            if connection.execute(known).first() is None:
                raise NoSuchCase
            return False

    def spend_survey_offer(self, case_id: str) -> bool:
        """Whether the reporter of a closed case may be offered the survey; true only once."""
        spend = (
            update(cases)
            .where(
                cases.c.case_id == case_id,
                cases.c.status == "closed",
                cases.c.survey_offer_spent.is_(False),
            )
            .values(survey_offer_spent=True)
        )
        with self._db.write() as connection:
            return connection.execute(spend).rowcount == 1


def _other(author: Author) -> Author:
    return "focal_point" if author == "reporter" else "reporter"


def _unread_by(author: Author) -> str:
    return f"unread_by_{author}"


def _change(connection: Connection, case_id: str, values: dict[str, object]) -> None:
    change = update(cases).where(cases.c.case_id == case_id).values(values)
    if connection.execute(change).rowcount != 1:
        raise NoSuchCase


def _marked(connection: Connection, case_id: str, ticket: str) -> Entry | None:
    here = (
        case_entries.c.case_id == case_id,
        case_entries.c.mark == mark(ticket.encode(), "addition"),
    )
    row = connection.execute(select(case_entries).where(*here)).first()
    if row is None:
        return None
    return Entry(row.number, row.purpose, row.author, row.envelope, row.entered_on)


def _insert_entry(
    connection: Connection,
    case_id: str,
    number: int,
    purpose: str,
    envelope: bytes,
    on: date,
    known_by: bytes | None = None,
) -> None:
    row = {
        "case_id": case_id,
        "number": number,
        "purpose": purpose,
        "author": "focal_point" if purpose in ("reply", "note") else "reporter",
        "envelope": envelope,
        "entered_on": on,
        "mark": known_by,
    }
    connection.execute(insert(case_entries).values(row))


def offices_by_case(
    connection: Connection, case_ids: Sequence[str] | Select[tuple[str]]
) -> dict[str, list[str]]:
    """The offices of several cases with one question, the receiving office first."""
    query = (
        select(case_offices.c.case_id, case_offices.c.office)
        .where(case_offices.c.case_id.in_(case_ids))
        .order_by(case_offices.c.place)
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.case_id, []).append(row.office)
    return found


def case_of(row: Row[tuple[object, ...]], offices: Mapping[str, Sequence[str]]) -> Case:
    """A row of the cases, with the offices that :func:`offices_by_case` found."""
    return Case(
        case_id=row.case_id,
        offices=tuple(offices.get(row.case_id, ())),
        reporter_key=PublicKey(row.reporter_key),
        status=row.status,
        opened_on=row.opened_on,
        lang=row.lang,
        unread_by_focal_point=row.unread_by_focal_point,
        unread_by_reporter=row.unread_by_reporter,
        survey_offer_spent=row.survey_offer_spent,
        handler=row.handler,
    )
