"""A case in any order: who sees it, how long it stays, and that the numbers add up.

Two people in the office that has it, one of its alternate, one who is of the office and also of one
that the reporter shut out, one who is of that office alone. They read, answer, step aside, close,
hold and delete; the reporter adds, and asks for deletion; days pass. A model says what must be so.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select

from tests.attack.size import FULL, sized
from tests.vault.rows import focal_point, new_case
from tests.vault.test_readers import Person
from vault.database import Database
from vault.errors import NoSuchCase
from vault.keys import PrivateKey
from vault.sealing import Context, SealingError, open_envelope, seal
from vault.stores import AccountStore, CaseStore, Keeping, Readers, Term
from vault.tables import case_entries, cases

DAYS = 90
#: Everybody, with the offices that each is of.
OFFICES = {
    "amina": ("office",),
    "bao": ("office",),
    "head": ("alternate",),
    "eva": ("office", "shut"),
    "zoe": ("shut",),
}

Status = Literal["opened", "in_review", "closed"]


@dataclass
class Known:
    """What must be so of a case.

    Args:
        readers: who sees it and opens all of it.
        standby: the alternate waits behind it.
        said: what the reporter wrote.
    """

    readers: set[str]
    standby: bool
    said: list[bytes] = field(default_factory=list)
    entries: int = 1
    status: str = "received"
    closed_on: date | None = None
    unread: bool = True
    held: bool = False
    spent: bool = False


class Case(RuleBasedStateMachine):
    """What people may do with cases, and what must be so afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.database = Database.open(f"sqlite:///{self.folder / 'cases.db'}")
        self.database.migrate()
        self.cases, self.readers = CaseStore(self.database), Readers(self.database)
        self.keeping = Keeping(self.database, Term(DAYS, {}))
        accounts = AccountStore(self.database, b"a" * 32)
        self.people = {name: self._joins(accounts, name) for name in OFFICES}
        self.today = date(2026, 3, 4)
        self.known: dict[str, Known] = {}
        self.made = self.gone = 0

    def _joins(self, accounts: AccountStore, name: str) -> Person:
        key = focal_point(accounts, name, *OFFICES[name])
        account = accounts.sign_in(name, bytes(32))
        assert account is not None
        return Person(name, account.account_id, key)

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def _which(self, which: int) -> tuple[str, Known]:
        case_id = list(self.known)[which % len(self.known)]
        return case_id, self.known[case_id]

    @precondition(lambda self: len(self.known) < 3)
    @rule(standby=st.booleans())
    def reports(self, standby: bool) -> None:
        self.made += 1
        new = new_case(locator=b"%d" % self.made, offices=("office",), opened_on=self.today)
        to = ["amina", "bao", *(["head"] if standby else [])]
        keys = [self.people[name].key.public() for name in to]
        envelope = seal(b"report", keys, Context("report", new.case_id))
        behind = "alternate" if standby else None
        self.cases.add(replace(new, envelope=envelope, standby=behind, shut_out=("shut",)))
        self.known[new.case_id] = Known({"amina", "bao"}, standby, [b"report"])

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2))
    def adds(self, which: int) -> None:
        case_id, known = self._which(which)
        keys = self.readers.recipients(case_id)
        behind = {"head"} if known.standby and known.readers else set()
        ids = {self.people[name].key.public().key_id for name in known.readers | behind}
        assert {key.key_id for key in keys} == ids
        if not keys:
            return
        text = b"addition %d" % known.entries
        envelope = seal(text, keys, Context("addition", case_id))
        self.cases.add_entry(case_id, "reporter", envelope, self.today)
        known.said.append(text)
        known.entries, known.unread = known.entries + 1, True

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2), note=st.booleans())
    def office_writes(self, which: int, note: bool) -> None:
        case_id, known = self._which(which)
        key = PrivateKey.new().public()
        if note:
            self.cases.add_note(case_id, seal(b"n", [key], Context("note", case_id)), self.today)
        else:
            sealed = seal(b"r", [key], Context("reply", case_id))
            self.cases.add_entry(case_id, "focal_point", sealed, self.today)
        known.entries += 1

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2))
    def reads(self, which: int) -> None:
        case_id, known = self._which(which)
        self.cases.mark_read(case_id, "focal_point")
        known.unread = False

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2), status=st.sampled_from(["opened", "in_review", "closed"]))
    def goes_on(self, which: int, status: Status) -> None:
        """Also backwards: a closed case may be taken up again."""
        case_id, known = self._which(which)
        assert self.cases.set_status(case_id, status)
        known.status = status
        if status != "closed":
            known.closed_on = None

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2), name=st.sampled_from(sorted(OFFICES)))
    def steps_aside(self, which: int, name: str) -> None:
        case_id, known = self._which(which)
        account = self.people[name].account_id
        if name not in known.readers:
            with pytest.raises(NoSuchCase):
                self.readers.recuse(case_id, account, self.today)
            return
        passed = self.readers.recuse(case_id, account, self.today)
        known.readers.discard(name)
        known.unread = True
        if known.readers:
            assert passed == "colleagues"
        elif known.standby:
            assert passed == "alternate"
            known.readers, known.standby = {"head"}, False
        else:
            assert passed == "recovery"

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2))
    def escalates(self, which: int) -> None:
        case_id, known = self._which(which)
        assert self.readers.escalate(case_id, self.today) == known.standby
        if known.standby:
            known.readers, known.standby = known.readers | {"head"}, False

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2), hold=st.booleans())
    def holds(self, which: int, hold: bool) -> None:
        case_id, known = self._which(which)
        self.keeping.hold(case_id, "court" if hold else None)
        known.held = hold

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2), refuse=st.booleans())
    def wishes_for_deletion(self, which: int, refuse: bool) -> None:
        case_id, known = self._which(which)
        self.keeping.ask_deletion(case_id, self.today)
        known.unread = self.cases.get(case_id).unread_by_focal_point  # type: ignore[union-attr]
        if refuse:
            self.keeping.refuse_deletion(case_id, "investigation")
            known.held = True
        elif self.keeping.delete(case_id):
            assert not known.held
            self._is_gone(case_id)
        else:
            assert known.held

    @precondition(lambda self: self.known)
    @rule(which=st.integers(0, 2))
    def offers_the_survey(self, which: int) -> None:
        case_id, known = self._which(which)
        offered = self.cases.spend_survey_offer(case_id)
        assert offered == (known.status == "closed" and not known.spent)
        known.spent = known.spent or offered

    @rule(days=st.sampled_from([0, 1, 30, 89, 90, 91]))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)
        gone = {case_id for case_id, _ in self.keeping.work(self.today)}
        for case_id, known in list(self.known.items()):
            if known.status == "closed" and known.closed_on is None:
                known.closed_on = self.today
            due = known.closed_on and known.closed_on + timedelta(days=DAYS) <= self.today
            goes = bool(due) and not known.held and not known.unread
            assert (case_id in gone) == goes, (known, self.today)
            if goes:
                self._is_gone(case_id)

    def _is_gone(self, case_id: str) -> None:
        del self.known[case_id]
        self.gone += 1
        assert self.cases.get(case_id) is None and self.cases.entries(case_id) == []
        with pytest.raises(NoSuchCase):
            self.keeping.of(case_id)

    @invariant()
    def who_may_sees_and_opens_all_and_nobody_else_anything(self) -> None:
        for case_id, known in self.known.items():
            entries = self.cases.entries(case_id)
            assert len(entries) == known.entries
            for name, person in self.people.items():
                reads = name in known.readers
                assert self.readers.may_read(case_id, person.account_id) == reads, name
                opened = []
                for entry in entries:
                    try:
                        context = Context(entry.purpose, case_id)
                        opened.append(open_envelope(entry.envelope, person.key, context))
                    except SealingError:
                        continue
                assert opened == (known.said if reads else []), name

    @invariant()
    def a_closed_case_has_its_deadline_and_an_open_one_none(self) -> None:
        for case_id, known in self.known.items():
            kept = self.keeping.of(case_id)
            assert kept.closed_on == known.closed_on
            until = known.closed_on + timedelta(days=DAYS) if known.closed_on else None
            assert kept.delete_on == (None if known.held else until)

    @invariant()
    def the_numbers_add_up(self) -> None:
        with self.database.read() as connection:
            rows = connection.execute(select(func.count()).select_from(cases)).scalar_one()
            entries = connection.execute(select(func.count()).select_from(case_entries))
            assert entries.scalar_one() == sum(known.entries for known in self.known.values())
        assert rows == len(self.known) == self.made - self.gone
        assert self.keeping.deleted() == self.gone


TestCases = Case.TestCase
TestCases.settings = settings(
    max_examples=sized(6, 150),
    stateful_step_count=sized(20, 50),
    deadline=None,
    derandomize=not FULL,
    database=None,
    suppress_health_check=list(HealthCheck),
)
