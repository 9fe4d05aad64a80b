"""What is offered to somebody who was not understood for sure."""

from __future__ import annotations

import pytest

from bot.asking import AGAIN, ELSE, MOST, REST, asked, cared, choice_of, nearest, onward, weighs
from bot.choices import VALUE, intent_of

TOPICS = tuple(f"faq/topic{n}" for n in range(9))


def test_the_set_is_as_large_as_the_doubt() -> None:
    even = [0.1] * len(TOPICS)
    assert nearest(TOPICS, even) == [f"topic:topic{n}" for n in range(MOST)]
    assert nearest(TOPICS, [0.5, 0.5 - REST / 2, *even]) == ["topic:topic0", "topic:topic1"]
    assert len(nearest(TOPICS, [0.5, 0.5 - REST * 1.5, *even])) == 3


def test_without_probabilities_as_many_are_offered_as_there_may_be() -> None:
    assert len(nearest(TOPICS)) == MOST
    assert len(nearest(TOPICS, most=2)) == 2


def test_what_cannot_be_chosen_takes_no_place() -> None:
    found = nearest(["greet", "faq/online", "thanks", "human", "menu_support"])
    assert found == ["topic:online", "menu:support"]


@pytest.mark.parametrize("ranking", [TOPICS, ("human", *TOPICS), ("faq/online",)])
def test_something_else_is_always_there_and_always_last(ranking: tuple[str, ...]) -> None:
    for values in (asked(ranking, ()), cared(ranking, ())):
        assert values[-1] == ELSE
        assert values.count("menu:support") == 1
        assert len(set(values)) == len(values) <= MOST + 2


def test_nothing_near_is_no_question() -> None:
    assert asked((), ()) == asked(("greet", "thanks"), (0.5, 0.4)) == []


def test_who_may_carry_something_can_always_report_and_find_support() -> None:
    values = cared(TOPICS, ())
    assert values[-4:] == ["topic:how_to_report", "menu:report", "menu:support", ELSE]


@pytest.mark.parametrize(
    ("intent", "weight"),
    [("disclosure", True), ("distress", True), ("danger/child", True), ("faq/support", False)],
)
def test_what_weighs_on_a_person(intent: str, weight: bool) -> None:
    assert weighs(intent) is weight


def test_no_small_talk_can_be_chosen() -> None:
    assert [choice_of(name) for name in ("smalltalk", "disclosure", "danger/child")] == [None] * 3


@pytest.mark.parametrize("value", [ELSE, AGAIN])
def test_its_choices_are_choices_of_ours(value: str) -> None:
    assert VALUE.fullmatch(value)
    assert intent_of(value) == "choose"


def test_another_language_asks_the_same_again() -> None:
    assert onward([("Online", "topic:online"), ("Something else", ELSE)]) == AGAIN
    assert onward([("My options", "family:routes"), ("Start", "menu:main")]) == AGAIN
    assert onward([("Online", "topic:online")]) == onward([]) == "menu:start"
