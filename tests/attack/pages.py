"""What lies in the folder of a PostgreSQL server, as somebody finds it who has the disk.

Rows with the transaction that wrote them and their place; the pages with what was not cleared away;
and the write-ahead log, in which every change stands once more, one behind the other. Of the log's
form only what is needed: pages of 8 KiB with a header, and values as they lie in a row.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
from cryptography.exceptions import InvalidTag

from tests.attack.linking import Row, Stolen, number, opened, row_of

#: Of a page of the log, and of its header; the first page of a segment has a longer one
#: (src/include/access/xlog_internal.h).
_PAGE, _HEADER, _LONG_HEADER, _IS_LONG = 8192, 24, 40, 0x0002
#: The first bytes of a page of the log, without the version's lowest byte.
_MAGIC = 0xD1
#: A large value lies in pieces of this length (TOAST_MAX_CHUNK_SIZE).
_PIECE = 1996


def files_of(url: str) -> Callable[[], dict[str, bytes]]:
    """Reads every file of the server, by its path in the data folder.

    Args:
        url: of a database on it. What is still in memory is written out first.
    """

    def read() -> dict[str, bytes]:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        root = Path(folder)
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }

    return read


def rows(stolen: Stolen, url: str) -> list[Row]:
    """The rows of the box, with everything about them that could tell an order.

    Args:
        stolen: what the attacker has.
        url: of the database; she can start it from the files as well.
    """
    query = "SELECT row_key, wrapped, xmin::text::bigint, ctid::text FROM box ORDER BY ctid"
    paths = """SELECT pg_relation_filepath('box'), pg_relation_filepath(reltoastrelid)
        FROM pg_class WHERE relname = 'box'"""
    with psycopg.connect(url) as connection:
        found = connection.execute(query).fetchall()
        heap, beside = connection.execute(paths).fetchone() or ("", "")
        index = connection.execute("SELECT pg_relation_filepath('pk_box')").fetchone() or ("",)
    log = _log(stolen)
    whole = stolen.files[heap] + stolen.files[beside]
    lists = []
    for at, (key, wrapped, transaction, _) in enumerate(found):
        begins = bytes(wrapped[:24])
        places = {
            "place of the row": at,
            "key": number(key),
            "transaction": transaction,
            "place in the file": whole.find(begins),
            "place in the index": stolen.files[index[0]].find(bytes(key)),
            "first place in the log": log.find(begins),
            "last place in the log": log.rfind(begins),
        }
        lists.append(row_of(bytes(wrapped), places, stolen))
    return lists


def remnants(stolen: Stolen, rows: list[Row], url: str) -> int:
    """How many rows that are no longer there can be opened from the files of the tables.

    Args:
        stolen: with the server's secret.
        rows: those that are there.
        url: of the database, whose files are looked at.
    """
    with psycopg.connect(url) as connection:
        query = "SELECT oid FROM pg_database WHERE datname = current_database()"
        (own,) = connection.execute(query).fetchone() or (0,)
    kept = {bytes(row.wrapped[:12]) for row in rows}
    lengths = {len(row.wrapped) for row in rows}
    data = b"".join(
        content for name, content in stolen.files.items() if name.startswith(f"base/{own}/")
    )
    return len({iv for _, _, iv in _found(data, lengths, stolen)} - kept)


def order_in_log(stolen: Stolen, found: list[Row]) -> list[bytes]:
    """Envelopes in the order in which the log first shows them: the attack that does succeed.

    Args:
        stolen: with the log and the server's secret; she needs both.
        found: the rows, whose lengths she looks for.
    """
    lengths = {len(row.wrapped) for row in found}
    first: dict[bytes, int] = {}
    for place, held, _ in _found(_log(stolen), lengths, stolen):
        if held[:1] == b"\3":
            first[held[17:]] = min(place, first.get(held[17:], place))
    return sorted(first, key=first.__getitem__)


def _log(stolen: Stolen) -> bytes:
    """The write-ahead log in one piece, without the headers of its pages."""
    parts: dict[int, bytes] = {}
    for name, content in stolen.files.items():
        if not re.fullmatch(r"pg_wal/[0-9A-F]{24}", name):
            continue
        for start in range(0, len(content), _PAGE):
            magic, info, _, place = struct.unpack_from("<HHIQ", content, start)
            if magic >> 8 == _MAGIC:
                header = _LONG_HEADER if info & _IS_LONG else _HEADER
                parts[place] = content[start + header : start + _PAGE]
    # By its own place: a used file is given the name of a future one before it is written anew.
    return b"".join(parts[place] for place in sorted(parts))


def _found(data: bytes, lengths: set[int], stolen: Stolen) -> Iterator[tuple[int, bytes, bytes]]:
    """Whatever opens with the server's secret: place, what is held, and the number drawn."""
    for length in lengths:
        for place, wrapped in _values(data, length):
            with suppress(InvalidTag):
                yield place, opened(wrapped, stolen.secrets), wrapped[:12]


def _values(data: bytes, length: int) -> Iterator[tuple[int, bytes]]:
    """Values of a length: in one piece, or in pieces, each with the value's and its own number."""
    for place in _places(data, struct.pack("<I", (length + 4) << 2)):
        yield place, data[place + 4 : place + 4 + length]
    if length <= _PIECE:
        return
    sizes = [min(_PIECE, length - at) for at in range(0, length, _PIECE)]
    for place in _places(data, struct.pack("<iI", 0, (sizes[0] + 4) << 2)):
        value = data[place - 4 : place]
        wrapped = data[place + 8 : place + 8 + sizes[0]]
        for at, size in enumerate(sizes[1:], start=1):
            piece = value + struct.pack("<iI", at, (size + 4) << 2)
            # Pages are filled from their end: in a table the next piece lies before this one.
            near = data.find(piece, max(0, place - 3 * _PAGE), place + 3 * _PAGE)
            wrapped += data[near + 12 : near + 12 + size] if near >= 0 else b""
        if len(wrapped) == length:
            yield place, wrapped


def _places(data: bytes, wanted: bytes) -> Iterator[int]:
    at = data.find(wanted)
    while at >= 0:
        yield at
        at = data.find(wanted, at + 1)
