"""Recognising the language, and the wish for one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.language import asks_for, detect
from catalogue.messages import LANGUAGES

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "languages.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_short_message_shows_its_language(lang: str) -> None:
    others = [other for other in LANGUAGES if other != lang]
    wrong = [(text, d) for text in CASES[lang] for d in others if detect(text, d) != lang]
    assert len(wrong) <= 0.05 * len(CASES[lang]) * len(others), wrong


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_conversation_stays_in_its_language(lang: str) -> None:
    assert [text for text in CASES[lang] if detect(text, lang) != lang] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_name_a_number_or_an_acronym_changes_nothing(lang: str) -> None:
    assert [text for text in CASES["unsure"] if detect(text, lang) != lang] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wish_for_a_language_is_heard(lang: str) -> None:
    assert [text for text in CASES["wishes"][lang] if asks_for(text) != lang] == []


def test_a_sentence_about_a_language_is_no_wish() -> None:
    assert [text for text in CASES["no_wish"] if asks_for(text) is not None] == []


@pytest.mark.parametrize(
    "text",
    ["γεια", "नमस्ते", "שלום", "สวัสดี", "ሰላም", "こんにちは", "안녕하세요", "გამარჯობა", "𓀀", "ⴰⵣⵓⵍ"],
)
@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_script_that_nobody_here_answers_in_changes_nothing(text: str, times: int) -> None:
    said = " ".join([text] * times)
    assert detect(said, "fr") == "fr"
    assert detect(f"{said} !?", "ar") == "ar"
