"""The drop box: sealed answers, without order, without time and without number.

A database betrays in which order rows came, even when no column says so: by row ids, by the
number of the writing transaction (``xmin`` in PostgreSQL), by what is left in its files. Who knows
when somebody answered could then tell which answer is hers. So whenever an answer arrives, the
whole *pending pool* is written anew in one transaction: every envelope is wrapped afresh under a
fresh random key, in a shuffled order. All that shows is which pool an answer belongs to. A pool of
64 is left in place as *settled*, and the next one begins.

Nobody may learn how many have answered while a round is open, whoever can count rows included. So
a pool is full from the beginning: of *chaff*, which is sealed to the same key and wrapped like an
answer. Each answer takes the place of one. Only inside the wrapping does it say which is which.

What remains: rows tell how many pools are settled, so the number of answers to within 64. Someone
who has both the server's secret and a copy of the database can count, and with older copies tell
which answers came between them. The answers themselves can be read by the Task Force only.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, delete, insert, select

from vault.database import Database, Lock
from vault.errors import NoSuchRound, RoundClosed, RoundStillOpen, SealingError
from vault.keys import PublicKey
from vault.sealing import Context, seal
from vault.tables import box, rounds

#: Envelopes in a pool. Rewriting costs its size at each arrival; hiding grows with it.
POOL = 64

_IV_BYTES = 12
_KEY_BYTES = 16
_CHAFF, _ANSWER = b"\0", b"\1"
#: Sizes of chaff before it is padded, in bytes: as answers are, mostly without own words.
_SIZES = (600, 600, 600, 600, 600, 600, 1_500, 1_500, 1_500, 3_000)


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
        """Drop an answer in. One that lies in the pending pool already is not taken again.

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
            pool = list(self._unwrapped(connection, round_id, pending))
            if _ANSWER + envelope in pool:  # it was stored, and the news of that was lost
                return
            pool = pool or _chaff(connection, round_id)
            _make_room(pool, len(envelope))
            pool.append(_ANSWER + envelope)
            full = not any(map(_is_chaff, pool))
            connection.execute(delete(box).where(pending))
            connection.execute(insert(box), self._fresh_rows(round_id, pool, settled=full))
            if full:
                fresh = _chaff(connection, round_id)
                connection.execute(insert(box), self._fresh_rows(round_id, fresh, settled=False))
        self._db.checkpoint(box.name)

    def prepare(self, round_id: str) -> None:
        """Fill the first pool of an open round, so that an empty box does not show that it is.

        Raises:
            NoSuchRound: there is no such round.
            RoundClosed: it takes no more answers.
        """
        with self._db.write(Lock.ROUNDS) as connection:
            if _is_closed(connection, round_id):
                raise RoundClosed
            held = select(box.c.row_key).where(box.c.round_id == round_id).limit(1)
            if connection.execute(held).first() is None:
                pool = _chaff(connection, round_id)
                connection.execute(insert(box), self._fresh_rows(round_id, pool, settled=False))

    def few(self, round_id: str, enough: int) -> list[bytes] | None:
        """The answers of a closed round if there are fewer than ``enough``; else ``None``.

        Raises:
            NoSuchRound, RoundStillOpen, SealingError: as :meth:`take_all`.
        """
        found: list[bytes] = []
        with self._db.read() as connection:
            if not _is_closed(connection, round_id):
                raise RoundStillOpen
            for held in self._unwrapped(connection, round_id, box.c.round_id == round_id):
                if not _is_chaff(held):
                    found.append(_envelope(held))
                if len(found) >= enough:
                    return None
        secrets.SystemRandom().shuffle(found)
        return found

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
            held = self._unwrapped(connection, round_id, box.c.round_id == round_id)
            envelopes = [_envelope(one) for one in held if not _is_chaff(one)]
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

    def _fresh_rows(
        self, round_id: str, pool: list[bytes], *, settled: bool
    ) -> list[dict[str, object]]:
        secrets.SystemRandom().shuffle(pool)
        # A pool that is still written anew lies together: it takes the same few pages among a
        # million rows. Once it is settled nothing tells which rows came together.
        together = b"" if settled else secrets.token_bytes(_KEY_BYTES // 2)
        rows = []
        for held in pool:
            iv = secrets.token_bytes(_IV_BYTES)
            rows.append(
                {
                    "row_key": together + secrets.token_bytes(_KEY_BYTES - len(together)),
                    "round_id": round_id,
                    "settled": settled,
                    "wrapped": iv + self._cipher.encrypt(iv, held, round_id.encode()),
                }
            )
        return rows


def _is_chaff(held: bytes) -> bool:
    return held.startswith(_CHAFF)


def _envelope(held: bytes) -> bytes:
    # Answers that were kept before there was chaff have no mark; an envelope never begins with one.
    return held.removeprefix(_ANSWER)


def _chaff(connection: Connection, round_id: str) -> list[bytes]:
    """A pool of envelopes that say nothing, sealed as answers of this round are."""
    query = select(rounds.c.task_force_key).where(rounds.c.round_id == round_id)
    key = PublicKey(connection.execute(query).scalar_one())
    context = Context("answer", round_id)
    return [
        _CHAFF + seal(secrets.token_bytes(secrets.choice(_SIZES)), [key], context)
        for _ in range(POOL)
    ]


def _make_room(pool: list[bytes], length: int) -> None:
    """Take one piece of chaff out, of the length of the answer that comes if there is one."""
    chaff = [at for at, held in enumerate(pool) if _is_chaff(held)]
    alike = [at for at in chaff if len(pool[at]) == length + 1]
    if chaff:
        del pool[secrets.choice(alike or chaff)]


def _is_closed(connection: Connection, round_id: str) -> bool:
    row = connection.execute(select(rounds.c.closed_month).where(rounds.c.round_id == round_id))
    found = row.first()
    if found is None:
        raise NoSuchRound
    return found.closed_month is not None
