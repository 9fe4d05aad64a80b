"""The small language that phrases are written in, against a slow and obvious reading of it."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.folding import tokens
from bot.phrase_reader import PhraseError, Reader
from bot.phrases import Finder, Gap, Maybe, OneOf, Part, Row, Word
from bot.words import Words
from catalogue import ContentError

ROOT = Path(__file__).parents[2]


def found(phrase: str, text: str) -> bool:
    finder = Finder([(Reader().read(phrase), True)])
    return finder.find(finder.marks([(t,) for t in tokens(text)])) is True


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("want to die", "I WANT to die!", True),
        ("want to die", "want die", False),
        ("(kill|hurt) myself", "hurt myself", True),
        ("want (to|so badly to) die", "want so badly to die", True),
        ("want to? die", "want die", True),
        ("suicid*", "suicidal", True),
        ("suicid*", "a suicide", True),
        ("he ... knife", "he has a big knife", True),
        ("he ... knife", "he has a very big knife", False),
        ("he ...6 knife", "he has a very big knife", True),
        ("he ... knife", "he left. knife", False),
        ("raped .", "he raped. then", True),
        ("raped .", "he raped then", False),
        ("violée", "VIOLEE", True),
        ("我想死", "是我想死的", True),
        ("أريد", "اريد", True),
    ],
)
def test_a_phrase_means_what_the_readme_says(phrase: str, text: str, expected: bool) -> None:
    assert found(phrase, text) is expected


@pytest.mark.parametrize(
    "phrase",
    [
        "(a",
        "a)",
        "a |",
        "?",
        "... a",
        "a ...",
        "a?",
        "{none}",
        "a ...99 b",
        "a b|c",
        "()",
        "{",
    ],
)
def test_a_phrase_that_cannot_be_meant_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        Reader().read(phrase)


def spelled_out(part: Part) -> list[list[str | None]]:
    """Every run of words that a part stands for; ``None`` is any word of a gap."""
    match part:
        case Word(key):
            return [[key]]
        case Gap(most):
            return [[None] * n for n in range(most + 1)]
        case Maybe(inner):
            return [[], *spelled_out(inner)]
        case OneOf(parts):
            return [run for inner in parts for run in spelled_out(inner)]
        case Row(parts):
            runs = itertools.product(*(spelled_out(inner) for inner in parts))
            return [[word for piece in run for word in piece] for run in runs]
        case _:
            raise AssertionError(part)


def matches(run: list[str | None], words: list[str]) -> bool:
    return len(run) == len(words) and all(
        (w != ".") if r is None else r == w for r, w in zip(run, words, strict=True)
    )


letters = st.sampled_from("abc.")
parts: st.SearchStrategy[Part] = st.recursive(
    st.builds(Word, letters),
    lambda inner: st.one_of(
        st.builds(Maybe, inner),
        st.builds(lambda a: OneOf(tuple(a)), st.lists(inner, min_size=1, max_size=2)),
        st.builds(lambda a: Row(tuple(a)), st.lists(inner, min_size=1, max_size=2)),
        st.builds(lambda a, g, b: Row((a, Gap(g), b)), inner, st.integers(1, 2), inner),
    ),
    max_leaves=4,
)


@given(parts, st.lists(letters, max_size=7))
def test_finding_agrees_with_the_obvious_reading(part: Part, text: list[str]) -> None:
    phrase = Row((Word("a"), part))  # a phrase needs at least one word
    finder = Finder([(phrase, True)])
    runs = spelled_out(phrase)
    spans = itertools.combinations(range(len(text) + 1), 2)
    expected = any(matches(run, text[i:j]) for i, j in spans for run in runs)
    marks = finder.marks([(word,) for word in text])
    assert (finder.find(marks) is True) is expected
    assert bool(finder.covered(marks)) is expected


@given(parts, st.lists(letters, min_size=1, max_size=5))
def test_going_back_agrees_with_going_ahead(part: Part, text: list[str]) -> None:
    marks = Finder([(Row((Word("a"), part)), True)]).marks([(word,) for word in text])
    places = range(len(text) + 1)
    for start, end in itertools.product(places, places):
        ahead = bool(part.ahead(1 << start, marks) & (1 << end))
        assert ahead is bool(part.back(1 << end, marks) & (1 << start))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "content" / "gate", tmp_path / "gate")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("crisis:\n  self_harm:\n", "crisis:\n  self_harm:\n    - (want to die\n", "(want to die"),
        ("crisis:\n  self_harm:\n", "crisis:\n  sadness:\n", "sadness"),
        ("commands:\n  stop:\n", "commands:\n  stop:\n    - stop ... now\n", "gap"),
        ("safe_word: [umbrella]", "safe_word: []", "safe word"),
        ("polite:\n", "politeness:\n", "politeness"),
        ("  wanna: want to\n", "  wanna to: want to\n", "wanna to"),
        ("lists:\n", "lists:\n  empty: []\n", "empty"),
        ("  - please\n", "  - 12\n", "polite"),
    ],
)
def test_a_broken_file_names_its_line_and_the_remedy(
    content: Path, old: str, new: str, said: str
) -> None:
    file = content / "gate" / "en.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        Words.load(content)
    error = caught.value
    assert said in error.problem
    assert error.path == file
    assert error.remedy
    if error.line:
        first = text[: text.index(old)].count("\n") + 1
        assert first - 1 <= error.line <= first + new.count("\n")


def test_a_missing_language_stops_the_start(content: Path) -> None:
    (content / "gate" / "ru.yml").unlink()
    with pytest.raises(ContentError):
        Words.load(content)
