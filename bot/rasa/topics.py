"""What a sentence is about: the statistical model behind `TopicClassifier`, without Rasa.

    from bot.rasa.topics import TopicModel
    model = TopicModel.fit(texts, labels)
    model.rank("cn i stay anonymous??")   # [("faq/anonymous_report", 0.83), ...]

Two views of a sentence are weighed together. The first is its meaning (`bot.rasa.sentences`),
which carries what one example teaches over to other words and other languages. The second is its
spelling: pieces of words and whole words, which hold names such as OSLA or ClearCheck and bear
typing errors. Frightened people type on phones: letters repeat, accents and apostrophes vanish,
so spelling is levelled first. The shares of the two views were chosen by cross-validation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from bot.rasa.sentences import SentenceEncoder

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


DEFAULTS: dict[str, Any] = {
    "meaning_c": 5.0,
    "spelling_c": 0.5,
    "spelling_share": 1.2,
    "pieces": 40_000,
    "words": 15_000,
}


@dataclass
class TopicModel:
    """A fitted classifier.

    Attributes:
        spelling: turns texts into sparse rows; meaning needs no fitting.
        labels: full intent names, in the order of the columns of the weights.
        meaning_weights: 1024 rows, one column a label.
        spelling_weights: one row a piece or word, one column a label; half precision, which
            halves the file and changes no decision.
        bias: one number a label.
        sharpness: factor on the scores before softmax, fitted on sentences kept out of training
            so that a confidence of 0.8 is right about eight times in ten.
    """

    spelling: FeatureUnion
    labels: list[str]
    meaning_weights: np.ndarray
    spelling_weights: np.ndarray
    bias: np.ndarray
    sharpness: float

    def __post_init__(self) -> None:
        self._encoder = _encoder()
        weights = self.spelling_weights.astype(np.float32)
        self._parts, first = [], 0
        for _, vectorizer in self.spelling.transformer_list:
            last = first + len(vectorizer.vocabulary_)
            self._parts.append(_Part(vectorizer, weights[first:last]))
            first = last

    def __getstate__(self) -> dict[str, Any]:
        """What is stored: the encoder's weights come with its package."""
        return {name: self.__dict__[name] for name in self.__dataclass_fields__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], **config: Any) -> TopicModel:
        """Learn from examples.

        Args:
            texts: the sentences as typed.
            labels: their full intent names, e.g. ``faq/definition``.
            config: see `DEFAULTS`: ``meaning_c`` and ``spelling_c`` are inverse regularisation
                strengths, ``spelling_share`` the weight of spelling beside meaning, ``pieces``
                and ``words`` the most features of each kind.
        """
        settings = {**DEFAULTS, **config}
        target = np.asarray(labels)
        spelling = _spelling(settings["pieces"], settings["words"])
        sparse = spelling.fit_transform(texts)
        dense = _encoder().encode_all(texts)
        seen, unseen = next(StratifiedKFold(5, shuffle=True, random_state=1).split(dense, target))
        part = _fit(dense[seen], sparse[seen], target[seen], settings)
        scores = dense[unseen] @ part.meaning + sparse[unseen] @ part.spelling + part.bias
        whole = _fit(dense, sparse, target, settings)
        return cls(
            spelling=spelling,
            labels=whole.labels,
            meaning_weights=whole.meaning.astype(np.float32),
            spelling_weights=whole.spelling.astype(np.float16),
            bias=whole.bias.astype(np.float32),
            sharpness=_sharpness(scores, np.searchsorted(part.labels, target[unseen])),
        )

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text, one column a label, each row adding up to 1."""
        scores = self._encoder.encode_all(texts) @ self.meaning_weights + self.bias
        for row, text in zip(scores, texts, strict=True):
            for part in self._parts:
                row += part.score(text)
        return softmax(self.sharpness * scores, axis=1)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All labels with their probability, the likeliest first."""
        row = self.probabilities([text])[0]
        return [(self.labels[i], float(row[i])) for i in np.argsort(-row, kind="stable")]


class _Part:
    """One kind of spelling feature, for one text at a time.

    It gives what the fitted vectorizer would, five times faster: for a single short text
    scikit-learn spends its time on building and checking matrices.
    """

    def __init__(self, vectorizer: TfidfVectorizer, weights: np.ndarray) -> None:
        self._analyse = vectorizer.build_analyzer()
        self._columns = vectorizer.vocabulary_
        self._rarity = vectorizer.idf_.astype(np.float32)
        self._weights = weights
        self._nothing = np.zeros(weights.shape[1], dtype=np.float32)

    def score(self, text: str) -> np.ndarray:
        """What this part adds to the score of each label."""
        columns = self._columns
        counts = Counter(columns[item] for item in self._analyse(text) if item in columns)
        if not counts:
            return self._nothing
        found = np.fromiter(counts, dtype=np.intp, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        row = (1 + np.log(often)) * self._rarity[found]
        return (row / np.linalg.norm(row)) @ self._weights[found]


@lru_cache(maxsize=1)
def _encoder() -> SentenceEncoder:
    return SentenceEncoder()


def _spelling(pieces: int, words: int) -> FeatureUnion:
    chars = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        sublinear_tf=True,
        min_df=2,
        max_features=pieces,
        preprocessor=normalise,
        dtype=np.float32,
    )
    tokenised = TfidfVectorizer(
        tokenizer=tokens,
        token_pattern=None,
        ngram_range=(1, 2),
        sublinear_tf=True,
        max_features=words,
        preprocessor=normalise,
        dtype=np.float32,
    )
    return FeatureUnion([("pieces", chars), ("words", tokenised)])


@dataclass
class _Fitted:
    labels: list[str]
    meaning: np.ndarray
    spelling: np.ndarray
    bias: np.ndarray


def _fit(
    dense: np.ndarray, sparse: csr_matrix, target: np.ndarray, settings: dict[str, Any]
) -> _Fitted:
    # Each view is fitted alone: fitted together, the many sparse columns would explain the
    # training sentences and leave the meaning, which generalises better, with little to do.
    share = settings["spelling_share"]
    by_spelling = LinearSVC(C=settings["spelling_c"], random_state=1).fit(sparse, target)
    # The loss is flat long before the default tolerance; more steps change no decision.
    by_meaning = LogisticRegression(C=settings["meaning_c"], max_iter=100, tol=0.02)
    by_meaning.fit(dense, target)
    return _Fitted(
        labels=by_meaning.classes_.tolist(),
        meaning=by_meaning.coef_.T,
        spelling=share * by_spelling.coef_.T,
        bias=by_meaning.intercept_ + share * by_spelling.intercept_,
    )


def _sharpness(scores: np.ndarray, right: np.ndarray) -> float:
    """The factor with the least log loss on scores of sentences not trained on."""

    def loss(factor: float) -> float:
        return float(-log_softmax(factor * scores, axis=1)[np.arange(len(right)), right].mean())

    return float(minimize_scalar(loss, bounds=(0.1, 30.0), method="bounded").x)
