"""Codes that are read out and typed: invitations to the survey, and set-up codes of accounts.

And marks, by which is known again what is sent once more.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

#: No 0 and O, no 1 and I: 32 signs, five bits each.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Signs of a code: 80 bits, so that a fast keyed hash is enough to keep it.
LENGTH = 16
_GROUP = 4
#: Bytes of a mark: nobody meets another one by chance.
MARK_BYTES = 16


def new_code() -> str:
    """A fresh code, in groups of four: ``K7QM-…``."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def hash_code(code: str, key: bytes, use: str) -> bytes:
    """The keyed hash (HMAC-SHA-256) that is stored in place of a code.

    Args:
        code: as it was typed; case, spaces and hyphens make no difference.
        key: the server's secret for this use.
        use: keeps the hashes of different uses apart.
    """
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return hmac.digest(key, f"speaksafe/1/{use}/{signs}".encode(), "sha256")


def mark(of: bytes, use: str) -> bytes:
    """Sixteen bytes by which something is known again that is sent once more.

    Args:
        of: a ticket, which only one conversation holds: once that is forgotten, the mark is a
            number that leads to nobody.
        use: keeps the marks of different uses apart.
    """
    return hashlib.sha256(f"speaksafe/1/{use}/".encode() + of).digest()[:MARK_BYTES]
