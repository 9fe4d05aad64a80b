"""What a sentence is about: the statistical model behind `TopicClassifier`, without Rasa.

    from bot.rasa.topics import TopicModel
    model = TopicModel.fit(texts, labels)
    model.rank("cn i stay anonymous??")   # [("faq/anonymous_report", 0.83), ...]

Frightened people type on phones: letters repeat, accents and apostrophes vanish, words run
together. The features are therefore pieces of words beside whole words, over text whose spelling
has been levelled first. Nothing here reads a network, and one text costs about a millisecond.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02b9\u0060\u00b4\uff07\u2032]")
_NOT = re.compile(r"(?<=\w)n't\b")
_ELISION = re.compile(r"\b(c|d|j|l|m|n|s|t|qu|jusqu|lorsqu|puisqu|quelqu)'(?=\w)")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_TOKEN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W\u3400-\u4dbf\u4e00-\u9fff]+|[?]")


def normalise(text: str) -> str:
    """Level the spelling of one text: form, case, accents, apostrophes, repeated letters."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _APOSTROPHES.sub("'", text)
    # Accents go because phones leave them out; this also joins the Arabic letters alef and
    # hamza, and drops short vowels, which Arabic writers leave out as well.
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = _ELISION.sub(r"\1 ", _NOT.sub("nt", unicodedata.normalize("NFC", text)))
    return " ".join(_REPEATED.sub(r"\1", text.replace("'", "")).split())


def tokens(text: str) -> list[str]:
    """Words of a normalised text; every Han character is a word, and so is a question mark."""
    return _TOKEN.findall(text)


def _features(max_chars: int, max_words: int) -> FeatureUnion:
    chars = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        sublinear_tf=True,
        min_df=2,
        max_features=max_chars,
        preprocessor=normalise,
        dtype=np.float32,
    )
    words = TfidfVectorizer(
        tokenizer=tokens,
        token_pattern=None,
        ngram_range=(1, 2),
        sublinear_tf=True,
        max_features=max_words,
        preprocessor=normalise,
        dtype=np.float32,
    )
    return FeatureUnion([("chars", chars), ("words", words)])


@dataclass
class TopicModel:
    """A fitted classifier.

    Attributes:
        features: turns texts into sparse rows.
        labels: full intent names, in the order of the columns of `weights`.
        weights: one column a label, float32.
        bias: one number a label.
        sharpness: factor on the scores before softmax, fitted on held-out folds so that a
            confidence of 0.8 is right about eight times in ten.
    """

    features: FeatureUnion
    labels: list[str]
    weights: np.ndarray
    bias: np.ndarray
    sharpness: float

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], **config: Any) -> TopicModel:
        """Learn from examples.

        Args:
            texts: the sentences as typed.
            labels: their full intent names, e.g. ``faq/definition``.
            config: ``regularisation``, ``max_chars``, ``max_words``, ``folds``.
        """
        settings = {**DEFAULTS, **config}
        target = np.asarray(labels)
        features = _features(settings["max_chars"], settings["max_words"])
        rows = features.fit_transform(texts)
        scores = np.zeros((len(target), len(set(labels))))
        folds = StratifiedKFold(settings["folds"], shuffle=True, random_state=1)
        for seen, unseen in folds.split(rows, target):
            held_out = _separator(settings).fit(rows[seen], target[seen])
            scores[unseen] = held_out.decision_function(rows[unseen])
        final = _separator(settings).fit(rows, target)
        names = final.classes_.tolist()
        right = np.searchsorted(final.classes_, target)
        return cls(
            features=features,
            labels=names,
            weights=np.ascontiguousarray(final.coef_.T, dtype=np.float32),
            bias=final.intercept_.astype(np.float32),
            sharpness=_sharpness(scores, right),
        )

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text, one column a label, each row adding up to 1."""
        rows = self.features.transform(texts)
        return softmax(self.sharpness * (rows @ self.weights + self.bias), axis=1)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All labels with their probability, the likeliest first."""
        row = self.probabilities([text])[0]
        return [(self.labels[i], float(row[i])) for i in np.argsort(-row, kind="stable")]


DEFAULTS: dict[str, Any] = {
    "regularisation": 0.5,
    "max_chars": 60_000,
    "max_words": 40_000,
    "folds": 3,
}


def _separator(settings: dict[str, Any]) -> LinearSVC:
    return LinearSVC(C=settings["regularisation"], random_state=1)


def _sharpness(scores: np.ndarray, right: np.ndarray) -> float:
    """The factor with the least log loss on scores of sentences not trained on."""

    def loss(factor: float) -> float:
        return float(-log_softmax(factor * scores, axis=1)[np.arange(len(right)), right].mean())

    return float(minimize_scalar(loss, bounds=(0.1, 30.0), method="bounded").x)
