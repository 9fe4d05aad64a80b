"""The second factor of focal points: codes of a phone (RFC 6238), and ten codes for its loss.

The phone's secret lies sealed under the server's secret, because the server has to compute the
codes; of the recovery codes only keyed hashes lie here. A code is good once. What is kept of a
spent one is a keyed hash and the day, and the day after it goes: the database never tells at what
time of day somebody signed in.
"""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyotp
from sqlalchemy import Connection, Insert, Select, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vault.codes import LENGTH, hash_code, new_code
from vault.columns import SealedColumn
from vault.database import Database, Lock
from vault.errors import NoSuchAccount
from vault.names import plain_name
from vault.tables import accounts, recovery_codes, second_factors, spent_codes

#: Seconds for which a code stands, and its digits: what every app understands (RFC 6238, 5.2).
STEP_SECONDS = 30
_DIGITS = 6
#: Codes before and after the present one that are taken, for clocks that are not quite right.
_WINDOW = 1
#: Recovery codes of a fresh second factor.
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Factor:
    """How somebody's second factor stands.

    Args:
        on: a code is needed to sign in.
        recovery_left: recovery codes that were not used yet.
    """

    on: bool
    recovery_left: int


def phone_address(secret: str, name: str) -> str:
    """What a phone reads from the picture (``otpauth://``, as apps have agreed on).

    Args:
        secret: from :meth:`SecondFactors.begin`.
        name: what she signs in with; her app shows it beside the code.
    """
    return pyotp.TOTP(secret, digits=_DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=name, issuer_name="Speaksafe"
    )


class SecondFactors:
    """Where second factors are kept.

    Args:
        key: the server's secret for them (:attr:`vault.secrets.Secrets.second_factors`).
    """

    def __init__(self, db: Database, key: bytes) -> None:
        self._db = db
        self._key = key
        self._column = SealedColumn(key)
        # What is computed for those who have none, so that the work is the same.
        self._nobody = pyotp.random_base32()

    def of(self, account_id: str) -> Factor:
        """How it stands."""
        with self._db.read() as connection:
            on = connection.execute(_secret_of(account_id)).scalar_one_or_none() is not None
            left = select(func.count()).where(recovery_codes.c.account_id == account_id)
            return Factor(on, connection.execute(left).scalar_one())

    def begin(self, account_id: str) -> str:
        """A fresh secret, which counts only after :meth:`confirm`; until then the old one does.

        Returns:
            the secret in base32, as apps take it. Show it now or never.
        """
        secret = pyotp.random_base32()
        sealed = self._column.seal(secret, account_id)
        with self._db.write(Lock.ACCOUNTS) as connection:
            here = second_factors.c.account_id == account_id
            change = update(second_factors).where(here).values(pending=sealed)
            if connection.execute(change).rowcount == 0:
                row = {"account_id": account_id, "secret": None, "pending": sealed}
                connection.execute(insert(second_factors).values(row))
        return secret

    def confirm(self, account_id: str, code: str, now: datetime) -> list[str] | None:
        """Her phone shows the right code: from now on one is needed.

        Args:
            code: as she typed it.
            now: the time.

        Returns:
            ten recovery codes in place of all earlier ones, or ``None`` when the code is wrong.
            Only their hashes are kept: show them now or never.
        """
        query = select(second_factors.c.pending).where(second_factors.c.account_id == account_id)
        with self._db.read() as connection:
            sealed = connection.execute(query).scalar_one_or_none()
        secret = self._column.open(sealed, account_id) if sealed else None
        step = _step(secret or self._nobody, _digits(code), now)
        if secret is None or step is None:
            return None
        fresh = [new_code() for _ in range(RECOVERY_CODES)]
        rows = [{"code_hash": self._hash(account_id, c), "account_id": account_id} for c in fresh]
        with self._db.write(Lock.ACCOUNTS) as connection:
            here = second_factors.c.account_id == account_id, second_factors.c.pending == sealed
            change = update(second_factors).where(*here).values(secret=sealed, pending=None)
            if connection.execute(change).rowcount == 0:
                return None  # begun anew meanwhile
            _forget_codes(connection, account_id)
            connection.execute(insert(recovery_codes), rows)
            _spend(connection, self._spent(account_id, step), now.date())
        return fresh

    def check(self, account_id: str | None, code: str, now: datetime) -> bool:
        """Whether a code lets her in; it is spent by that.

        The same is computed and looked up whether there is an account or not, and whether the
        code is right or not; only a code that lets in is written down.

        Args:
            account_id: hers; ``None`` when it is clear already that nobody is let in.
            code: as it was typed: of the phone, or a recovery code; may be empty.
            now: the time.

        Returns:
            True also for an account that has no second factor.
        """
        id = account_id or ""
        recovery, today = self._hash(id, code), now.date()
        with self._db.read() as connection:
            sealed = connection.execute(_secret_of(id)).scalar_one_or_none()
            held = recovery_codes.c.code_hash == recovery
            has_recovery = connection.execute(select(recovery_codes).where(held)).first()
        secret = self._column.open(sealed, id) if sealed else None
        step = _step(secret or self._nobody, _digits(code), now)
        spent = self._spent(id, step or 0)
        if sealed is None:
            return account_id is not None
        if secret is not None and step is not None:
            with self._db.write() as connection:
                return _spend(connection, spent, today)
        if has_recovery is None:
            return False
        with self._db.write() as connection:
            return connection.execute(delete(recovery_codes).where(held)).rowcount == 1

    def remove(self, account_id: str) -> bool:
        """No code is needed any more; whether one was."""
        with self._db.write(Lock.ACCOUNTS) as connection:
            was = connection.execute(_secret_of(account_id)).scalar_one_or_none() is not None
            here = second_factors.c.account_id == account_id
            connection.execute(delete(second_factors).where(here))
            _forget_codes(connection, account_id)
        return was

    def reset(self, name: str) -> tuple[bool, str]:
        """The same by name, for an operator: her phone is lost and no recovery code is left.

        Args:
            name: what she signs in with.

        Returns:
            whether there was one, and her name as it is kept.

        Raises:
            NoSuchAccount: nobody has this name.
        """
        plain = plain_name(name)
        query = select(accounts.c.account_id).where(accounts.c.name == plain)
        with self._db.read() as connection:
            account_id = connection.execute(query).scalar_one_or_none()
        if account_id is None:
            raise NoSuchAccount
        return self.remove(account_id), plain

    def _hash(self, account_id: str, code: str) -> bytes:
        signs = "".join(sign for sign in code if sign.isalnum())[: 2 * LENGTH]
        return hash_code(signs, self._key, f"recovery/{account_id}")

    def _spent(self, account_id: str, step: int) -> bytes:
        return hmac.digest(self._key, f"speaksafe/1/spent/{account_id}/{step}".encode(), "sha256")


def _secret_of(account_id: str) -> Select[bytes | None]:
    return select(second_factors.c.secret).where(second_factors.c.account_id == account_id)


def _forget_codes(connection: Connection, account_id: str) -> None:
    theirs = recovery_codes.c.account_id == account_id
    connection.execute(delete(recovery_codes).where(theirs))


def _spend(connection: Connection, spent: bytes, today: date) -> bool:
    """Whether it was not spent before; of several at the same time, one succeeds."""
    # Codes of the last minute before midnight are still in their window just after it.
    over = spent_codes.c.spent_on < today - timedelta(days=1)
    connection.execute(delete(spent_codes).where(over))
    # psycopg counts no rows here, so the row itself is asked for.
    new = _unless_there(connection).values(code_hash=spent, spent_on=today)
    return connection.execute(new.returning(spent_codes.c.code_hash)).first() is not None


def _unless_there(connection: Connection) -> Insert:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(spent_codes).on_conflict_do_nothing()
    return postgresql.insert(spent_codes).on_conflict_do_nothing()


def _digits(text: str) -> str:
    """The six digits that were typed, of whatever script; else nothing that fits."""
    values = [unicodedata.decimal(sign, None) for sign in text if not sign.isspace()]
    if len(values) != _DIGITS or None in values:
        return ""
    return "".join(str(value) for value in values)


def _step(secret: str, digits: str, now: datetime) -> int | None:
    """The step whose code this is, within the window; the same work for every text."""
    codes = pyotp.TOTP(secret, digits=_DIGITS, interval=STEP_SECONDS)
    present, found = int(now.timestamp()) // STEP_SECONDS, None
    for step in range(present - _WINDOW, present + _WINDOW + 1):
        if hmac.compare_digest(codes.generate_otp(step).encode(), digits.encode()):
            found = step
    return found
