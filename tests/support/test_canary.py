"""The scan must find planted leaks before its silence means anything."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import urllib.parse
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.canary import compress, find

WORDS = [
    "Marguerite Plantée",
    "+41 79 555 01 23",
    "زرعت هذه الكلمة",
    "4711 0815 2342 9999 1234 5678",
]

PLANTS: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda w: w.encode(),
    "in UTF-16": lambda w: w.encode("utf-16"),
    "in JSON": lambda w: json.dumps({"text": f"before {w} after"}).encode(),
    "in a URL": lambda w: f"GET /?q={urllib.parse.quote(w)} HTTP/1.1".encode(),
    "in a form": lambda w: urllib.parse.urlencode({"q": w}).encode(),
    "backwards": lambda w: w[::-1].encode(),
    "in UTF-16, the other way": lambda w: w.encode("utf-16-be"),
    "in hex": lambda w: f"before {w} after".encode().hex().encode(),
    "in base64, first": lambda w: base64.b64encode(f"{w} after".encode()),
    "in base64, second": lambda w: base64.b64encode(f"x{w} after".encode()),
    "in base64, third": lambda w: base64.b64encode(f"xx{w} after".encode()),
    "in base64url": lambda w: base64.urlsafe_b64encode(f"xx{w}".encode()),
    "in gzip": lambda w: b"head" + compress(f"before {w} after".encode()),
    "in zlib": lambda w: b"head" + zlib.compress(f"before {w} after".encode(), 9),
    "as md5": lambda w: hashlib.md5(w.encode(), usedforsecurity=False).hexdigest().encode(),
    "as sha256": lambda w: hashlib.sha256(w.encode()).digest(),
}


@pytest.mark.parametrize("how", PLANTS)
@pytest.mark.parametrize("number", range(len(WORDS)))
def test_a_planted_leak_is_found(tmp_path: Path, how: str, number: int) -> None:
    (tmp_path / "file.bin").write_bytes(b"\0" * 100 + PLANTS[how](WORDS[number]) + b"\xff" * 100)
    assert number in {leak.word for leak in find(WORDS, [tmp_path])}


def test_a_leak_in_a_file_name_is_found(tmp_path: Path) -> None:
    (tmp_path / WORDS[0]).write_bytes(b"")
    assert find(WORDS, [tmp_path])


def test_a_leak_in_a_deleted_row_of_a_database_is_found(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.sqlite") as base:
        base.execute("PRAGMA secure_delete = OFF")
        base.execute("CREATE TABLE t (v TEXT)")
        base.execute("INSERT INTO t VALUES (?)", [WORDS[0]])
        base.commit()
        base.execute("DELETE FROM t")
        base.commit()
    base.close()
    assert find(WORDS, [tmp_path])


def test_silence_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file.bin").write_bytes(compress(b"nothing of the kind") * 10)
    assert not find(WORDS, [tmp_path])
