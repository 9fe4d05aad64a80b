"""A tester's verbs for the survey, and a desk in memory."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from catalogue import Choice, Heard, Message, Messages, Step
from survey.instrument import Instrument, load
from survey.ports import DeskError, InvitationSpent, RoundInfo, RoundOver
from survey.survey_walk import SurveyWalk

CONTENT = Path(__file__).parents[2] / "content"
INSTRUMENT_FILE = CONTENT / "instruments" / "victim-experience.yml"


class FakeDesk:
    """Keeps answers in a list; can be told to be closed, down or invited-only."""

    def __init__(self, instrument: Instrument) -> None:
        self.round: RoundInfo | None = RoundInfo("r1", instrument.ref, "open")
        self.tokens: set[str] = set()
        self.tickets: set[str] = set()
        self.down = False
        self.kept: list[tuple[str, dict[str, Any], str | None]] = []

    async def current_round(self) -> RoundInfo | None:
        if self.down:
            raise DeskError
        return self.round

    async def invitation_valid(self, token: str) -> bool:
        if self.down:
            raise DeskError
        return token in self.tokens

    async def submit(
        self, round_id: str, answers: dict[str, Any], token: str | None, ticket: str
    ) -> None:
        if self.down:
            raise DeskError
        if self.round is None or self.round.round_id != round_id:
            raise RoundOver
        if self.round.admission == "invited":
            if token not in self.tokens:
                raise InvitationSpent
            self.tokens.discard(token)
        assert ticket not in self.tickets, "sent once more though it was taken"
        self.tickets.add(ticket)
        self.kept.append((round_id, answers, token))


class Talk:
    """One person's survey, as a conversation."""

    def __init__(self, walk: SurveyWalk, desk: FakeDesk, lang: str = "en") -> None:
        self.walk, self.desk, self.lang = walk, desk, lang
        self.state: dict[str, Any] | None = None
        self.messages: tuple[Message, ...] = ()
        self.digressed = False

    @classmethod
    def new(cls, instrument: Instrument, messages: Messages, lang: str = "en") -> Talk:
        desk = FakeDesk(instrument)
        return cls(SurveyWalk(instrument, messages, desk), desk, lang)

    def _take(self, step: Step) -> Talk:
        # The state must survive the way through a store, and what is said must be sayable.
        self.state = json.loads(json.dumps(step.state))
        self.messages, self.digressed = step.messages, step.digression
        assert self.messages
        assert all(message.text.strip() for message in self.messages)
        return self

    def open(self, **given: Any) -> Talk:
        return self._take(asyncio.run(self.walk.open(self.lang, **given)))

    def start(self, **given: Any) -> Talk:
        """Through consent and gate to the first question."""
        return self.open(**given).press("Start").press("It has ended")

    def start_in(self, lang: str) -> Talk:
        """The same in any language."""
        self.lang = lang
        return self.open().press_value("do:start").press_value("opt:G1.1")

    def type(self, text: str, intent: str = "nlu_fallback", confidence: float = 0.3) -> Talk:
        assert self.state is not None
        heard = Heard(text, None, intent, confidence, self.lang)
        return self._take(asyncio.run(self.walk.step(self.state, heard)))

    def press_value(self, value: str) -> Talk:
        assert self.state is not None
        heard = Heard("", value, "choose", 1.0, self.lang)
        return self._take(asyncio.run(self.walk.step(self.state, heard)))

    def press(self, label: str) -> Talk:
        """Press the choice with this label; it must be on offer."""
        by_label = {choice.label: choice.value for choice in self.choices}
        assert label in by_label, f"{label!r} is not among {list(by_label)}"
        return self.press_value(by_label[label])

    def stop(self) -> Talk:
        assert self.state is not None
        return self._take(asyncio.run(self.walk.stop(self.state, self.lang)))

    def again(self, lang: str | None = None) -> Talk:
        assert self.state is not None
        self.lang = lang or self.lang
        return self._take(asyncio.run(self.walk.again(self.state, self.lang)))

    def skip_to(self, words: str) -> Talk:
        """Skip until a question that holds these words."""
        for _ in range(60):
            if words in self.text:
                return self
            labels = [choice.label for choice in self.choices]
            way = (
                "Skip",
                "OK, go on",
                "Go on",
                "Yes, go on",
                "Passer",
                "Ça va, continuons",
                "Oui, continuons",
            )
            label = next((name for name in way if name in labels), None)
            assert label is not None, f"no way on from {self.text!r}"
            self.press(label)
        raise AssertionError(f"{words!r} was never asked")

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.messages)

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self.messages[-1].choices

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.choices]

    @property
    def over(self) -> bool:
        return self.state is None

    def answered(self) -> dict[str, Any]:
        """What would be sent now."""
        from survey.walk import State

        assert self.state is not None
        course = self.walk._course
        found: dict[str, Any] = course.document(State.from_json(self.state))["answers"]
        return found


def instrument() -> Instrument:
    return load(INSTRUMENT_FILE)
