"""What is asked of the database all day, as pieces of work: to measure, and to see the plans."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from vault.database import Database
from vault.keys import PrivateKey
from vault.sealing import Context, seal
from vault.stores import (
    AccountStore,
    AttachmentStore,
    AuditTrail,
    CaseList,
    CaseStore,
    DropBox,
    InvitationStore,
    Keeping,
    KeyStore,
    NewCase,
    Outbox,
    Readers,
    RoundStore,
    Term,
    new_case_id,
)
from vault.stores.listing import Reader

SECRET = b"bench" + bytes(27)
TODAY = date(2026, 11, 2)

#: Cases of a page, as the inbox shows them.
PAGE = 50

#: Sealed to somebody once, and as long as a short report.
ENVELOPE = seal(bytes(1500), [PrivateKey.new().public()], Context("report", "bench"))


@dataclass(slots=True)
class World:
    """A filled database, and what is in it.

    Args:
        database: open.
        cases: ids of cases that there are, with their locators.
        offices: offices that have cases.
        accounts: accounts by office.
        tokens: invitations that are good.
        round_id: the open round.
    """

    database: Database
    cases: list[tuple[str, bytes]]
    offices: list[str]
    accounts: dict[str, str]
    tokens: list[str]
    round_id: str = "r1"
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    _stores: dict[Any, Any] = field(default_factory=dict)

    def store(self, kind: Any, *more: Any) -> Any:
        """One of the stores on this database, made once."""
        if kind not in self._stores:
            self._stores[kind] = kind(self.database, *more)
        return self._stores[kind]

    def case(self) -> tuple[str, bytes]:
        """Any case."""
        return self.dice.choice(self.cases)

    def office(self) -> str:
        """Any office."""
        return self.dice.choice(self.offices)


def open_case(world: World) -> None:
    """A focal point opens a case: everything that ``/inbox/api/case`` asks."""
    case_id, _ = world.case()
    case = world.store(CaseStore).get(case_id)
    world.store(Readers).may_read(case_id, world.accounts[case.offices[0]])
    world.store(AuditTrail, SECRET).add(TODAY, "somebody", "read", case.offices, case_id)
    world.store(CaseStore).entries(case_id)
    world.store(Readers).recipients(case_id)
    world.store(KeyStore).all("recovery")


def list_inbox(world: World) -> None:
    """A page of a focal point's list: everything that ``/inbox/api/cases`` asks."""
    office = world.office()
    reader = Reader(world.accounts[office], (office,))
    world.store(CaseList).page(reader, PAGE)
    world.store(CaseList).counts(reader, TODAY - timedelta(days=3))


def narrow_inbox(world: World) -> None:
    """The next page of each choice of cases."""
    office = world.office()
    reader = Reader(world.accounts[office], (office, world.office()))
    for shown in ("new", "waiting", "closed"):
        page = world.store(CaseList).page(reader, 1, shown)
        world.store(CaseList).page(reader, PAGE, shown, page.cases[-1].place if page.cases else "")


def by_receipt(world: World) -> None:
    """A reporter comes back: her receipt leads to her case, and to what was answered."""
    case = world.store(CaseStore).by_locator(world.case()[1])
    world.store(CaseStore).entries(case.case_id)


def by_no_receipt(world: World) -> None:
    """A receipt that leads nowhere."""
    world.store(CaseStore).by_locator(secrets.token_bytes(32))


def keep_report(world: World) -> None:
    """A report is stored, and its notices are queued."""
    new = NewCase(
        case_id=new_case_id(),
        locator=secrets.token_bytes(32),
        reporter_key=PrivateKey.new().public(),
        offices=(world.office(),),
        envelope=ENVELOPE,
        lang="en",
        opened_on=TODAY,
    )
    world.store(CaseStore).add(new)


def keep_addition(world: World) -> None:
    """The reporter writes something more."""
    case_id, _ = world.case()
    world.store(CaseStore).add_entry(case_id, "reporter", ENVELOPE, TODAY)


def keep_answer(world: World) -> None:
    """An answer is dropped into the box."""
    world.store(DropBox, SECRET).put(world.round_id, secrets.token_bytes(1900))


def redeem(world: World) -> None:
    """An invitation is spent."""
    assert world.store(InvitationStore, SECRET).redeem(world.tokens.pop())


def invite(world: World) -> None:
    """One more invitation, for the reporter of a closed case."""
    world.store(InvitationStore, SECRET).new(1)


def next_notice(world: World) -> None:
    """The next notice is taken, marked and sent."""
    with world.store(Outbox).take(TODAY) as taken:
        assert taken is not None
        taken.mark()
        taken.settle("sent")


def sign_in_looks(world: World) -> None:
    """What signing in looks up, without the hashing."""
    world.store(AccountStore, SECRET).begin(f"account {world.office()}")
    world.store(AccountStore, SECRET).get(world.accounts[world.office()])
    world.store(AccountStore, SECRET).public_keys([world.office()])


#: What is measured at both sizes.
MEASURED: dict[str, Callable[[World], None]] = {
    "a focal point opens a case": open_case,
    "she lists a page of her inbox": list_inbox,
    "a receipt leads to its case": by_receipt,
    "a receipt leads nowhere": by_no_receipt,
    "a report is stored": keep_report,
    "an addition is stored": keep_addition,
    "an answer is stored": keep_answer,
    "an invitation is redeemed": redeem,
    "an invitation is made": invite,
    "the next notice is sent": next_notice,
    "what signing in looks up": sign_in_looks,
}


def _work_on_a_case(world: World) -> None:
    case_id, _ = world.case()
    cases = world.store(CaseStore)
    cases.mark_read(case_id, "focal_point")
    cases.set_status(case_id, "closed")
    cases.add_entry(case_id, "focal_point", b"reply", TODAY)
    cases.add_note(case_id, b"note", TODAY)
    cases.spend_survey_offer(case_id)
    keeping = Keeping(world.database, Term(90, {}))
    keeping.of(case_id)
    keeping.hold(case_id, None)
    keeping.end_follow_up(case_id, TODAY)


def _stand_aside(world: World) -> None:
    case_id, _ = world.case()
    case = world.store(CaseStore).get(case_id)
    readers = world.store(Readers)
    readers.colleagues(case_id)
    if case.offices:
        account_id = world.accounts[case.offices[0]]
        if readers.may_read(case_id, account_id):
            readers.recuse(case_id, account_id, TODAY)


def _round_of_work(world: World) -> None:
    """What the caretaker does every few seconds."""
    world.store(Outbox).schedule(TODAY, 3, 7)
    Keeping(world.database, Term(90, {})).work(TODAY)
    world.store(AttachmentStore).forget(TODAY)
    world.store(Outbox).waiting_since()


def _delete_a_case(world: World) -> None:
    Keeping(world.database, Term(90, {})).delete(world.case()[0])


def _look_at_rounds(world: World) -> None:
    world.store(RoundStore).current()
    world.store(DropBox, SECRET).prepare(world.round_id)
    world.store(InvitationStore, SECRET).valid("K7QM-K7QM-K7QM-K7QM")


#: What no plan may read a whole table for. Deleting comes last: it takes a case away.
LOOKED_AT: dict[str, Callable[[World], None]] = MEASURED | {
    "a case is worked on": _work_on_a_case,
    "a list is narrowed": narrow_inbox,
    "a round is looked at": _look_at_rounds,
    "somebody stands aside": _stand_aside,
    "the caretaker's round": _round_of_work,
    "a case is deleted": _delete_a_case,
}
