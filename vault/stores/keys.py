"""The registered public keys that belong to a role: the Task Force's, and the recovery key."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import delete, func, insert, select

from vault.database import Database, Lock
from vault.keys import PublicKey
from vault.tables import role_keys

Role = Literal["task-force", "recovery"]


class KeyStore:
    """Where public keys are registered. Of the Task Force the newest counts; of recovery all do."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, role: Role, key: PublicKey) -> None:
        """Register a key as the newest of its role.

        Raises:
            StorageError: this key is registered already.
        """
        with self._db.write(Lock.ACCOUNTS) as connection:
            last = connection.execute(select(func.max(role_keys.c.number))).scalar_one() or 0
            connection.execute(
                insert(role_keys).values(
                    key_id=key.key_id, role=role, number=last + 1, public_key=key.raw
                )
            )

    def retire(self, role: Role, key_id: str) -> bool:
        """Seal nothing more to a key. What was sealed to it, its holder still opens.

        Returns:
            False when there is no such key, or it is the only one of its role.
        """
        of_role = role_keys.c.role == role
        with self._db.write(Lock.ACCOUNTS) as connection:
            known = set(connection.execute(select(role_keys.c.key_id).where(of_role)).scalars())
            if key_id not in known or len(known) == 1:
                return False
            connection.execute(delete(role_keys).where(of_role, role_keys.c.key_id == key_id))
        return True

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
