"""Whatever a person does in the report's dialogue, in any order."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue import Heard, Step
from reports.draft import Draft
from reports.report_telling import account
from reports.report_walk import SENT, ReportWalk
from tests.reports.chat import ENTITIES, MESSAGES, ROUTES, FakeCases

#: What a willing person answers at each step; the way to the end from wherever she is.
WILLING = {
    "relation": "opt:self",
    "entity": "opt:unknown",
    "choose": "opt:1",
    "confirm": "do:yes",
    "host": "opt:own",
    "conflict": "opt:clear",
    "level": "opt:regional",
    "other": "opt:agree",
    "more": "do:done",
    "rework": "opt:add",
    "when_where": "do:skip",
    "who": "do:skip",
    "wish": "do:skip",
    "wish_words": "do:skip",
    "danger": "do:skip",
    "contact": "opt:anonymous",
    "contact_words": "opt:anonymous",
    "preview": "opt:send",
    "files": "files:none",
    "change": "opt:who",
    "consent": "do:yes",
    "noted": "do:skip",
}

TEXTS = st.one_of(
    st.sampled_from(["WFP", "who", "OMS", "UNV", "Unicfe", "I don't know", "yes", "no", "skip"]),
    st.sampled_from(["back", "why", "pause", "again", "done", "me", "a@b.c", "1", "2", ""]),
    st.text(max_size=40),
)
INTENTS = st.sampled_from(
    ["nlu_fallback", "affirm", "deny", "go_back", "skip", "why_asked", "faq/deadlines", "repeat"]
)
WILLINGLY = None
#: What a willing person does, a press of one of the choices on offer (by its place), or something
#: typed. Enough of the first that the late steps are met often.
MOVES = st.lists(
    st.one_of(
        st.just(WILLINGLY),
        st.just(WILLINGLY),
        st.integers(0, 9),
        st.tuples(TEXTS, INTENTS, st.sampled_from([0.0, 0.65, 0.95])),
        st.sampled_from(["menu:main", "topic:deadlines", "opt:99", "do:nonsense", "opt:x"]),
    ),
    max_size=40,
)
REACHED = st.sampled_from(
    [
        lambda office: True,
        lambda office: office in ("un-oios", "who-head", "undp-oai"),
        lambda office: office.endswith("-head"),
    ]
)


def willing(at: str, lang: str) -> Heard:
    if at == "account":
        return Heard("It happened.", None, "nlu_fallback", 0.0, lang)
    return Heard("", WILLING.get(at, "opt:again"), "choose", 1.0, lang)


def heard(move: Any, step: Step, at: str, lang: str) -> Heard:
    if move is WILLINGLY:
        return willing(at, lang)
    if isinstance(move, int):
        choices = step.messages[-1].choices
        value = choices[move % len(choices)].value if choices else "do:back"
        return Heard("", value, "choose", 1.0, lang)
    if isinstance(move, str):
        return Heard("", move, "choose", 1.0, lang)
    text, intent, sure = move
    return Heard(text, None, intent, sure, lang)


def check(before: dict[str, Any], step: Step, cases: FakeCases) -> None:
    """What must be true after every single step."""
    if step.state is None:
        assert step.messages[-1].choices, "a dead end"
        return
    last = step.messages[-1]
    assert last.text and (last.choices or last.free), "a dead end"
    assert all(choice.label for choice in last.choices)
    draft = Draft(step.state)
    assert len(cases.sent) == (draft.at in SENT)
    grew = len(step.state["undo"]) - len(before["undo"])
    if draft.at not in SENT and grew == 1:
        undone = Draft(step.state)
        assert undone.back()
        assert (undone.at, undone.data) == (before["at"], before["data"])
    if draft.at in ("preview", "consent"):
        assert "entity" in draft.data and draft.data["office"] and account(draft).strip()
    for report, office, _ in cases.sent.values():
        assert office and report.account.strip() and report.relation


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    depth=st.integers(0, 15),
    moves=MOVES,
    reached=REACHED,
    lang=st.sampled_from(["en", "fr"]),
    channel=st.sampled_from([None, "telegram"]),
)
def test_never_a_dead_end_back_restores_exactly_and_nothing_half_made_is_sent(
    depth: int, moves: list[Any], reached: Any, lang: str, channel: str | None
) -> None:
    cases = FakeCases(reached=reached)
    asyncio.run(_wander([WILLINGLY] * depth + moves, cases, lang, channel))


async def _wander(
    moves: list[Any], cases: FakeCases, lang: str, channel: str | None = None
) -> None:
    attaches = channel is not None
    walk = ReportWalk(MESSAGES, ENTITIES, ROUTES, cases, attaches=attaches)  # type: ignore[arg-type]
    step = await walk.open(lang, channel=channel)
    assert step.state is not None
    for move in moves:
        before = step.state
        step = await walk.step(before, heard(move, step, before["at"], lang))
        check(before, step, cases)
        if step.state is None:
            return
    await _finish(walk, step.state, cases, lang)


async def _finish(walk: ReportWalk, state: dict[str, Any], cases: FakeCases, lang: str) -> None:
    """From wherever she is, a willing person reaches the end."""
    for _ in range(40):
        if state["at"] == "done":
            assert len(cases.sent) == 1
            return
        if state["at"] == "other" and state["data"]["instead"] == "none":
            return  # she shut out every office, and was told that none is left
        if state["at"] == "entity" and not cases.reached("un-oios"):
            return  # no office can be reached for the unknown, and she was told so
        step = await walk.step(state, willing(state["at"], lang))
        check(state, step, cases)
        assert step.state is not None
        state = step.state
    raise AssertionError(f"she goes round in circles at {state['at']}")
