"""Answers that are easy to read: short sentences, and no comfort said twice."""

from pathlib import Path

import pytest

from policy import Answers
from tests.policy import small
from tests.policy.conftest import LANGUAGES
from tests.policy.said import messages, whole
from tests.texts.plain import length, sentences

#: Words in a sentence (in Chinese: characters), on average over one answer, and at most. French
#: and Spanish need more small words; Russian and Arabic put them into the endings.
AVERAGE = {"ar": 14.0, "zh": 26.0, "en": 14.0, "fr": 16.0, "ru": 12.5, "es": 16.0}
LONGEST = {"ar": 26, "zh": 48, "en": 28, "fr": 32, "ru": 24, "es": 30}

WORD = {"ar": "كلمة ", "zh": "字", "en": "word ", "fr": "mot ", "ru": "слово ", "es": "voz "}
END = {"ar": ".", "zh": "。", "en": ".", "fr": ".", "ru": ".", "es": "."}


def hard(answers: Answers) -> list[str]:
    """Answers whose sentences are too long, on average or one by one."""
    found = []
    for topic in answers.topics:
        for lang in LANGUAGES:
            texts = answers.get(topic).messages(lang)
            lengths = [length(lang, part) for text in texts for part in sentences(text)]
            if sum(lengths) / len(lengths) > AVERAGE[lang] or max(lengths) > LONGEST[lang]:
                found.append(f"{topic}/{lang}: {lengths}")
    return found


def test_sentences_are_short(answers: Answers) -> None:
    assert hard(answers) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("how", ["one is too long", "all are rather long"])
def test_a_long_sentence_is_seen(tmp_path: Path, lang: str, how: str) -> None:
    words, times = LONGEST[lang] + 1, 1
    if how == "all are rather long":
        words, times = LONGEST[lang], 2
    planted = [(WORD[lang] * words).strip() + END[lang]] * times
    content = small.write(tmp_path, small.saying("planted", lang, *planted))
    assert [line.split(":")[0] for line in hard(Answers.load(content, LANGUAGES))] == [
        f"planted/{lang}"
    ]


def test_the_same_comfort_is_not_repeated(answers: Answers) -> None:
    """No message stands in two answers word for word: repeated words sound like a machine."""
    for lang in LANGUAGES:
        said = [said.text for said in messages(answers) if said.lang == lang]
        assert len(set(said)) == len(said)
        assert whole(answers, "self_blame", lang) != whole(answers, "not_believed", lang)
