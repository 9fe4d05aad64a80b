"""What a sentence means, as a point: two views of it, along the axes that tell sentences apart.

The first view is the sentence as a whole (`bot.rasa.sentences`), the second its words, each by
itself (`bot.rasa.vocabulary`). They err on different sentences, most of all in Arabic and Chinese.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from threadpoolctl import threadpool_limits

from bot.rasa.sentences import SentenceEncoder
from bot.rasa.vocabulary import Vocabulary

# Directions in which all sentences differ much say little of their topic: each counts by the
# fourth root of its share.
_EVENNESS = -0.25
_LEAST = 1e-9
# From so many texts on several processes share the work, each taking so many at a time.
_MANY, _AT_ONCE = 2000, 512


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
        by_sentence, by_word = _all_encoded(texts)
        words_centre = by_word.mean(axis=0)
        by_word -= words_centre
        shares, directions = _directions(by_word)
        evenly = np.maximum(shares / len(texts), _LEAST) ** _EVENNESS
        words_axes = (directions * evenly).astype(np.float32)
        both = np.concatenate([by_sentence, _unit(by_word @ words_axes)], axis=1)
        del by_sentence, by_word
        centre = both.mean(axis=0)
        both -= centre
        axes = _directions(both)[1][:, :most].astype(np.float32)
        return cls(words_centre, words_axes, centre, axes), both @ axes

    def points(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text."""
        by_sentence, by_word = _encoded(texts)
        by_word = _unit((by_word - self.words_centre) @ self.words_axes)
        both = np.concatenate([by_sentence, by_word], axis=1)
        found: np.ndarray = (both - self.centre) @ self.axes
        return found


def _encoded(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """By sentence and by words, one row a text each."""
    sentences, words = _encoders()
    return sentences.encode_all(texts), words.encode_all(texts)


def _all_encoded(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The same for many texts, by all processors: most of the work holds Python's lock."""
    processes = os.cpu_count() or 1
    if len(texts) < _MANY or processes < 2 or sys.platform != "linux":
        return _encoded(texts)
    load()  # before, so that all of them read the same memory
    chunks = [texts[first : first + _AT_ONCE] for first in range(0, len(texts), _AT_ONCE)]
    # Each has a processor: threads besides would only be in each other's way.
    # Should the system end one of them, for want of memory, this fails instead of waiting for ever.
    fork = multiprocessing.get_context("fork")
    with threadpool_limits(limits=1), ProcessPoolExecutor(processes, fork) as pool:
        by_sentence, by_word = zip(*pool.map(_encoded, chunks), strict=True)
    return np.concatenate(by_sentence), np.concatenate(by_word)


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
