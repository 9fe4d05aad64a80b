"""Looks for planted words in every file, in every encoding that data is usually kept in.

A plain search misses Arabic in JSON, text in UTF-16, and anything compressed or encoded. So each
planted word is turned into every form it could lie about in, and compressed parts of files are
opened before they are searched.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import json
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: Largest thing that is opened inside a file.
_MOST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Leak:
    """A planted word that was found.

    Args:
        path: the file.
        form: how it was encoded there.
        word: which of the planted words, by its number.
    """

    path: Path
    form: str
    word: int


def forms(word: str) -> dict[str, bytes]:
    """Every form in which a word could lie about."""
    raw = word.encode()
    found = {
        "utf-8": raw,
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "json": json.dumps(word)[1:-1].encode(),
        "url": urllib.parse.quote(word, safe="").encode(),
        "url+": urllib.parse.quote_plus(word).encode(),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "reversed": raw[::-1],
        "letters reversed": word[::-1].encode(),
    }
    for shift in range(3):
        # Base64 of the word wherever it stands in a longer text: only the characters that do not
        # depend on its neighbours.
        encoded = base64.b64encode(b"\0" * shift + raw)
        start = {0: 0, 1: 2, 2: 3}[shift]
        end = len(encoded) - {0: 0, 1: 4, 2: 4}[(shift + len(raw)) % 3 and 1]
        found[f"base64/{shift}"] = encoded[start:end].rstrip(b"=")
        found[f"base64url/{shift}"] = (
            encoded[start:end].rstrip(b"=").translate(bytes.maketrans(b"+/", b"-_"))
        )
    for name in ("md5", "sha1", "sha256", "sha512"):
        digest = hashlib.new(name, raw, usedforsecurity=False).digest()
        found[name] = digest
        found[f"{name} hex"] = digest.hex().encode()
        found[f"{name} base64"] = base64.b64encode(digest).rstrip(b"=")
    return {form: data for form, data in found.items() if len(data) >= 5}


def contents(data: bytes) -> Iterator[bytes]:
    """A file's bytes, and what is compressed inside them."""
    yield data
    view = memoryview(data)  # a large file has many places that only look like a beginning
    for magic, opens in (
        (b"\x1f\x8b\x08", 31),
        (b"\x78\x01", 15),
        (b"\x78\x9c", 15),
        (b"\x78\xda", 15),
    ):
        at = data.find(magic)
        while at >= 0:
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj(opens).decompress(view[at:], _MOST)
            at = data.find(magic, at + 1)


def files(roots: Iterable[Path]) -> Iterator[Path]:
    """Every regular file below the folders, and the files themselves."""
    for root in roots:
        if root.is_file():
            yield root
        elif root.is_dir():
            yield from (p for p in sorted(root.rglob("*")) if p.is_file() and not p.is_symlink())


def find(words: list[str], roots: Iterable[Path]) -> list[Leak]:
    """Every planted word in every file, file names included.

    Args:
        words: what was planted; each at least five characters.
        roots: folders and files to search.
    """
    index = _Index(
        (data, number, form)
        for number, word in enumerate(words)
        for form, data in forms(word).items()
    )
    leaks = []
    for path in files(roots):
        try:
            whole = path.read_bytes()
        except OSError:
            continue  # it was there a moment ago
        for data in (str(path).encode(), *contents(whole)):
            leaks += [Leak(path, form, number) for number, form in index.found_in(data)]
    return leaks


class _Index:
    """Finds any of many thousand strings in one pass over large data.

    Args:
        wanted: what is looked for, of which word it is a form, and which form.
    """

    _HEAD = 8
    _SPREAD = 0x9E3779B97F4A7C15

    def __init__(self, wanted: Iterable[tuple[bytes, int, str]]) -> None:
        self._short: list[tuple[bytes, int, str]] = []
        self._by_head: dict[int, list[tuple[bytes, int, str]]] = {}
        for one in wanted:
            if len(one[0]) < self._HEAD:
                self._short.append(one)
            else:
                head = int.from_bytes(one[0][: self._HEAD], "little")
                self._by_head.setdefault(head, []).append(one)
        self._maybe = np.zeros(1 << 22, dtype=bool)
        self._maybe[self._slots(np.array([*self._by_head], dtype="<u8"))] = True

    def _slots(self, heads: np.ndarray) -> np.ndarray:
        return (heads * np.uint64(self._SPREAD)) >> np.uint64(42)

    def found_in(self, data: bytes) -> set[tuple[int, str]]:
        """Number of the word, and the form in which it is there."""
        found = {(number, form) for wanted, number, form in self._short if wanted in data}
        for shift in range(min(self._HEAD, max(0, len(data) - self._HEAD + 1))):
            heads = np.frombuffer(data, "<u8", (len(data) - shift) // self._HEAD, shift)
            for at in np.nonzero(self._maybe[self._slots(heads)])[0]:
                for wanted, number, form in self._by_head.get(int(heads[at]), ()):
                    if data.startswith(wanted, int(at) * self._HEAD + shift):
                        found.add((number, form))
        return found


def compress(data: bytes) -> bytes:
    """For planting: the same data in gzip."""
    return gzip.compress(data)
