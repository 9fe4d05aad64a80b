"""The catalogue finds every gap when it is loaded, and counts as each language does."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import ContentError, Messages
from catalogue.messages import LANGUAGES
from catalogue.plurals import categories, category


def catalogue(folder: Path, **languages: str) -> Messages:
    for lang, text in languages.items():
        path = folder / "messages" / lang / "part.yml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return Messages.load(folder)


def test_a_count_takes_the_form_of_its_language(tmp_path: Path) -> None:
    messages = catalogue(
        tmp_path,
        en='sent: {one: "{count} answer", other: "{count} answers"}',
        ru='sent: {one: "{count} ответ", few: "{count} ответа", many: "{count} ответов", '
        'other: "{count} ответа"}',
    )
    said = [messages.text("ru", "part.sent", count=count) for count in (1, 3, 5, 21, 112)]
    assert said == ["1 ответ", "3 ответа", "5 ответов", "21 ответ", "112 ответов"]
    assert messages.text("en", "part.sent", count=1) == "1 answer"
    assert messages.text("en", "part.sent", count=0) == "0 answers"


def test_a_plural_form_that_the_language_has_and_the_catalogue_lacks_is_found(
    tmp_path: Path,
) -> None:
    with pytest.raises(ContentError, match=r"lacks a plural form.*add few, two"):
        catalogue(
            tmp_path,
            en='sent: {one: "{count} answer", other: "{count} answers"}',
            ar='sent: {zero: "{count}", one: "{count}", many: "{count}", other: "{count}"}',
        )


def test_a_form_without_words_is_found(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"part\.sent\.one' is not a text"):
        catalogue(tmp_path, en='sent: {one: "", other: "{count} answers"}')


def test_keys_called_other_are_not_plurals(tmp_path: Path) -> None:
    messages = catalogue(tmp_path, en='kind: {pest: "Pest", other: "Something else"}')
    assert messages.text("en", "part.kind.other") == "Something else"


@pytest.mark.parametrize(
    ("french", "problem"),
    [
        ('a: "x"', r"'part\.b' is missing"),
        ('{a: "x", b: "{nom}"}', r"'part\.b' has other placeholders"),
        ('{a: "x", b: "{name}", c: "y"}', r"'part\.c' is not in English"),
    ],
)
def test_a_gap_is_found(tmp_path: Path, french: str, problem: str) -> None:
    with pytest.raises(ContentError, match=problem):
        catalogue(tmp_path, en='{a: "x", b: "{name}"}', fr=french)


def test_arabic_and_russian_have_more_forms_than_english() -> None:
    assert categories("ar") == {"zero", "one", "two", "few", "many", "other"}
    assert categories("zh") == {"other"}
    assert [category("ar", number) for number in (0, 1, 2, 3, 11, 100)] == [
        *("zero", "one", "two", "few", "many", "other")
    ]
    # A million takes a form of its own in French: it is never asked for, so "other" serves.
    assert category("fr", 1_000_000) == "other"
    assert all("other" in categories(lang) for lang in LANGUAGES)
