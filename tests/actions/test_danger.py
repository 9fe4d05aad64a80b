"""The words for danger outside and inside a walk."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from actions.base import Understood, understood
from actions.danger import Danger, kind
from actions.desk import Desk
from actions.policy_actions import More
from actions.walk_actions import WalkOn
from bot.conversation import Conversation
from catalogue import Heard, Message, Step
from tests.actions.test_care import MESSAGES, talk

KINDS = ("self_harm", "violence_now", "assault_recent", "child")


class Walk:
    """Keeps what it hears and asks on."""

    name = "report"

    async def step(self, state: dict[str, Any], heard: Heard) -> Step:
        return Step({"heard": heard.text}, (Message("And then?", free=True),))

    def over(self, state: dict[str, Any]) -> bool:
        return False


class Tracker:
    """As much of the SDK's as is read."""

    def __init__(self, **metadata: Any) -> None:
        self.latest_message = {
            "text": "x",
            "intent": {"name": "danger", "confidence": 0.6},
            "response_selector": {"danger": {"response": {"intent_response_key": "danger/child"}}},
            "metadata": metadata,
        }


def heard(intent: str, *, calmed: bool = False) -> Understood:
    return Understood(Heard("a long account", None, intent, 0.8, "en"), (intent,), calmed=calmed)


def walking(desk: Desk) -> Conversation:
    object.__setattr__(desk, "walks", {"report": Walk()})
    conversation = talk()
    conversation.walk, conversation.walk_state = "report", {}
    return conversation


@pytest.mark.parametrize("name", KINDS)
def test_outside_a_walk_it_says_the_gates_words_and_offers_a_way_out(desk: Desk, name: str) -> None:
    said = asyncio.run(Danger(desk).reply(talk(), heard(f"danger/{name}")))
    assert [m.text for m in said] == list(MESSAGES.texts("en", f"gate.crisis.{name}"))
    assert [c.value for c in said[-1].choices] == ["menu:support", "menu:main", "do:not_meant"]


@pytest.mark.parametrize("name", KINDS)
def test_inside_a_walk_comfort_comes_first_and_the_words_are_kept(desk: Desk, name: str) -> None:
    conversation = walking(desk)
    said = asyncio.run(WalkOn(desk).reply(conversation, heard(f"danger/{name}")))
    assert [m.text for m in said] == [*MESSAGES.texts("en", f"gate.crisis.{name}"), "And then?"]
    assert conversation.walk_state == {"heard": "a long account"}


def test_inside_a_walk_nothing_is_said_twice_when_the_gate_was_first(desk: Desk) -> None:
    said = asyncio.run(WalkOn(desk).reply(walking(desk), heard("danger/child", calmed=True)))
    assert [m.text for m in said] == ["And then?"]


def test_an_intent_without_a_kind_is_answered_for_what_may_kill_first() -> None:
    assert kind("danger") == "violence_now"
    assert kind("danger/child") == "child"


def test_the_full_name_and_what_the_gate_said_arrive() -> None:
    said = understood(Tracker(calmed=True, choice=None), "en")  # type: ignore[arg-type]
    assert said.heard.intent == "danger/child"
    assert said.calmed
    assert not understood(Tracker(), "en").calmed  # type: ignore[arg-type]


class Collected:
    """As much of the SDK's dispatcher as is used."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def utter_message(self, text: str, buttons: Any, json_message: Any) -> None:
        self.texts.append(text)


class Near(Tracker):
    """A greeting that may be danger."""

    sender_id = "s"

    def __init__(self, near: str | None, **metadata: Any) -> None:
        super().__init__(choice=None, **metadata)
        self.latest_message |= {"intent": {"name": "more", "confidence": 0.6}, "near_danger": near}
        del self.latest_message["response_selector"]


def spoken(desk: Desk, tracker: Tracker) -> list[str]:
    collected = Collected()
    asyncio.run(More(desk).run(collected, tracker, None))  # type: ignore[arg-type]
    return collected.texts


@pytest.mark.parametrize("name", KINDS)
def test_what_may_be_danger_gets_a_line_beside_the_answer_once(desk: Desk, name: str) -> None:
    asyncio.run(desk.conversations.keep(Conversation("s", "web", "en")))
    (line,) = MESSAGES.texts("en", f"talk.near.{name}")
    usual = spoken(desk, Near(None))
    assert spoken(desk, Near(f"danger/{name}", calmed=True)) == usual
    assert spoken(desk, Near(f"danger/{name}")) == [*usual[:-1], line, *usual[-1:]]
    assert spoken(desk, Near(f"danger/{name}")) == usual


def test_a_pressed_choice_is_no_danger() -> None:
    tracker = Near("danger/child")
    tracker.latest_message["metadata"] = {"choice": "menu:main"}
    assert understood(tracker, "en").near is None  # type: ignore[arg-type]
