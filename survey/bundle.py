"""A closed round in one file, so that its results can be made away from the server.

The file holds sealed envelopes and what is known of the round; it can be sent like any sealed
thing. One line says that it is a bundle, then each round has a line of its own and below it one
line for each envelope, sorted by their (random) bytes: the file shows no order of arrival, and can
be read bit by bit, however large it is. Earlier rounds come along that may have had too few answers
to be released alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from vault.errors import RoundStillOpen
from vault.keys import PublicKey
from vault.stores.rounds import Round

_FORMAT = 2


class BundleError(Exception):
    """A file is no bundle; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Envelopes:
    """The sealed answers of one round in a bundle; read from the file each time they are asked for.

    Args:
        path: the bundle.
        start: where the first one begins, in bytes.
        count: how many there are.
    """

    path: Path
    start: int
    count: int

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(self.start)
            for line in islice(file, self.count):
                yield line.rstrip(b"\n")

    def __len__(self) -> int:
        return self.count


def bundle_bytes(
    round_: Round,
    envelopes: Iterable[bytes],
    earlier: Iterable[tuple[Round, Iterable[bytes]]] = (),
) -> bytes:
    """A closed round as one file's content.

    Args:
        round_: the round.
        envelopes: all of its sealed answers.
        earlier: closed rounds that may be counted with it, with their answers.

    Raises:
        RoundStillOpen: a round must be closed first.
    """
    return b"".join(bundle_lines(round_, envelopes, earlier))


def bundle_lines(
    round_: Round,
    envelopes: Iterable[bytes],
    earlier: Iterable[tuple[Round, Iterable[bytes]]] = (),
) -> Iterator[bytes]:
    """The same line by line, so that a large round is not held twice.

    Raises:
        RoundStillOpen: a round must be closed first.
    """
    all_rounds = ((round_, envelopes), *earlier)
    if any(one.state == "open" for one, _ in all_rounds):
        raise RoundStillOpen
    return _lines(all_rounds)


def _lines(rounds: Iterable[tuple[Round, Iterable[bytes]]]) -> Iterator[bytes]:
    yield _line({"speaksafe_bundle": _FORMAT}) + b"\n"
    for one, answers in rounds:
        found = sorted(answers)
        yield _line(_head(one) | {"answers": len(found)}) + b"\n"
        for envelope in found:
            yield envelope + b"\n"


def read_bundle(path: Path) -> list[tuple[Round, Envelopes]]:
    """The rounds in a bundle and their sealed answers; the one that it was made for comes first.

    Raises:
        BundleError: the file cannot be read or is no bundle.
    """
    try:
        with path.open("rb") as file:
            first = _parsed(file.readline())
            if first.get("speaksafe_bundle") != _FORMAT:
                raise BundleError(f"{path} is no bundle; give a file written by this program")
            found = []
            while head := file.readline():
                parts = _parsed(head)
                round_, count = _round(parts), int(parts["answers"])
                found.append((round_, Envelopes(path, file.tell(), count)))
                if sum(1 for _ in islice(file, count)) != count:
                    raise ValueError
    except OSError as error:
        raise BundleError(f"{path} can't be read ({error.strerror})") from None
    except (KeyError, TypeError, ValueError, RecursionError):
        raise BundleError(f"{path} is damaged or no bundle; export it again") from None
    if not found:
        raise BundleError(f"{path} is damaged; export it again")
    return found


def _parsed(line: bytes) -> dict[str, Any]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise ValueError
    return found


def _line(parts: dict[str, Any]) -> bytes:
    return json.dumps(parts, separators=(",", ":")).encode()


def _head(round_: Round) -> dict[str, Any]:
    return {
        "round_id": round_.round_id,
        "number": round_.number,
        "instrument": round_.instrument,
        "admission": round_.admission,
        "task_force": round_.task_force.to_text(),
        "opened": round_.opened,
        "closed": round_.closed,
    }


def _round(parts: dict[str, Any]) -> Round:
    if parts["admission"] not in ("open", "invited") or not parts["closed"]:
        raise ValueError
    return Round(
        round_id=str(parts["round_id"]),
        number=int(parts["number"]),
        instrument=str(parts["instrument"]),
        admission=parts["admission"],
        task_force=PublicKey.from_text(parts["task_force"]),
        opened=str(parts["opened"]),
        closed=str(parts["closed"]),
    )
