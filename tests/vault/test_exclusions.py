"""Whoever is shut out of a case neither opens it nor finds it, on whatever way it goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.vault.rows import new_case
from tests.vault.test_readers import DAY, Office, Person
from vault.database import Database
from vault.errors import LastReader, NoSuchCase, RecoveryError
from vault.keys import PrivateKey
from vault.recovery import pass_on, read_bundle, read_passing, write_bundle
from vault.sealing import Context, seal, share
from vault.stores import Exclusions, Leaving, Outbox


def shutting(
    office: Office, *, standby: str | None = None, shut_out: tuple[str, ...], **more: str
) -> PrivateKey:
    """A further case of the office that somebody is shut out of; the office's from now on."""
    recovery = PrivateKey.new()
    number = len(office.cases.for_offices(["office"]))
    new = new_case(locator=b"shut %d" % number, offices=("office",), opened_on=DAY)
    offices = ["office", *([standby] if standby else [])]
    keys = office.accounts.public_keys(offices, shut_out)
    envelope = seal(b"report", [*keys, recovery.public()], Context("report", new.case_id))
    levels = tuple(more.values())
    new = replace(new, envelope=envelope, standby=standby, shut_out=shut_out, levels=levels)
    office.cases.add(new)
    office.case_id = new.case_id
    return recovery


def sees_nothing(office: Office, person: Person) -> None:
    """She can neither open the case nor find it, and nobody tells her of it."""
    assert office.opened_by(person) == []
    assert not office.readers.may_read(office.case_id, person.account_id)
    account = office.accounts.get(person.account_id)
    assert account is not None
    listed = {case.case_id for case in office.cases.for_offices(account.offices)}
    assert office.case_id not in listed - office.readers.aside(person.account_id)
    assert person.key.public() not in office.readers.recipients(office.case_id)
    assert person.name not in [one.name for one in office.readers.colleagues(office.case_id)]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, standby=False)


def test_a_member_of_two_offices_is_shut_out_of_both(office: Office) -> None:
    both = office.join("chen", "office", "alternate")
    office.told()
    shutting(office, shut_out=("alternate",))
    office.adds(b"and again")
    sees_nothing(office, both)
    sees_nothing(office, office.head)
    assert office.opened_by(office.amina) == [b"report", b"and again"]
    assert both.account_id not in office.told()


def test_who_joins_a_shut_out_office_later_loses_the_case(office: Office) -> None:
    shutting(office, shut_out=("regional",))
    assert office.readers.may_read(office.case_id, office.bao.account_id)
    office.accounts.invite("bao", ["office", "regional"])
    assert not office.readers.may_read(office.case_id, office.bao.account_id)
    assert office.case_id in office.readers.aside(office.bao.account_id)


def test_who_is_shut_out_later_is_not_told_by_a_notice_that_waits(office: Office) -> None:
    office.told()
    shutting(office, shut_out=("regional",))
    office.accounts.invite("bao", ["office", "regional"])
    assert office.told() == [office.amina.account_id]
    assert Outbox(office.database).counts()["spared"] == 1


def test_no_hand_over_and_no_new_seal_reaches_her(office: Office) -> None:
    both = office.join("chen", "office", "alternate")
    shutting(office, shut_out=("alternate",))
    (entry,) = office.cases.entries(office.case_id)
    context = Context("report", office.case_id)
    hers = share(entry.envelope, office.amina.key, both.key.public(), context)
    hand_over = office.readers.hand_over
    assert not hand_over(office.case_id, office.amina.account_id, "chen", {0: hers}, DAY)
    with pytest.raises(NoSuchCase):
        hand_over(office.case_id, both.account_id, "amina", {}, DAY)
    with pytest.raises(NoSuchCase):
        office.readers.recuse(office.case_id, both.account_id, DAY)
    sees_nothing(office, both)


def test_neither_escalation_nor_stepping_aside_leads_to_her(office: Office) -> None:
    both = office.join("chen", "alternate", "regional")
    shutting(office, standby="alternate", shut_out=("regional",))
    assert office.readers.escalate(office.case_id, DAY)
    assert office.opened_by(office.head) == [b"report"]
    sees_nothing(office, both)
    assert office.leaves(office.amina) == office.leaves(office.bao) == "colleagues"
    assert office.leaves(office.head) == "recovery"
    sees_nothing(office, both)


def test_an_alternate_that_is_shut_out_is_never_written_behind_a_case(office: Office) -> None:
    for shut_out in (("alternate",), ("office",)):
        with pytest.raises(ValueError, match="shut out"):
            shutting(office, standby="alternate", shut_out=shut_out)
    shutting(office, shut_out=("alternate",))
    assert not office.readers.escalate(office.case_id, DAY)
    assert office.leaves(office.amina) == "colleagues"
    assert office.leaves(office.bao) == "recovery"
    sees_nothing(office, office.head)


def test_the_recovery_key_passes_nothing_on_to_her(database: Database, office: Office) -> None:
    leaving = Leaving(database)
    recovery = shutting(office, shut_out=("alternate",))
    both = office.join("chen", "elsewhere", "alternate")
    for person in (office.amina, office.bao):
        leaving.remove(person.name, DAY)
    for every in (False, True):
        cases = {one.case_id for one in leaving.bundle("alternate", every=every).envelopes}
        assert office.case_id not in cases
    dina = office.join("dina", "elsewhere")
    bundle = replace(leaving.bundle("elsewhere"), office="alternate")
    raw, _ = pass_on(bundle, recovery, [office.head.key.public()])
    with pytest.raises(RecoveryError, match="export anew"):
        leaving.put_in(read_passing(raw), DAY)
    bundle = read_bundle(write_bundle(leaving.bundle("elsewhere")))
    assert both.key.public() in bundle.keys
    raw, _ = pass_on(bundle, recovery, bundle.keys)
    leaving.put_in(read_passing(raw), DAY)
    assert b"report" in office.opened_by(dina)
    sees_nothing(office, both)
    sees_nothing(office, office.head)


def test_an_office_that_is_of_a_shut_out_level_later_is_shut_out(
    database: Database, office: Office
) -> None:
    shutting(office, shut_out=(), level="regional")
    assert office.readers.may_read(office.case_id, office.bao.account_id)
    office.accounts.invite("bao", ["office", "panama"])
    exclusions = Exclusions(database)
    assert exclusions.renew({"country": ["goma"]}) == 0
    assert exclusions.renew({"regional": ["panama", "dakar"]}) == 2
    assert exclusions.renew({"regional": ["panama", "dakar"]}) == 0
    assert not office.readers.may_read(office.case_id, office.bao.account_id)
    assert office.readers.may_read(office.case_id, office.amina.account_id)


@pytest.mark.parametrize("standby", [None, "alternate"])
def test_one_bad_start_takes_no_case_from_its_own_office(
    database: Database, office: Office, standby: str | None
) -> None:
    """A lost line in routes.yml, or a wrong one, would make it nobody's for good."""
    shutting(office, standby=standby, shut_out=("regional",), level="headquarters")
    wrong = {"headquarters": ["office", "alternate", "regional", "panama"]}
    # An office that only waits behind the case keeps its place, too; any other is shut out.
    assert Exclusions(database).renew(wrong) == (1 if standby else 2)
    assert Exclusions(database).renew(wrong) == 0
    assert office.readers.may_read(office.case_id, office.amina.account_id)
    assert office.case_id not in Leaving(database).orphans()
    assert office.readers.escalate(office.case_id, DAY) == bool(standby)
    assert office.readers.may_read(office.case_id, office.head.account_id) == bool(standby)


def test_an_office_that_she_herself_shut_out_stays_so(database: Database, office: Office) -> None:
    shutting(office, shut_out=("alternate",), level="headquarters")
    assert Exclusions(database).renew({"headquarters": ["alternate", "office"]}) == 0
    sees_nothing(office, office.head)


def test_one_case_that_nobody_there_may_read_holds_up_no_other(
    database: Database, office: Office
) -> None:
    """The office is not shut out, but each of its people belongs to one that is."""
    leaving = Leaving(database)
    keys: list[PrivateKey] = []
    cases: list[str] = []
    for shut_out in ((), ("regional",), ("panama",)):
        keys.append(shutting(office, shut_out=shut_out))
        cases.append(office.case_id)
    plain, regional, panama = cases
    for person in (office.amina, office.bao):
        leaving.remove(person.name, DAY)
    dan = office.join("dan", "elsewhere", "regional")
    bundle = leaving.bundle("elsewhere")
    assert {one.case_id for one in bundle.envelopes} >= {plain, panama}
    assert regional not in {one.case_id for one in bundle.envelopes}
    # She comes to the other office between export and import.
    office.accounts.invite("dan", ["elsewhere", "regional", "panama"])
    passings = [read_passing(pass_on(bundle, key, bundle.keys)[0]) for key in (keys[0], keys[2])]
    both = replace(passings[0], entries=passings[0].entries | passings[1].entries)
    assert leaving.put_in(both, DAY) == {plain}
    assert office.opened_by(dan) == []
    office.case_id = plain
    assert office.opened_by(dan) == [b"report"]
    with pytest.raises(RecoveryError, match="export anew"):
        leaving.put_in(passings[1], DAY)


def test_the_last_reader_joins_no_office_that_is_shut_out(office: Office) -> None:
    """Her case would be left without a reader: it says so at once, and changes nothing."""
    shutting(office, shut_out=("regional",))
    office.accounts.invite("bao", ["office", "regional"])
    with pytest.raises(LastReader, match="hand them over"):
        office.accounts.invite("amina", ["office", "regional"])
    assert office.readers.may_read(office.case_id, office.amina.account_id)
    assert Leaving(office.database).orphans() == []


def test_the_last_reader_leaves_no_office_before_somebody_else_reads(office: Office) -> None:
    Leaving(office.database).remove("bao", DAY)
    with pytest.raises(LastReader, match=r"open 1 of her cases"):
        office.accounts.invite("amina", ["elsewhere"])
    office.join("chen", "office")
    with pytest.raises(LastReader):
        office.accounts.invite("amina", ["elsewhere"])


def test_who_reads_with_others_may_join_any_office(office: Office) -> None:
    office.accounts.invite("amina", ["office", "elsewhere"])
    office.accounts.invite("amina", ["elsewhere"])
    assert Leaving(office.database).orphans() == []
