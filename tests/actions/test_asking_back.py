"""Asking back: what is shown, and the way from "something else" to every topic."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from actions.base import Understood
from actions.desk import Desk
from actions.talk import OwnChoice, Unsure
from bot.asking import AGAIN, ELSE
from bot.conversation import Conversation
from catalogue import Heard, Message, Messages

CONTENT = Path(__file__).resolve().parents[2] / "content"
MESSAGES = Messages.load(CONTENT)
DOUBT = ("faq/online", "smalltalk", "erase", "faq/consent", "menu_report", "faq/events", "faq/sea")


def talk(lang: str = "en") -> Conversation:
    return Conversation("somebody", "web", lang)


def asks(desk: Desk, lang: str, burden: float = 0.0) -> list[Message]:
    heard = Heard("…", None, "nlu_fallback", 0.8, lang)
    return asyncio.run(Unsure(desk).reply(talk(lang), Understood(heard, DOUBT, burden)))


def chooses(desk: Desk, value: str, conversation: Conversation) -> list[Message]:
    heard = Heard("", value, "choose", 1.0, conversation.lang)
    return asyncio.run(OwnChoice(desk).reply(conversation, Understood(heard, ("choose",))))


def values(messages: list[Message]) -> list[str]:
    return [choice.value for choice in messages[-1].choices]


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_what_may_be_meant_is_asked_in_one_question(desk: Desk, lang: str) -> None:
    (asked,) = asks(desk, lang)
    assert asked.text == MESSAGES.text(lang, "talk.unsure")
    near = ["topic:online", "gate:erase", "topic:consent", "menu:report", "topic:events"]
    assert values([asked]) == [*near, "menu:support", ELSE]
    assert len({choice.label for choice in asked.choices}) == len(asked.choices)


def test_who_may_carry_something_is_heard_before_she_is_asked(desk: Desk) -> None:
    first, last = asks(desk, "en", burden=0.2)
    assert not first.choices
    assert values([last])[-3:] == ["menu:report", "menu:support", ELSE]


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_something_else_leads_to_every_topic_in_two_short_steps(desk: Desk, lang: str) -> None:
    groups = chooses(desk, ELSE, talk(lang))
    assert values(groups)[-1] == "menu:main"
    assert len(values(groups)) <= 8
    reached: list[str] = []
    for value in values(groups)[:-1]:
        topics = values(chooses(desk, value, talk(lang)))
        assert topics[-2:] == ["menu:main", ELSE]
        reached += topics[:-2]
    assert sorted(reached) == sorted(f"topic:{topic}" for topic in desk.answers.topics)


@pytest.mark.parametrize("first", ["asked", "groups"])
def test_in_another_language_the_same_is_asked_again(desk: Desk, first: str) -> None:
    shown = asks(desk, "en") if first == "asked" else chooses(desk, ELSE, talk())
    conversation = talk("fr")
    conversation.offered = [(choice.label, choice.value) for choice in shown[-1].choices]
    again = chooses(desk, AGAIN, conversation)
    assert values(again) == values(shown)
    own = asks(desk, "fr") if first == "asked" else chooses(desk, ELSE, talk("fr"))
    assert again == own


def test_what_is_asked_again_with_nothing_on_offer_leads_to_the_groups(desk: Desk) -> None:
    assert chooses(desk, AGAIN, talk()) == chooses(desk, ELSE, talk())


@pytest.mark.parametrize("value", ["family:nothing", "family:", "menu:nothing"])
def test_a_choice_that_was_made_up_leads_back(desk: Desk, value: str) -> None:
    answer = chooses(desk, value, talk())
    assert answer[0].text == MESSAGES.text("en", "gate.choice_gone")
