"""Standing aside, escalation and handing over: who can open a case, and who can see it at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Literal

import pytest

from tests.vault.at_once import at_once
from tests.vault.rows import focal_point, new_case
from vault.database import Database
from vault.errors import NoSuchCase
from vault.keys import PrivateKey
from vault.sealing import Context, SealingError, key_ids, open_envelope, seal, share
from vault.stores import AccountStore, CaseStore, Leaving, Outbox, Readers

DAY = date(2026, 3, 4)
PEPPER = b"a" * 32

Purpose = Literal["report", "addition"]


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    name: str
    account_id: str
    key: PrivateKey


class Office:
    """Two people of the receiving office, one of its alternate, and a case."""

    def __init__(self, database: Database, *, standby: bool) -> None:
        self.database = database
        self.accounts = AccountStore(database, PEPPER)
        self.cases, self.readers = CaseStore(database), Readers(database)
        self.amina, self.bao = self.join("amina", "office"), self.join("bao", "office")
        self.head = self.join("head", "alternate")
        new = new_case(offices=("office",), opened_on=DAY)
        self.case_id = new.case_id
        people = [self.amina, self.bao, *([self.head] if standby else [])]
        publics = [person.key.public() for person in people]
        envelope = seal(b"what happened", publics, Context("report", self.case_id))
        self.cases.add(replace(new, envelope=envelope, standby="alternate" if standby else None))

    def join(self, name: str, *offices: str) -> Person:
        """Somebody new."""
        key = focal_point(self.accounts, name, *offices)
        account = self.accounts.sign_in(name, bytes(32))
        assert account is not None
        return Person(name, account.account_id, key)

    def adds(self, text: bytes) -> None:
        """The reporter writes again, to whoever is to read it now."""
        keys = self.readers.recipients(self.case_id)
        envelope = seal(text, keys, Context("addition", self.case_id))
        self.cases.add_entry(self.case_id, "reporter", envelope, DAY)

    def leaves(self, person: Person) -> str:
        """She steps aside."""
        return self.readers.recuse(self.case_id, person.account_id, DAY)

    def opened_by(self, person: Person) -> list[bytes]:
        """What her key opens of all that is stored."""
        found = []
        for entry in self.cases.entries(self.case_id):
            try:
                context = Context(entry.purpose, self.case_id)
                found.append(open_envelope(entry.envelope, person.key, context))
            except SealingError:
                continue
        return found

    def told(self) -> list[str]:
        """Whom a notice waits for."""
        names = []
        for _ in range(20):
            with Outbox(self.database).take(DAY) as taken:
                if taken is None:
                    break
                names.append(taken.notice.account_id)
                taken.settle("sent")
        return names


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, standby=True)


def test_the_standby_can_neither_open_nor_see_the_case(office: Office) -> None:
    office.adds(b"and again")
    assert office.opened_by(office.amina) == [b"what happened", b"and again"]
    assert office.opened_by(office.head) == []
    assert office.cases.for_offices(["alternate"]) == []
    assert not office.readers.may_read(office.case_id, office.head.account_id)
    assert set(office.told()) == {office.amina.account_id, office.bao.account_id}


def test_who_steps_aside_neither_opens_nor_sees_it_any_more(office: Office) -> None:
    assert office.leaves(office.amina) == "colleagues"
    office.adds(b"and again")
    assert office.opened_by(office.amina) == []
    assert office.opened_by(office.bao) == [b"what happened", b"and again"]
    assert not office.readers.may_read(office.case_id, office.amina.account_id)
    assert office.readers.aside(office.amina.account_id) == {office.case_id}
    assert office.amina.account_id not in office.told()
    with pytest.raises(NoSuchCase):
        office.leaves(office.amina)


def test_when_all_step_aside_the_alternate_gets_everything(office: Office) -> None:
    office.adds(b"and again")
    office.told()
    assert [office.leaves(office.amina), office.leaves(office.bao)] == ["colleagues", "alternate"]
    office.adds(b"later")
    assert office.opened_by(office.head) == [b"what happened", b"and again", b"later"]
    assert office.opened_by(office.amina) == office.opened_by(office.bao) == []
    (case,) = office.cases.for_offices(["alternate"])
    assert case.offices == ("alternate",) and case.unread_by_focal_point
    assert office.cases.for_offices(["office"]) == []
    assert office.head.account_id in office.told()


def test_her_envelope_is_gone_from_what_is_stored(database: Database) -> None:
    office = Office(database, standby=True)
    kid = office.amina.key.public().key_id
    office.leaves(office.amina)
    for entry in office.cases.entries(office.case_id):
        assert kid not in key_ids(entry.envelope)
    if database.file is not None:
        left = [path.read_bytes() for path in database.file.parent.glob("speaksafe.db*")]
        assert not any(kid.encode() in content for content in left)


def test_without_the_reporters_consent_only_the_recovery_holder_can_pass_it_on(
    database: Database,
) -> None:
    office = Office(database, standby=False)
    assert not office.readers.escalate(office.case_id, DAY)
    assert [office.leaves(office.amina), office.leaves(office.bao)] == ["colleagues", "recovery"]
    assert office.opened_by(office.head) == []
    assert office.cases.for_offices(["office", "alternate"]) == []
    assert office.readers.recipients(office.case_id) == []
    assert Leaving(database).orphans() == [office.case_id]


def test_escalation_adds_the_alternate_once(office: Office) -> None:
    office.told()
    assert office.readers.escalate(office.case_id, DAY)
    assert not office.readers.escalate(office.case_id, DAY)
    office.adds(b"and again")
    assert office.opened_by(office.head) == [b"what happened", b"and again"]
    assert office.opened_by(office.amina) == [b"what happened", b"and again"]
    case = office.cases.get(office.case_id)
    assert case is not None and case.offices == ("office", "alternate")
    assert set(office.told()) == {p.account_id for p in (office.amina, office.bao, office.head)}


def test_somebody_of_both_offices_who_steps_aside_stays_aside(database: Database) -> None:
    office = Office(database, standby=False)
    both = office.join("both", "office", "alternate")
    new = new_case(locator=b"second", offices=("office",), opened_on=DAY)
    publics = [p.key.public() for p in (office.amina, both, office.head)]
    envelope = seal(b"x", publics, Context("report", new.case_id))
    office.cases.add(replace(new, envelope=envelope, standby="alternate"))
    office.case_id = new.case_id
    office.leaves(both)
    assert office.leaves(office.amina) == "alternate"
    assert office.opened_by(both) == [] and office.opened_by(office.head) == [b"x"]
    assert not office.readers.may_read(office.case_id, both.account_id)


def test_handing_over_lets_a_newcomer_open_everything(office: Office) -> None:
    office.adds(b"and again")
    carla = office.join("carla", "office")
    assert office.opened_by(carla) == []
    unread = {one.name: one.reads for one in office.readers.colleagues(office.case_id)}
    assert unread == {"amina": True, "bao": True, "carla": False}
    sealed = {
        entry.number: share(
            entry.envelope,
            office.amina.key,
            carla.key.public(),
            Context(entry.purpose, office.case_id),
        )
        for entry in office.cases.entries(office.case_id)
    }
    office.told()
    give = partial(office.readers.hand_over, office.case_id, office.amina.account_id, "carla")
    assert not give({0: sealed[0]}, DAY)
    assert office.opened_by(carla) == []
    assert give(sealed, DAY)
    assert office.opened_by(carla) == [b"what happened", b"and again"]
    case = office.cases.get(office.case_id)
    assert case is not None and case.handler == carla.account_id
    assert office.told() == [carla.account_id]


def test_handing_over_goes_to_colleagues_only(office: Office) -> None:
    give = partial(office.readers.hand_over, office.case_id)
    assert not give(office.amina.account_id, "head", {}, DAY)
    assert not give(office.amina.account_id, "nobody", {}, DAY)
    with pytest.raises(NoSuchCase):
        give(office.head.account_id, "bao", {}, DAY)
    office.leaves(office.bao)
    assert not give(office.amina.account_id, "bao", {}, DAY)


def test_two_who_step_aside_at_once_do_not_lose_the_case(
    database: Database, database_url: str
) -> None:
    office = Office(database, standby=True)

    def leave(person: Person, mine: Database) -> str:
        return Readers(mine).recuse(office.case_id, person.account_id, DAY)

    passed = at_once(database_url, [partial(leave, p) for p in (office.amina, office.bao)])
    assert sorted(passed) == ["alternate", "colleagues"]
    assert office.opened_by(office.head) == [b"what happened"]
