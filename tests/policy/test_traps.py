"""What no answer may say. Every trap is first shown to catch what was planted for it."""

from pathlib import Path

import pytest

from policy import Answers
from tests.policy import small
from tests.policy.conftest import LANGUAGES
from tests.policy.traps import traps

PLANTED = [
    pytest.param(name, lang, sentence, id=f"{name}-{lang}-{number}")
    for name, trap in traps().items()
    for lang in LANGUAGES
    for number, sentence in enumerate(trap.examples[lang], start=1)
]


@pytest.mark.parametrize("name", traps())
def test_no_answer_falls_into_the_trap(answers: Answers, name: str) -> None:
    assert [str(said) for said in traps()[name].caught(answers)] == []


@pytest.mark.parametrize(("name", "lang", "sentence"), PLANTED)
def test_the_trap_catches_what_is_planted(
    tmp_path: Path, name: str, lang: str, sentence: str
) -> None:
    content = small.write(tmp_path, small.saying("planted", lang, sentence))
    caught = list(traps()[name].caught(Answers.load(content, LANGUAGES)))
    assert [(said.topic, said.lang) for said in caught] == [("planted", lang)]


def test_plain_sentences_are_not_caught(tmp_path: Path) -> None:
    answers = Answers.load(small.write(tmp_path), LANGUAGES)
    for name, trap in traps().items():
        assert list(trap.caught(answers)) == [], name
