"""Kernel ridge regression: every example votes for its intent, the nearer the louder.

A line between two intents explains few of the many ways in which people say the same thing; a
vote of near examples, weighted so that examples which agree do not shout together, explains them
better (docs/understanding.md has the figures). The solution is exact: no steps, no chance.

Source: Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, sections 2.2, 5.4.
The matrix of all pairs is kept as half a matrix (rectangular full packed format, LAPACK), so that
twenty thousand examples need 0.8 GB while training.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import lapack

# A few points are compared with so many at once that a product of small matrices does it: the
# library (OpenBLAS) first copies large ones, which takes up to eight times as long.
_FEW, _SMALL = 16, 10**6
# Columns computed at once; more would save no time and take memory while there is least of it.
_BLOCK = 128


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
    """

    def __init__(self, points: np.ndarray, targets: np.ndarray, ridge: float) -> None:
        if len(points) % 2:  # the packed format is simplest for an even number
            points, targets = np.vstack([points, points[-1:]]), np.vstack([targets, targets[-1:]])
        self._count = len(points)
        self._targets = targets.astype(np.float32)
        self._factor = self._packed(np.ascontiguousarray(points, dtype=np.float32), ridge)
        self.weights = self._solve(self._targets)
        self.points = points

    def left_out(self, rows: np.ndarray) -> np.ndarray:
        """The scores that examples would get if each alone had not been learnt from.

        Args:
            rows: numbers of the examples.
        """
        blocks = [self._inverse(rows[i : i + _BLOCK]) for i in range(0, len(rows), _BLOCK)]
        inverse = np.concatenate(blocks)
        found: np.ndarray = self._targets[rows] - self.weights[rows] / inverse[:, None]
        return found

    def _inverse(self, rows: np.ndarray) -> np.ndarray:
        """What stands in the diagonal of the inverse for some examples."""
        unit = np.zeros((self._count, len(rows)), dtype=np.float32)
        unit[rows, np.arange(len(rows))] = 1
        found: np.ndarray = self._solve(unit)[rows, np.arange(len(rows))]
        return found

    def _packed(self, points: np.ndarray, ridge: float) -> np.ndarray:
        count, half = self._count, self._count // 2
        packed = np.empty((count + 1, half), dtype=np.float32, order="F")
        for first in range(0, half, _BLOCK):
            last = min(first + _BLOCK, half)
            packed[first + 1 :, first:last] = nearness(points[first:], points[first:last])
        for first in range(0, half, _BLOCK):
            last = min(first + _BLOCK, half)
            block = nearness(points[half + first : half + last], points[half : half + last])
            for column in range(first, last):
                packed[: column + 1, column] = block[column - first, : column + 1]
        steps = np.arange(half)
        packed[steps + 1, steps] += ridge
        packed[steps, steps] += ridge
        factor, failed = lapack.spftrf(count, packed.ravel(order="F"), uplo="L", overwrite_a=1)
        if failed:
            raise ValueError("the examples cannot be told apart; raise the ridge")
        return factor

    def _solve(self, right: np.ndarray) -> np.ndarray:
        solved, _ = lapack.spftrs(self._count, self._factor, right, uplo="L")
        return np.asarray(solved)
