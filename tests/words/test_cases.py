"""The frozen sentences: every danger and every command is known, and hardly anything else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.words import Sign, Words
from catalogue.messages import LANGUAGES

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
SETS = ("", "second", "third")
#: Of the calm sentences, at most this share may be taken for danger.
FALSE_ALARMS = 0.02


@cache
def words() -> Words:
    return Words.load(ROOT / "content")


@cache
def cases(lang: str) -> tuple[dict[str, Any], ...]:
    files = [CASES / name / f"{lang}.yml" for name in SETS]
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)


def crises(lang: str) -> Iterator[tuple[str, str]]:
    for part in cases(lang):
        for danger, sentences in part["crisis"].items():
            yield from ((danger, sentence) for sentence in sentences)


def calm(lang: str) -> list[str]:
    return [sentence for part in cases(lang) for sentence in part["calm"]]


def commands(lang: str) -> Iterator[tuple[str, str]]:
    for part in cases(lang):
        for kind, sentences in part.get("commands", {}).items():
            yield from ((kind, sentence) for sentence in sentences)


def is_crisis(sign: Sign | None) -> bool:
    return sign is not None and sign.kind == "crisis"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sets_are_large_enough_to_mean_something(lang: str) -> None:
    base = lang == "en"
    assert len(list(crises(lang))) >= (60 if base else 30)
    assert len(calm(lang)) >= (60 if base else 30)
    assert len(list(commands(lang))) >= 40
    assert sum(len(part.get("not_commands", ())) for part in cases(lang)) >= 30


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_danger_is_known(lang: str) -> None:
    missed = [s for _, s in crises(lang) if not is_crisis(words().recognise(s, lang))]
    assert missed == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_danger_is_the_right_one(lang: str) -> None:
    signs = [(danger, words().recognise(s, lang)) for danger, s in crises(lang)]
    right = sum(sign is not None and sign.danger == danger for danger, sign in signs)
    assert right / len(signs) >= 0.97


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hardly_anything_else_is_taken_for_danger(lang: str) -> None:
    false = [s for s in calm(lang) if words().recognise(s, lang) is not None]
    assert len(false) / len(calm(lang)) < FALSE_ALARMS, false


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_is_known(lang: str) -> None:
    wrong = [s for kind, s in commands(lang) if words().recognise(s, lang) != Sign(kind)]
    assert wrong == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_only_looks_like_a_command_is_none(lang: str) -> None:
    near = [s for part in cases(lang) for s in part.get("not_commands", ())]
    assert [s for s in near if words().recognise(s, lang) is not None] == []


@pytest.mark.parametrize("chat", [*LANGUAGES, None])
def test_the_language_of_the_chat_hides_no_danger(chat: str | None) -> None:
    for lang in LANGUAGES:
        some = list(crises(lang))[::3]
        assert all(is_crisis(words().recognise(s, chat)) for _, s in some)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_danger_is_known_inside_a_long_account(lang: str) -> None:
    """Also where the windows of a long text meet, whatever stands around it."""
    account = " ".join(s for s in calm(lang) if s.isascii() or lang != "en")[:3_000]
    for at in range(0, len(account), 700):
        cut = account.rfind(" ", 0, at + 1) + 1
        for _, sentence in list(crises(lang))[::12]:
            text = f"{account[:cut]}. {sentence}. {account[cut:]}"
            assert is_crisis(words().recognise(text, lang)), sentence
