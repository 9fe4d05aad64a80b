"""What the holder of the recovery key does, away from the server: open, pass on, rehearse.

The server writes a *bundle* of sealed cases and the public keys of an office. The holder reads
it, or makes from it a *passing*: for each envelope, its content key sealed to that office. Neither
holds a word that anybody could read without a key. The server puts the passing in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from vault.errors import RecoveryError, SealingError
from vault.keys import PrivateKey, PublicKey
from vault.recipients import Entry
from vault.sealing import Context, open_envelope, share

_BUNDLE = "speaksafe_recovery"
_PASSING = "speaksafe_passing"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One envelope of a case.

    Args:
        case_id: which case.
        number: its place in the case.
        purpose: ``report``, ``addition`` or ``reply``.
        envelope: as it is stored.
    """

    case_id: str
    number: int
    purpose: str
    envelope: bytes

    @property
    def context(self) -> Context:
        """What it is bound to."""
        return Context(self.purpose, self.case_id)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Sealed cases, and whom they are to be passed on to.

    Args:
        office: the office that is to have them.
        keys: the public keys of its focal points.
        envelopes: of all cases, in their order.
    """

    office: str
    keys: tuple[PublicKey, ...]
    envelopes: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class Passing:
    """New recipients of envelopes.

    Args:
        office: who they belong to.
        entries: by case id and number.
    """

    office: str
    entries: dict[tuple[str, int], list[Entry]]


def write_bundle(bundle: Bundle) -> bytes:
    """A bundle as a file."""
    return _written(
        {
            _BUNDLE: 1,
            "office": bundle.office,
            "keys": [key.to_text() for key in bundle.keys],
            "envelopes": [
                [one.case_id, one.number, one.purpose, one.envelope.decode()]
                for one in bundle.envelopes
            ],
        }
    )


def read_bundle(raw: bytes) -> Bundle:
    """A bundle from a file.

    Raises:
        RecoveryError: it is none.
    """
    parts = _read(raw, _BUNDLE)
    try:
        keys = tuple(PublicKey.from_text(text) for text in parts["keys"])
        rows = [
            Sealed(str(c), int(n), str(p), str(e).encode()) for c, n, p, e in parts["envelopes"]
        ]
        return Bundle(str(parts["office"]), keys, tuple(rows))
    except (KeyError, ValueError, TypeError):
        raise RecoveryError("this is no whole bundle; let it be exported again") from None


def opened(bundle: Bundle, key: PrivateKey) -> Iterator[tuple[Sealed, bytes | None]]:
    """Every envelope with what is in it; ``None`` where this key does not open it."""
    for one in bundle.envelopes:
        try:
            yield one, open_envelope(one.envelope, key, one.context)
        except SealingError:
            yield one, None


def pass_on(bundle: Bundle, key: PrivateKey, to: Sequence[PublicKey]) -> tuple[bytes, int]:
    """Seal the content keys of a bundle to further people.

    Returns:
        the passing as a file, and how many envelopes this key does not open.
    """
    rows, closed = [], 0
    for one in bundle.envelopes:
        try:
            entries = [share(one.envelope, key, person, one.context) for person in to]
        except SealingError:
            closed += 1
            continue
        rows.append([one.case_id, one.number, entries])
    return _written({_PASSING: 1, "office": bundle.office, "entries": rows}), closed


def read_passing(raw: bytes) -> Passing:
    """A passing from a file.

    Raises:
        RecoveryError: it is none.
    """
    parts = _read(raw, _PASSING)
    try:
        entries = {(str(case), int(number)): list(rows) for case, number, rows in parts["entries"]}
        return Passing(str(parts["office"]), entries)
    except (KeyError, ValueError, TypeError):
        raise RecoveryError("this is no whole passing; let it be made again") from None


def _written(parts: dict[str, Any]) -> bytes:
    return json.dumps(parts, separators=(",", ":")).encode() + b"\n"


def _read(raw: bytes, kind: str) -> dict[str, Any]:
    try:
        parts = json.loads(raw)
    except (ValueError, RecursionError):
        parts = None
    if not isinstance(parts, dict) or parts.get(kind) != 1:
        raise RecoveryError("this file is of another kind; see `speaksafe recovery --help`")
    return parts
