"""Keys: who can be sealed to, and who can open.

Two kinds. X25519 (RFC 7748) is the default, built into browsers. X-Wing joins it with ML-KEM-768
(FIPS 203), so that what is recorded today stays closed to a quantum computer of tomorrow
(draft-connolly-cfrg-xwing-kem): both would have to be broken. Either's private half is 32 bytes.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from vault.encoding import from_text, to_text

#: The kind of a key.
Kem = Literal["x25519", "x-wing"]

#: Bytes of a private key: of X25519 the key itself, of X-Wing the seed that both halves come of.
KEY_BYTES = 32
#: Bytes of a public key, and which of them are ML-KEM's.
PUBLIC_BYTES: dict[Kem, int] = {"x25519": 32, "x-wing": 1216}
MLKEM_BYTES = 1184


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Whom an envelope can be sealed to.

    Args:
        raw: the 32 bytes of RFC 7748, or the 1216 of X-Wing: ML-KEM's key, then X25519's.

    Raises:
        ValueError: it has another length.
    """

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) not in PUBLIC_BYTES.values():
            raise ValueError("a public key has 32 bytes, or 1216 for X-Wing")

    @property
    def kem(self) -> Kem:
        """Of which kind it is."""
        return "x25519" if len(self.raw) == KEY_BYTES else "x-wing"

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
            ValueError: it is not base64url of a key, or it is one of the few points of low
                order: whatever is sealed to those, anybody can open (RFC 7748, section 6.1).
        """
        key = cls(from_text(text))
        try:
            point = X25519PublicKey.from_public_bytes(key.raw[-KEY_BYTES:])
            X25519PrivateKey.generate().exchange(point)
            if key.kem == "x-wing":
                MLKEM768PublicKey.from_public_bytes(key.raw[:MLKEM_BYTES])
        except ValueError:
            raise ValueError("this public key is not safe to use") from None
        return key


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What opens envelopes. Its text form never shows the key.

    Args:
        raw: the 32 bytes of RFC 7748, not clamped (the library clamps when it multiplies), or the
            seed of X-Wing.
        kem: of which kind it is.

    Raises:
        ValueError: it is not 32 bytes.
    """

    raw: bytes = field(repr=False)
    kem: Kem = field(default="x25519", repr=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError("a private key has 32 bytes")

    @classmethod
    def new(cls, kem: Kem = "x25519") -> PrivateKey:
        """A fresh random key."""
        if kem == "x-wing":
            return cls(secrets.token_bytes(KEY_BYTES), kem)
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    def public(self) -> PublicKey:
        """The public half."""
        if self.kem == "x-wing":
            lattice, curve = x_wing_halves(self)
            halves = lattice.public_key().public_bytes_raw(), curve.public_key().public_bytes_raw()
            return PublicKey(b"".join(halves))
        private = X25519PrivateKey.from_private_bytes(self.raw)
        return PublicKey(private.public_key().public_bytes_raw())


def x_wing_halves(key: PrivateKey) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """The two keys that the seed of an X-Wing key expands to (its draft, section 5.2)."""
    expanded = hashlib.shake_256(key.raw).digest(64 + KEY_BYTES)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        X25519PrivateKey.from_private_bytes(expanded[64:]),
    )
