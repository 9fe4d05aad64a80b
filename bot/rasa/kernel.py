"""Kernel ridge regression: every example votes for its intent, the nearer the louder.

A line between two intents explains few of the many ways in which people say the same thing; a
vote of near examples, weighted so that examples which agree do not shout together, explains them
better (docs/understanding.md has the figures). The solution is exact: no steps, no chance.

Source: Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, sections 2.2, 5.4.
The matrix of all pairs, 3.5 GB for thirty thousand examples, is never whole in memory: it is made
and factored panel by panel (Cholesky, left-looking), and the finished panels lie in a file.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

import numpy as np
from scipy.linalg import blas, lapack

# A few points are compared with so many at once that a product of small matrices does it: the
# library (OpenBLAS) first copies large ones, which takes up to eight times as long.
_FEW, _SMALL = 16, 10**6
#: Names the folder for the panels, about two gigabytes for thirty thousand examples.
SCRATCH = "SPEAKSAFE_SCRATCH"
# Columns of the matrix of all pairs that are in memory at once, and rows read back at once.
_PANEL, _ROWS = 1024, 4096


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
        left_out: the scores that those aside would get, in their order, if each alone had not been
            learnt from.
    """

    def __init__(
        self,
        points: np.ndarray,
        targets: np.ndarray,
        ridge: float,
        aside: Sequence[int] | np.ndarray = (),
    ) -> None:
        last = np.asarray(aside, dtype=np.intp)
        # Those kept aside come last: what is left out is read off the last corner of the factor.
        order = np.concatenate([np.delete(np.arange(len(points)), last), last])
        self.points = np.ascontiguousarray(points[order], dtype=np.float32)
        given = np.ascontiguousarray(targets[order], dtype=np.float32)
        # Beside the model: a system's own folder for such files may lie in memory, and be small.
        with tempfile.TemporaryFile(dir=os.environ.get(SCRATCH)) as file:
            factor = _Factor(file, max(_PANEL, len(last)))
            corner = factor.solve(self.points, ridge, solved := given.copy())
        self.weights = solved
        self.left_out = self._without(corner, given, len(last))

    def _without(self, corner: np.ndarray, given: np.ndarray, count: int) -> np.ndarray:
        if not count:
            return given[:0]
        unit = np.eye(len(corner), count, count - len(corner), dtype=np.float32)
        inverse = (blas.strsm(1, corner, unit, lower=1) ** 2).sum(axis=0)
        found: np.ndarray = given[-count:] - self.weights[-count:] / inverse[:, None]
        return found


class _Factor:
    """The triangle L with L Lᵀ = K, the matrix of all pairs, in panels of columns in a file.

    Args:
        file: takes the panels, half of n² numbers in all.
        width: columns of a panel; of the first there may be fewer.
    """

    def __init__(self, file: IO[bytes], width: int) -> None:
        self._file = file
        self._width = width
        self._panels: list[tuple[int, int, int]] = []
        self._room = np.empty((_ROWS, width), dtype=np.float32)

    def solve(self, points: np.ndarray, ridge: float, right: np.ndarray) -> np.ndarray:
        """Solve K x = right in place, one panel after the other.

        Args:
            points: one row an example.
            ridge: is added to K's diagonal.
            right: one row an example; becomes x.

        Returns:
            L's last square.

        Raises:
            ValueError: the ridge is too small for examples this near to each other.
        """
        count = len(points)
        known = squares(points)
        first = count % self._width or self._width
        for stop in range(min(first, count), count + 1, self._width):
            start = max(0, stop - self._width)
            near = nearness(points[start:], points[start:stop], known[start:stop])
            panel = np.ascontiguousarray(near)  # it is of a few rows that it is not
            del near
            panel[np.arange(stop - start), np.arange(stop - start)] += ridge
            self._reduce(panel, start, stop)
            corner, failed = lapack.spotrf(panel[: stop - start], lower=1)
            if failed:
                raise ValueError("the examples cannot be told apart; raise the ridge")
            panel[: stop - start] = corner
            below = panel[stop - start :]
            if len(below):
                blas.strsm(1, corner, below.T, lower=1, overwrite_b=1)
            self._panels.append((start, stop, self._file.seek(0, os.SEEK_END)))
            self._file.write(panel)
            right[start:stop] = blas.strsm(1, corner, right[start:stop], lower=1)
            right[stop:] -= below @ right[start:stop]
            del panel, below
        self._back(right)
        return np.asarray(corner)

    def _reduce(self, panel: np.ndarray, start: int, stop: int) -> None:
        """Take from a panel what the panels before it explain."""
        for before, after, at in self._panels:
            head = np.empty((stop - start, after - before), dtype=np.float32)
            self._read(head, at, start - before)
            for row, rows in self._blocks(before, after, at, start, len(panel)):
                panel[row : row + len(rows)] -= rows @ head.T

    def _back(self, right: np.ndarray) -> None:
        for start, stop, at in reversed(self._panels):
            for row, rows in self._blocks(start, stop, at, stop, len(right) - stop):
                right[start:stop] -= rows.T @ right[stop + row : stop + row + len(rows)]
            corner = np.empty((stop - start, stop - start), dtype=np.float32)
            self._read(corner, at, 0)
            right[start:stop] = blas.strsm(1, corner, right[start:stop], lower=1, trans_a=1)

    def _blocks(
        self, start: int, stop: int, at: int, first: int, count: int
    ) -> Iterator[tuple[int, np.ndarray]]:
        """A panel's rows from the row ``first`` of K on, some at a time."""
        for row in range(0, count, _ROWS):
            size = min(_ROWS, count - row)
            rows = self._room.reshape(-1)[: size * (stop - start)].reshape(size, stop - start)
            self._read(rows, at, first + row - start)
            yield row, rows

    def _read(self, rows: np.ndarray, at: int, row: int) -> None:
        self._file.seek(at + row * rows.shape[1] * rows.itemsize)
        self._file.readinto(memoryview(rows).cast("B"))  # type: ignore[attr-defined]
