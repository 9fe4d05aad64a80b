"""The list of an inbox: in today's order, in pages, hers alone, and always looked up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from alembic import command
from sqlalchemy import text

from bench.explain import recorded
from tests.vault.rows import new_case
from vault.database import Database
from vault.keys import PrivateKey
from vault.migrating import alembic_config
from vault.stores import AccountStore, CaseList, CaseStore, Readers
from vault.stores.cases import Case, Status
from vault.stores.listing import Reader, Shown

DAY = date(2026, 5, 20)
NOBODY = Reader("nobody", ("office", "other"))
STATUSES: tuple[Status, ...] = ("received", "opened", "in_review", "closed")


def waits_since(cases: CaseStore, case: Case) -> date | None:
    """What the place in the list is held to, worked out from the envelopes."""
    if case.status == "closed" and not case.unread_by_focal_point:
        return None
    entries = cases.entries(case.case_id)
    replied = max((one.number for one in entries if one.purpose == "reply"), default=-1)
    open_ = [one.on for one in entries if one.author == "reporter" and one.number > replied]
    return min(open_, default=None)


def expected(cases: CaseStore, offices: tuple[str, ...], shown: Shown = "all") -> list[str]:
    """The whole list, sorted as one would by hand."""
    found = [(case, waits_since(cases, case)) for case in cases.for_offices(offices)]
    kept = {
        "all": lambda case, since: True,
        "new": lambda case, since: case.unread_by_focal_point,
        "waiting": lambda case, since: since is not None,
        "closed": lambda case, since: case.status == "closed",
    }[shown]
    found.sort(
        key=lambda one: (
            one[1] or date.max,
            not one[0].unread_by_focal_point,
            -one[0].opened_on.toordinal(),
            one[0].case_id,
        )
    )
    return [case.case_id for case, since in found if kept(case, since)]


def walked(listing: CaseList, reader: Reader, many: int, shown: Shown = "all") -> list[str]:
    """The whole list, page by page."""
    after, seen = "", []
    while True:
        page = listing.page(reader, many, shown, after)
        assert len(page.cases) == many or not page.more
        seen += [one.case.case_id for one in page.cases]
        if not page.more:
            return seen
        after = page.cases[-1].place


def live_a_while(cases: CaseStore, dice: random.Random, many: int) -> list[str]:
    """Cases of two offices, some of both, to which everything happens that changes a list."""
    ids = []
    for number in range(many):
        offices = dice.choice([("office",), ("other",), ("office", "other")])
        new = new_case(b"%d" % number, offices, DAY - timedelta(days=dice.randrange(6)))
        cases.add(new)
        ids.append(new.case_id)
    for step in range(3 * many):
        case_id, day = dice.choice(ids), DAY + timedelta(days=dice.randrange(4))
        match step % 5:
            case 0:
                cases.add_entry(case_id, "reporter", b"more", day)
            case 1:
                cases.add_entry(case_id, "focal_point", b"answer", day)
            case 2:
                cases.add_note(case_id, b"note", day)
            case 3:
                cases.mark_read(case_id, "focal_point")
            case _:
                cases.set_status(case_id, dice.choice(STATUSES))
    return ids


@pytest.fixture
def cases(database: Database) -> Iterator[CaseStore]:
    store = CaseStore(database)
    live_a_while(store, random.Random(5), 24)
    yield store


def test_every_list_is_whole_and_in_order_whatever_happened(
    database: Database, cases: CaseStore
) -> None:
    listing = CaseList(database)
    shown: Shown
    for shown in ("all", "new", "waiting", "closed"):
        for offices in (("office",), ("other", "office"), ("none",), ()):
            right = expected(cases, offices, shown)
            reader = Reader("nobody", offices)
            assert walked(listing, reader, 3, shown) == right, (shown, offices)
            assert walked(listing, reader, 100, shown) == right
        assert len(expected(cases, ("office", "other"), shown)) > 3


def test_the_counts_are_of_all_cases(database: Database, cases: CaseStore) -> None:
    found = [(case, waits_since(cases, case)) for case in cases.for_offices(NOBODY.offices)]
    for day in (DAY - timedelta(days=9), DAY - timedelta(days=2), DAY, DAY + timedelta(days=9)):
        counts = CaseList(database).counts(NOBODY, day)
        assert counts.unread == sum(case.unread_by_focal_point for case, _ in found) > 0
        assert counts.due == sum(since is not None and since <= day for _, since in found)


def test_each_line_says_since_when_somebody_waits(database: Database, cases: CaseStore) -> None:
    for one in CaseList(database).page(NOBODY, 100).cases:
        assert one.since == waits_since(cases, one.case)


def test_a_place_of_another_list_leads_nowhere_else(database: Database, cases: CaseStore) -> None:
    listing = CaseList(database)
    mine, theirs = Reader("nobody", ("office",)), Reader("nobody", ("other",))
    for one in listing.page(theirs, 100).cases:
        for after in (one.place, one.place[:-1], "0", "~", "%", "' OR 1=1 --"):
            seen = {line.case.case_id for line in listing.page(mine, 100, "all", after).cases}
            assert seen <= set(expected(cases, ("office",)))


def test_what_somebody_stands_aside_from_or_is_shut_out_of_is_not_there(
    database: Database,
) -> None:
    accounts, cases = AccountStore(database, b"p" * 32), CaseStore(database)
    code = accounts.invite("Amina", ["office", "friend"])
    key = PrivateKey.new().public()
    amina = accounts.finish_setup("Amina", code, bytes(16), bytes(32), key, "wrapped")
    reader = Reader(amina.account_id, ("office", "friend"))
    made = [new_case(b"%d" % number) for number in range(3)]
    for new in made:
        cases.add(new)
    with database.write() as connection:
        shut = "INSERT INTO case_exclusions (case_id, kind, name) VALUES (:one, 'office', 'friend')"
        connection.execute(text(shut), {"one": made[0].case_id})
        aside = "INSERT INTO case_recusals (case_id, account_id) VALUES (:one, :who)"
        connection.execute(text(aside), {"one": made[1].case_id, "who": amina.account_id})
    listing = CaseList(database)
    assert walked(listing, reader, 1) == [made[2].case_id]
    counts = listing.counts(reader, date(2030, 1, 1))
    assert (counts.unread, counts.due) == (1, 1)
    assert {made[0].case_id, made[1].case_id} == Readers(database).aside(reader.account_id)


def test_cases_from_before_the_lists_are_placed(database: Database, cases: CaseStore) -> None:
    with database.write() as connection:
        command.downgrade(alembic_config(connection), "0010")
    database.migrate()
    assert walked(CaseList(database), NOBODY, 7) == expected(cases, NOBODY.offices)
    cases.add(new_case(b"later", ("office",), DAY))
    assert walked(CaseList(database), NOBODY, 7) == expected(cases, NOBODY.offices)


def test_every_list_is_read_off_its_own_index(database: Database, cases: CaseStore) -> None:
    listing = CaseList(database)
    for shown, index in (
        ("all", "ix_case_offices_listed"),
        ("new", "ix_case_offices_listed_new"),
        ("waiting", "ix_case_offices_listed"),
        ("closed", "ix_case_offices_listed_closed"),
    ):
        with recorded() as plans:
            listing.page(Reader("nobody", ("office",)), 5, shown)
        first = plans[0]
        assert not first.sorts and any(f"{index} " in f"{line} " for line in first.lines), first
    with recorded() as plans:
        listing.counts(NOBODY, DAY)
    used = [" ".join(plan.lines) for plan in plans]
    assert "ix_case_offices_listed_new" in used[0] and "ix_case_offices_listed" in used[1]
