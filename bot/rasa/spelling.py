"""How a sentence is spelt: pieces of words and whole words, levelled, as scores for each intent.

Frightened people type on phones: letters repeat, accents and apostrophes vanish, so spelling is
levelled first. Pieces of words bear typing errors; whole words hold names such as OSLA.

One view is taught all languages. What is written in Arabic letters has a second one of its own:
Arabic writes articles, "and" and "for" onto its words, so that each comes in many shapes, and in
the shared view they must make room for the pieces of five other languages. Chinese and Russian
gained nothing by one (docs/understanding.md).
"""

from __future__ import annotations

import multiprocessing
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02b9\u0060\u00b4\uff07\u2032]")
_NOT = re.compile(r"(?<=\w)n't\b")
_ELISION = re.compile(r"\b(c|d|j|l|m|n|s|t|qu|jusqu|lorsqu|puisqu|quelqu)'(?=\w)")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
# What a linear classifier gives to an intent that a sentence does not have.
_NOT_MEANT = -1.0
_TOKEN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W\u3400-\u4dbf\u4e00-\u9fff]+|[?]")
# Arabic writers leave these apart or join them at will: alef maksura and yeh, teh marbuta and
# heh, and the stroke that only stretches a word.
_ARABIC = str.maketrans({"\u0649": "\u064a", "\u0629": "\u0647", "\u0640": None})
#: The scripts that have a view of their own, and their letters.
SCRIPTS = {"arabic": re.compile("[\u0620-\u064a\u0671-\u06d3]")}
_LETTER = re.compile(r"[^\W\d_]")
# From so many texts on a second process is worth its start.
_MANY = 10_000


def normalise(text: str) -> str:
    """Level the spelling of one text: form, case, accents, apostrophes, repeated letters."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _APOSTROPHES.sub("'", text).replace("\u061f", "?").translate(_ARABIC)
    # Accents go because phones leave them out; this also joins the Arabic letters alef and
    # hamza, and drops short vowels, which Arabic writers leave out as well.
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = _ELISION.sub(r"\1 ", _NOT.sub("nt", unicodedata.normalize("NFC", text)))
    return " ".join(_REPEATED.sub(r"\1", text.replace("'", "")).split())


def tokens(text: str) -> list[str]:
    """Words of a normalised text; every Han character is a word, and so is a question mark."""
    return _TOKEN.findall(text)


def script(text: str) -> str | None:
    """The script with a view of its own that most letters of a text belong to, if there is one."""
    letters = len(_LETTER.findall(text))
    found = (name for name, own in SCRIPTS.items() if 2 * len(own.findall(text)) > letters)
    return next(found, None)


class Spelling:
    """Scores of intents by spelling.

    Args:
        pieces: the most pieces of words to know.
        words: the most words and pairs of words to know.
        strength: inverse regularisation of the linear classifier.
    """

    def __init__(self, pieces: int, words: int, strength: float) -> None:
        self._strength = strength
        self.features = FeatureUnion([("pieces", _pieces(pieces)), ("words", _words(words))])
        self.weights = np.zeros((0, 0), dtype=np.float16)
        self.bias = np.zeros(0, dtype=np.float32)

    def fit(
        self,
        texts: Sequence[str],
        labels: np.ndarray,
        kept_aside: np.ndarray,
        names: np.ndarray,
    ) -> np.ndarray:
        """Learn.

        Args:
            texts: sentences as typed.
            labels: their intents, two at least, also without the rows kept aside.
            kept_aside: rows to be scored by a classifier that has not seen them.
            names: all intents, sorted; one of which no sentence is an example scores as low as
                what is surely not meant.

        Returns:
            The scores of the rows kept aside, one column for each of `names`.
        """
        rows = self._learnt(texts)
        seen = np.ones(len(labels), dtype=bool)
        seen[kept_aside] = False
        # Neither waits for the other: learning lets go of Python's lock.
        with ThreadPoolExecutor(2) as both:
            asked = both.submit(self._linear, rows[seen], labels[seen])
            whole, part = self._linear(rows, labels), asked.result()
        # Half precision halves the file and changes no decision.
        self.weights = _spread(whole.coef_.T, whole, names, 0.0).astype(np.float16)
        self.bias = _spread(whole.intercept_[None], whole, names, _NOT_MEANT)[0].astype(np.float32)
        self._prepare()
        if not len(kept_aside):
            return np.zeros((0, len(names)))
        scores = part.decision_function(rows[kept_aside])
        scores = scores if scores.ndim == 2 else np.stack([-scores, scores], axis=1)
        return _spread(scores, part, names, _NOT_MEANT)

    def _learnt(self, texts: Sequence[str]) -> Any:
        """Know the pieces and words of these texts; gives their features, one row a text."""
        kinds = self.features.transformer_list
        if len(texts) < _MANY or sys.platform != "linux":
            found = [_read(vectorizer, texts) for _, vectorizer in kinds]
        else:  # it is Python that cuts texts up, so that threads would only wait for each other
            fork = multiprocessing.get_context("fork")
            with ProcessPoolExecutor(len(kinds), fork) as pool:
                vectorizers = [vectorizer for _, vectorizer in kinds]
                found = list(pool.map(_read, vectorizers, [texts] * len(kinds)))
        self.features.transformer_list = [
            (name, vectorizer) for (name, _), (vectorizer, _) in zip(kinds, found, strict=True)
        ]
        return hstack([rows for _, rows in found]).tocsr()

    def _linear(self, rows: Any, labels: np.ndarray) -> LinearSVC:
        # The loss is flat long before the default tolerance; more steps change no decision.
        fitted = LinearSVC(C=self._strength, tol=0.01, random_state=1).fit(rows, labels)
        if len(fitted.classes_) == 2:
            fitted.coef_ = np.concatenate([-fitted.coef_, fitted.coef_])
            fitted.intercept_ = np.concatenate([-fitted.intercept_, fitted.intercept_])
        return fitted

    def score(self, text: str) -> np.ndarray:
        """One number an intent."""
        total = self.bias.copy()
        for part in self._parts:
            part.add(text, total)
        return total

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_parts"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._prepare()

    def _prepare(self) -> None:
        weights = self.weights.astype(np.float32)
        self._parts, first = [], 0
        for _, vectorizer in self.features.transformer_list:
            last = first + len(vectorizer.vocabulary_)
            self._parts.append(_Part(vectorizer, weights[first:last]))
            first = last


def _read(vectorizer: TfidfVectorizer, texts: Sequence[str]) -> tuple[TfidfVectorizer, Any]:
    rows = vectorizer.fit_transform(texts)
    # Hundreds of thousands of pieces and words that it met and does not know: of no use to anybody.
    vars(vectorizer).pop("stop_words_", None)
    return vectorizer, rows


def _spread(columns: np.ndarray, taught: LinearSVC, names: np.ndarray, rest: float) -> np.ndarray:
    """Columns of the intents that were taught, put where each of `names` has its own."""
    found = np.full((len(columns), len(names)), rest)
    found[:, np.searchsorted(names, taught.classes_)] = columns
    return found


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

    def add(self, text: str, scores: np.ndarray) -> None:
        """Add what this part says to the score of each intent."""
        columns = self._columns
        counts = Counter(columns[item] for item in self._analyse(text) if item in columns)
        if not counts:
            return
        found = np.fromiter(counts, dtype=np.intp, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        row = (1 + np.log(often)) * self._rarity[found]
        scores += (row / np.linalg.norm(row)) @ self._weights[found]


def _pieces(most: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        sublinear_tf=True,
        min_df=2,
        max_features=most,
        preprocessor=normalise,
        dtype=np.float32,
    )


def _words(most: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        tokenizer=tokens,
        token_pattern=None,
        ngram_range=(1, 2),
        sublinear_tf=True,
        max_features=most,
        preprocessor=normalise,
        dtype=np.float32,
    )
