"""One question at a time, and never "why": a person who is asked why feels accused."""

from __future__ import annotations

import pytest

from catalogue.messages import BASE, LANGUAGES
from tests.texts.asking import asks_why, questions
from tests.texts.read import Text, everything, of


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_is_asked_why(lang: str) -> None:
    assert [str(text) for text in of(lang, names=True) if asks_why(text)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_thing_is_asked_at_a_time(lang: str) -> None:
    """In a text, and in the texts that are sent one after the other."""
    asked: dict[str, int] = {}
    for text in of(lang):
        assert questions(text) <= 1, text
        asked[text.unit] = asked.get(text.unit, 0) + questions(text)
    several = {unit for unit, count in asked.items() if count > 1}
    assert {unit for unit in several if not unit.startswith("policy/")} == set()


def test_questions_are_questions_in_every_language() -> None:
    """What English asks is asked. Arabic may ask where others order: its orders are for one sex."""
    asked: dict[str, dict[str, int]] = {}
    for text in everything():
        counted = asked.setdefault(text.unit, {})
        counted[text.lang] = counted.get(text.lang, 0) + questions(text)
    for unit, counts in asked.items():
        others = {lang: count for lang, count in counts.items() if lang not in (BASE, "ar")}
        assert set(others.values()) == {counts[BASE]}, (unit, counts)
        assert counts["ar"] >= counts[BASE], (unit, counts)


PLANTED = [
    ("ar", "لماذا انتظرت؟"),
    ("ar", "يرجى ذكر السبب."),
    ("zh", "您为什么不说？"),
    ("zh", "请说明原因。"),
    ("en", "Why did you wait?"),
    ("en", "Please tell us why."),
    ("fr", "Pourquoi avez-vous attendu\u00a0?"),
    ("fr", "Expliquez pourquoi."),
    ("ru", "Почему вы ждали?"),
    ("ru", "Объясните, почему."),
    ("es", "¿Por qué esperó?"),
    ("es", "Explique el motivo."),
]


@pytest.mark.parametrize(("lang", "sentence"), PLANTED)
def test_why_is_heard(lang: str, sentence: str) -> None:
    assert asks_why(Text(lang, "messages/talk.planted", sentence))


def test_what_people_ask_us_and_what_we_advise_is_no_question_of_ours() -> None:
    assert not asks_why(Text("en", "messages/survey.choice.why", "Why do you ask?"))
    assert not asks_why(Text("en", "messages/inbox.reply.care", "Do not ask “why”."))
    assert questions(Text("zh", "messages/talk.planted", "是吗？好吗？")) == 2
