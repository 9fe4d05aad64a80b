"""The survey, as people take it."""

from __future__ import annotations

import pytest

from tests.support.answering import takes_the_survey
from tests.support.live import Live
from tests.support.talk import Talk


@pytest.fixture
def asked(live: Live) -> Talk:
    """Somebody at the first question that is kept."""
    return live.talk().opens().chooses("menu:survey").chooses("do:start").chooses("opt:G1.1")


def _question(talk: Talk) -> str:
    """The question alone, without what is said before it."""
    return str(talk.messages[-1]["text"])


def _values(talk: Talk) -> list[str]:
    return [choice["value"] for choice in talk.choices]


def _on_to(talk: Talk, value: str) -> Talk:
    """Skip until this choice is on offer."""
    for _ in range(60):
        if value in _values(talk):
            return talk
        onward = ("do:skip", "do:go_on", "do:answer")
        talk.chooses(next(choice for choice in onward if choice in _values(talk)))
    raise AssertionError(f"{value} is never offered")


@pytest.mark.parametrize(("lang", "begins"), [("en", "voluntary"), ("fr", "volontaire")])
def test_nothing_is_asked_before_she_agrees(live: Live, lang: str, begins: str) -> None:
    talk = live.talk(lang).opens().chooses("menu:survey").hears(begins)
    assert _values(talk)[0] == "do:start"
    talk.chooses("do:later")
    assert talk.labels, "and saying no is no dead end"


@pytest.mark.parametrize("nothing", ["", "  ", "-", "/", "…"])
def test_an_empty_message_is_no_consent(live: Live, nothing: str) -> None:
    talk = live.talk().opens().chooses("menu:survey").says(nothing)
    assert "do:start" in _values(talk)


def test_the_whole_survey_with_the_first_answer_everywhere(talk: Talk) -> None:
    takes_the_survey(talk).hears("answers are sent").is_offered("Main choices")


def test_the_whole_survey_in_french_leaving_out_all_but_one(parle: Talk) -> None:
    parle.chooses("menu:survey").chooses("do:start").chooses("opt:G1.1").says("1, 2")
    _on_to(parle, "do:send").chooses("do:send").hears("Merci")


def test_a_label_a_number_and_numbers_answer_alike(asked: Talk) -> None:
    label = asked.labels[0]
    typed = _question(asked.says(label))
    assert _question(asked.says("1")) != typed, "the same again takes it back"
    assert _question(asked.says("1")) == typed


def test_skip_back_and_why_at_a_question(asked: Talk) -> None:
    first = _question(asked)
    asked.says("why do you ask?")
    assert _question(asked) == first and len(asked.messages) > 1, "the reason, then the question"
    assert _question(asked.says("skip")) != first
    assert _question(asked.says("back")) == first


def test_a_question_about_the_policy_in_between(asked: Talk) -> None:
    first = _question(asked)
    asked.says("what is retaliation?").hears("good faith")
    assert _question(asked) == first, "and the survey goes on where it was"


def test_pause_and_go_on(asked: Talk) -> None:
    first = _question(asked)
    asked.says("pause").hears("30 minutes")
    assert _question(asked.says("continue")) == first


def test_another_language_in_the_middle(asked: Talk) -> None:
    asked.chooses("do:skip")
    number = _question(asked).split()[1]
    asked.says("en français").hears(f"Question {number}", "environ")


def test_stop_and_delete(asked: Talk) -> None:
    asked.says("1, 2").says("stop")
    assert {"do:keep", "do:delete"} <= set(_values(asked))
    asked.chooses("do:delete").hears("deleted")


def test_stop_with_nothing_answered_just_ends(asked: Talk) -> None:
    asked.says("stop").hears("Nothing was kept")


def test_one_word_typed_twice_ends_nothing(live: Live) -> None:
    """Once "start" at the next question meant "I decided not to start one"."""
    talk = live.talk().opens().chooses("menu:survey").says("start").says("start")
    assert not any(choice.startswith("menu:") for choice in _values(talk))


def test_a_button_of_an_earlier_question_answers_no_other(asked: Talk) -> None:
    old = _values(asked)[0]
    asked.chooses("do:skip")
    now = _question(asked)
    assert _question(asked.chooses(old).hears("another question")) == now


def test_the_menu_pressed_by_a_slip_loses_no_answer(asked: Talk) -> None:
    asked.chooses("do:skip")
    now = _question(asked)
    assert _question(asked.chooses("menu:survey").hears("nothing is lost")) == now


@pytest.mark.parametrize(
    "made_up", ["opt:Q99.1", "do:send", "edit:Q1", "part:x", "x", "do:__class__"]
)
def test_a_made_up_choice_is_answered_kindly(asked: Talk, made_up: str) -> None:
    now = _question(asked)
    assert _question(asked.chooses(made_up)) == now or "not sure" in asked.text
