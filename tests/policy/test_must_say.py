"""What an answer must say, in every language: the meaning that edits must not lose.

The patterns stand in ``sentences/must/<lang>.yml``: topic, then what it must say, then the words
that say it, in lower case, with plain spaces and straight apostrophes.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from catalogue import load_yaml
from policy import Answers
from tests.policy import small
from tests.policy.conftest import LANGUAGES
from tests.policy.said import whole
from tests.texts.plain import bare, plain

FOLDER = Path(__file__).parent / "sentences" / "must"


@cache
def must(lang: str) -> dict[tuple[str, str], str]:
    """(topic, what it must say) -> the pattern of one language."""
    return {
        (topic, what): bare(pattern)
        for topic, patterns in load_yaml(FOLDER / f"{lang}.yml").items()
        for what, pattern in patterns.items()
    }


MUST = sorted(must("en"))


def missing(answers: Answers) -> list[tuple[str, str, str]]:
    """What the answers should say and do not: topic, what, language."""
    return [
        (topic, what, lang)
        for topic, what in MUST
        if topic in answers.topics
        for lang in LANGUAGES
        if not re.search(must(lang)[topic, what], plain(whole(answers, topic, lang)))
    ]


def test_every_language_has_to_say_the_same() -> None:
    assert len(MUST) >= 45
    for lang in LANGUAGES:
        assert sorted(must(lang)) == MUST, lang


def test_the_answers_say_what_they_must(answers: Answers) -> None:
    assert {topic for topic, _ in MUST} <= set(answers.topics)
    assert missing(answers) == []


@pytest.mark.parametrize("topic", sorted({topic for topic, _ in MUST}))
def test_an_answer_that_lost_it_is_seen(tmp_path: Path, topic: str) -> None:
    answers = Answers.load(small.write(tmp_path, small.answer(topic)), LANGUAGES)
    expected = {(name, what, lang) for name, what in MUST if name == topic for lang in LANGUAGES}
    assert set(missing(answers)) == expected
