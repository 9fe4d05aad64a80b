"""Everything people read is easy enough to read in fear, in a hurry, or in a second language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue.messages import LANGUAGES
from tests.texts.ease import characters, ease, rare
from tests.texts.figures import HARDEST, TOGETHER, Figure, figures, is_harder, measure, together
from tests.texts.read import everything
from tests.texts.syllables import count

PAGE = Path(__file__).parents[2] / "docs" / "words.md"

#: Words with their syllables as people speak them.
SPOKEN = {
    "en": "idea 3, people 2, reporting 3, harassment 3, sexual 3, organization 5, usually 4, "
    "something 2, someone 2, believed 2, investigation 5, confidential 4, office 2, named 1, "
    "wanted 2, emergency 4, little 2, rules 1, changes 2, asked 1, decided 3, being 2, area 3, "
    "statement 2, safely 2, video 3, real 2, serious 3, social 2, immediately 5, people's 2, the 1",
    "fr": "personne 2, vous 1, école 2, aide 1, organisation 5, sexuel 3, enquête 2, que 1, "
    "question 2, réunion 3, une 1, l'enquête 2, service 2, théâtre 2, noël 2, politique 3",
    "es": "denuncia 3, quien 1, país 2, organización 5, guía 2, guerra 2, persona 3, oficina 4, "
    "cuando 2, ayuda 3, muy 1, aún 2, investigación 5, ciudad 2, teatro 3, leer 2, siguiente 3",
    "ru": "обращение 5, я 1, в 1, организация 6, её 2, расследование 6, чат 1",
    "ar": "كتب 3, بلاغ 3, من 2",
}

HARD = {
    "ar": "يستوجب الاضطلاع بالمسؤوليات المؤسسية المنصوص عليها استيفاء الاشتراطات الإجرائية.",
    "zh": "凡依照本组织有关规定负有受理职责的各部门均应当在符合程序要求并且不妨碍调查"
    "的前提下对当事人所提出的各项请求予以审议",
    "en": "Institutional accountability necessitates implementation of remedies.",
    "fr": "La responsabilisation institutionnelle nécessite des dispositions.",
    "ru": "Институциональная ответственность предполагает осуществление мероприятий.",
    "es": "La responsabilidad institucional requiere procedimientos disciplinarios.",
}
EASY = {
    "ar": "أنا هنا. قل ما تريد. لا بأس.",
    "zh": "我在这里。您慢慢说。",
    "en": "I am here. Take your time. You can stop.",
    "fr": "Je suis là. Prenez le temps. Vous pouvez dire non.",
    "ru": "Я тут. Вы не одни. Всё в порядке.",
    "es": "Aquí estoy. Hable sin prisa. Usted decide.",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_too_hard(lang: str) -> None:
    assert len(figures(lang)) > 120
    assert [f"{one.unit} [{lang}]: {one.value:.0f}" for one in figures(lang) if one.hard] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_texts_of_a_language_are_easy_together(lang: str) -> None:
    assert not is_harder(lang, together(lang), TOGETHER)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hard_text_and_an_easy_one_are_told_apart(lang: str) -> None:
    assert Figure(lang, "planted", HARD[lang], measure(lang, HARD[lang])).hard
    assert not is_harder(lang, measure(lang, EASY[lang]), TOGETHER)


@pytest.mark.parametrize("lang", SPOKEN)
def test_syllables_are_counted_as_they_are_spoken(lang: str) -> None:
    known = re.findall(r"([^\s,]+) (\d)", SPOKEN[lang])
    assert known
    wrong = [(word, spoken, count(lang, word)) for word, spoken in known]
    assert [one for one in wrong if int(one[1]) != one[2]] == []


def test_the_formula_is_the_published_one() -> None:
    # Twelve words, one sentence, fourteen syllables.
    text = "You can say as much or as little as you choose, really."
    assert ease("en", text) == pytest.approx(206.835 - 1.015 * 12 - 84.6 * 14 / 12)
    assert characters("您可以停。您也可以走。") == 4.5


def test_chinese_keeps_to_common_characters() -> None:
    """All but 浏, which every reader knows from 浏览器, the word for a browser."""
    chinese = "".join(text.text for text in everything() if text.lang == "zh")
    assert len(chinese) > 20_000
    assert set(rare(chinese)) == {"浏"}
    assert rare("饕張一") == ["饕", "張"]


def test_the_page_states_the_bounds_that_are_kept() -> None:
    rows = re.findall(r"^\| (\w\w) \|(.+)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    stated = {lang: [cell.strip() for cell in cells.split("|")] for lang, cells in rows}
    assert set(stated) == set(LANGUAGES)
    for lang, cells in stated.items():
        assert float(cells[3]) == TOGETHER[lang], lang
        assert float(cells[5]) == HARDEST[lang], lang
