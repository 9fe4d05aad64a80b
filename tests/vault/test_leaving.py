"""Somebody leaves, a key is lost, a case has no reader: each has its way, and it is rehearsed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.vault.rows import new_case
from tests.vault.test_readers import DAY, Office
from vault import paper
from vault.database import Database
from vault.errors import KeyFileError, NoSuchAccount, RecoveryError
from vault.keys import PrivateKey
from vault.recovery import opened, pass_on, read_bundle, read_passing, write_bundle
from vault.sealing import Context, key_ids, seal
from vault.stores import Leaving

LATER = date(2026, 3, 20)


def with_recovery(office: Office, *, locator: bytes = b"recoverable") -> PrivateKey:
    """A further case that only Amina and the recovery key open; the office's case from now on."""
    recovery = PrivateKey.new()
    new = new_case(locator=locator, offices=("office",), opened_on=DAY)
    publics = [office.amina.key.public(), recovery.public()]
    envelope = seal(b'{"account":"x"}', publics, Context("report", new.case_id))
    office.cases.add(replace(new, envelope=envelope))
    office.case_id = new.case_id
    return recovery


def test_who_is_removed_opens_nothing_and_her_cases_go_on(database: Database) -> None:
    office, leaving = Office(database, standby=True), Leaving(database)
    assert leaving.remove("Amina ", LATER) == {}
    assert office.opened_by(office.amina) == []
    assert office.opened_by(office.bao) == [b"what happened"]
    assert office.accounts.get(office.amina.account_id) is None
    assert office.accounts.sign_in("amina", bytes(32)) is None
    assert leaving.remove("bao", LATER) == {"alternate": 1}
    assert office.opened_by(office.head) == [b"what happened"]
    assert leaving.remove("head", LATER) == {"recovery": 1}
    assert leaving.orphans() == [office.case_id]
    with pytest.raises(NoSuchAccount):
        leaving.remove("amina", LATER)


def test_a_removed_alternate_leaves_no_held_back_key(database: Database) -> None:
    office, leaving = Office(database, standby=True), Leaving(database)
    assert leaving.remove("head", LATER) == {}
    office.join("head", "alternate")
    assert not office.readers.escalate(office.case_id, LATER)


def test_the_recovery_key_passes_a_case_on_without_anybody_reading_it(database: Database) -> None:
    office, leaving = Office(database, standby=False), Leaving(database)
    recovery = with_recovery(office)
    leaving.remove("amina", LATER)
    assert leaving.orphans() == [office.case_id]
    bundle = read_bundle(write_bundle(leaving.bundle("alternate")))
    assert [one.case_id for one in bundle.envelopes] == [office.case_id]
    assert [content for _, content in opened(bundle, recovery)] == [b'{"account":"x"}']
    raw, closed = pass_on(bundle, recovery, bundle.keys)
    assert closed == 0 and b"account" not in raw
    assert leaving.put_in(read_passing(raw), LATER) == {office.case_id}
    assert leaving.put_in(read_passing(raw), LATER) == {office.case_id}
    assert office.opened_by(office.head) == [b'{"account":"x"}']
    (case,) = office.cases.for_offices(["alternate"])
    assert case.unread_by_focal_point and leaving.orphans() == []


def test_who_stepped_aside_gets_nothing_back_through_recovery(database: Database) -> None:
    office, leaving = Office(database, standby=False), Leaving(database)
    recovery = with_recovery(office)
    assert office.leaves(office.amina) == "recovery"
    raw, _ = pass_on(leaving.bundle("office"), recovery, [office.amina.key.public()])
    with pytest.raises(RecoveryError, match="export anew"):
        leaving.put_in(read_passing(raw), LATER)
    assert office.opened_by(office.amina) == []
    bundle = leaving.bundle("office")
    raw, _ = pass_on(bundle, recovery, bundle.keys)
    leaving.put_in(read_passing(raw), LATER)
    (entry,) = office.cases.entries(office.case_id)
    named = key_ids(entry.envelope)
    assert office.bao.key.public().key_id in named
    assert office.amina.key.public().key_id not in named


def test_a_drill_counts_what_the_key_opens(database: Database) -> None:
    office, leaving = Office(database, standby=False), Leaving(database)
    recovery = with_recovery(office)
    assert leaving.sealed_to(recovery.public()) == (1, 2)
    found = [
        content is not None for _, content in opened(leaving.bundle("office", every=True), recovery)
    ]
    assert sorted(found) == [False, True]


def test_files_of_another_kind_are_refused(database: Database) -> None:
    Office(database, standby=False)
    for raw in (b"", b"{}", b"[]", b'{"speaksafe_recovery":1}', b'{"speaksafe_passing":1}'):
        with pytest.raises(RecoveryError):
            read_bundle(raw)
        with pytest.raises(RecoveryError):
            read_passing(raw)
    with pytest.raises(RecoveryError, match="nobody"):
        Leaving(database).bundle("nowhere")


def test_a_printed_key_says_of_which_kind_it_is() -> None:
    key = PrivateKey.new("x-wing")
    printed = paper.written(key)
    assert paper.read(printed) == key
    assert paper.read(printed.upper()) == key
    without = printed.partition("\n")[2]
    assert paper.read(without) == PrivateKey(key.raw)


def test_a_key_on_paper_is_read_as_people_type() -> None:
    key = PrivateKey(bytes(range(32)))
    text = paper.written(key)
    assert len(text.splitlines()) == 8 and max(map(len, text.splitlines())) < 40
    assert paper.read(text) == key
    assert paper.read(text.lower().replace("0", "o").replace("1 ", "l ", 0)) == key
    shuffled = "\n".join(reversed(text.splitlines()))
    assert paper.read(shuffled) == key


@pytest.mark.parametrize("line", range(1, 8))
def test_a_slip_on_paper_is_named_by_its_line(line: int) -> None:
    lines = paper.written(PrivateKey(bytes(range(32)))).splitlines()
    wrong = lines[line].replace(" ", "")[1:]
    other = "7" if wrong[2] != "7" else "8"
    lines[line] = f"{line}  {wrong[:2]}{other}{wrong[3:]}"
    with pytest.raises(KeyFileError, match=f"line {line} "):
        paper.read("\n".join(lines))
    del lines[line]
    with pytest.raises(KeyFileError, match=f"line {line} ") as caught:
        paper.read("\n".join(lines))
    assert wrong[:4] not in str(caught.value)
