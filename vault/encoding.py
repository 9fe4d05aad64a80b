"""base64url without padding, as envelopes, keys and ids are written (RFC 4648, section 5)."""

from __future__ import annotations

import base64
import binascii
import secrets


def to_text(raw: bytes) -> str:
    """Bytes as base64url without ``=``."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_text(text: str) -> bytes:
    """The bytes of a base64url text.

    Raises:
        ValueError: it is not base64url, or not the one canonical way to write these bytes. The
            usual decoders overlook stray characters and spare bits, which would let a changed
            envelope pass as unchanged.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("this is not base64url") from None
    if to_text(raw) != text:
        raise ValueError("this is not base64url")
    return raw


def new_id() -> str:
    """128 random bits as text: a key that tells neither order nor time."""
    return to_text(secrets.token_bytes(16))
