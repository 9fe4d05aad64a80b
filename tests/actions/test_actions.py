"""Every action that the domain names is there, and the other way round; walks begin and rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.base import understood
from actions.care import WAYS
from actions.register import ACTIONS
from catalogue import Messages
from catalogue.messages import placeholders
from tests.texts.asking import asks_why, questions
from tests.texts.read import Text

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = Messages.load(ROOT / "content")


def _domain() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text())
    return found


def test_the_domain_and_the_actions_agree() -> None:
    assert sorted(action.called for action in ACTIONS) == sorted(_domain()["actions"])


def test_every_intent_has_a_rule_and_every_rule_an_action() -> None:
    rules = yaml.safe_load((ROOT / "data/rules/rules.yml").read_text())["rules"]
    pairs = [(rule["steps"][0]["intent"], rule["steps"][1]["action"]) for rule in rules]
    assert {intent for intent, _ in pairs} == {*_domain()["intents"], "nlu_fallback"}
    assert {action for _, action in pairs} | {"action_walk"} == set(_domain()["actions"])


def test_every_intent_that_is_answered_kindly_has_words_of_its_own() -> None:
    rules = yaml.safe_load((ROOT / "data/rules/rules.yml").read_text())["rules"]
    for rule in rules:
        if rule["steps"][1]["action"] == "action_kindly":
            assert MESSAGES.has(f"talk.kindly.{rule['steps'][0]['intent']}")


@pytest.mark.parametrize("what", WAYS)
def test_comfort_has_as_many_ways_as_are_taken_in_turn(what: str) -> None:
    ways = {key for key in MESSAGES.keys("en") if key.startswith(f"talk.{what}.")}
    assert ways == {f"talk.{what}.{number}" for number in range(1, WAYS[what] + 1)}
    assert WAYS[what] > 1


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_no_message_of_ours_asks_why_or_asks_twice(lang: str) -> None:
    """In every message, in every language, as it is said: with its plural forms and values."""
    looked_at = 0
    for key in sorted(MESSAGES.keys(lang)):
        if ".words." in key:
            continue  # what people say to us
        for said in MESSAGES.texts(lang, key, **_filled(lang, key)):
            text = Text(lang, f"messages/{key}", said)
            assert not asks_why(text), key
            assert questions(text) <= 1, f"{key} asks more than one thing"
            looked_at += 1
    assert looked_at > 500


def _filled(lang: str, key: str) -> dict[str, str]:
    names = placeholders(MESSAGES.written(lang, key))
    return {name: "5" if name == "count" else name for name in names}


class _Tracker:
    def __init__(self, latest: dict[str, Any]) -> None:
        self.latest_message = latest


def test_the_full_name_of_a_topic_is_understood() -> None:
    answer = {"intent_response_key": "faq/deadlines", "confidence": 0.8}
    latest = {
        "text": "until when",
        "intent": {"name": "faq", "confidence": 0.8},
        "response_selector": {"faq": {"response": answer}},
        "full_intent_ranking": [{"name": "faq/deadlines", "confidence": 0.8}],
    }
    said = understood(_Tracker(latest), "en")  # type: ignore[arg-type]
    assert said.heard.intent == "faq/deadlines"
    assert said.ranking == ("faq/deadlines",)


def test_a_pressed_choice_has_no_text() -> None:
    latest = {"text": "-", "intent": {"name": "choose"}, "metadata": {"choice": "opt:1"}}
    heard = understood(_Tracker(latest), "en").heard  # type: ignore[arg-type]
    assert (heard.choice, heard.text) == ("opt:1", "")
