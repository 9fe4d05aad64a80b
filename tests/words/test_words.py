"""How the gate hears: folding, politeness, urgency, the chat's language, and no slow text."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import Sign, Words
from catalogue.messages import LANGUAGES

ROOT = Path(__file__).parents[2]


@cache
def words() -> Words:
    return Words.load(ROOT / "content")


def heard(text: str, lang: str | None = "en") -> str | None:
    sign = words().recognise(text, lang)
    return (sign.danger or sign.kind) if sign else None


@pytest.mark.parametrize(
    "text",
    [
        "ＳＴＯＰ",
        "s\u200bt\u200bo\u200bp",
        "“stop”",
        "Stop… please…",
        "stop 🙏🙏",
        "*stop*",
        "stop,please,now",
        "STOOOOP",
        "Stop.\n\nStop.",
    ],
)
def test_one_command_in_many_dresses(text: str) -> None:
    assert heard(text) == "stop"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("stop and delete everything", "erase"),
        ("Delete everything. Then leave.", "erase"),
        ("stop, leave", "exit"),
        ("umbrella. stop", "safe_word"),
        ("arrêtez et effacez tout", "erase"),
    ],
)
def test_of_several_commands_the_one_that_protects_most(text: str, kind: str) -> None:
    assert heard(text) == kind


@pytest.mark.parametrize("text", ["", " ", "🙂", "...", "please", "thank you", "and", "12", "\x00"])
def test_nothing_is_heard_in_nothing(text: str) -> None:
    assert heard(text) is None


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("he is outside my door with a knife", "violence_now"),
        ("I want to die and he is outside my door with a knife", "violence_now"),
        ("I was raped last night and now I want to kill myself", "self_harm"),
        ("She is 15 and was raped last night", "assault_recent"),
    ],
)
def test_the_most_urgent_danger_wins(text: str, danger: str) -> None:
    assert heard(text) == danger


def test_a_figure_of_speech_hides_no_danger_beside_it() -> None:
    assert heard("this deadline is killing me") is None
    assert heard("this deadline is killing me and I want to kill myself") == "self_harm"


def test_a_phrase_does_not_reach_into_the_next_sentence() -> None:
    assert heard("He has a. Knife shops are near.") is None


def test_some_words_are_commands_in_their_own_language_only() -> None:
    assert heard("para", "es") == "stop"
    assert heard("sal", "es") == "exit"
    assert heard("sal", "en") is None
    assert heard("sal", None) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_offered_safe_word_works_everywhere(lang: str) -> None:
    word = words().safe_word(lang)
    assert all(words().recognise(word, chat) == Sign("safe_word") for chat in (*LANGUAGES, None))


def test_a_language_without_words_is_offered_the_english_one() -> None:
    assert words().safe_word("xx") == words().safe_word("en")


@pytest.mark.parametrize(
    "unit",
    [
        "i ",
        "he is ",
        "die ",
        "want to die of boredom ",
        "raped by someone who was in my ",
        "我想死",
        "我把",
        "و" * 50 + " ",
        "a",
        "aab",
        ".,",
        "((((",
        "ﷺ",
        "٣ ",
        "e\u0301\u0301\u0301",
        "stop ",
        "please ",
    ],
)
def test_no_text_is_slow(unit: str) -> None:
    """A generous bound; each of these takes a few hundredths of a second."""
    text = (unit * (20_000 // len(unit) + 1))[:20_000]
    begin = time.perf_counter()
    words().recognise(text, "en")
    words().figure(text)
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    ("text", "only_sounds"),
    [
        ("this deadline is killing me", True),
        ("I nearly died laughing in there", True),
        ("笑死我了", True),
        ("how long does it take", False),
        ("he is outside my door with a knife", False),
        ("", False),
        ("word " * 900 + "this deadline is killing me", False),
        ("my boss will kill me if i miss the deadline", True),
        # No list knows every danger, and a frightened person types no full stop.
        ("this place is killing me i am standing on the roof", False),
        ("the heat is killing me and he has locked the door with me inside", False),
    ],
)
def test_words_that_only_sound_like_danger_are_known(text: str, only_sounds: bool) -> None:
    assert words().figure(text) is only_sounds


def test_a_danger_beside_a_figure_of_speech_is_a_danger() -> None:
    text = "I nearly died laughing, now I want to kill myself"
    assert words().figure(text)
    assert heard(text) == "self_harm"


def test_followed_home_is_danger_and_followed_to_the_office_is_not() -> None:
    assert heard("رجال يمشي وراي لحد باب شقتي الآن", "ar") == "violence_now"
    assert heard("زميلي يمشي وراي لحد باب المكتب", "ar") is None


@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, None]))
def test_any_text_gets_an_answer(text: str, lang: str | None) -> None:
    sign = words().recognise(text, lang)
    assert sign is None or (sign.kind == "crisis") == (sign.danger is not None)
