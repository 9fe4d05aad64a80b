"""The course of a questionnaire as pure logic: no words, no channel, no storage.

A state is a log of what was answered at which place, and nothing is ever taken out of the log
but its last entry. So the present place, the answers and the progress all follow from the log,
and going back restores exactly what was before.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Literal

from survey.model import Instrument, Item, Note, Section

PlaceKind = Literal["consent", "code", "gate", "intro", "item", "note", "review"]
_LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is in the questionnaire; an optional section begins with an intro place."""

    id: str
    kind: PlaceKind
    section: Section | None = None
    item: Item | None = None
    note: Note | None = None


CONSENT, CODE, GATE = Place("consent", "consent"), Place("code", "code"), Place("gate", "gate")
REVIEW = Place("review", "review")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was answered at a place (``None``: skipped), and what stood there before."""

    at: str
    answer: tuple[str, ...] | None
    picked: tuple[str, ...] = ()
    edit: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Everything a walk through one questionnaire remembers; JSON-able by ``to_json``.

    Args:
        instrument: the ``ref`` of the questionnaire.
        round_id: the round it was begun in.
        channel: which channel's sentence the consent screen shows; never sent.
        short: whether only the short form is asked.
        invited: whether a code has to be given.
        token: the code that was given.
        ticket: random; it makes sending again, after a fault of ours, the same as sending once.
        log: what was answered, in the order of answering.
        picked: options chosen so far at a question with several answers.
        edit: the item that is being changed after all was answered.
        over: a question about the question (``{"kind": "stop"}``), asked on top of it.
    """

    instrument: str
    round_id: str
    channel: str = "web"
    short: bool = False
    invited: bool = False
    token: str | None = None
    ticket: str = field(default_factory=partial(secrets.token_hex, 16))
    log: tuple[Entry, ...] = ()
    picked: tuple[str, ...] = ()
    edit: str | None = None
    over: dict[str, Any] | None = field(default=None)

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self) | {
            "picked": list(self.picked),
            "log": [
                {
                    "at": e.at,
                    "answer": None if e.answer is None else list(e.answer),
                    "picked": list(e.picked),
                    "edit": e.edit,
                }
                for e in self.log
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> State:
        """The inverse of ``to_json``."""
        log = tuple(
            Entry(
                at=e["at"],
                answer=None if e["answer"] is None else tuple(e["answer"]),
                picked=tuple(e["picked"]),
                edit=e["edit"],
            )
            for e in data["log"]
        )
        return cls(**{**data, "log": log, "picked": tuple(data["picked"])})


class Course:
    """The way through one instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument

    # where we are

    def current(self, state: State) -> Place:
        """The place to ask about now: the first that applies and is not in the log."""
        seen = {entry.at for entry in state.log}
        for place in self._places(state):
            if place.id == state.edit or (state.edit is None and place.id not in seen):
                return place
        return REVIEW

    def enters(self, state: State, section: Section) -> bool:
        """Whether nothing of a section has been asked yet."""
        names = {item.id for item in section.items}
        return not any(entry.at in names for entry in state.log)

    def progress(self, state: State) -> tuple[int, int]:
        """Number of the present question and about how many there are.

        Conditional questions count only once their condition is known to hold.
        """
        here = self.current(state).id
        names = [p.id for p in self._places(state) if p.item and p.kind == "item" and p.item.stored]
        return (names.index(here) + 1 if here in names else len(names)), len(names)

    def answers(self, state: State) -> dict[str, tuple[str, ...]]:
        """The answers that count: the last to each item, of items that are asked at all."""
        last = self._last(state)
        found: dict[str, tuple[str, ...]] = {}
        for item in self._asked(state):
            answer = last.get(item.id)
            if answer and (item.ask_if is None or item.ask_if.holds(found)):
                found[item.id] = answer
        return found

    def changeable(self, state: State) -> list[Item]:
        """The items that can be changed at the end: those that were asked."""
        return [
            p.item for p in self._places(state) if p.item and p.kind == "item" and p.item.stored
        ]

    def document(self, state: State) -> dict[str, Any]:
        """What is sent: the instrument and the answers, and nothing about person or time."""
        answers: dict[str, Any] = {}
        for name, codes in self.answers(state).items():
            item = self.instrument.item(name)
            if item is not None and item.stored:
                answers[name] = list(codes) if item.kind == "multi" else codes[0]
        return {
            "instrument": self.instrument.id,
            "version": self.instrument.version,
            "answers": answers,
        }

    # moving on

    def give(self, state: State, answer: tuple[str, ...] | None) -> State:
        """Answer the present place (``None`` skips it) and go on."""
        place = self.current(state)
        entry = Entry(place.id, answer, state.picked, state.edit is not None)
        return replace(state, log=(*state.log, entry), picked=(), edit=None, over=None)

    def leave_out(self, state: State) -> State:
        """Leave out the optional section that begins here."""
        return self.give(state, (_LEAVE,))

    def back(self, state: State) -> State:
        """One step back; exactly the state before the last answer. At the start: unchanged."""
        if state.over is not None:
            return replace(state, over=None)
        if state.edit is not None:
            return replace(state, edit=None, picked=())
        if not state.log:
            return state
        last = state.log[-1]
        return replace(
            state,
            log=state.log[:-1],
            picked=last.picked,
            edit=last.at if last.edit else None,
        )

    def pick(self, state: State, item: Item, code: str) -> State:
        """Choose or unchoose one option of a question with several answers."""
        chosen = set(state.picked) ^ {code}
        return replace(
            state, picked=tuple(o.code for o in item.options if o.code in chosen), over=None
        )

    def settled(self, state: State) -> State:
        """With what was picked so far as the answer to the present question; nothing lies over it.

        It is for handing in what is there, if the person chooses to: what she pressed is hers,
        although she did not say that it was all.
        """
        return self.give(state, state.picked) if state.picked else replace(state, over=None)

    def give_several(self, state: State, codes: tuple[str, ...]) -> State | None:
        """Answer with several options and those picked before.

        Returns:
            The state after it; ``None`` when an option among them stands only alone.
        """
        item = self.current(state).item
        options = item.options if item else ()
        chosen = [o for o in options if o.code in codes or o.code in state.picked]
        if len(chosen) > 1 and any(option.alone for option in chosen):
            return None
        return self.give(state, tuple(option.code for option in chosen))

    # the order of things

    def _last(self, state: State) -> dict[str, tuple[str, ...] | None]:
        return {entry.at: entry.answer for entry in state.log}

    def _asked(self, state: State) -> Iterator[Item]:
        last = self._last(state)
        for section in self.instrument.sections:
            left_out = last.get(f"{section.id}.intro") == (_LEAVE,)
            for item in section.items:
                if not left_out and (not state.short or item.id in self.instrument.short_form):
                    yield item

    def _places(self, state: State) -> Iterator[Place]:
        yield CONSENT
        if state.invited:
            yield CODE
        yield GATE
        asked = {item.id for item in self._asked(state)}
        answers = self.answers(state)
        for section in self.instrument.sections:
            if section.optional and not state.short:
                yield Place(f"{section.id}.intro", "intro", section)
            for item in section.items:
                if item.id not in asked or (item.ask_if and not item.ask_if.holds(answers)):
                    continue
                yield Place(item.id, "item", section, item)
                if item.after and item.after.when.holds(answers):
                    yield Place(f"{item.id}.after", "note", section, item, item.after)
        yield REVIEW
