"""Invitations to the survey: bearer tokens from one pool, of which only keyed hashes are kept.

Redeeming one deletes it, in a transaction of its own that shares nothing with the answer. A random
hash, that of no token, takes its place: otherwise whoever counts the rows of an open round would
know how many have answered. PostgreSQL's transaction numbers tell which rows are new, so with
each change a *neighbourhood* of 64 rows is written anew, in a shuffled order, as in the drop box:
a token that is made when a case is closed looks like 63 others, and so does what took the place of
a spent one. Where in its neighbourhood a row stands is drawn by lot each time.

A server may die after it spent a token and before the answer was kept. So half of the hash that
takes a token's place is made of token and *ticket*, a random text that only that conversation
holds: it may spend the token again. Who does not hold the ticket sees a random hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from vault.codes import MARK_BYTES, hash_code, new_code
from vault.database import Database, Lock
from vault.tables import invitations

#: Rows that are written anew together. Redeeming costs this much, however many there are.
NEIGHBOURS = 64

_HASH_BYTES = 32
_FIRST, _LAST = bytes(_HASH_BYTES), b"\xff" * _HASH_BYTES


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
        self._add([self._hash(token) for token in tokens])
        return tokens

    def valid(self, token: str) -> bool:
        """Whether a token could be redeemed now."""
        query = select(invitations).where(invitations.c.token_hash == self._hash(token))
        with self._db.read() as connection:
            return connection.execute(query).first() is not None

    def redeem(self, token: str, ticket: str | None = None) -> bool:
        """Spend a token; true only once, or again for who has spent it with the same ticket.

        Args:
            ticket: a random text that nobody else has, the same whenever it is tried again.
        """
        hashed, mark = self._hash(token), self._mark(token, ticket)
        with self._db.write(Lock.INVITATIONS) as connection:
            near = _around(connection, hashed)
            if hashed not in near.rows:
                return ticket is not None and _marked(connection, mark) is not None
            _rewrite(connection, near, (near.rows - {hashed}) | {near.chance(mark)})
        self._db.checkpoint(invitations.name)
        return True

    def restore(self, token: str, ticket: str | None = None) -> None:
        """Give a token back that was redeemed for an answer which could not be kept.

        Args:
            ticket: the one that it was redeemed with.
        """
        hashed = self._hash(token)
        with self._db.write(Lock.INVITATIONS) as connection:
            spent = ticket and _marked(connection, self._mark(token, ticket))
            if spent:
                connection.execute(delete(invitations).where(invitations.c.token_hash == spent))
            _take_in(connection, hashed)
        self._db.checkpoint(invitations.name)

    def _add(self, hashes: Collection[bytes]) -> None:
        with self._db.write(Lock.INVITATIONS) as connection:
            if len(hashes) > NEIGHBOURS:
                everything = _Near(frozenset(_all(connection)), _FIRST, _LAST)
                _rewrite(connection, everything, everything.rows | set(hashes))
            else:
                for one in hashes:
                    _take_in(connection, one)
        self._db.checkpoint(invitations.name)

    def _hash(self, token: str) -> bytes:
        return hash_code(token, self._pepper, "invitation")

    def _mark(self, token: str, ticket: str | None) -> bytes:
        if ticket is None:
            return secrets.token_bytes(MARK_BYTES)
        return hash_code(token + ticket, self._pepper, "spent invitation")[:MARK_BYTES]


@dataclass(frozen=True, slots=True)
class _Near:
    """Rows that lie together, and the hashes between which there is none but them."""

    rows: frozenset[bytes]
    low: bytes
    high: bytes

    def chance(self, mark: bytes) -> bytes:
        """A hash of no token that could lie among them, with a mark as its second half."""
        low, high = int.from_bytes(self.low), int.from_bytes(self.high)
        while True:  # all but always at once: between two hashes lies room for far more than marks
            first = (low + secrets.randbelow(high - low + 1)).to_bytes(_HASH_BYTES)[:-MARK_BYTES]
            if self.low <= first + mark <= self.high:
                return first + mark


def _around(connection: Connection, hashed: bytes) -> _Near:
    """The rows around a hash, which may be one of them."""
    column = invitations.c.token_hash
    query = select(column).limit(NEIGHBOURS + 1)
    below = query.where(column < hashed).order_by(column.desc())
    above = query.where(column >= hashed).order_by(column)
    before = list(connection.execute(below).scalars())
    after = list(connection.execute(above).scalars())
    # By lot, so that the place tells nothing; near an end there are fewer to choose from.
    many = max(secrets.randbelow(NEIGHBOURS), NEIGHBOURS - len(after))
    some = before[:many]
    rest = after[: NEIGHBOURS - len(some)]
    rows = [hashed, *some, *rest]
    low = min(rows) if len(before) > len(some) else _FIRST
    high = max(rows) if len(after) > len(rest) else _LAST
    return _Near(frozenset([*some, *rest]), low, high)


def _marked(connection: Connection, mark: bytes) -> bytes | None:
    """The row with this mark that took the place of a token. All are looked through, which is rare:

    others may have come in between since, so that it need not lie near the token any more.
    """
    column = invitations.c.token_hash
    tail = func.substr(column, _HASH_BYTES - MARK_BYTES + 1)
    return connection.execute(select(column).where(tail == mark)).scalars().first()


def _take_in(connection: Connection, hashed: bytes) -> None:
    near = _around(connection, hashed)
    _rewrite(connection, near, near.rows | {hashed})


def _rewrite(connection: Connection, near: _Near, hashes: Collection[bytes]) -> None:
    pool = list(hashes)
    secrets.SystemRandom().shuffle(pool)
    between = invitations.c.token_hash.between(near.low, near.high)
    connection.execute(delete(invitations).where(between))
    connection.execute(insert(invitations), [{"token_hash": hash} for hash in pool])


def _all(connection: Connection) -> list[bytes]:
    return list(connection.execute(select(invitations.c.token_hash)).scalars())
