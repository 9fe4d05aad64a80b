"""X25519 keys: who can be sealed to, and who can open."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from vault.encoding import from_text, to_text

#: Bytes of an X25519 key, public or private (RFC 7748).
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Whom an envelope can be sealed to.

    Args:
        raw: the 32 bytes of RFC 7748.

    Raises:
        ValueError: it is not 32 bytes.
    """

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError("a public key has 32 bytes")

    @property
    def key_id(self) -> str:
        """The first 16 characters of the base64url SHA-256 of the key: 96 bits of a name."""
        return to_text(hashlib.sha256(self.raw).digest())[:16]

    def to_text(self) -> str:
        """The key as base64url."""
        return to_text(self.raw)

    @classmethod
    def from_text(cls, text: str) -> PublicKey:
        """A key that somebody hands in.

        Raises:
            ValueError: it is not base64url of 32 bytes, or it is one of the few points of low
                order: whatever is sealed to those, anybody can open (RFC 7748, section 6.1).
        """
        key = cls(from_text(text))
        try:
            X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(key.raw))
        except ValueError:
            raise ValueError("this public key is not safe to use") from None
        return key


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What opens envelopes. Its text form never shows the key.

    Args:
        raw: the 32 bytes of RFC 7748, not clamped (the library clamps when it multiplies).

    Raises:
        ValueError: it is not 32 bytes.
    """

    raw: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError("a private key has 32 bytes")

    @classmethod
    def new(cls) -> PrivateKey:
        """A fresh random key."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    def public(self) -> PublicKey:
        """The public half."""
        private = X25519PrivateKey.from_private_bytes(self.raw)
        return PublicKey(private.public_key().public_bytes_raw())
