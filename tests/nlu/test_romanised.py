"""Arabic in Latin letters: known as such, and spelt in its own letters."""

from __future__ import annotations

import pytest

from bot.rasa.romanised import in_arabic, romanised
from tests.nlu.test_data import training

ARABIC = (
    "3ayez akallem 7ad",
    "momken a2addem shakwa",
    "wein balla2i el da3m",
    "shu biddi a3mel",
    "el modir byedrabni",
)


@pytest.mark.parametrize("text", ARABIC)
def test_it_is_known(text: str) -> None:
    assert romanised(text)


@pytest.mark.parametrize(
    "text",
    [
        "I am a G4 in the 2nd office, 3 people saw it",
        "the mp3 he sent me at 3pm on the 5th",
        "para el jefe mi salario no existe",
        "my boss Hadi Salam came in",
        "il est en bas, un bel exemple",
        "j'ai 3enfants et 2filles, a2a",
        "ana",
        "",
        "\u0645\u062f\u064a\u0631\u064a a2addem 3ayez",
    ],
)
def test_nothing_else_is_taken_for_it(text: str) -> None:
    assert not romanised(text)


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ru", "zh"])
def test_no_taught_sentence_of_another_language_is(lang: str) -> None:
    assert [text for text, _ in training(lang) if romanised(text)] == []


def test_most_taught_sentences_with_such_words_are() -> None:
    typed = [text for text, _ in training("ar") if text.isascii() and len(text.split()) > 2]
    assert sum(map(romanised, typed)) / len(typed) > 0.8


def test_it_is_spelt_in_arabic_letters() -> None:
    assert in_arabic("el modir 7ad 3arafni, shakwa 12") == "المدير حد عرفني, شكوا 12"
