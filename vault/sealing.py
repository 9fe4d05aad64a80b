"""Sealed envelopes: written once, opened only by those they are sealed to.

An envelope is UTF-8 JSON::

    {"v":1,"suite":"hpke-x25519-sha256-aes256gcm",
     "to":[{"kid":…,"enc":…,"ct":…}, …],"iv":…,"body":…}

A fresh content key encrypts the padded text (``body``); the content key is sealed to every
recipient with HPKE in base mode (RFC 9180). Bytes are base64url without ``=``. The suite is named
in every envelope: ``hpke-xwing-sha256-aes256gcm`` is the other one, for keys of that kind. Of mixed
recipients the envelope names the weaker suite, since that decides against a quantum computer, and
an entry of the other has its own ``suite``. A key opens an entry of its own suite only.

What binds an envelope to its place is the :class:`Context`: the same words go into the HPKE
``info`` and into the body's associated data, so an envelope moved to another case, round or
purpose does not open. The recipients' list is not authenticated as a whole: striking out a
*fellow* recipient is the server's power anyway, and changes nothing for the others.

>>> key = PrivateKey.new()
>>> envelope = seal(b"words", [key.public()], Context("report", "case"))
>>> open_envelope(envelope, key, Context("report", "case"))
b'words'
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from vault.encoding import from_text, to_text
from vault.errors import SealingError
from vault.keys import KEY_BYTES, MLKEM_BYTES, Kem, PrivateKey, PublicKey, x_wing_halves
from vault.padding import pad, unpad

__all__ = [
    "SUITE_NAME",
    "SUITE_NAMES",
    "X_WING_NAME",
    "Context",
    "PrivateKey",
    "PublicKey",
    "SealingError",
    "key_ids",
    "open_envelope",
    "parse",
    "seal",
    "share",
]

SUITE_NAME = "hpke-x25519-sha256-aes256gcm"
X_WING_NAME = "hpke-xwing-sha256-aes256gcm"

#: The name of a suite, by the kind of the keys it seals to.
SUITE_NAMES: dict[Kem, str] = {"x25519": SUITE_NAME, "x-wing": X_WING_NAME}
_SUITES = {
    SUITE_NAME: Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
    X_WING_NAME: Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}
_ENC_BYTES = {SUITE_NAME: 32, X_WING_NAME: 1120}
_Private = X25519PrivateKey | MLKEM768X25519PrivateKey
_IV_BYTES = 12
_CONTENT_KEY_BYTES = 32
#: For each suite, the bytes of a recipient's encapsulated key and of the sealed content key.
ENTRY_BYTES = {name: (enc, _CONTENT_KEY_BYTES + 16) for name, enc in _ENC_BYTES.items()}
_ENVELOPE_KEYS = ["v", "suite", "to", "iv", "body"]
_RECIPIENT_KEYS = ["kid", "enc", "ct"]


@dataclass(frozen=True, slots=True)
class Context:
    """What an envelope is for, and what it belongs to.

    Args:
        purpose: ``report``, ``addition``, ``reply`` (bound to a case id), ``answer`` (bound to a
            round id). No slash in it, so that two contexts never read alike.
        binding: the id of what it belongs to.

    Raises:
        ValueError: the purpose is empty or contains a slash.
    """

    purpose: str
    binding: str

    def __post_init__(self) -> None:
        if not self.purpose or "/" in self.purpose:
            raise ValueError("a purpose is one word without a slash")

    def info(self) -> bytes:
        """The bytes that both the sealed key and the body are bound to."""
        return f"speaksafe/1/{self.purpose}/{self.binding}".encode()


def seal(plaintext: bytes, recipients: Sequence[PublicKey], context: Context) -> bytes:
    """Seal bytes so that each of the recipients can open them, and nobody else.

    Args:
        plaintext: what is to be kept; only its size bucket shows in the envelope.
        recipients: at least one; their order does not show, and one named twice counts once.
        context: what the envelope is bound to.

    Raises:
        ValueError: there is no recipient, or one of the keys is unsafe.
    """
    if not recipients:
        raise ValueError("an envelope needs at least one recipient")
    info = context.info()
    kinds = {recipient.kem for recipient in recipients}
    suite = SUITE_NAMES["x25519" if "x25519" in kinds else "x-wing"]
    content_key = secrets.token_bytes(_CONTENT_KEY_BYTES)
    iv = secrets.token_bytes(_IV_BYTES)
    to = [_seal_key(content_key, one, info, suite) for one in dict.fromkeys(recipients)]
    secrets.SystemRandom().shuffle(to)
    envelope = {
        "v": 1,
        "suite": suite,
        "to": to,
        "iv": to_text(iv),
        "body": to_text(AESGCM(content_key).encrypt(iv, pad(plaintext), info)),
    }
    return json.dumps(envelope, separators=(",", ":")).encode()


def open_envelope(envelope: bytes, key: PrivateKey, context: Context) -> bytes:
    """What was sealed.

    Raises:
        SealingError: the key or the context is wrong, or the envelope was changed or cut.
    """
    return Opener(key, context).open(envelope)


class Opener:
    """Opens many envelopes of one context with one key, which is prepared only once.

    Args:
        key: whose envelopes they are.
        context: what they are bound to.
    """

    def __init__(self, key: PrivateKey, context: Context) -> None:
        self._kid = key.public().key_id
        self._suite = SUITE_NAMES[key.kem]
        self._private = _private(key)
        self._info = context.info()

    def open(self, envelope: bytes) -> bytes:
        """What was sealed.

        Raises:
            SealingError: as :func:`open_envelope`.
        """
        parts = parse(envelope)
        content_key = _unsealed(parts, self._kid, self._suite, self._private, self._info)
        try:
            body = from_text(parts["body"])
            opened = AESGCM(content_key).decrypt(from_text(parts["iv"]), body, self._info)
            return unpad(opened)
        except (InvalidTag, ValueError):
            raise SealingError from None


def key_ids(envelope: bytes) -> tuple[str, ...]:
    """Whom an envelope is sealed to, in the random order it names them.

    Raises:
        SealingError: it is no envelope.
    """
    return tuple(entry["kid"] for entry in parse(envelope)["to"])


def _content_key(parts: dict[str, Any], key: PrivateKey, context: Context) -> bytes:
    suite = SUITE_NAMES[key.kem]
    return _unsealed(parts, key.public().key_id, suite, _private(key), context.info())


def _unsealed(parts: dict[str, Any], kid: str, suite: str, private: _Private, info: bytes) -> bytes:
    mine = [entry for entry in parts["to"] if entry["kid"] == kid]
    # A suite that was renamed, to a weaker one or at all, is refused before anything is tried.
    if len(mine) != 1 or mine[0].get("suite", parts["suite"]) != suite:
        raise SealingError
    try:
        sealed_key = from_text(mine[0]["enc"]) + from_text(mine[0]["ct"])
        return _SUITES[suite].decrypt(sealed_key, private, info=info)
    except (InvalidTag, ValueError):
        raise SealingError from None


def _private(key: PrivateKey) -> _Private:
    if key.kem == "x-wing":
        return MLKEM768X25519PrivateKey(*x_wing_halves(key))
    return X25519PrivateKey.from_private_bytes(key.raw)


def _public(key: PublicKey) -> X25519PublicKey | MLKEM768X25519PublicKey:
    curve = X25519PublicKey.from_public_bytes(key.raw[-KEY_BYTES:])
    if key.kem == "x-wing":
        lattice = MLKEM768PublicKey.from_public_bytes(key.raw[:MLKEM_BYTES])
        return MLKEM768X25519PublicKey(lattice, curve)
    return curve


def _seal_key(content_key: bytes, to: PublicKey, info: bytes, suite: str) -> dict[str, str]:
    name = SUITE_NAMES[to.kem]
    sealed = _SUITES[name].encrypt(content_key, _public(to), info=info)
    entry = {
        "kid": to.key_id,
        "enc": to_text(sealed[: _ENC_BYTES[name]]),
        "ct": to_text(sealed[_ENC_BYTES[name] :]),
    }
    return entry if name == suite else entry | {"suite": name}


def share(envelope: bytes, key: PrivateKey, to: PublicKey, context: Context) -> dict[str, str]:
    """Seal the content key of an envelope to one more person.

    Args:
        envelope: one that the key opens.
        key: of somebody it is sealed to.
        to: who is to open it, too.
        context: what the envelope is bound to.

    Returns:
        her entry, for :func:`vault.recipients.join`.

    Raises:
        SealingError: the key or the context is wrong, or the envelope was changed.
    """
    open_envelope(envelope, key, context)
    parts = parse(envelope)
    return _seal_key(_content_key(parts, key, context), to, context.info(), parts["suite"])


def parse(envelope: bytes) -> dict[str, Any]:
    """The parts of an envelope, each of the type that it must have.

    Raises:
        SealingError: it is no envelope.
    """
    try:
        parts = json.loads(envelope.decode("utf-8"))
    except (ValueError, RecursionError):
        raise SealingError from None
    if not isinstance(parts, dict) or sorted(parts) != sorted(_ENVELOPE_KEYS):
        raise SealingError
    if type(parts["v"]) is not int or parts["v"] != 1 or parts["suite"] not in SUITE_NAMES.values():
        raise SealingError
    if not _texts(parts, "iv", "body") or not isinstance(parts["to"], list):
        raise SealingError
    if not all(is_entry(entry, parts["suite"]) for entry in parts["to"]):
        raise SealingError
    return parts


def is_entry(entry: Any, suite: str) -> bool:
    """Whether this is a recipient's entry in an envelope of a suite.

    There is one way to write it: what the envelope says of the suite is not said again.
    """
    if not isinstance(entry, dict) or not {*_RECIPIENT_KEYS} <= {*entry}:
        return False
    own = [entry[name] for name in entry if name not in _RECIPIENT_KEYS]
    others = [name for name in SUITE_NAMES.values() if name != suite]
    named = list(entry).count("suite") == len(own) and all(one in others for one in own)
    return named and _texts(entry, *_RECIPIENT_KEYS)


def _texts(mapping: dict[str, Any], *names: str) -> bool:
    return all(isinstance(mapping[name], str) for name in names)
