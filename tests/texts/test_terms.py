"""The glossary is whole, and everything that people read keeps to it."""

from __future__ import annotations

import pytest

from catalogue.messages import BASE, LANGUAGES
from tests.texts.read import Text, of
from tests.texts.terms import avoided, glossary, renamed, terms, to_avoid


def test_the_glossary_is_complete() -> None:
    assert len(glossary()) >= 25
    for term, entry in glossary().items():
        assert set(entry) == set(LANGUAGES), term
        for lang, words in entry.items():
            assert set(words) <= {"say", "avoid", "source"}, (term, lang)
            assert words["say"], (term, lang)
            assert words["source"], (term, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_to_avoid_are_avoided(lang: str) -> None:
    """In what we write ourselves: organizations and offices have the names they have."""
    assert len(to_avoid(lang)) >= 15
    assert [f"{text}: {word}" for text in of(lang) for word in avoided(text)] == []


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "The perpetrators left."),
        ("fr", "Il faut le dénoncer."),
        ("es", "El acosador se fue."),
        ("ru", "Они не хотят быть доносчиками, это донос."),
        ("ru", "Ей поможет омбудсман или омбудсманы."),
        ("zh", "您可以打小报告。"),
        ("ar", "ابتعد عن المتحرّش."),
    ],
)
def test_a_word_to_avoid_is_seen(lang: str, sentence: str) -> None:
    assert list(avoided(Text(lang, "messages/talk.planted", sentence)))


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != BASE])
def test_a_thing_has_one_name(lang: str) -> None:
    assert list(renamed(lang)) == []


def test_names_are_known_in_every_language() -> None:
    assert len(terms()) >= 12
    for term, names in terms().items():
        assert set(names) == set(LANGUAGES), term


def test_every_term_stands_in_some_text() -> None:
    """A term that no text has would watch over nothing."""
    english = [text.text.lower() for text in of(BASE)]
    for term, names in terms().items():
        assert any(names[BASE].search(text) for text in english), term


def test_another_name_is_seen() -> None:
    names = terms()["receipt"]
    assert names["es"].search("guarde su comprobante")
    assert not names["es"].search("guarde su recibo")
