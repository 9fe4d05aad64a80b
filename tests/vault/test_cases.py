"""Cases: what is written stays in order, who has read what, and the survey offered once."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from tests.vault.at_once import at_once
from tests.vault.rows import new_case
from vault.database import Database
from vault.errors import NoSuchCase, StorageError
from vault.stores import Case, CaseStore, Entry
from vault.stores.cases import Author, Status

DAY = date(2026, 3, 4)


@pytest.fixture
def store(database: Database) -> CaseStore:
    return CaseStore(database)


@pytest.fixture
def case_id(store: CaseStore) -> str:
    new = new_case(locator=b"locator")
    store.add(new)
    return new.case_id


def test_a_case_is_found_by_its_locator_and_its_id(store: CaseStore) -> None:
    new = new_case(locator=b"here", offices=("office", "alternate"), opened_on=DAY)
    store.add(new)
    expected = Case(
        case_id=new.case_id,
        offices=("office", "alternate"),
        reporter_key=new.reporter_key,
        status="received",
        opened_on=DAY,
        lang="fr",
        unread_by_focal_point=True,
        unread_by_reporter=False,
        survey_offer_spent=False,
    )
    assert store.by_locator(b"here") == store.get(new.case_id) == expected
    assert store.by_locator(b"elsewhere") is None
    assert store.get("elsewhere") is None
    assert store.entries(new.case_id) == [Entry(0, "report", "reporter", b"the report", DAY)]
    assert store.entries("elsewhere") == []


def test_the_receiving_office_stays_the_first(store: CaseStore) -> None:
    new = new_case(offices=("z", "a", "z", "m"))
    store.add(new)
    case = store.get(new.case_id)
    assert case is not None and case.offices == ("z", "a", "m")


def test_a_case_needs_an_office_and_a_locator_of_its_own(store: CaseStore) -> None:
    with pytest.raises(ValueError, match="receiving office"):
        store.add(new_case(offices=()))
    store.add(new_case(locator=b"taken"))
    with pytest.raises(StorageError):
        store.add(new_case(locator=b"taken"))
    assert len(store.for_offices(["office"])) == 1


def test_an_office_sees_its_cases_only_the_newest_first(store: CaseStore) -> None:
    old = new_case(b"1", ("a", "b"), date(2026, 1, 1))
    new = new_case(b"2", ("b",), date(2026, 2, 1))
    other = new_case(b"3", ("c",), date(2026, 3, 1))
    for case in (old, new, other):
        store.add(case)

    def seen(*offices: str) -> list[str]:
        return [case.case_id for case in store.for_offices(offices)]

    assert seen("b") == [new.case_id, old.case_id]
    assert seen("a", "b") == [new.case_id, old.case_id]
    assert seen("c") == [other.case_id]
    assert seen() == seen("d") == []


def test_entries_stay_in_order(store: CaseStore, case_id: str) -> None:
    made = [
        store.add_entry(case_id, "focal_point", b"an answer", DAY),
        store.add_entry(case_id, "reporter", b"more", DAY),
    ]
    assert made == [
        Entry(1, "reply", "focal_point", b"an answer", DAY),
        Entry(2, "addition", "reporter", b"more", DAY),
    ]
    assert store.entries(case_id)[1:] == made


def test_who_has_not_read_what(store: CaseStore, case_id: str) -> None:
    def unread() -> tuple[bool, bool]:
        case = store.get(case_id)
        assert case is not None
        return case.unread_by_focal_point, case.unread_by_reporter

    assert unread() == (True, False)
    store.mark_read(case_id, "focal_point")
    assert unread() == (False, False)
    store.add_entry(case_id, "focal_point", b"an answer", DAY)
    assert unread() == (False, True)
    store.add_entry(case_id, "reporter", b"more", DAY)
    assert unread() == (True, True)
    store.mark_read(case_id, "reporter")
    assert unread() == (True, False)


@pytest.mark.parametrize("status", ["opened", "in_review", "closed", "received"])
def test_the_status_is_set(store: CaseStore, case_id: str, status: Status) -> None:
    store.set_status(case_id, status)
    case = store.get(case_id)
    assert case is not None and case.status == status


def test_two_who_act_in_the_same_moment_do_not_undo_each_other(
    store: CaseStore, case_id: str
) -> None:
    store.set_status(case_id, "in_review")
    assert store.set_status(case_id, "closed", only_from="in_review")
    assert not store.set_status(case_id, "opened", only_from="in_review")
    case = store.get(case_id)
    assert case is not None and case.status == "closed"
    with pytest.raises(NoSuchCase):
        store.set_status("none", "opened", only_from="received")


def test_no_other_status_is_kept(store: CaseStore, case_id: str) -> None:
    with pytest.raises(StorageError):
        store.set_status(case_id, "lost")  # type: ignore[arg-type]


@pytest.mark.parametrize("author", ["reporter", "focal_point"])
def test_a_case_that_is_not_there_cannot_be_changed(store: CaseStore, author: Author) -> None:
    with pytest.raises(NoSuchCase):
        store.add_entry("none", author, b"words", DAY)
    with pytest.raises(NoSuchCase):
        store.mark_read("none", author)
    with pytest.raises(NoSuchCase):
        store.set_status("none", "opened")
    assert not store.spend_survey_offer("none")


def test_the_survey_is_offered_once_and_only_when_closed(store: CaseStore, case_id: str) -> None:
    assert not store.spend_survey_offer(case_id)
    store.set_status(case_id, "closed")
    assert store.spend_survey_offer(case_id)
    assert not store.spend_survey_offer(case_id)
    case = store.get(case_id)
    assert case is not None and case.survey_offer_spent


def test_writing_at_once_loses_nothing(database_url: str, store: CaseStore, case_id: str) -> None:
    def write(author: Author, database: Database) -> int:
        mine = CaseStore(database)
        return [mine.add_entry(case_id, author, b"words", DAY) for _ in range(4)][-1].number

    authors: list[Author] = ["reporter", "focal_point", "reporter"]
    at_once(database_url, [partial(write, author) for author in authors])
    assert [entry.number for entry in store.entries(case_id)] == list(range(13))


def test_spending_at_once_spends_once(database_url: str, store: CaseStore, case_id: str) -> None:
    store.set_status(case_id, "closed")

    def spend(database: Database) -> bool:
        return CaseStore(database).spend_survey_offer(case_id)

    assert sum(at_once(database_url, [spend] * 4)) == 1
