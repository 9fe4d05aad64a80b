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

A server may die after it stored an answer and before it said so; then the same person sends it once
more. So inside the wrapping stands a *mark*, made of a random ticket that only her conversation
holds: what bears a mark that lies in the pool already takes the place of that one. When the
conversation is forgotten, a mark is a random number that leads to nobody.

What remains: rows tell how many pools are settled, so the number of answers to within 64. Someone
who has both the server's secret and a copy of the database can count, and with older copies tell
which answers came between them. The answers themselves can be read by the Task Force only.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, delete, insert, select

from vault.codes import MARK_BYTES, mark
from vault.database import Database, Lock
from vault.errors import NoSuchRound, RoundClosed, RoundStillOpen, SealingError
from vault.keys import PublicKey
from vault.sealing import Context, seal
from vault.tables import box, rounds

#: Envelopes in a pool. Rewriting costs its size at each arrival; hiding grows with it.
POOL = 64

_IV_BYTES = 12
_KEY_BYTES = 16
_CHAFF, _ANSWER = b"\2", b"\3"
#: As they were kept before there were marks; an envelope never begins with any of these.
_OLD_CHAFF, _OLD_ANSWER = b"\0", b"\1"
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

    def put(self, round_id: str, envelope: bytes, ticket: str | None = None) -> None:
        """Drop an answer in, in place of the one with the same ticket in the pending pool.

        Args:
            envelope: sealed to the Task Force with ``Context("answer", round_id)``.
            ticket: a random text that is the same whenever the same person sends the same answer
                again, and nobody else's; without one, only the very same envelope counts as that.

        Raises:
            NoSuchRound: there is no such round.
            RoundClosed: it takes no more answers, and none with this ticket lies in it.
        """
        pending = (box.c.round_id == round_id) & box.c.settled.is_(False)
        mine = _Held(False, mark(envelope if ticket is None else ticket.encode(), "mark"), envelope)
        with self._db.write(Lock.ROUNDS) as connection:
            closed = _is_closed(connection, round_id)
            # Of a closed round everything is looked through: what was settled may be hers, too.
            where = box.c.round_id == round_id if closed else pending
            pool = list(self._unwrapped(connection, round_id, where))
            known = next((held for held in pool if held.mark == mine.mark), None)
            if known == mine or (known and closed):
                return  # it was stored, and the news of that was lost
            if closed:
                raise RoundClosed
            if known:
                pool.remove(known)
            else:
                pool = pool or _chaff(connection, round_id)
                _make_room(pool, len(envelope))
            pool.append(mine)
            full = not any(held.chaff for held in pool)
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
        with self._db.read() as connection:
            found = self._answers(connection, round_id, enough)
        return found if len(found) < enough else None

    def take_all(self, round_id: str) -> list[bytes]:
        """Every answer of a closed round, in random order. They stay in the box.

        Raises:
            NoSuchRound: there is no such round.
            RoundStillOpen: it may still get answers; handing out twice would show which came late.
            SealingError: the box was wrapped with another secret, or changed.
        """
        with self._db.read() as connection:
            return self._answers(connection, round_id)

    def _answers(
        self, connection: Connection, round_id: str, enough: int | None = None
    ) -> list[bytes]:
        if not _is_closed(connection, round_id):
            raise RoundStillOpen
        found: dict[bytes, bytes] = {}
        here = box.c.round_id == round_id
        for settled in (True, False):  # the later one counts, where the same came once more
            for held in self._unwrapped(connection, round_id, here & box.c.settled.is_(settled)):
                if not held.chaff:
                    found[held.mark] = held.envelope
                if len(found) == enough:
                    break
        envelopes = list(found.values())
        secrets.SystemRandom().shuffle(envelopes)
        return envelopes

    def _unwrapped(
        self, connection: Connection, round_id: str, which: ColumnElement[bool]
    ) -> Iterable[_Held]:
        try:
            for wrapped in connection.execute(select(box.c.wrapped).where(which)).scalars():
                iv, ciphertext = wrapped[:_IV_BYTES], wrapped[_IV_BYTES:]
                yield _read(self._cipher.decrypt(iv, ciphertext, round_id.encode()))
        except (InvalidTag, ValueError):
            raise SealingError from None

    def _fresh_rows(
        self, round_id: str, pool: list[_Held], *, settled: bool
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
                    "wrapped": iv + self._cipher.encrypt(iv, held.written(), round_id.encode()),
                }
            )
        return rows


@dataclass(frozen=True, slots=True)
class _Held:
    """What a row holds; answers and chaff of one size are alike in size inside as well."""

    chaff: bool
    mark: bytes
    envelope: bytes

    def written(self) -> bytes:
        return (_CHAFF if self.chaff else _ANSWER) + self.mark + self.envelope


def _read(held: bytes) -> _Held:
    kind, rest = held[:1], held[1:]
    if kind in (_CHAFF, _ANSWER):
        return _Held(kind == _CHAFF, rest[:MARK_BYTES], rest[MARK_BYTES:])
    if kind not in (_OLD_CHAFF, _OLD_ANSWER, b"{"):  # of a later version: not to be taken for ours
        raise ValueError
    envelope = held if kind == b"{" else rest  # once there was no chaff either
    return _Held(kind == _OLD_CHAFF, mark(envelope, "mark"), envelope)


def _chaff(connection: Connection, round_id: str) -> list[_Held]:
    """A pool of envelopes that say nothing, sealed as answers of this round are."""
    query = select(rounds.c.task_force_key).where(rounds.c.round_id == round_id)
    key = PublicKey(connection.execute(query).scalar_one())
    context = Context("answer", round_id)
    sizes = (secrets.choice(_SIZES) for _ in range(POOL))
    envelopes = [seal(secrets.token_bytes(size), [key], context) for size in sizes]
    return [_Held(True, mark(envelope, "mark"), envelope) for envelope in envelopes]


def _make_room(pool: list[_Held], length: int) -> None:
    """Take one piece of chaff out, of the length of the answer that comes if there is one."""
    chaff = [held for held in pool if held.chaff]
    alike = [held for held in chaff if len(held.envelope) == length]
    if chaff:
        pool.remove(secrets.choice(alike or chaff))


def _is_closed(connection: Connection, round_id: str) -> bool:
    row = connection.execute(select(rounds.c.closed_month).where(rounds.c.round_id == round_id))
    found = row.first()
    if found is None:
        raise NoSuchRound
    return found.closed_month is not None
