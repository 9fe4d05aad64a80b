"""Invitations to the survey: bearer tokens from one pool, of which only keyed hashes are kept.

Redeeming one deletes it, in a transaction of its own that shares nothing with the answer. A random
hash, that of no token, takes its place: otherwise whoever counts the rows of an open round would
know how many have answered. Whenever anything changes, the whole pool is written anew in a shuffled
order, so that PostgreSQL's transaction numbers do not tell which row is new: a token that is made
when a case is closed looks like all the others, and so does what took the place of a spent one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from vault.codes import hash_code, new_code
from vault.database import Database, Lock
from vault.tables import invitations

_HASH_BYTES = 32


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
        hashed = self._hash(token)
        with self._db.write(Lock.INVITATIONS) as connection:
            pool = set(_all(connection))
            if hashed not in pool:
                return False
            _rewrite(connection, (pool - {hashed}) | {secrets.token_bytes(_HASH_BYTES)})
        self._db.checkpoint(invitations.name)
        return True

    def restore(self, token: str) -> None:
        """Give a token back that was redeemed for an answer which could not be kept."""
        self._add([self._hash(token)])

    def _add(self, hashes: Iterable[bytes]) -> None:
        with self._db.write(Lock.INVITATIONS) as connection:
            _rewrite(connection, {*_all(connection), *hashes})
        self._db.checkpoint(invitations.name)

    def _hash(self, token: str) -> bytes:
        return hash_code(token, self._pepper, "invitation")


def _rewrite(connection: Connection, hashes: Iterable[bytes]) -> None:
    pool = list(hashes)
    secrets.SystemRandom().shuffle(pool)
    connection.execute(delete(invitations))
    connection.execute(insert(invitations), [{"token_hash": hash} for hash in pool])


def _all(connection: Connection) -> Iterable[bytes]:
    return connection.execute(select(invitations.c.token_hash)).scalars()
