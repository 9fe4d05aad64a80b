"""Single values that the server itself must read again, sealed in their column.

They lie under a key that is derived from the server's secret, bound to the row they belong to:
whoever has only the database, or a backup of it, reads none, and none fits another row.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SealedColumn:
    """Seals and opens the values of a column.

    Args:
        key: 32 bytes, one of :class:`vault.secrets.Secrets`.
    """

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, text: str, row: str) -> bytes:
        """A value as it is stored.

        Args:
            text: the value.
            row: what names the row; needed again to open it.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, text.encode(), row.encode())

    def open(self, sealed: bytes, row: str) -> str | None:
        """The value; ``None`` when the secret is another one or the bytes were changed."""
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._aead.decrypt(nonce, body, row.encode()).decode()
        except InvalidTag:
            return None
