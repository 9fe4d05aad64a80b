"""What a sentence means, as a point: two views of it, along the axes that tell sentences apart.

The first view is the sentence as a whole (`bot.rasa.sentences`), the second its words, each by
itself (`bot.rasa.vocabulary`). They err on different sentences, most of all in Arabic and Chinese.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.rasa.sentences import SentenceEncoder
from bot.rasa.vocabulary import Vocabulary

# Directions in which all sentences differ much say little of their topic: each counts by the
# fourth root of its share.
_EVENNESS = -0.25
_LEAST = 1e-9


@dataclass
class Meaning:
    """Turns texts into points.

    Attributes:
        words_centre: the mean of the examples by their words.
        words_axes: makes the directions of words count more evenly.
        centre: the mean of both views.
        axes: the directions in which the examples differ most, one a column.
    """

    words_centre: np.ndarray
    words_axes: np.ndarray
    centre: np.ndarray
    axes: np.ndarray

    @classmethod
    def fit(cls, texts: Sequence[str], most: int) -> tuple[Meaning, np.ndarray]:
        """Find the axes.

        Args:
            texts: the examples.
            most: how many axes to keep.

        Returns:
            The view, and the points of the examples, one a row.
        """
        sentences, words = _encoders()
        by_word = words.encode_all(texts)
        words_centre = by_word.mean(axis=0)
        by_word -= words_centre
        shares, directions = _directions(by_word)
        evenly = np.maximum(shares / len(texts), _LEAST) ** _EVENNESS
        words_axes = (directions * evenly).astype(np.float32)
        both = np.concatenate([sentences.encode_all(texts), _unit(by_word @ words_axes)], axis=1)
        centre = both.mean(axis=0)
        both -= centre
        axes = _directions(both)[1][:, :most].astype(np.float32)
        return cls(words_centre, words_axes, centre, axes), both @ axes

    def points(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text."""
        sentences, words = _encoders()
        by_word = _unit((words.encode_all(texts) - self.words_centre) @ self.words_axes)
        both = np.concatenate([sentences.encode_all(texts), by_word], axis=1)
        found: np.ndarray = (both - self.centre) @ self.axes
        return found


def _directions(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much the vectors differ along each main direction, the most first."""
    shares, directions = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    return shares[::-1], directions[:, ::-1]


def _unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: np.ndarray = rows / np.maximum(lengths, np.float32(_LEAST))
    return found


def load() -> None:
    """Read both networks, so that the first message need not wait for them."""
    _encoders()


def let_go() -> None:
    """Forget both networks, 200 MB, until they are needed again."""
    _encoders.cache_clear()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)  # else what was freed in small pieces, too, is kept from the system


@lru_cache(maxsize=1)
def _encoders() -> tuple[SentenceEncoder, Vocabulary]:
    # Their weights come with their packages and are not stored again with the model.
    return SentenceEncoder(), Vocabulary()
