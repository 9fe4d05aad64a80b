"""The conversation's language follows the person from her first words on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.listening import Ear
from bot.words import Words
from catalogue.messages import LANGUAGES

CONTENT = Path(__file__).resolve().parents[2] / "content"


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(Words.load(CONTENT), LANGUAGES)


def guessed(lang: str = "en", *, chosen: bool = False) -> Conversation:
    return Conversation("somebody", "web", lang, chosen_lang=chosen)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("طاولة كبيرة", "ar"),
        ("зарплата", "ru"),
        ("水果", "zh"),
        ("مكتب!", "ar"),
        ("отпуск 2020", "ru"),
    ],
)
def test_first_words_in_a_script_of_their_own_are_answered_in_it(
    ear: Ear, text: str, lang: str
) -> None:
    conversation = guessed()
    ear.hear(conversation, text, None)
    assert conversation.lang == lang


@pytest.mark.parametrize("name", ["فاطمة", "Наташа", "王芳"])
def test_a_name_later_on_changes_nothing(ear: Ear, name: str) -> None:
    conversation = guessed()
    ear.hear(conversation, "how can I report what my boss does to me", None)
    ear.hear(conversation, name, None)
    assert conversation.lang == "en"


@pytest.mark.parametrize("name", ["فاطمة", "Наташа", "王芳"])
def test_a_name_changes_no_language_that_she_chose(ear: Ear, name: str) -> None:
    conversation = guessed("fr", chosen=True)
    ear.hear(conversation, name, None)
    assert conversation.lang == "fr"


@pytest.mark.parametrize("text", ["UNHCR", "Zürich", "123", "OK طاولة", "שלום", "!?"])
def test_first_words_that_could_be_of_any_language_change_nothing(ear: Ear, text: str) -> None:
    conversation = guessed("es")
    ear.hear(conversation, text, None)
    assert conversation.lang == "es"
