"""What a sentence is about: the statistical model behind `TopicClassifier`, without Rasa.

    from bot.rasa.topics import TopicModel
    model = TopicModel.fit(texts, labels)
    model.rank("cn i stay anonymous??")   # [("faq/anonymous_report", 0.83), ...]

Two views of a sentence are weighed together. The first is its meaning (`bot.rasa.meaning`), which
carries what one example teaches over to other words and other languages; near examples vote
(`bot.rasa.kernel`). The second is its spelling (`bot.rasa.spelling`), which holds names such
as OSLA or ClearCheck and bears typing errors; a message in Arabic letters is heard by a second
spelling view, too, which was taught such messages only. The shares of the views were chosen by
cross-validation; docs/understanding.md has the figures.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from threadpoolctl import threadpool_limits

from bot.rasa.kernel import Votes, nearness, squares
from bot.rasa.meaning import Meaning, let_go, load
from bot.rasa.romanised import in_arabic, romanised
from bot.rasa.spelling import SCRIPTS, Spelling, script

DEFAULTS: dict[str, Any] = {
    "axes": 384,
    "ridge": 0.1,
    "spelling_c": 0.5,
    "spelling_share": 0.4,
    "pieces": 50_000,
    "words": 20_000,
    "own_share": 0.6,
    "own_pieces": 15_000,
    "own_words": 8_000,
    "own_evenness": 0.88,
    "own_from": 500,
    "calibrated_on": 600,
}


@dataclass
class TopicModel:
    """A fitted classifier.

    Attributes:
        labels: full intent names, sorted; the order of all columns.
        meaning: the first view.
        points: the examples in it, one a row; half precision.
        votes: what each example says about each intent.
        spelling: the second view.
        own: the same for messages in one script, by its name.
        share: factor on the scores by spelling.
        own_share: factor on the scores by a script's own spelling.
        own_evenness: factor on all such scores: one view more makes them larger, but no surer.
        sharpness: factor on the scores before softmax, fitted on sentences kept out of training
            so that a confidence of 0.8 is right about eight times in ten.
    """

    labels: list[str]
    meaning: Meaning
    points: np.ndarray
    votes: np.ndarray
    spelling: Spelling
    own: dict[str, Spelling]
    share: float
    own_share: float
    own_evenness: float
    sharpness: float

    def __post_init__(self) -> None:
        self._examples = self.points.astype(np.float32)
        self._squares = squares(self._examples)

    def __getstate__(self) -> dict[str, Any]:
        """What is stored: nothing that can be made from the rest."""
        return {name: self.__dict__[name] for name in self.__dataclass_fields__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()
        load()  # who loads a model will ask it; who has just trained one need not wait for that

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], **config: Any) -> TopicModel:
        """Learn from examples.

        Args:
            texts: the sentences as typed.
            labels: their full intent names, e.g. ``faq/definition``.
            config: see `DEFAULTS`: ``axes`` directions of meaning are kept; ``ridge`` is how far
                an example may be overruled by its neighbours; ``spelling_c`` the inverse
                regularisation of spelling and ``spelling_share`` its weight beside meaning;
                ``pieces`` and ``words`` the most features of each kind; the same of a script's
                own spelling, which it has from ``own_from`` examples on, and ``own_evenness`` the
                factor that makes up for one view more; ``calibrated_on`` the number of examples
                that the confidence is fitted on.
        """
        # While it answers, one thread is fastest (service/engine_process.py says so); not here.
        with threadpool_limits(limits=os.cpu_count()):
            return cls._fitted(texts, labels, {**DEFAULTS, **config})

    @classmethod
    def _fitted(
        cls, texts: Sequence[str], labels: Sequence[str], settings: dict[str, Any]
    ) -> TopicModel:
        names, target = np.unique(np.asarray(labels), return_inverse=True)
        meaning, points = Meaning.fit(texts, settings["axes"])
        let_go()  # the next step needs the memory
        shuffled = np.random.default_rng(1).permutation(len(target))
        aside = shuffled[: min(settings["calibrated_on"], len(target) // 5)]
        meanings = target[:, None] == np.arange(len(names))
        votes = Votes(points, meanings, settings["ridge"], aside)
        meant = votes.left_out
        points, weights = votes.points.astype(np.float16), votes.weights
        del votes
        spelling = Spelling(settings["pieces"], settings["words"], settings["spelling_c"])
        spelt = spelling.fit(texts, names[target], aside, names)
        scale = float(meant.std() / spelt.std())
        share, own_share = settings["spelling_share"] * scale, settings["own_share"] * scale
        own, owned = _own(texts, names[target], aside, names, settings)
        scores = meant + share * spelt + own_share * owned
        scores[owned.any(axis=1)] *= settings["own_evenness"]
        return cls(
            labels=names.tolist(),
            meaning=meaning,
            points=points,
            votes=weights.astype(np.float32),
            spelling=spelling,
            own=own,
            share=share,
            own_share=own_share,
            own_evenness=settings["own_evenness"],
            sharpness=_sharpness(scores, target[aside]),
        )

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text, one column a label, each row adding up to 1."""
        scores = self._scores(texts)
        # Arabic in Latin letters is heard as typed and in its own letters, both alike.
        if latin := [i for i, text in enumerate(texts) if romanised(text)]:
            scores[latin] += self._scores([in_arabic(texts[i]) for i in latin])
            scores[latin] /= 2
        return softmax(self.sharpness * scores, axis=1)

    def _scores(self, texts: Sequence[str]) -> np.ndarray:
        points = self.meaning.points(texts)
        scores: np.ndarray = nearness(points, self._examples, self._squares) @ self.votes
        for row, text in zip(scores, texts, strict=True):
            row += self.share * self.spelling.score(text)
            if own := self.own.get(script(text) or ""):
                row += self.own_share * own.score(text)
                row *= self.own_evenness
        return scores

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All labels with their probability, the likeliest first."""
        return self.ranking(self.probabilities([text])[0])

    def ranking(self, row: np.ndarray) -> list[tuple[str, float]]:
        """The same for a row of probabilities."""
        return [(self.labels[i], float(row[i])) for i in np.argsort(-row, kind="stable")]


def _own(
    texts: Sequence[str],
    labels: np.ndarray,
    aside: np.ndarray,
    names: np.ndarray,
    settings: dict[str, Any],
) -> tuple[dict[str, Spelling], np.ndarray]:
    """A spelling view for each script with enough examples, and its scores of rows kept aside."""
    views, scores = {}, np.zeros((len(aside), len(names)))
    scripts = np.array([script(text) or "" for text in texts])
    for name in SCRIPTS:
        rows = np.flatnonzero(scripts == name)
        if len(rows) < settings["own_from"] or len(set(labels[rows])) < 2:
            continue
        view = Spelling(settings["own_pieces"], settings["own_words"], settings["spelling_c"])
        ours = np.flatnonzero(scripts[aside] == name)
        kept = np.searchsorted(rows, aside[ours])
        scores[ours] = view.fit([texts[row] for row in rows], labels[rows], kept, names)
        views[name] = view
    return views, scores


def _sharpness(scores: np.ndarray, right: np.ndarray) -> float:
    """The factor with the least log loss on scores of sentences not trained on."""

    def loss(factor: float) -> float:
        return float(-log_softmax(factor * scores, axis=1)[np.arange(len(right)), right].mean())

    return float(minimize_scalar(loss, bounds=(0.1, 100.0), method="bounded").x)
