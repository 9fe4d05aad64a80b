"""Word pieces: how a text is cut before `bot.rasa.vocabulary` looks them up.

The cut is the one of XLM-RoBERTa (a SentencePiece unigram model, Kudo 2018, arXiv:1804.10959):
among all ways to cut a text into known pieces, the likeliest.
"""

from __future__ import annotations

import itertools
import re
import struct

import numpy as np

_SPACES = re.compile(" {2,}")
#: Stands for a space, and before the first word.
_MARK = "\u2581"
# An unknown character is worse than the least likely piece by this much (log probability).
_UNKNOWN = 10.0
_WORST = -1e30


class Pieces:
    """Cuts texts.

    Args:
        image: the model file from where the pieces begin.
    """

    def __init__(self, image: memoryview) -> None:
        count, self.first, self.last, _, self.unknown = struct.unpack_from("<5i", image)
        (size,) = struct.unpack_from("<Q", image, 20)
        at = 28
        offsets = np.frombuffer(image, np.uint32, count + 1, at).tolist()
        at += 4 * (count + 1)
        self._scores = np.frombuffer(image, np.float32, count, at).tolist()
        at += 4 * count
        blob = bytes(image[at : at + size])
        spans = itertools.pairwise(offsets)
        words = [blob[start:end].decode("utf-8", "replace") for start, end in spans]
        # Marks such as <s> steer the network; typed, they are ordinary characters.
        steering = {self.first, self.last, self.unknown, 1, count - 1}
        self._numbers = {w: i for i, w in enumerate(words) if w and i not in steering}
        self._longest = max(map(len, self._numbers))
        self._none = min(self._scores) - _UNKNOWN
        at += size
        self._levels, used = _levels(image[at:])
        #: How many bytes of the image were read.
        self.size = at + used

    def of(self, text: str) -> list[int]:
        """The numbers of the pieces, with the mark of the beginning and of the end."""
        level = _SPACES.sub(" ", text.translate(self._levels))
        if not level.startswith(" "):
            level = " " + level
        return [self.first, *self._cut(level.replace(" ", _MARK)), self.last]

    def _cut(self, text: str) -> list[int]:
        numbers, scores, longest, none = self._numbers, self._scores, self._longest, self._none
        size = len(text)
        best, came, piece = [_WORST] * (size + 1), [0] * (size + 1), [self.unknown] * (size + 1)
        best[0] = 0.0
        for start in range(size):
            before = best[start]
            if before + none > best[start + 1]:
                best[start + 1], came[start + 1] = before + none, start
                piece[start + 1] = self.unknown
            for end in range(start + 1, min(size, start + longest) + 1):
                number = numbers.get(text[start:end])
                if number is not None and before + scores[number] > best[end]:
                    best[end], came[end], piece[end] = before + scores[number], start, number
        found = []
        while size:
            found.append(piece[size])
            size = came[size]
        return found[::-1]


def _levels(image: memoryview) -> tuple[dict[int, str], int]:
    """Which characters are read as which others, and how many bytes say so."""
    count, size = struct.unpack_from("<iI", image)
    at, found = 8, {}
    for _ in range(count):
        character, length = struct.unpack_from("<IB", image, at)
        others = struct.unpack_from(f"<{length}I", image, at + 5)
        found[character] = "".join(map(chr, others))
        at += 5 + 4 * length
    return found, 8 + size
