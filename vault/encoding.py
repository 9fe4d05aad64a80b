"""base64url without padding, as envelopes, keys and ids are written (RFC 4648, section 5)."""

from __future__ import annotations

import base64
import binascii
import secrets

#: To the signs of the usual alphabet. Made once: envelopes are opened by the hundred thousand.
_STANDARD = bytes.maketrans(b"-_", b"+/")


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
        standard = text.encode("ascii").translate(_STANDARD) + b"=" * (-len(text) % 4)
        raw = binascii.a2b_base64(standard, strict_mode=True)
    except (AttributeError, ValueError):  # junk may be no text at all
        raise ValueError("this is not base64url") from None
    if to_text(raw) != text:
        raise ValueError("this is not base64url")
    return raw


def new_id() -> str:
    """128 random bits as text: a key that tells neither order nor time."""
    return to_text(secrets.token_bytes(16))
