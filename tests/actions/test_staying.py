"""Who told of danger is not left with small talk; who names her organization is understood."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from actions.base import Understood
from actions.danger import Danger
from actions.desk import Desk
from actions.policy_actions import AnswerPolicy
from actions.talk import Kindly, OwnChoice, Unsure
from actions.walk_actions import WalkOn
from bot.asking import ELSE
from bot.conversation import Conversation
from catalogue import Choice, Heard, Message, Step
from tests.actions.test_care import MESSAGES, said, talk, texts, values

LANGUAGES = MESSAGES.languages
ASSAULT = "danger/assault_recent"
HEARD = {MESSAGES.text("en", f"talk.heard.{n}") for n in (1, 2)}


def told(desk: Desk, name: str = ASSAULT) -> Conversation:
    """A conversation in which this danger was spoken to."""
    conversation = talk()
    asyncio.run(Danger(desk).reply(conversation, said("it happened last night", name)))
    return conversation


@pytest.mark.parametrize("intent", ["smalltalk", "deny", "out_of_scope", "affirm"])
def test_after_danger_there_is_no_small_talk_and_no_menu(desk: Desk, intent: str) -> None:
    conversation = told(desk)
    answer = asyncio.run(Kindly(desk).reply(conversation, said("i am at home", intent)))
    assert answer[0].text in HEARD
    assert values(answer) == ["topic:medical_care", "menu:support", "menu:report", ELSE]


def test_thanks_stay_thanks_also_after_danger(desk: Desk) -> None:
    answer = asyncio.run(Kindly(desk).reply(told(desk), said("thank you", "thanks")))
    assert texts(answer) == [MESSAGES.text("en", "talk.kindly.thanks")]


@pytest.mark.parametrize("ranking", [("faq/accused", "faq/online"), ("nonsense",)])
def test_what_is_not_understood_after_danger_is_heard_first(
    desk: Desk, ranking: tuple[str, ...]
) -> None:
    unclear = said("can i shower", "nlu_fallback", *ranking, confidence=0.2)
    answer = asyncio.run(Unsure(desk).reply(told(desk), unclear))
    assert answer[0].text in HEARD
    assert values(answer)[0] == "topic:medical_care"
    assert "topic:accused" not in values(answer)
    other = asyncio.run(Unsure(desk).reply(told(desk, "danger/child"), unclear))
    assert "topic:medical_care" not in values(other)


def test_danger_that_was_not_meant_is_over(desk: Desk) -> None:
    conversation = told(desk)
    wrong = Understood(Heard("", "do:not_meant", "choose", 1.0, "en"), ())
    asyncio.run(OwnChoice(desk).reply(conversation, wrong))
    answer = asyncio.run(Kindly(desk).reply(conversation, said("who are you", "smalltalk")))
    assert texts(answer) == [MESSAGES.text("en", "talk.kindly.smalltalk")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_says_where_she_works_is_asked_what_she_wants_to_know(desk: Desk, lang: str) -> None:
    for action, intent in ((AnswerPolicy, "faq/covered_non_staff"), (Kindly, "out_of_scope")):
        conversation = talk(lang)
        answer = asyncio.run(action(desk).reply(conversation, said("I work in UNHCR", intent)))
        assert conversation.entity == "UNHCR"
        assert len(answer) == 1 and "(" in answer[0].text
        assert values(answer)[:2] == ["topic:how_to_report", "topic:anonymous_report"]


def test_a_question_about_her_cover_is_still_answered(desk: Desk) -> None:
    asked = said("am I covered at UNHCR?", "faq/who_is_covered")
    answer = asyncio.run(AnswerPolicy(desk).reply(talk(), asked))
    assert answer[0].text == desk.answers.get("who_is_covered").messages("en")[0]


def test_a_name_and_nothing_understood_is_asked_about(desk: Desk) -> None:
    conversation = talk()
    name = said("and UNICEF?", "nlu_fallback", "faq/sea", confidence=0.2)
    answer = asyncio.run(Unsure(desk).reply(conversation, name))
    assert "(UNICEF)" in answer[0].text or "UNICEF" in answer[0].text
    assert conversation.entity == "UNICEF"


def test_the_same_answer_is_not_given_twice_without_a_word(desk: Desk) -> None:
    conversation, asked = talk(), said("how long does it take?", "faq/how_long")
    first = texts(asyncio.run(AnswerPolicy(desk).reply(conversation, asked)))
    second = texts(asyncio.run(AnswerPolicy(desk).reply(conversation, asked)))
    assert second == [MESSAGES.text("en", "talk.same"), *first]
    pressed = Understood(Heard("", "topic:how_long", "faq/how_long", 1.0, "en"), ())
    assert texts(asyncio.run(AnswerPolicy(desk).reply(conversation, pressed))) == first


class Stuck:
    """A walk that takes nothing for an answer, or takes everything for a question."""

    def __init__(self, name: str, *, digresses: bool = False) -> None:
        self.name, self.digresses = name, digresses

    async def step(self, state: dict[str, Any], heard: Heard) -> Step:
        return Step({**state, "note": {"again": True}}, (Message("no"),), self.digresses)

    async def again(self, state: dict[str, Any], lang: str) -> Step:
        return Step(state, (Message("the question", (Choice("one", "opt:one"),)),))

    def over(self, state: dict[str, Any]) -> bool:
        return False


def walks(desk: Desk, walk: Stuck, heard: Understood) -> tuple[list[str], Conversation]:
    conversation = talk()
    conversation.walk = walk.name
    conversation.walk_state = {"at": "relation", "data": {}, "note": {}, "undo": []}
    on = replace(desk, walks={walk.name: walk})  # type: ignore[dict-item]
    return texts(asyncio.run(WalkOn(on).reply(conversation, heard))), conversation


@pytest.mark.parametrize(
    ("intent", "key"),
    [
        ("thanks", "talk.kindly.thanks"),
        ("abuse_bot", "talk.kindly.abuse_bot"),
        ("disclosure", "talk.in_a_moment"),
    ],
)
def test_in_a_report_what_is_no_answer_gets_a_word_of_its_own(
    desk: Desk, intent: str, key: str
) -> None:
    spoken, conversation = walks(desk, Stuck("report"), said("said in between", intent))
    assert MESSAGES.text("en", key) in spoken
    assert spoken[-1] == "the question"
    assert conversation.walk_state == {"at": "relation", "data": {}, "note": {}, "undo": []}


def test_who_needs_help_in_a_report_gets_it_and_one_question(desk: Desk) -> None:
    support = MESSAGES.texts("en", "talk.support")
    for intent in ("distress", "human"):
        spoken, _ = walks(desk, Stuck("report"), said("i cannot go on", intent))
        assert spoken[-3:] == [*support[:-1], "the question"]


def test_a_guess_changes_nothing_in_a_walk(desk: Desk) -> None:
    spoken, _ = walks(desk, Stuck("report"), said("The Ministry", "thanks", confidence=0.4))
    assert spoken == ["no"]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("anonymous_report", "survey_safety"), ("how_long", "survey_about"), ("sea", "sea")],
)
def test_in_the_survey_questions_about_it_are_answered(
    desk: Desk, asked: str, answered: str
) -> None:
    walk = Stuck("survey", digresses=True)
    spoken, _ = walks(desk, walk, said("is it anonymous?", f"faq/{asked}"))
    assert spoken[0] == desk.answers.get(answered).messages("en")[0]
    report, _ = walks(desk, Stuck("report", digresses=True), said("really?", f"faq/{asked}"))
    assert report[0] == desk.answers.get(asked).messages("en")[0]
