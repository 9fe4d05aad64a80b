"""The drop box: sealed answers, without order and without time.

A database betrays in which order rows came, even when no column says so: by row ids, by the
number of the writing transaction (``xmin`` in PostgreSQL), by what is left in its files. Who knows
when somebody answered could then tell which answer is hers. So whenever an answer arrives, the
whole *pending pool* is written anew in one transaction: every envelope is wrapped afresh under a
fresh random key, in a shuffled order. All that shows is which pool an answer belongs to. A pool of
64 is left in place as *settled*, and the next one begins.

What remains: the first few answers of a round stand in a small pool until others join them, and
someone who has both the server's secret and older copies of the database can compare them. The
answers themselves can be read by the Task Force only.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, delete, insert, select

from vault.database import Database, Lock
from vault.errors import NoSuchRound, RoundClosed, RoundStillOpen, SealingError
from vault.tables import box, rounds

#: Envelopes in a pool. Rewriting costs its size at each arrival; hiding grows with it.
POOL = 64

_IV_BYTES = 12
_KEY_BYTES = 16


class DropBox:
    """Takes answers one by one and hands them out all at once, after the round is closed.

    Args:
        box_key: the server's secret for the box (:attr:`vault.secrets.Secrets.box`). It hides
            which row of one copy of the database was which row of another; it opens no answer.
    """

    def __init__(self, db: Database, box_key: bytes) -> None:
        self._db = db
        self._cipher = AESGCM(box_key)

    def put(self, round_id: str, envelope: bytes) -> None:
        """Drop an answer in.

        Args:
            envelope: sealed to the Task Force with ``Context("answer", round_id)``.

        Raises:
            NoSuchRound: there is no such round.
            RoundClosed: it takes no more answers.
        """
        pending = (box.c.round_id == round_id) & box.c.settled.is_(False)
        with self._db.write(Lock.ROUNDS) as connection:
            if _is_closed(connection, round_id):
                raise RoundClosed
            pool = [*self._unwrapped(connection, round_id, pending), envelope]
            connection.execute(delete(box).where(pending))
            connection.execute(insert(box), self._fresh_rows(round_id, pool))
        self._db.checkpoint(box.name)

    def take_all(self, round_id: str) -> list[bytes]:
        """Every answer of a closed round, in random order. They stay in the box.

        Raises:
            NoSuchRound: there is no such round.
            RoundStillOpen: it may still get answers; handing out twice would show which came late.
            SealingError: the box was wrapped with another secret, or changed.
        """
        with self._db.read() as connection:
            if not _is_closed(connection, round_id):
                raise RoundStillOpen
            envelopes = list(self._unwrapped(connection, round_id, box.c.round_id == round_id))
        secrets.SystemRandom().shuffle(envelopes)
        return envelopes

    def _unwrapped(
        self, connection: Connection, round_id: str, which: ColumnElement[bool]
    ) -> Iterable[bytes]:
        try:
            for wrapped in connection.execute(select(box.c.wrapped).where(which)).scalars():
                iv, ciphertext = wrapped[:_IV_BYTES], wrapped[_IV_BYTES:]
                yield self._cipher.decrypt(iv, ciphertext, round_id.encode())
        except (InvalidTag, ValueError):
            raise SealingError from None

    def _fresh_rows(self, round_id: str, pool: list[bytes]) -> list[dict[str, object]]:
        secrets.SystemRandom().shuffle(pool)
        rows = []
        for envelope in pool:
            iv = secrets.token_bytes(_IV_BYTES)
            rows.append(
                {
                    "row_key": secrets.token_bytes(_KEY_BYTES),
                    "round_id": round_id,
                    "settled": len(pool) >= POOL,
                    "wrapped": iv + self._cipher.encrypt(iv, envelope, round_id.encode()),
                }
            )
        return rows


def _is_closed(connection: Connection, round_id: str) -> bool:
    row = connection.execute(select(rounds.c.closed_month).where(rounds.c.round_id == round_id))
    found = row.first()
    if found is None:
        raise NoSuchRound
    return found.closed_month is not None
