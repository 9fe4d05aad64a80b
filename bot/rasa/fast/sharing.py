"""What all engines of a machine read and nobody changes lies in memory once.

Each engine loads the same model. Its large tables are written beside the model, once, and each
engine maps these files instead of keeping a copy: the operating system holds one for all. Forms of
a table that only training needs are let go. Where nothing can be written, an engine keeps its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import hashlib
import mmap
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bot.rasa import meaning
from bot.rasa.topics import TopicModel

#: Bytes from which a table is worth a file.
LEAST = 200_000

#: Seconds after which a file that no engine has asked for is another model's, and goes.
STALE = 24 * 3600


class Shelf:
    """A folder of tables, each named by what is in it.

    Args:
        folder: beside the model; it is made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def mapped(self, table: np.ndarray) -> np.ndarray:
        """The same numbers, shared with all who ask for them; the table itself where that fails.

        Args:
            table: is compared with what lies there, so that nothing else is ever read for it.
        """
        if table.nbytes < LEAST:
            return table
        # In its own order of numbers: in another one sums are rounded in another way.
        turned = table.flags.f_contiguous and not table.flags.c_contiguous
        kept = table if turned else np.ascontiguousarray(table)
        name = hashlib.sha256(f"{kept.dtype}{kept.shape}{turned}".encode())
        name.update(kept.T if turned else kept)
        path = self._folder / f"{name.hexdigest()[:32]}.npy"
        with contextlib.suppress(OSError):
            found = _read(path, kept)
            if found is None:
                self._write(path, kept)
                found = _read(path, kept)
            if found is not None:
                os.utime(path)
                return found
        return table

    def _write(self, path: Path, table: np.ndarray) -> None:
        self._folder.mkdir(exist_ok=True)
        # Under its name only when it is whole: another engine may start at the same moment.
        handle, part = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                np.save(file, table, allow_pickle=False)
            Path(part).replace(path)
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise

    def tidy(self) -> None:
        """Remove what no engine has asked for in a day; who has mapped it keeps it."""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if path.stat().st_mtime < time.time() - STALE:
                    path.unlink()


def _read(path: Path, table: np.ndarray) -> np.ndarray | None:
    """What lies there, if it is whole and the same."""
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (FileNotFoundError, ValueError, EOFError):
        return None
    if (found.dtype, found.shape) != (table.dtype, table.shape):
        return None
    if not np.array_equal(found, table):
        return None
    # Comparing has read all of it; what is not used need not stay with this process.
    found._mmap.madvise(mmap.MADV_DONTNEED)
    whole: np.ndarray = found.view(np.ndarray)
    return whole


def share(model: TopicModel, shelf: Shelf) -> None:
    """Let a model read its tables from a shelf.

    Args:
        model: as it was loaded; it can answer, and no longer be stored.
        shelf: where its tables lie.
    """
    model._examples = model.points = shelf.mapped(model._examples)
    model.votes = shelf.mapped(model.votes)
    for part in model.spelling._parts:
        part._weights = shelf.mapped(part._weights)
    model.spelling.weights = np.zeros((0, 0), dtype=np.float16)  # the parts have them
    sentences, _ = meaning._encoders()
    sentences._table = shelf.mapped(sentences._table)
    sentences._weights = {name: shelf.mapped(w) for name, w in sentences._weights.items()}
    shelf.tidy()


def _give_back() -> None:
    """Hand what was freed back to the system; the C library would keep it for later."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(ctypes.util.find_library("c")).malloc_trim(0)


def install(model: Path) -> None:
    """Share the model that this process loads.

    Args:
        model: the archive that is served, or the folder of it.
    """
    shelf = Shelf((model if model.is_dir() else model.parent) / ".shared")
    loaded = TopicModel.__setstate__

    def load(self: TopicModel, state: dict[str, Any]) -> None:
        loaded(self, state)
        share(self, shelf)
        _give_back()

    TopicModel.__setstate__ = load  # type: ignore[method-assign]
