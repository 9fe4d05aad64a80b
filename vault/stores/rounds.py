"""Rounds of the survey: which questionnaire is open, who may answer, whom answers are sealed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from sqlalchemy import Connection, Row, func, insert, select, update

from vault.database import Database, Lock
from vault.errors import NoSuchRound, RoundError
from vault.keys import PublicKey
from vault.tables import box, rounds

Admission = Literal["open", "invited"]

#: Each waits half a second for readers.
_CLEARING_TRIES = 20


@dataclass(frozen=True, slots=True)
class Round:
    """One round.

    Args:
        round_id: ``r1``, ``r2``, …; answers are sealed with ``Context("answer", round_id)``.
        number: the running number.
        instrument: id and version of the questionnaire, e.g. ``victim-experience-1``.
        admission: ``open`` to everybody, or to those with an invitation (``invited``).
        task_force: whom the answers are sealed to.
        opened: the month, e.g. ``2026-11``.
        closed: the month, or ``None`` while the round is open.
    """

    round_id: str
    number: int
    instrument: str
    admission: Admission
    task_force: PublicKey
    opened: str
    closed: str | None

    @property
    def state(self) -> Literal["open", "closed"]:
        """Whether the round takes answers."""
        return "open" if self.closed is None else "closed"


class RoundStore:
    """Where rounds are kept; at most one is open."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open(
        self,
        instrument: str,
        admission: Admission,
        task_force: PublicKey,
        on: date | None = None,
    ) -> Round:
        """Open the next round.

        Args:
            instrument: id and version of the questionnaire.
            admission: ``open`` or ``invited``.
            task_force: whom the answers are sealed to.
            on: the day, of which only the month is kept; today if it is not given.

        Raises:
            RoundError: a round is open already.
        """
        with self._db.write(Lock.ROUNDS) as connection:
            if connection.execute(select(rounds).where(rounds.c.closed_month.is_(None))).first():
                raise RoundError("a round is open already; close it first")
            number = connection.execute(select(func.count()).select_from(rounds)).scalar_one() + 1
            values = {
                "round_id": f"r{number}",
                "number": number,
                "instrument": instrument,
                "admission": admission,
                "task_force_key": task_force.raw,
                "opened_month": _month(on),
            }
            connection.execute(insert(rounds).values(values))
            return _get(connection, f"r{number}")

    def current(self) -> Round | None:
        """The open round."""
        with self._db.read() as connection:
            row = connection.execute(select(rounds).where(rounds.c.closed_month.is_(None))).first()
            return _round(row) if row else None

    def get(self, round_id: str) -> Round:
        """The round with this id.

        Raises:
            NoSuchRound: there is none.
        """
        with self._db.read() as connection:
            return _get(connection, round_id)

    def close(self, round_id: str, on: date | None = None) -> Round:
        """Close a round for good; closing a closed one changes nothing more.

        PostgreSQL's free pages still hold pieces of earlier pools, which the server's secret opens:
        they could tell what came early. So the box is written anew once nobody can add to it.

        Args:
            on: the day, of which only the month is kept; today if it is not given.

        Raises:
            NoSuchRound: there is none.
            RoundError: it is closed, but somebody reads the box all the time, a backup perhaps.
        """
        with self._db.write(Lock.ROUNDS) as connection:
            if _get(connection, round_id).closed is None:
                close = update(rounds).where(rounds.c.round_id == round_id)
                connection.execute(close.values(closed_month=_month(on)))
            closed = _get(connection, round_id)
        if not any(self._db.wipe(box.name) for _ in range(_CLEARING_TRIES)):
            raise RoundError(
                "the round is closed, but its free pages could not be cleared while others read"
                " them, such as a backup: close it once more when they are done"
            )
        return closed

    def list(self) -> tuple[Round, ...]:
        """Every round, the first one first."""
        with self._db.read() as connection:
            found = connection.execute(select(rounds).order_by(rounds.c.number)).all()
            return tuple(_round(row) for row in found)


def _month(on: date | None) -> str:
    return (on or datetime.now(UTC).date()).strftime("%Y-%m")


def _get(connection: Connection, round_id: str) -> Round:
    row = connection.execute(select(rounds).where(rounds.c.round_id == round_id)).first()
    if row is None:
        raise NoSuchRound
    return _round(row)


def _round(row: Row[tuple[object, ...]]) -> Round:
    return Round(
        round_id=row.round_id,
        number=row.number,
        instrument=row.instrument,
        admission=row.admission,
        task_force=PublicKey(row.task_force_key),
        opened=row.opened_month,
        closed=row.closed_month,
    )
