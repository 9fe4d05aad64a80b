"""The system of equations that the matrix of all pairs of many points makes, solved.

    with tempfile.TemporaryFile() as file:
        system = System(points, nearness, 0.1, file)
        x = system.solved(right)              # (K + 0.1 I) x = right

To factor the matrix takes n³/3 steps, a minute for thirty thousand points. This takes some ten
products with it instead, n² steps each: conjugate gradients of all right sides together, made
quick by some of the points that stand for all (Nyström). It ends when what is left of each right
side is a small part of it; no chance is in it, the points that stand for all are always the same.

Source: O'Leary, The block conjugate gradient algorithm and related methods, Linear Algebra and its
Applications 29, 1980; Frangella, Tropp and Udell, Randomized Nyström preconditioning, SIAM Journal
on Matrix Analysis and Applications 44, 2023 (arXiv:2110.02820).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TypeVar

import numpy as np
from scipy.linalg import blas, lapack
from threadpoolctl import threadpool_limits

Near = Callable[[np.ndarray, np.ndarray], np.ndarray]
#: Rows and columns of a tile of the matrix, and where it lies in the file.
Tile = tuple[slice, slice, int]
_Result = TypeVar("_Result")

# Pairs lie between 0 and 1, so that two bytes hold each to a hundred-thousandth.
_ONE = 65535
_TILE = 1024
# A fifth faster than with an odd number of columns.
_EVEN = 16
# How many points stand for all, and what is added so that they are told apart.
_STANDING, _APART = 2000, 1e-3
# What may be left of each right side (docs/performance.md, "Training"), the number of
# steps after which it is given up, and from where on a direction is one that was there before.
_REST, _MOST_STEPS, _SAME = 0.004, 100, 1e-6


class _Pairs:
    """The matrix of all pairs; the lower half of its tiles lies in a file.

    Args:
        points: one row a point.
        near: gives the matrix of two sets of points, each number between 0 and 1.
        file: takes as many bytes as there are pairs.
    """

    def __init__(self, points: np.ndarray, near: Near, file: IO[bytes]) -> None:
        self._points, self._near, self._file = points, near, file.fileno()
        self._tiles: list[Tile] = []
        at, count = 0, len(points)
        parts = [slice(first, min(first + _TILE, count)) for first in range(0, count, _TILE)]
        for number, rows in enumerate(parts):
            for columns in parts[: number + 1]:
                self._tiles.append((rows, columns, at))
                at += 2 * (rows.stop - rows.start) * (columns.stop - columns.start)
        self._shared(self._make)

    def times(self, right: np.ndarray) -> np.ndarray:
        """The product with a matrix that has one row a point."""
        even = np.pad(right, ((0, 0), (0, -right.shape[1] % _EVEN)))
        first, *others = self._shared(lambda tiles: self._product(tiles, even))
        for other in others:
            first += other
        first /= _ONE
        return first[:, : right.shape[1]]

    def _shared(self, work: Callable[[list[Tile]], _Result]) -> list[_Result]:
        """Each processor does a part of the tiles; they need not wait for each other."""
        processors = os.cpu_count() or 1
        shares = [self._tiles[first::processors] for first in range(processors)]
        with threadpool_limits(limits=1), ThreadPoolExecutor(processors) as pool:
            return list(pool.map(work, shares))

    def _make(self, tiles: list[Tile]) -> None:
        for rows, columns, at in tiles:
            tile = self._near(self._points[rows], self._points[columns])
            tile *= _ONE
            tile += 0.5
            stored = np.ascontiguousarray(tile, dtype=np.uint16)
            if os.pwrite(self._file, stored, at) < stored.nbytes:
                raise OSError("training needs more room beside the model, two gigabytes at least")

    def _product(self, tiles: list[Tile], right: np.ndarray) -> np.ndarray:
        found = np.zeros_like(right)
        stored = np.empty(_TILE * _TILE, dtype=np.uint16)
        room = np.empty(_TILE * _TILE, dtype=np.float32)
        for rows, columns, at in tiles:
            shape = rows.stop - rows.start, columns.stop - columns.start
            size = shape[0] * shape[1]
            os.preadv(self._file, [memoryview(stored[:size]).cast("B")], at)
            np.copyto(room[:size], stored[:size])
            tile = room[:size].reshape(shape)
            found[rows] += tile @ right[columns]
            if rows != columns:
                found[columns] += tile.T @ right[rows]
        return found


class _Standing:
    """Nearly the inverse: as if some points explained of all what they can, and the rest were even.

    Args:
        points: one row a point.
        near: see `_Pairs`.
        ridge: what is added to the diagonal.
    """

    def __init__(self, points: np.ndarray, near: Near, ridge: float) -> None:
        chosen = np.random.default_rng(1).permutation(len(points))[:_STANDING]
        few = points[np.sort(chosen)]
        among = near(few, few)
        among[np.diag_indices(len(few))] += _APART
        corner, failed = lapack.spotrf(among, lower=1)
        rows = np.empty((len(points), len(few)), dtype=np.float32)
        for first in range(0, len(points), _TILE):
            rows[first : first + _TILE] = near(points[first : first + _TILE], few)
        blas.strsm(1, corner, rows.T, lower=1, overwrite_b=1)
        unexplained = 1 + ridge - float((rows * rows).sum(dtype=np.float64)) / len(points)
        self._even = np.float32(max(unexplained, ridge))
        inner = blas.ssyrk(1 / self._even, rows.T, lower=1)
        inner[np.diag_indices(len(few))] += 1
        self._inner, failed_too = lapack.spotrf(inner, lower=1, overwrite_a=1)
        if failed or failed_too:
            raise ValueError("the examples cannot be told apart; raise the ridge")
        self._rows = rows

    def __call__(self, right: np.ndarray) -> np.ndarray:
        part, _ = lapack.spotrs(self._inner, self._rows.T @ right, lower=1)
        found: np.ndarray = right - self._rows @ (part / self._even)
        found /= self._even
        return found


class System:
    """(K + ridge I) x = right, for a matrix K of all pairs.

    Args:
        points: one row a point.
        near: gives the matrix of two sets of points: 1 for the same point, less for others and
            never below 0; a kernel.
        ridge: what is added to the diagonal.
        file: takes as many bytes as there are pairs, and is not read by anybody else.

    Raises:
        OSError: no room for the file.
    """

    def __init__(self, points: np.ndarray, near: Near, ridge: float, file: IO[bytes]) -> None:
        self._ridge = np.float32(ridge)
        self._count = len(points)
        self._pairs = _Pairs(points, near, file)
        self._easier = _Standing(points, near, ridge)

    def solved(
        self, right: np.ndarray, rest: float = _REST, begin: np.ndarray | None = None
    ) -> np.ndarray:
        """The solution.

        Args:
            right: one column a right side. With fewer rows than there are points, the system is
                that of the first points alone.
            rest: what may be left of each right side, as a part of it.
            begin: the solution of a system like it.

        Returns:
            As many rows and columns as the right sides have.

        Raises:
            ValueError: the ridge is too small for points this near to each other.
        """
        found = self._nearly(right) if begin is None else begin[: len(right)].copy()
        left = right - self._times(found)
        along = self._nearly(left)
        whole = np.maximum(np.linalg.norm(right, axis=0), np.float32(1e-9))
        for _ in range(_MOST_STEPS):
            if (np.linalg.norm(left, axis=0) / whole).max() < rest:
                return found
            image = self._times(along)
            inverse = _inverse(along.T @ image)
            share = inverse @ (along.T @ left)
            found += along @ share
            left -= image @ share
            further = self._nearly(left)
            along = further - along @ (inverse @ (image.T @ further))
        raise ValueError("the examples cannot be told apart; raise the ridge")

    def _times(self, right: np.ndarray) -> np.ndarray:
        product = self._pairs.times(self._whole(right))[: len(right)]
        product += self._ridge * right
        return product

    def _nearly(self, right: np.ndarray) -> np.ndarray:
        return self._easier(self._whole(right))[: len(right)]

    def _whole(self, rows: np.ndarray) -> np.ndarray:
        return np.pad(rows, ((0, self._count - len(rows)), (0, 0)))


def _inverse(gram: np.ndarray) -> np.ndarray:
    """Of the products of directions; those that are there already count once."""
    even = np.sqrt(np.maximum(np.diag(gram), np.float32(1e-30))).astype(np.float64)
    gram = (gram + gram.T) / 2 / even[:, None] / even
    inverse = np.linalg.pinv(gram, rcond=_SAME, hermitian=True) / even[:, None] / even
    return inverse.astype(np.float32)
