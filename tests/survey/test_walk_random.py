"""Thousands of random steps: no dead end, no answer outside its question, back restores exactly."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue import Messages
from survey.instrument import Instrument
from survey.walk import State
from tests.survey.talk import Talk

SAID = (
    "1", "2 and 3", "1, 2, 3, 4, 5", "99", "yes", "no", "agree", "quite satisfied", "none", "other",
    "prefer not to say", "not at all", "back", "skip", "why", "pause", "help", "stop", "done",
    "I told my manager and HR", "It was slow in Geneva in 2023", "more time", "word " * 300, "🙃",
    "الوقت", "what is retaliation?", "", "go on", "very", "send",
)  # fmt: skip
INTENTS = (
    "nlu_fallback", "faq/retaliation", "go_back", "skip", "stop", "pause", "resume", "why_asked",
    "affirm", "deny", "help", "distress", "greet", "erase",
)  # fmt: skip
STALE = ("opt:Q1.1", "opt:Q25.1", "opt:Q99.1", "edit:Q2", "part:C", "do:send", "do:keep", "do:nope")

#: Pressed only now and then, so that the walks get far.
ENDS = ("do:delete", "do:keep", "do:send", "do:stop", "do:back")

press = st.tuples(st.just("press"), st.integers(0, 30))
say = st.tuples(st.just("say"), st.sampled_from(SAID), st.sampled_from(INTENTS), st.floats(0, 1))
end = st.tuples(st.just("end"), st.integers(0, 3))
old = st.tuples(st.just("old"), st.sampled_from(STALE))
moves = st.one_of(
    press, press, press, press, press, press, say, say, say, old, end, st.just(("again",))
)
walks = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def move(talk: Talk, step: tuple[object, ...]) -> None:
    match step:
        case ("press", int(number)):
            values = [c.value for c in talk.choices if c.value not in ENDS] or ["do:back"]
            talk.press_value(values[number % len(values)])
        case ("end", int(number)):
            talk.press_value(talk.choices[-1 - number % len(talk.choices)].value)
        case ("say", str(text), str(intent), float(confidence)):
            talk.type(text, intent, confidence)
        case ("old", str(value)):
            talk.press_value(value)
        case ("stop",):
            talk.stop()
        case _:
            talk.again()


def somewhere(questionnaire: Instrument, catalogue: Messages, lang: str, skips: int) -> Talk:
    """A survey that is under way."""
    talk = Talk.new(questionnaire, catalogue, lang).start_in(lang)
    for _ in range(skips):
        values = [choice.value for choice in talk.choices]
        on = ("do:skip", "do:go_on", "do:answer")
        way = next((value for value in on if value in values), None)
        if way is not None:
            talk.press_value(way)
    return talk


def check_sayable(talk: Talk) -> None:
    """There is always a way on, and every choice can be told from the others."""
    values = [choice.value for choice in talk.choices]
    labels = [choice.label for choice in talk.choices]
    assert values and len(set(values)) == len(values) and len(set(labels)) == len(labels)


def check_answers(talk: Talk, questionnaire: Instrument) -> None:
    """Every answer belongs to its question, and its question is one that is asked."""
    found = talk.answered()
    as_codes = {name: [a] if isinstance(a, str) else a for name, a in found.items()}
    for name, codes in as_codes.items():
        item = questionnaire.item(name)
        assert item is not None and item.stored and codes
        if item.kind == "text":
            assert 0 < len(codes[0]) <= item.max_chars
            continue
        options = [item.option(code) for code in codes]
        assert all(options) and len(set(codes)) == len(codes)
        assert len(codes) == 1 or item.kind == "multi"
        assert len(codes) == 1 or not any(o and o.alone for o in options)
        assert item.ask_if is None or item.ask_if.holds(as_codes)


def check_way_out(talk: Talk) -> None:
    """From wherever we are, pressing on leads to the end."""
    on = ("do:skip", "do:go_on", "do:answer", "do:none", "do:resume", "do:start", "do:delete")
    for _ in range(80):
        if talk.over:
            return
        values = [choice.value for choice in talk.choices]
        way = next((value for value in on if value in values), None)
        if "opt:G1.1" in values:
            way = "opt:G1.1"
        if way is None and values == ["do:yes", "do:no", "do:back"]:
            way = "do:no"
        if way is None:  # changing an answer, or a failure: one step back
            way = "do:back"
        talk.press_value(way)
    raise AssertionError(f"no way out: {talk.text!r} {talk.labels}")


@walks
@given(
    steps=st.lists(moves, min_size=40, max_size=90),
    lang=st.sampled_from(["en", "fr"]),
    skips=st.integers(0, 36),
)
def test_no_dead_end_and_no_answer_outside_its_question(
    questionnaire: Instrument,
    catalogue: Messages,
    steps: list[tuple[object, ...]],
    lang: str,
    skips: int,
) -> None:
    talk = somewhere(questionnaire, catalogue, lang, skips)
    for step in steps:
        if talk.over:
            break
        kept = len(talk.desk.kept)
        offered = [choice.value for choice in talk.choices]
        move(talk, step)
        if talk.over:
            break
        check_sayable(talk)
        check_answers(talk, questionnaire)
        assert len(talk.desk.kept) == kept, f"kept without a word after {step} at {offered}"
    else:
        check_way_out(talk)
    assert len(talk.desk.kept) <= 1


@walks
@given(steps=st.lists(moves, min_size=30, max_size=60), skips=st.integers(0, 36))
def test_back_restores_exactly(
    questionnaire: Instrument, catalogue: Messages, steps: list[tuple[object, ...]], skips: int
) -> None:
    talk = somewhere(questionnaire, catalogue, "en", skips)
    for step in steps:
        if talk.over or talk.state is None:
            break
        before = State.from_json(talk.state)
        move(talk, step)
        if talk.over or talk.state is None:
            break
        after = State.from_json(talk.state)
        if len(after.log) == len(before.log) + 1:  # one more answer was given
            course = talk.walk._course
            lifted = replace(after, over=None)
            assert course.back(lifted) == replace(before, over=None)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_state_survives_its_way_through_json(
    questionnaire: Instrument, catalogue: Messages, data: st.DataObject
) -> None:
    talk = Talk.new(questionnaire, catalogue).start_in("en")
    for step in data.draw(st.lists(press, max_size=15)):
        if talk.state is None:
            return
        state = State.from_json(talk.state)
        assert State.from_json(state.to_json()) == state
        move(talk, step)
