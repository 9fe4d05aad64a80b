"""How the classifier learns: votes, spelling and vectors of many texts (`test_classifier.py`)."""

from __future__ import annotations

import numpy as np
import pytest

from bot.rasa import kernel, spelling
from bot.rasa.kernel import Votes, nearness
from bot.rasa.spelling import Spelling
from bot.rasa.vocabulary import Vocabulary


@pytest.mark.parametrize("factored", [4000, 1])
@pytest.mark.parametrize("count", [2, 7, 40, 2300])
def test_the_votes_solve_what_they_say(
    monkeypatch: pytest.MonkeyPatch, count: int, factored: int
) -> None:
    monkeypatch.setattr(kernel, "_FACTORED", factored)
    chance = np.random.default_rng(5)
    points = chance.normal(size=(count, 6)).astype(np.float32)
    targets = np.eye(3, dtype=np.float32)[chance.integers(0, 3, count)]
    votes = Votes(points, targets, 0.1)
    matrix = nearness(points, points) + 0.1 * np.eye(count)
    rest = matrix @ votes.weights - targets
    assert (np.linalg.norm(rest, axis=0) <= 4.1e-3 * np.linalg.norm(targets, axis=0)).all()
    if count <= factored:
        assert rest == pytest.approx(0, abs=2e-3)


@pytest.mark.parametrize("factored", [4000, 1])
def test_examples_that_are_left_out_are_scored_by_the_others(
    monkeypatch: pytest.MonkeyPatch, factored: int
) -> None:
    monkeypatch.setattr(kernel, "_FACTORED", factored)
    chance = np.random.default_rng(6)
    points = chance.normal(size=(1300, 4)).astype(np.float32)
    targets = np.eye(2, dtype=np.float32)[chance.integers(0, 2, 1300)]
    aside = [0, 11, 1299]
    seen = np.delete(np.arange(1300), aside)
    less = nearness(points[seen], points[seen]) + 0.1 * np.eye(1297)
    wanted = nearness(points[aside], points[seen]) @ np.linalg.solve(less, targets[seen])
    found = Votes(points, targets, 0.1, aside).left_out
    assert found == pytest.approx(wanted, abs=1e-4 if factored > 1300 else 0.02)


def test_what_nobody_asks_for_and_what_is_asked_twice_changes_no_votes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kernel, "_FACTORED", 1)
    chance = np.random.default_rng(7)
    points = chance.normal(size=(300, 4)).astype(np.float32)
    one = (chance.integers(0, 2, 300) == 0).astype(np.float32)
    found = Votes(points, np.stack([one, one, 0 * one], axis=1), 0.1).weights
    alone = Votes(points, one[:, None], 0.1).weights
    assert found[:, :2] == pytest.approx(np.repeat(alone, 2, axis=1), abs=0.02)
    assert not found[:, 2].any()


def test_examples_that_cannot_be_told_apart_are_refused() -> None:
    points = np.zeros((40, 3), dtype=np.float32)
    with pytest.raises(ValueError, match="raise the ridge"):
        Votes(points, np.eye(40, 2), -1.0)


def test_two_processes_learn_the_same_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["one two three", "one two four", "five six", "five seven nine", "six two"] * 2
    labels = np.array(["a", "a", "b", "b", "c"] * 2)
    found = []
    for many in (1, 100):
        monkeypatch.setattr(spelling, "_MANY", many)
        view = Spelling(30, 8, 0.5)
        view.fit(texts, labels, np.array([0]), np.array(["a", "b", "c"]))
        found.append([view.score(text) for text in (*texts, "one of six")])
        # What it met and does not know is not stored with it.
        assert not any(hasattr(kind, "stop_words_") for _, kind in view.features.transformer_list)
    assert np.array_equal(*found)


def test_many_texts_at_once_have_the_words_of_each_alone() -> None:
    vocabulary = Vocabulary()
    texts = [*["he came in", "", "\u4f60\u597d", "he came in and " * 100] * 20, "last"]
    alone = np.concatenate([vocabulary.encode_all([text]) for text in texts])
    assert vocabulary.encode_all(texts) == pytest.approx(alone, abs=1e-5)
    assert vocabulary.encode_all([]).shape == (0, alone.shape[1])
