"""The one secret of the server: 32 random bytes in a file, outside the database and its backups.

Several secrets are derived from it, one for each use, so that none can stand in for another. Losing
the file makes every receipt, invitation and sign-in worthless; whoever has both the file and the
database can still not read a report.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from vault.errors import SecretsError
from vault.writing import write_new

_BYTES = 32
_USES = (
    *("receipts", "invitations", "accounts", "box", "addresses", "audit"),
    "second-factors",
)
# Group write, and everything for others. A group may read: orchestrators hand secrets over so.
_TOO_OPEN = 0o027


@dataclass(frozen=True, slots=True)
class Secrets:
    """The derived secrets, 32 bytes each.

    Args:
        receipts: pepper of the receipts.
        invitations: key of the invitations' hashes.
        accounts: pepper of the focal points' sign-in hashes.
        box: wraps the envelopes in the drop box.
        addresses: seals where focal points get their notices.
        audit: chains the trail of who opened what.
        second_factors: seals the secrets of focal points' phones, and hashes recovery codes.
    """

    receipts: bytes = field(repr=False)
    invitations: bytes = field(repr=False)
    accounts: bytes = field(repr=False)
    box: bytes = field(repr=False)
    addresses: bytes = field(repr=False)
    audit: bytes = field(repr=False)
    second_factors: bytes = field(repr=False)

    @classmethod
    def from_root(cls, root: bytes) -> Secrets:
        """The derived secrets of 32 random bytes."""
        return cls(
            *(
                HKDFExpand(SHA256(), 32, f"speaksafe/1/pepper/{use}".encode()).derive(root)
                for use in _USES
            )
        )

    @classmethod
    def create(cls, path: Path) -> Secrets:
        """Write a fresh secret, readable by its owner only.

        Raises:
            SecretsError: the file exists already, or can't be written.
        """
        root = secrets.token_bytes(_BYTES)
        try:
            write_new(path, f"{root.hex()}\n".encode())
        except FileExistsError:
            raise SecretsError(f"{path} exists already; it is never overwritten") from None
        except OSError as error:
            raise SecretsError(f"{path} can't be written ({error.strerror})") from None
        return cls.from_root(root)

    @classmethod
    def load(cls, path: Path) -> Secrets:
        """Read the secret.

        Raises:
            SecretsError: the file is missing, open to others, or does not hold 64 hexadecimal
                digits. The message never quotes what is in it.
        """
        try:
            mode = path.stat().st_mode
            text = path.read_bytes()
        except OSError as error:
            raise SecretsError(f"{path} can't be read ({error.strerror})") from None
        if mode & _TOO_OPEN:
            raise SecretsError(f"{path} is open to other users; run: chmod 600 {path}")
        try:
            root = bytes.fromhex(text.decode("ascii").strip())
        except ValueError:
            root = b""
        if len(root) != _BYTES:
            raise SecretsError(f"{path} must hold 64 hexadecimal digits; restore it")
        return cls.from_root(root)
