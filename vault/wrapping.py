"""What a focal point's passphrase derives, and her private key wrapped with it.

Her browser does this itself; the same in Python serves the demo account, recovery and tests. The
server sees the sign-in secret and the wrapped key, and can compute the passphrase from neither.

    root    = PBKDF2-HMAC-SHA-256(NFKC(passphrase), salt, 600 000 iterations)   32 bytes
    sign_in = HKDF-SHA-256(root, no salt, "speaksafe/1/sign-in")                32 bytes
    wrap    = HKDF-SHA-256(root, no salt, "speaksafe/1/wrap")                   AES-256-GCM key

PBKDF2, with the iterations that OWASP's Password Storage Cheat Sheet gives for SHA-256, is what
every browser has built in; Argon2id would be stronger but would need foreign code in the page.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from vault.encoding import from_text, to_text
from vault.errors import SealingError
from vault.keys import KEY_BYTES, Kem, PrivateKey

ITERATIONS = 600_000
SALT_BYTES = 16

_IV_BYTES = 12

#: PKCS #8 of a key is one of these and then its 32 bytes: of X25519 (RFC 8410), and of X-Wing's
#: seed (draft-connolly-cfrg-xwing-kem). So what is wrapped says of which kind it is, and nobody
#: without the passphrase can say otherwise.
_HEADS: dict[Kem, bytes] = {
    "x25519": bytes.fromhex("302e020100300506032b656e04220420"),
    "x-wing": bytes.fromhex("3034020100300d060b2b0601040183e62d81c87a0420"),
}


@dataclass(frozen=True, slots=True)
class Derived:
    """What a passphrase derives.

    Args:
        sign_in: 32 bytes that prove to the server who she is.
        wrap: the AES-256-GCM key that wraps her private key; it never leaves her side.
    """

    sign_in: bytes = field(repr=False)
    wrap: bytes = field(repr=False)


def new_salt() -> bytes:
    """A fresh random salt for one account."""
    return secrets.token_bytes(SALT_BYTES)


def derive(passphrase: str, salt: bytes) -> Derived:
    """What a passphrase derives; takes about 0.2 s.

    Args:
        passphrase: as it was typed. It is normalised (NFKC), because keyboards write the same
            accented letter in different ways.
        salt: 16 bytes of the account.
    """
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    root = PBKDF2HMAC(SHA256(), 32, salt, ITERATIONS).derive(typed)
    return Derived(_expand(root, "sign-in"), _expand(root, "wrap"))


def wrap(private: PrivateKey, wrap_key: bytes) -> str:
    """A private key (PKCS #8) encrypted as ``{"iv":…,"ct":…}``, as WebCrypto's wrapKey does."""
    iv = secrets.token_bytes(_IV_BYTES)
    ciphertext = AESGCM(wrap_key).encrypt(iv, _HEADS[private.kem] + private.raw, None)
    return json.dumps({"iv": to_text(iv), "ct": to_text(ciphertext)}, separators=(",", ":"))


def unwrap(text: str, wrap_key: bytes) -> PrivateKey:
    """The private key in a wrapped one.

    Raises:
        SealingError: the passphrase was another one, or the text was changed.
    """
    try:
        parts = json.loads(text)
        pkcs8 = AESGCM(wrap_key).decrypt(from_text(parts["iv"]), from_text(parts["ct"]), None)
    except (InvalidTag, ValueError, KeyError, TypeError, RecursionError):
        raise SealingError from None
    for kem, head in _HEADS.items():
        if pkcs8.startswith(head) and len(pkcs8) == len(head) + KEY_BYTES:
            return PrivateKey(pkcs8[len(head) :], kem)
    raise SealingError


def _expand(root: bytes, name: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"speaksafe/1/{name}".encode()).derive(root)
