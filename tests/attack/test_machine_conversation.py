"""A conversation in any order: nothing is sent without a yes, stop stops, and erase leaves nothing.

The real gate, dialogue, walks and stores, with rules in place of the machine learning; sometimes
without any engine at all.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from bot.conversation import Conversation
from bot.turn import Turn
from tests.attack.house import House
from tests.attack.size import FULL, sized
from vault.stores import DropBox
from vault.tables import cases

SAYS = (
    *("hello", "make a report", "survey", "is there a deadline?", "back", "skip", "no", "next"),
    *("He follows me home every evening.", "UNICEF", "1", "2", "menu", "umbrella", "repeat"),
    *("4821 0937 5526 1180 4472 9035", "en français", "in English please", "what is harassment?"),
)
#: A clear yes; it may send only where it was asked whether to send.
YES = ("yes", "Yes, send it", "ok send it", "oui")
STOPS = ("stop", "STOP", "please stop", "arrêter")
ERASES = ("erase", "erase everything", "effacer tout")
STARTS = ("menu:report", "menu:survey", "menu:policy", "menu:return", "menu:start")

#: Choices that agree to something being sent or kept, by their values.
AGREES = ("do:yes", "do:send", "do:keep")


def machine(service: House, dropped: list[bytes]) -> type[RuleBasedStateMachine]:
    """What people may do in this service, and what must be so afterwards."""
    parts = service.parts
    executor = parts.executor

    class Talks(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.id = ""
            self.turn: Turn | None = None
            self.reports, self.answers = self._counts()
            self.steps = 0

        def _counts(self) -> tuple[int, int]:
            with parts.storage.database.read() as connection:
                many = connection.execute(select(func.count()).select_from(cases)).scalar_one()
            return int(many), len(dropped)

        def _kept(self) -> Conversation | None:
            return asyncio.run(parts.conversations.find(self.id)) if self.id else None

        def _does(self, **what: Any) -> tuple[Conversation | None, Turn]:
            """One message; nothing but what was agreed to may be sent by it."""
            if self._kept() is None:
                self.id = parts.conversations.new_session()
                asyncio.run(parts.dialogue.begin(self.id, "web", "en"))
            before = self._kept()
            turn = asyncio.run(parts.dialogue.hear(self.id, **what))
            assert turn is not None and turn.messages and all(m.text for m in turn.messages)
            assert turn.ended == (self._kept() is None), "ended is forgotten, and nothing else is"
            reports, answers = self._counts()
            new = (reports - self.reports, answers - self.answers)
            assert new in ((0, 0), (1, 0), (0, 1)), "sent twice, or two things at once"
            if new != (0, 0):
                self._agreed(before, what)
            self.turn, self.reports, self.answers = turn, reports, answers
            return before, turn

        def _agreed(self, before: Conversation | None, what: dict[str, Any]) -> None:
            assert before is not None
            offered = {value for _, value in before.offered}
            assert offered & set(AGREES), f"sent where nobody asked, at {before.walk}"
            numbers = [str(n) for n, (_, v) in enumerate(before.offered, 1) if v in AGREES]
            said = what.get("choice") in AGREES or what.get("text") in (*YES, *numbers)
            assert said, f"sent without a yes, in {before.walk}"

        @rule(text=st.sampled_from(SAYS + YES))
        def says(self, text: str) -> None:
            self._does(text=text)

        @rule(choice=st.sampled_from(STARTS))
        def starts(self, choice: str) -> None:
            self._does(choice=choice)

        @rule(which=st.integers(0, 11), times=st.integers(1, 8))
        def presses(self, which: int, times: int) -> None:
            """What is on offer, several times: so it gets deep into a walk."""
            for _ in range(times):
                kept = self._kept()
                if kept is None or not kept.offered:
                    return
                self._does(choice=kept.offered[which % len(kept.offered)][1])

        @rule(choice=st.sampled_from(AGREES))
        def agrees_where_nobody_asked(self, choice: str) -> None:
            """A choice that is not on offer, as a stale page would send it."""
            self._does(choice=choice)

        @precondition(lambda self: self.id)
        @rule(text=st.sampled_from(STOPS), down=st.booleans())
        def stops(self, text: str, down: bool) -> None:
            with _engine(down):
                before, turn = self._does(text=text)
            kept = self._kept()
            if kept is None or kept.walk is None or kept.decoy:
                return
            # In the survey it first asks what to do with the answers; nothing else goes on.
            values = {choice.value for message in turn.messages for choice in message.choices}
            assert before is not None and before.walk == "survey", f"it goes on with {kept.walk}"
            assert values & {"do:delete", "do:keep", "do:resume", "do:go_on"}, values

        @precondition(lambda self: self.id)
        @rule(text=st.sampled_from(ERASES), down=st.booleans())
        def erases(self, text: str, down: bool) -> None:
            reports, answers = self._counts()
            before = self._kept()
            with _engine(down):
                _, turn = self._does(text=text)
            if before is not None and before.decoy:
                return
            assert turn.ended and turn.gate == "erase"
            store = parts.conversations._store
            assert store._hashed(self.id) not in store._shelf._blobs  # type: ignore[attr-defined]
            assert self._counts() == (reports, answers)
            assert asyncio.run(parts.dialogue.hear(self.id, text="hello")) is None

    class _engine:
        """Without the machine learning, if it is to be down."""

        def __init__(self, down: bool) -> None:
            self.down = down

        def __enter__(self) -> None:
            if self.down:
                service.engine.executor = None

        def __exit__(self, *_: object) -> None:
            service.engine.executor = executor

    return Talks


def test_conversations_in_any_order(service: House, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[bytes] = []
    put = DropBox.put

    def noting(self: DropBox, round_id: str, envelope: bytes, ticket: str) -> None:
        put(self, round_id, envelope, ticket)
        dropped.append(envelope)

    monkeypatch.setattr(DropBox, "put", noting)
    run_state_machine_as_test(
        machine(service, dropped),
        settings=settings(
            max_examples=sized(12, 300),
            stateful_step_count=sized(15, 40),
            deadline=None,
            derandomize=not FULL,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if FULL:
        assert dropped, "no survey came to its end: it does not get deep enough"
