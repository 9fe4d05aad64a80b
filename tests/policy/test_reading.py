"""Words that are easy to read: short sentences, right typography, the glossary's terms."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from catalogue import load_yaml
from catalogue.messages import LANGUAGES as ALL_LANGUAGES
from policy import Answers
from tests.policy import small
from tests.policy.conftest import CONTENT, LANGUAGES
from tests.policy.said import everything, messages, sentences, whole
from tests.policy.traps import plain

#: Words in a sentence: on average over one answer, and at most. French needs more small words.
AVERAGE = {"en": 14.0, "fr": 16.0}
LONGEST = {"en": 28, "fr": 32}

#: One space only; in French also no-break spaces, guillemets, curved apostrophes and "vous".
_SLIP = {
    "en": r"\s\s|\s$|^\s",
    "fr": r"\s\s|\s$|^\s| [:;?!»%]|« |[^\u00a0][:;?!»%]|'|\"|\b(tu|toi|tes)\b",
}

_WORD = re.compile(r"[\w’'-]*[^\W_][\w’'-]*")


def hard(answers: Answers) -> list[str]:
    """Answers whose sentences are too long, on average or one by one."""
    found = []
    for topic in answers.topics:
        for lang in LANGUAGES:
            texts = answers.get(topic).messages(lang)
            lengths = [len(_WORD.findall(part)) for text in texts for part in sentences(text)]
            if sum(lengths) / len(lengths) > AVERAGE[lang] or max(lengths) > LONGEST[lang]:
                found.append(f"{topic}/{lang}: {lengths}")
    return found


def slips(answers: Answers) -> list[str]:
    """Texts with a typographic slip."""
    return [
        str(said)
        for said in everything(answers)
        if said.place != "source" and re.search(_SLIP[said.lang], said.text, re.IGNORECASE)
    ]


@cache
def glossary() -> Any:
    return load_yaml(CONTENT / "glossary.yml")


def avoided(answers: Answers) -> list[str]:
    """Words that the glossary tells to avoid, in what people read."""
    return [
        f"{said}: {word}"
        for said in everything(answers)
        for entry in glossary().values()
        for word in entry[said.lang].get("avoid", ())
        if re.search(rf"\b{re.escape(plain(word))}(?!\w{{2}})", plain(said.text))
    ]


def test_sentences_are_short(answers: Answers) -> None:
    assert hard(answers) == []


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "word " * 29 + "end."),
        ("fr", "mot " * 33 + "fin."),
        ("en", ("word " * 20 + "end. ") * 2),
        ("fr", ("mot " * 25 + "fin. ") * 2),
    ],
)
def test_a_long_sentence_is_seen(tmp_path: Path, lang: str, sentence: str) -> None:
    content = small.write(tmp_path, small.saying("planted", lang, sentence))
    assert [line.split(":")[0] for line in hard(Answers.load(content, LANGUAGES))] == [
        f"planted/{lang}"
    ]


def test_typography_is_right(answers: Answers) -> None:
    assert slips(answers) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Voici : une chose.",
        "Voici « cela ».",
        "L'autre chose.",
        "Une chose;\u00a0une autre.",
        "Tu peux le dire.",
        "Deux  espaces.",
    ],
)
def test_a_slip_is_seen(tmp_path: Path, sentence: str) -> None:
    content = small.write(tmp_path, small.saying("planted", "fr", sentence))
    assert len(slips(Answers.load(content, LANGUAGES))) == 1


def test_the_glossary_is_complete() -> None:
    assert len(glossary()) >= 25
    for term, entry in glossary().items():
        assert set(LANGUAGES) <= set(entry) <= set(ALL_LANGUAGES), term
        for lang, words in entry.items():
            assert set(words) <= {"say", "avoid", "source"}, (term, lang)
            assert words["say"], (term, lang)
            assert words["source"], (term, lang)


def test_the_glossary_is_used(answers: Answers) -> None:
    assert avoided(answers) == []


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "The perpetrators left."), ("fr", "Il faut le dénoncer.")]
)
def test_a_word_to_avoid_is_seen(tmp_path: Path, lang: str, sentence: str) -> None:
    content = small.write(tmp_path, small.saying("planted", lang, sentence))
    assert len(avoided(Answers.load(content, LANGUAGES))) == 1


def test_the_same_comfort_is_not_repeated(answers: Answers) -> None:
    """No message stands in two answers word for word: repeated words sound like a machine."""
    for lang in LANGUAGES:
        said = [said.text for said in messages(answers) if said.lang == lang]
        assert len(set(said)) == len(said)
    assert whole(answers, "self_blame", "en") != whole(answers, "not_believed", "en")
