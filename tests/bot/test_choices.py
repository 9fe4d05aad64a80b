"""What a pressed or typed choice means."""

from __future__ import annotations

import pytest

from bot.choices import VALUE, intent_of, named

OFFERED = [("Yes", "do:yes"), ("No, it’s not", "do:no"), ("Arrêter", "do:stop")]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Yes", "do:yes"),
        ("  yes! ", "do:yes"),
        ("YES", "do:yes"),
        ("no it's not", "do:no"),
        ("arrêter", "do:stop"),
        ("1", "do:yes"),
        ("2.", "do:no"),
        ("٣", "do:stop"),
        ("３", "do:stop"),
        ("4", None),
        ("0", None),
        ("yes please do", None),
        ("", None),
        ("🙂", None),
    ],
)
def test_a_label_or_a_number_names_a_choice(typed: str, value: str | None) -> None:
    assert named(typed, OFFERED, free=False) == value


def test_where_her_own_words_are_asked_for_a_number_is_hers() -> None:
    assert named("2", OFFERED, free=True) is None
    assert named("yes", OFFERED, free=True) == "do:yes"


@pytest.mark.parametrize(
    ("value", "intent"),
    [
        ("topic:deadlines", "faq/deadlines"),
        ("menu:survey", "menu_survey"),
        ("menu:start", "greet"),
        ("do:source", "source"),
        ("opt:Q5.2", "choose"),
        ("family:routes", "choose"),
    ],
)
def test_a_choice_stands_for_an_intent(value: str, intent: str) -> None:
    assert intent_of(value) == intent


@pytest.mark.parametrize("value", ["", "opt", "OPT:1", "opt:a b", "opt:<x>", "a:b:c:d:e", "/greet"])
def test_a_made_up_choice_is_none_of_ours(value: str) -> None:
    assert not VALUE.fullmatch(value)
