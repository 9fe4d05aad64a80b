"""A closed round in one file, so that its results can be made away from the server.

The file holds sealed envelopes and what is known of the round; it can be sent like any sealed
thing. The envelopes are sorted by their (random) bytes, so the file shows no order of arrival.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from vault.errors import RoundStillOpen
from vault.keys import PublicKey
from vault.stores.rounds import Round

_FORMAT = 1


class BundleError(Exception):
    """A file is no bundle; the message says what to do."""


def bundle_bytes(round_: Round, envelopes: Iterable[bytes]) -> bytes:
    """A closed round as one file's content.

    Args:
        round_: the round.
        envelopes: all of its sealed answers.

    Raises:
        RoundStillOpen: the round must be closed first.
    """
    if round_.state == "open":
        raise RoundStillOpen
    bundle = {
        "speaksafe_bundle": _FORMAT,
        "round": {
            "round_id": round_.round_id,
            "number": round_.number,
            "instrument": round_.instrument,
            "admission": round_.admission,
            "task_force": round_.task_force.to_text(),
            "opened": round_.opened,
            "closed": round_.closed,
        },
        "answers": sorted(envelope.decode("utf-8") for envelope in envelopes),
    }
    return json.dumps(bundle, indent=1).encode() + b"\n"


def read_bundle(path: Path) -> tuple[Round, list[bytes]]:
    """A round and its sealed answers.

    Raises:
        BundleError: the file cannot be read or is no bundle.
    """
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise BundleError(f"{path} can't be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise BundleError(f"{path} is no bundle; give a file written by this program") from None
    if not isinstance(found, dict) or found.get("speaksafe_bundle") != _FORMAT:
        raise BundleError(f"{path} is no bundle; give a file written by this program")
    try:
        return _round(found["round"]), [str(text).encode() for text in found["answers"]]
    except (KeyError, TypeError, ValueError):
        raise BundleError(f"{path} is damaged; export it again") from None


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
