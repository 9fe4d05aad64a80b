"""What tests of the drop box and of invitations share."""

from __future__ import annotations

BOX_KEY = b"b" * 32
PEPPER = b"i" * 32


def envelopes(count: int) -> list[bytes]:
    return [f"envelope {number}".encode() * 200 for number in range(count)]
