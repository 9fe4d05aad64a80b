"""Invitations to the survey: bearer tokens from one pool, of which only keyed hashes are kept.

Redeeming one deletes it, in a transaction of its own that shares nothing with the answer. Whenever
tokens are added, the whole pool is written anew in a shuffled order, so that PostgreSQL's
transaction numbers do not tell which token was made for whom: one that is made when a case is
closed looks like all the others.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from vault.codes import hash_code, new_code
from vault.database import Database, Lock
from vault.tables import invitations


class InvitationStore:
    """Where invitations are kept.

    Args:
        pepper: the server's secret for invitations (:attr:`vault.secrets.Secrets.invitations`).
    """

    def __init__(self, db: Database, pepper: bytes) -> None:
        self._db = db
        self._pepper = pepper

    def new(self, count: int) -> list[str]:
        """Make tokens. Only their hashes are kept: hand them out now or never.

        Raises:
            ValueError: the count is not positive.
        """
        if count < 1:
            raise ValueError("the count must be at least 1")
        tokens = [new_code() for _ in range(count)]
        self._add(map(self._hash, tokens))
        return tokens

    def valid(self, token: str) -> bool:
        """Whether a token could be redeemed now."""
        query = select(invitations).where(invitations.c.token_hash == self._hash(token))
        with self._db.read() as connection:
            return connection.execute(query).first() is not None

    def redeem(self, token: str) -> bool:
        """Spend a token; true only once."""
        spend = delete(invitations).where(invitations.c.token_hash == self._hash(token))
        with self._db.write(Lock.INVITATIONS) as connection:
            spent = connection.execute(spend).rowcount == 1
        if spent:
            self._db.checkpoint(invitations.name)
        return spent

    def restore(self, token: str) -> None:
        """Give a token back that was redeemed for an answer which could not be kept."""
        self._add([self._hash(token)])

    def _add(self, hashes: Iterable[bytes]) -> None:
        with self._db.write(Lock.INVITATIONS) as connection:
            pool = list({*_all(connection), *hashes})
            secrets.SystemRandom().shuffle(pool)
            connection.execute(delete(invitations))
            connection.execute(insert(invitations), [{"token_hash": hash} for hash in pool])
        self._db.checkpoint(invitations.name)

    def _hash(self, token: str) -> bytes:
        return hash_code(token, self._pepper, "invitation")


def _all(connection: Connection) -> Iterable[bytes]:
    return connection.execute(select(invitations.c.token_hash)).scalars()
