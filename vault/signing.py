"""Signatures made with the keys that people keep as files.

An X25519 key cannot sign. So an Ed25519 key (RFC 8032) is derived from its private half; it needs
no further file, and the same key and words always give the same signature.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault.encoding import from_text, to_text
from vault.keys import PrivateKey


def signer(private: PrivateKey) -> str:
    """What verifies the signatures of a key, as base64url; it says nothing about the key itself."""
    return to_text(_signing(private).public_key().public_bytes_raw())


def sign(private: PrivateKey, use: str, data: bytes) -> str:
    """A signature as base64url.

    Args:
        private: the key of a person or of the Task Force.
        use: keeps signatures of different uses apart.
        data: what is signed.
    """
    return to_text(_signing(private).sign(_framed(use, data)))


def signed(who: str, use: str, data: bytes, signature: str) -> bool:
    """Whether a signature is that of ``who`` for this use and this data."""
    try:
        key = Ed25519PublicKey.from_public_bytes(from_text(who))
        key.verify(from_text(signature), _framed(use, data))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signing(private: PrivateKey) -> Ed25519PrivateKey:
    seed = HKDF(SHA256(), 32, None, b"speaksafe/1/signing").derive(private.raw)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _framed(use: str, data: bytes) -> bytes:
    return f"speaksafe/1/{use}\n".encode() + data
