"""The parts of the pipelines that are compared: what a text is turned into, and what decides."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.rasa import meaning, spelling
from bot.rasa.kernel import Votes, nearness
from bot.rasa.topics import DEFAULTS


class Features(Protocol):
    """Turns texts into rows."""

    def fit(self, texts: Sequence[str]) -> Any:
        """Learn from the taught sentences and return their rows."""

    def of(self, texts: Sequence[str]) -> Any:
        """The rows of other texts."""


class Counted:
    """Pieces or words, counted and weighed (TF-IDF).

    Args:
        make: gives a new vectorizer.
    """

    def __init__(self, make: Callable[[], TfidfVectorizer]) -> None:
        self._vectorizer = make()

    def fit(self, texts: Sequence[str]) -> Any:
        return self._vectorizer.fit_transform(texts)

    def of(self, texts: Sequence[str]) -> Any:
        return self._vectorizer.transform(texts)


class Both:
    """Two kinds of counted features side by side."""

    def __init__(self, *parts: Features) -> None:
        self._parts = parts

    def fit(self, texts: Sequence[str]) -> Any:
        return sparse.hstack([part.fit(texts) for part in self._parts]).tocsr()

    def of(self, texts: Sequence[str]) -> Any:
        return sparse.hstack([part.of(texts) for part in self._parts]).tocsr()


class Meant:
    """Vectors of meaning along their main axes; each text is encoded once in a run."""

    def __init__(self, encode: Callable[[Sequence[str]], np.ndarray], evenness: float = 0) -> None:
        self._encode, self._evenness = encode, evenness

    def fit(self, texts: Sequence[str]) -> np.ndarray:
        rows = self._encode(texts)
        self._centre = rows.mean(axis=0)
        rows = rows - self._centre
        shares, axes = np.linalg.eigh((rows.T @ rows).astype(np.float64))
        evenly = np.maximum(shares / len(rows), 1e-9) ** -self._evenness
        self._axes = (axes * evenly)[:, ::-1][:, : DEFAULTS["axes"]].astype(np.float32)
        return self._turned(rows)

    def of(self, texts: Sequence[str]) -> np.ndarray:
        return self._turned(self._encode(texts) - self._centre)

    def _turned(self, rows: np.ndarray) -> np.ndarray:
        turned = rows @ self._axes
        if self._evenness:
            turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
        return turned


class Kernel:
    """Near examples vote, as in the assistant."""

    def fit(self, rows: np.ndarray, labels: np.ndarray) -> None:
        self._names = np.unique(labels)
        votes = Votes(rows, labels[:, None] == self._names, DEFAULTS["ridge"])
        self._points, self._weights = votes.points, votes.weights

    def scores(self, rows: np.ndarray) -> np.ndarray:
        blocks = [rows[i : i + 512] for i in range(0, len(rows), 512)]
        return np.concatenate([nearness(b, self._points) @ self._weights for b in blocks])


class Linear:
    """A linear classifier of scikit-learn."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._model = make()

    def fit(self, rows: Any, labels: np.ndarray) -> None:
        self._model.fit(rows, labels)

    def scores(self, rows: Any) -> np.ndarray:
        found: np.ndarray = self._model.decision_function(rows)
        return found


@dataclass
class Pipeline:
    """One or more views whose scores are added, each with its share.

    Args:
        views: features, classifier and share of each.
    """

    views: list[tuple[Features, Any, float]]

    def fit(self, texts: Sequence[str], labels: np.ndarray) -> None:
        self.labels = np.unique(labels)
        for features, classifier, _ in self.views:
            classifier.fit(features.fit(texts), labels)

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        total = np.zeros((len(texts), len(self.labels)), dtype=np.float32)
        for features, classifier, share in self.views:
            found = classifier.scores(features.of(texts))
            total += share * found / self._spread(classifier, found)
        return total

    def _spread(self, classifier: Any, found: np.ndarray) -> float:
        # The first scores that are seen say how far a view's scores lie apart.
        if not hasattr(classifier, "spread"):
            classifier.spread = float(found.std())
        return float(classifier.spread)


@lru_cache(maxsize=1)
def _encoders() -> dict[str, Callable[[Sequence[str]], np.ndarray]]:
    names = ("sentence", "table")
    return {n: _remembering(e.encode_all) for n, e in zip(names, meaning._encoders(), strict=True)}


def _remembering(encode: Callable[[Sequence[str]], np.ndarray]) -> Any:
    known: dict[str, np.ndarray] = {}

    def remembered(texts: Sequence[str]) -> np.ndarray:
        new = list(dict.fromkeys(text for text in texts if text not in known))
        if len(new) == 1 == len(texts):  # one alone is being timed
            return encode(new)
        if new:
            known.update(zip(new, encode(new), strict=True))
        return np.stack([known[text] for text in texts])

    return remembered


def _sentence() -> Meant:
    return Meant(_encoders()["sentence"])


def _table() -> Meant:
    return Meant(_encoders()["table"], 0.25)


class Joined:
    """Both views of meaning as one, as in the assistant."""

    def __init__(self) -> None:
        self._sentence, self._words = _encoders()["sentence"], _table()
        self._axes = Meant(lambda texts: self._both(texts, self._words.of(texts)))

    def fit(self, texts: Sequence[str]) -> np.ndarray:
        self._words.fit(texts)
        return self._axes.fit(texts)

    def of(self, texts: Sequence[str]) -> np.ndarray:
        return self._axes.of(texts)

    def _both(self, texts: Sequence[str], words: np.ndarray) -> np.ndarray:
        return np.concatenate([self._sentence(texts), words], axis=1)


def _pieces(level: Callable[[str], str]) -> TfidfVectorizer:
    return spelling._pieces(DEFAULTS["pieces"]).set_params(preprocessor=level)


def _words(cut: Callable[[str], list[str]]) -> TfidfVectorizer:
    return spelling._words(DEFAULTS["words"]).set_params(tokenizer=cut)


def _jieba(text: str) -> list[str]:
    import jieba

    return [word for word in jieba.cut(text) if word.strip()]


def _svm() -> Linear:
    return Linear(partial(LinearSVC, C=DEFAULTS["spelling_c"], tol=0.01, random_state=1))


def _logistic() -> Linear:
    return Linear(partial(SGDClassifier, loss="log_loss", alpha=1e-6, random_state=1))


def _spelt() -> Features:
    return Both(Counted(partial(_pieces, spelling.normalise)), Counted(partial(_words, _cut)))


_cut = spelling.tokens


def _fold(text: str) -> str:
    return text.casefold()


#: Every pipeline by its name, the simplest first; a new one is made for each use.
PIPELINES: dict[str, Callable[[], list[tuple[Features, Any, float]]]] = {
    "words between spaces, linear": lambda: [(Counted(partial(_words, str.split)), _svm(), 1)],
    "words cut by jieba, linear": lambda: [(Counted(partial(_words, _jieba)), _svm(), 1)],
    "words, each Han character apart, linear": lambda: [
        (Counted(partial(_words, _cut)), _svm(), 1)
    ],
    "pieces of 2–5 letters as typed, linear": lambda: [
        (Counted(partial(_pieces, _fold)), _svm(), 1)
    ],
    "pieces, spelling levelled, linear": lambda: [
        (Counted(partial(_pieces, spelling.normalise)), _svm(), 1)
    ],
    "pieces and words, logistic regression": lambda: [(_spelt(), _logistic(), 1)],
    "pieces and words, linear (the spelling view)": lambda: [(_spelt(), _svm(), 1)],
    "table of word pieces, kernel": lambda: [(_table(), Kernel(), 1)],
    "sentence encoder, logistic regression": lambda: [
        (_sentence(), Linear(partial(LogisticRegression, C=20, max_iter=60)), 1)
    ],
    "sentence encoder, kernel": lambda: [(_sentence(), Kernel(), 1)],
    "sentence encoder and spelling": lambda: [
        (_sentence(), Kernel(), 1),
        (_spelt(), _svm(), DEFAULTS["spelling_share"]),
    ],
    "sentence encoder and table, kernel": lambda: [(Joined(), Kernel(), 1)],
    "sentence encoder, table and spelling": lambda: [
        (Joined(), Kernel(), 1),
        (_spelt(), _svm(), DEFAULTS["spelling_share"]),
    ],
}
