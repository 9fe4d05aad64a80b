"""How long a case stays, why it may stay longer, and that nothing is left when it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.vault.rows import focal_point, new_case, wait
from vault.database import Database
from vault.errors import NoSuchCase
from vault.keys import PrivateKey
from vault.sealing import Context, seal
from vault.stores import AccountStore, CaseStore, Keeping, Outbox, Term
from vault.stores.keeping import WARNING_DAYS
from vault.tables import attachment_parts

DAY = date(2026, 5, 4)
TERM = Term(90, {"quick": 30})


@pytest.fixture
def store(database: Database) -> CaseStore:
    return CaseStore(database)


@pytest.fixture
def keeping(database: Database) -> Keeping:
    return Keeping(database, TERM)


def closed(store: CaseStore, office: str = "office", locator: bytes = b"one") -> str:
    """A case that was read and closed."""
    new = new_case(locator=locator, offices=(office,), opened_on=DAY)
    store.add(new)
    store.mark_read(new.case_id, "focal_point")
    store.set_status(new.case_id, "closed")
    return new.case_id


def days(count: int) -> date:
    return DAY + timedelta(days=count)


def test_a_closed_case_goes_when_its_time_is_over(store: CaseStore, keeping: Keeping) -> None:
    case_id, quick = closed(store), closed(store, "quick", b"two")
    open_one = new_case(locator=b"three", offices=("office",), opened_on=DAY)
    store.add(open_one)
    assert keeping.work(DAY) == []
    assert keeping.of(case_id).delete_on == days(90)
    assert keeping.of(quick).delete_on == days(30)
    assert keeping.work(days(29)) == []
    assert keeping.work(days(30)) == [(quick, ("quick",))]
    assert keeping.work(days(89)) == []
    assert keeping.work(days(90)) == [(case_id, ("office",))]
    assert store.get(case_id) is None and store.by_locator(b"one") is None
    assert keeping.work(days(4000)) == [] and store.get(open_one.case_id) is not None
    assert keeping.deleted() == 2


def test_a_case_that_is_taken_up_again_has_its_whole_time_once_more(
    store: CaseStore, keeping: Keeping
) -> None:
    case_id = closed(store)
    keeping.work(DAY)
    store.set_status(case_id, "in_review")
    assert keeping.of(case_id).closed_on is None and keeping.of(case_id).delete_on is None
    assert keeping.work(days(95)) == []
    store.set_status(case_id, "closed")
    assert keeping.work(days(95)) == []
    assert keeping.of(case_id).delete_on == days(95 + 90)


def test_its_readers_are_told_two_weeks_before(
    database: Database, store: CaseStore, keeping: Keeping
) -> None:
    focal_point(AccountStore(database, b"a" * 32), "amina", "office")
    closed(store)
    keeping.work(DAY)
    box = Outbox(database)
    with box.take(days(3000)) as taken:
        assert taken is None  # it was read, so nothing else is to be told
    for count in (90 - WARNING_DAYS - 1, 90 - WARNING_DAYS, 90 - WARNING_DAYS + 1):
        keeping.work(days(count))
        due = 0 if count < 90 - WARNING_DAYS else 1
        assert box.counts().get("waiting", 0) == due
    with box.take(days(90)) as taken:
        assert taken is not None and taken.notice.kind == "deletion"
        taken.settle("sent")


def test_a_held_case_stays_until_it_is_no_longer_held(store: CaseStore, keeping: Keeping) -> None:
    case_id = closed(store)
    keeping.work(DAY)
    keeping.hold(case_id, "court")
    assert (keeping.of(case_id).hold, keeping.of(case_id).delete_on) == ("court", None)
    assert keeping.work(days(4000)) == [] and not keeping.delete(case_id)
    keeping.hold(case_id, None)
    assert keeping.work(days(4000)) == [(case_id, ("office",))]


def test_what_nobody_has_read_is_not_deleted(store: CaseStore, keeping: Keeping) -> None:
    case_id = closed(store)
    keeping.work(DAY)
    store.add_entry(case_id, "reporter", b"wait", days(89))
    assert keeping.work(days(95)) == []
    store.mark_read(case_id, "focal_point")
    assert keeping.work(days(95)) == [(case_id, ("office",))]


def test_the_reporters_wishes_are_there_for_the_office(
    database: Database, store: CaseStore, keeping: Keeping
) -> None:
    focal_point(AccountStore(database, b"a" * 32), "amina", "office")
    case_id = closed(store)
    keeping.end_follow_up(case_id, DAY)
    keeping.ask_deletion(case_id, DAY)
    kept = keeping.of(case_id)
    assert (kept.no_follow_up_since, kept.deletion_asked_on) == (DAY, DAY)
    case = store.get(case_id)
    assert case is not None and case.unread_by_focal_point
    keeping.refuse_deletion(case_id, "investigation")
    kept = keeping.of(case_id)
    assert (kept.deletion_refused, kept.hold) == ("investigation", "investigation")
    assert not keeping.delete(case_id)
    keeping.ask_deletion(case_id, days(5))
    assert keeping.of(case_id).deletion_refused is None


def test_reasons_are_words_of_the_list_and_cases_must_exist(
    store: CaseStore, keeping: Keeping
) -> None:
    case_id = closed(store)
    for change in (keeping.hold, keeping.refuse_deletion):
        with pytest.raises(ValueError, match="investigation") as caught:
            change(case_id, "the driver did it")
        assert "driver" not in str(caught.value)
        with pytest.raises(NoSuchCase):
            change("nothing", "court")
    with pytest.raises(NoSuchCase):
        keeping.delete("nothing")


def files_of(database: Database) -> list[bytes]:
    """Every byte that the database keeps of its tables, as an intruder would find it."""
    if database.file is not None:
        return [path.read_bytes() for path in database.file.parent.glob(database.file.name + "*")]
    tables = ("cases", "case_entries", "case_offices", "held_keys", "audit", "totals")
    tables += ("attachments", "attachment_parts")
    with database.write() as connection:
        connection.execute(text("CHECKPOINT"))
        found = []
        for table in tables:
            query = f"SELECT reltoastrelid FROM pg_class WHERE relname = '{table}'"  # noqa: S608
            toast = connection.execute(text(query)).scalar_one()
            for relation in (f"'{table}'::regclass", *([str(toast)] if toast else [])):
                read = f"SELECT pg_read_binary_file(pg_relation_filepath({relation}))"
                found.append(bytes(connection.execute(text(read)).scalar_one()))
    return found


def sealed_parts(database: Database, id: str) -> list[bytes]:
    query = select(attachment_parts.c.sealed).where(attachment_parts.c.attachment_id == id)
    with database.read() as connection:
        return list(connection.execute(query).scalars())


def test_not_a_byte_is_left_of_a_deleted_case(
    database: Database, store: CaseStore, keeping: Keeping, tmp_path: Path
) -> None:
    key = PrivateKey.new().public()
    kept = closed(store, locator=b"the other locator")
    files: list[bytes] = []
    for number in range(6):
        new = new_case(locator=b"planted locator %d" % number, opened_on=DAY)
        envelope = seal(b"x" * 3000 * number, [key], Context("report", new.case_id))
        file = wait(database, b"planted file" * 40_000 * number, new.case_id, DAY).id
        files += sealed_parts(database, file)
        store.add(replace(new, envelope=envelope, files=(file,)))
        store.mark_read(new.case_id, "focal_point")
        store.set_status(new.case_id, "closed")
    envelopes = [
        entry.envelope
        for case in store.for_offices(["office"])
        for entry in store.entries(case.case_id)
        if case.case_id != kept
    ]
    marks = [one[-80:-20] for one in envelopes + files] + [b"planted locator"]
    before = files_of(database)
    assert all(any(mark in content for content in before) for mark in marks)
    keeping.hold(kept, "rule")
    keeping.work(DAY)
    assert len(keeping.work(days(90))) == 6
    after = files_of(database)
    assert any(b"the other locator" in content for content in after)
    assert not any(mark in content for mark in marks for content in after)
