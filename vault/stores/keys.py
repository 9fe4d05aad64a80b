"""The registered public keys that belong to a role: the Task Force's, and the recovery key."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import func, insert, select

from vault.database import Database, Lock
from vault.keys import PublicKey
from vault.tables import role_keys

Role = Literal["task-force", "recovery"]


class KeyStore:
    """Where public keys are registered; a newer one takes the place of the older ones."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, role: Role, key: PublicKey) -> None:
        """Register a key as the newest of its role.

        Raises:
            StorageError: this key is registered already.
        """
        with self._db.write(Lock.ACCOUNTS) as connection:
            count = connection.execute(select(func.count()).select_from(role_keys)).scalar_one()
            connection.execute(
                insert(role_keys).values(
                    key_id=key.key_id, role=role, number=count + 1, public_key=key.raw
                )
            )

    def newest(self, role: Role) -> PublicKey | None:
        """The key to seal to now."""
        keys = self.all(role)
        return keys[-1] if keys else None

    def all(self, role: Role) -> tuple[PublicKey, ...]:
        """Every key of a role, the oldest first."""
        query = select(role_keys.c.public_key).where(role_keys.c.role == role)
        with self._db.read() as connection:
            found = connection.execute(query.order_by(role_keys.c.number)).scalars()
            return tuple(PublicKey(raw) for raw in found)
