"""Rounds, answers and invitations in any order: nothing is lost, doubled, or told too early."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select

from tests.attack.size import FULL, sized
from vault.database import Database
from vault.errors import RoundClosed, RoundError, RoundStillOpen
from vault.keys import PrivateKey
from vault.stores import DropBox, InvitationStore, RoundStore
from vault.stores.drop_box import POOL
from vault.tables import box, invitations

KEY = PrivateKey.new().public()


class Rounds(RuleBasedStateMachine):
    """What people, the operator and the Task Force may do, and what must be so afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.database = Database.open(f"sqlite:///{self.folder / 'rounds.db'}")
        self.database.migrate()
        self.rounds = RoundStore(self.database)
        self.box = DropBox(self.database, b"b" * 32)
        self.invitations = InvitationStore(self.database, b"i" * 32)
        self.open: str | None = None
        self.put: dict[str, list[bytes]] = {}
        self.good: list[str] = []
        self.issued = 0
        self.number = 0

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    @rule()
    def opens(self) -> None:
        if self.open is not None:
            with pytest.raises(RoundError):
                self.rounds.open("victim-experience-1", "open", KEY)
            return
        self.open = self.rounds.open("victim-experience-1", "open", KEY).round_id
        self.box.prepare(self.open)
        self.put[self.open] = []

    @precondition(lambda self: self.put)
    @rule()
    def closes(self) -> None:
        last = list(self.put)[-1]
        assert self.rounds.close(last).state == "closed"
        self.open = None

    @precondition(lambda self: self.put)
    @rule(many=st.integers(1, 3), size=st.integers(0, 40))
    def answers(self, many: int, size: int) -> None:
        for _ in range(many):
            self.number += 1
            envelope = b"{%d}" % self.number + b"x" * size * 50
            last = list(self.put)[-1]
            if self.open is None:
                with pytest.raises(RoundClosed):
                    self.box.put(last, envelope)
            else:
                self.box.put(self.open, envelope)
                self.put[self.open].append(envelope)

    @rule(many=st.integers(1, 3))
    def invites(self, many: int) -> None:
        self.good += self.invitations.new(many)
        self.issued += many

    @precondition(lambda self: self.good)
    @rule(which=st.integers(0, 20), back=st.booleans())
    def spends(self, which: int, back: bool) -> None:
        token = self.good[which % len(self.good)]
        assert self.invitations.redeem(token)
        assert not self.invitations.redeem(token)
        if back:
            self.invitations.restore(token)
            self.issued += 1  # a row that stood for a spent one stays
        else:
            self.good.remove(token)

    @rule()
    def takes(self) -> None:
        for round_id, given in self.put.items():
            if round_id == self.open:
                with pytest.raises(RoundStillOpen):
                    self.box.take_all(round_id)
            else:
                assert sorted(self.box.take_all(round_id)) == sorted(given)

    @invariant()
    def rows_tell_no_number(self) -> None:
        with self.database.read() as connection:
            for round_id, given in self.put.items():
                query = select(func.count()).where(box.c.round_id == round_id)
                pools = len(given) // POOL + 1
                assert connection.execute(query).scalar_one() == pools * POOL
            rows = connection.execute(select(func.count()).select_from(invitations)).scalar_one()
        assert rows == self.issued
        assert all(map(self.invitations.valid, self.good[-2:]))


TestRounds = Rounds.TestCase
TestRounds.settings = settings(
    max_examples=sized(3, 25),
    stateful_step_count=sized(12, 30),
    deadline=None,
    derandomize=not FULL,
    database=None,
    suppress_health_check=list(HealthCheck),
)
