"""The recipients of an envelope, apart from its content.

An envelope names its recipients one by one (see :mod:`vault.sealing`); each entry holds the
content key, sealed to one person. So an entry can be struck out, held back or added without
touching, or being able to read, what the envelope holds.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from vault.encoding import from_text
from vault.errors import SealingError
from vault.sealing import ENTRY_BYTES, is_entry, parse

#: A recipient's entry: whose it is, and the content key sealed to her.
Entry = dict[str, str]


def split(envelope: bytes, key_ids: Collection[str]) -> tuple[bytes, list[Entry]]:
    """Take the entries of some recipients out of an envelope.

    Args:
        envelope: as it was sealed.
        key_ids: whose entries are taken out; those that are not there do not matter.

    Returns:
        the envelope without them, and the entries.

    Raises:
        SealingError: this is no envelope.
    """
    parts = parse(envelope)
    out = [entry for entry in parts["to"] if entry["kid"] in key_ids]
    parts["to"] = [entry for entry in parts["to"] if entry["kid"] not in key_ids]
    return _written(parts), out


def join(envelope: bytes, entries: Collection[Entry]) -> bytes:
    """Put entries of further recipients into an envelope; one of each key stays.

    Raises:
        SealingError: this is no envelope, or an entry is not shaped like one of its suite.
    """
    parts = parse(envelope)
    known = {entry["kid"] for entry in parts["to"]}
    for entry in entries:
        if not is_entry(entry, parts["suite"]):
            raise SealingError
        try:
            sizes = len(from_text(entry["enc"])), len(from_text(entry["ct"]))
        except ValueError:
            raise SealingError from None
        if sizes != ENTRY_BYTES[entry.get("suite", parts["suite"])]:
            raise SealingError
        if entry["kid"] not in known:
            parts["to"].append(dict(entry))
    parts["to"].sort(key=lambda entry: str(entry["enc"]))
    return _written(parts)


def same_content(one: bytes, other: bytes) -> bool:
    """Whether two envelopes are one and the same but for their recipients.

    Raises:
        SealingError: one of them is no envelope.
    """
    first, second = parse(one), parse(other)
    return all(first[part] == second[part] for part in ("suite", "iv", "body"))


def _written(parts: dict[str, Any]) -> bytes:
    return json.dumps(parts, separators=(",", ":")).encode()
