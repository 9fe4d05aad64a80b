"""The opening, and what it promises."""

from __future__ import annotations

import pytest

from tests.support.live import Live
from tests.support.talk import Talk


def test_the_opening_says_what_this_is_and_what_it_is_not(talk: Talk) -> None:
    talk.hears("a program, not a person", "not a report", "not an emergency service")
    talk.hears("forgotten 30 minutes after your last message", "our server can read it")
    talk.hears("your network may show that you opened this page")
    talk.is_offered("policy and my options", "survey", "Make a report", "Continue", "support now")


def test_the_opening_asks_one_question(talk: Talk) -> None:
    assert talk.text.count("?") == 1


@pytest.mark.parametrize(
    "words",
    ["1", "Learn about the policy and my options", "the policy please", "١", "learn about policy"],
)
def test_every_choice_can_be_typed(talk: Talk, words: str) -> None:
    talk.says(words).hears("nearest to your question")


def test_a_greeting_gets_the_opening(live: Live) -> None:
    live.talk().begin().says("hello").hears("a program, not a person")


def test_who_begins_with_a_question_is_answered_first_and_then_told_what_this_is(
    live: Live,
) -> None:
    talk = live.talk().begin().says("what is sexual harassment?")
    assert "unwelcome" in talk.messages[0]["text"].casefold()
    talk.hears("not a report and not an emergency service")
    talk.says("what counts as consent?").does_not_hear("not an emergency service")


def test_who_tells_what_happened_is_heard_first_and_never_met_with_a_menu(live: Live) -> None:
    talk = live.talk().begin()
    talk.says("my supervisor keeps touching my shoulders and says things about my body")
    assert not talk.messages[0]["choices"]
    first = talk.messages[0]["text"]
    talk.is_offered("options", "support")
    talk.says("yesterday in the corridor he did it again and laughed when i pulled away")
    assert talk.messages[0]["text"] != first, "never the same consoling words twice in a row"


def test_the_language_is_recognised_and_can_be_changed_at_any_time(live: Live) -> None:
    talk = live.talk(lang=None).begin().says("bonjour, j'ai une question")
    talk.hears("un programme, pas une personne")
    talk.says("in English please").hears("Which of these comes nearest")
    talk.says("en français").hears("Lequel de ces thèmes")


def test_not_understood_is_never_a_dead_end(talk: Talk) -> None:
    talk.says("qwlkj zzpf brrt 77 xx").is_offered("policy", "report", "support")


def test_a_person_who_wants_a_human_learns_who_can_listen(talk: Talk) -> None:
    talk.says("can I talk to a real person please").hears("I am a program", "counsellor")
