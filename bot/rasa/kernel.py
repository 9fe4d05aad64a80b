"""Kernel ridge regression: every example votes for its intent, the nearer the louder.

A line between two intents explains few of the many ways in which people say the same thing; a
vote of near examples, weighted so that examples which agree do not shout together, explains them
better (docs/understanding.md has the figures). Of few examples the solution is exact, of many it is
as near as decisions can tell (`bot.rasa.pairs`); no chance is in it.

Source: Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, section 2.2.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence

import numpy as np
from scipy.linalg import lapack

from bot.rasa.pairs import System

# A few points are compared with so many at once that a product of small matrices does it: the
# library (OpenBLAS) first copies large ones, which takes up to eight times as long.
_FEW, _SMALL = 16, 10**6
#: Names the folder for the matrix of all pairs, one gigabyte for thirty thousand examples.
SCRATCH = "SPEAKSAFE_SCRATCH"
# Up to so many examples the system is factored, in memory.
_FACTORED = 4000
# What may be left of the system whose solution is only looked at for how sure it is.
_ROUGHLY = 0.01


def squares(rows: np.ndarray) -> np.ndarray:
    """The squared length of each row."""
    found: np.ndarray = (rows * rows).sum(axis=1)
    return found


def nearness(
    ours: np.ndarray, theirs: np.ndarray, their_squares: np.ndarray | None = None
) -> np.ndarray:
    """exp(-d²/2) for each pair of rows, between 0 (far) and 1 (the same).

    Args:
        ours: one point a row.
        theirs: the same.
        their_squares: of `theirs`, if they are known; they take most of the time.
    """
    known = squares(theirs) if their_squares is None else their_squares
    # d² = |a|² + |b|² - 2ab, in place: the rows are long.
    near = _products(ours, theirs)
    near -= known / 2
    near -= squares(ours)[:, None] / 2
    np.minimum(near, 0, out=near)
    np.exp(near, out=near)
    return near


def _products(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    count, size = ours.shape
    if not 1 < count <= _FEW:
        found: np.ndarray = ours @ theirs.T
        return found
    columns = np.ascontiguousarray(ours.T)
    products = np.empty((len(theirs), count), dtype=np.result_type(ours, theirs))
    step = max(1, _SMALL // (count * size))
    for first in range(0, len(theirs), step):
        np.dot(theirs[first : first + step], columns, out=products[first : first + step])
    return products.T


class Votes:
    """What each example says about each intent.

    Args:
        points: one row an example.
        targets: one row an example, one column an intent.
        ridge: how far an example may be overruled by its neighbours.
        aside: numbers of the examples whose scores without themselves are wanted.

    Attributes:
        points: those of the examples, in another order.
        weights: what each says, in the same order.
        left_out: the scores that those aside would get, in their order, if none of them had been
            learnt from.

    Raises:
        ValueError: the ridge is too small for examples this near to each other.
        OSError: no room for the matrix of all pairs.
    """

    def __init__(
        self,
        points: np.ndarray,
        targets: np.ndarray,
        ridge: float,
        aside: Sequence[int] | np.ndarray = (),
    ) -> None:
        last = np.asarray(aside, dtype=np.intp)
        # Those kept aside come last, so that without them the first are a system of their own.
        order = np.concatenate([np.delete(np.arange(len(points)), last), last])
        self.points = np.ascontiguousarray(points[order], dtype=np.float32)
        given = np.ascontiguousarray(targets[order], dtype=np.float32)
        seen = len(points) - len(last)
        if len(points) <= _FACTORED:
            self.weights = _solved(self.points, given, ridge)
            without = _solved(self.points[:seen], given[:seen], ridge) if len(last) else given
        else:
            # Beside the model: a system's own folder for such files may be small.
            with tempfile.TemporaryFile(dir=os.environ.get(SCRATCH)) as file:
                system = System(self.points, nearness, ridge, file)
                self.weights = system.solved(given)
                without = (
                    system.solved(given[:seen], _ROUGHLY, self.weights) if len(last) else given
                )
        self.left_out = nearness(self.points[seen:], self.points[:seen]) @ without[:seen]


def _solved(points: np.ndarray, right: np.ndarray, ridge: float) -> np.ndarray:
    """Of few points, by factoring."""
    matrix = nearness(points, points)
    matrix[np.diag_indices(len(points))] += ridge
    _, found, failed = lapack.sposv(matrix, right, lower=1)
    if failed:
        raise ValueError("the examples cannot be told apart; raise the ridge")
    return np.ascontiguousarray(found)
