"""The gate is asked before the labels of choices: a typed label must not stop or erase by chance.

A person who types "that's all" at the end of her account, because a button said so, would lose it.
"""

from pathlib import Path

import pytest

from bot.words import Words
from catalogue import Messages, load_yaml
from survey import instrument

CONTENT = Path(__file__).resolve().parents[2] / "content"

#: Choices that are meant to stop, to erase or to throw away.
MEANT = {"stop", "erase", "delete", "discard", "end"}


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load(CONTENT)


@pytest.mark.parametrize("lang", Messages.load(CONTENT).languages)
def test_no_other_choice_stops_or_erases(words: Words, lang: str) -> None:
    labels = {
        f"{part}.{name}": label
        for part in ("report", "return", "survey", "talk")
        for name, label in load_yaml(CONTENT / f"messages/{lang}/{part}.yml")["choice"].items()
        if name not in MEANT
    }
    assert len(labels) > 50
    assert {key for key, label in labels.items() if words.recognise(label, lang)} == set()


@pytest.mark.parametrize("lang", Messages.load(CONTENT).languages)
def test_no_answer_of_the_survey_stops_or_erases(words: Words, lang: str) -> None:
    questionnaire = instrument.load(CONTENT / "instruments/victim-experience.yml")
    labels = [option.label[lang] for option in questionnaire.gate.options]
    labels += [
        option.label[lang]
        for item in questionnaire.items()
        for option in item.options
        if option.does != "delete"
    ]
    assert len(labels) > 100
    assert [label for label in labels if words.recognise(label, lang)] == []


@pytest.mark.parametrize(("lang", "word"), [("en", "“erase”"), ("fr", "«\u00a0effacer\u00a0»")])
def test_the_word_that_the_opening_names_erases(words: Words, lang: str, word: str) -> None:
    messages = Messages.load(CONTENT)
    for key in ("open.privacy.web", "open.brief.web", "talk.kindly.goodbye"):
        assert word in messages.text(lang, key), key
    sign = words.recognise(word, lang)
    assert sign is not None and sign.kind == "erase"
