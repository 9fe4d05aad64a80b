"""Focal points' accounts: who may sign in, for which offices, and whom reports are sealed to.

The server learns a *sign-in secret* (see :mod:`vault.wrapping`) and keeps an Argon2id hash of it,
and her private key wrapped by a passphrase it never sees. Whether a name exists takes the same
work and gives the same answers as one that does not, with one exception: until a newly invited
focal point has set up her account, ``begin`` says that her key is still to be made.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Connection, Row, delete, insert, select, update

from vault.codes import hash_code, new_code
from vault.database import Database, Lock
from vault.encoding import new_id
from vault.errors import SetupRefused
from vault.keys import PublicKey
from vault.names import plain_name
from vault.stores.last_readers import only_hers, refuse_unread
from vault.stores.owners import refuse_mixed
from vault.tables import account_offices, accounts
from vault.wrapping import SALT_BYTES, new_salt

# OWASP Password Storage Cheat Sheet, Argon2id. The secret is the output of PBKDF2 already, so
# the smallest of its settings is enough, and a crowd of sign-ins does not fill the memory.
_MEMORY_KIB = 19 * 1024
_ITERATIONS = 2
_LANES = 1


@dataclass(frozen=True, slots=True)
class Account:
    """A focal point who has set up her account.

    Args:
        account_id: random; what a session may remember her by.
        name: what she signs in with.
        offices: whose cases she sees.
        public_key: whom reports to her are sealed to.
        wrapped: her private key, wrapped in her browser.
    """

    account_id: str
    name: str
    offices: tuple[str, ...]
    public_key: PublicKey
    wrapped: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, as an operator may know her.

    Args:
        name: what she signs in with.
        offices: whose cases she sees.
        key: whether she has made her key.
        told: whether she gets notices.
    """

    name: str
    offices: tuple[str, ...]
    key: bool
    told: bool


class AccountStore:
    """Where accounts are kept.

    Args:
        pepper: the server's secret for accounts (:attr:`vault.secrets.Secrets.accounts`).
    """

    def __init__(self, db: Database, pepper: bytes) -> None:
        self._db = db
        self._pepper = pepper
        # What an unknown name is checked against: a hash that nothing matches, made alike.
        self._nobody = self._hash(new_salt())

    def invite(self, name: str, offices: Sequence[str]) -> str:
        """Make an account, or let its owner set it up anew (she lost her passphrase).

        An account that is set up anew keeps its present key until then; what was sealed to the
        old key stays readable with the recovery key only.

        Args:
            name: what she will sign in with; case makes no difference.
            offices: whose cases she sees, in place of what was set before.

        Returns:
            a set-up code that works once. Only its hash is kept: show it now or never.

        Raises:
            ValueError: the name is empty, or no office is given.
            MixedAccount: it would see cases as well as the trail of who opens them.
            LastReader: it alone can open some cases, and could not with these offices.
        """
        plain = plain_name(name)
        if not plain or not offices:
            raise ValueError("an account needs a name and at least one office")
        code = new_code()
        with self._db.write(Lock.ACCOUNTS) as connection:
            row = _find(connection, plain)
            account_id = row.account_id if row else new_id()
            refuse_mixed([*offices, *_offices(connection, account_id)])
            if not row:
                connection.execute(insert(accounts).values(account_id=account_id, name=plain))
            alone = only_hers(connection, account_id)
            theirs = account_offices.c.account_id == account_id
            connection.execute(delete(account_offices).where(theirs))
            connection.execute(
                insert(account_offices),
                [{"account_id": account_id, "office": office} for office in dict.fromkeys(offices)],
            )
            refuse_unread(connection, alone)
            _set(connection, account_id, {"setup_hash": self._code_hash(code)})
        return code

    def begin(self, name: str) -> tuple[bytes, bool]:
        """What a browser needs before it can ask for the passphrase.

        Returns:
            the salt of the account, and whether it has a key. An unknown name gets a salt that
            is always the same for it, and ``True``.
        """
        plain = plain_name(name)
        stand_in = hmac.digest(self._pepper, f"salt/{plain}".encode(), "sha256")[:SALT_BYTES]
        with self._db.read() as connection:
            row = _find(connection, plain)
        if row is None:
            return stand_in, True
        return row.salt or stand_in, row.public_key is not None

    def finish_setup(
        self,
        name: str,
        setup_code: str,
        salt: bytes,
        sign_in: bytes,
        public_key: PublicKey,
        wrapped: str,
    ) -> Account:
        """Store what the browser made, and spend the set-up code.

        Args:
            salt: 16 random bytes that the passphrase was derived with.
            sign_in: the sign-in secret, 32 bytes.
            wrapped: the private key, as :func:`vault.wrapping.wrap` writes it.

        Raises:
            SetupRefused: the code is unknown, spent or meant for another name.
        """
        plain = plain_name(name)
        given = self._code_hash(setup_code)
        values: dict[str, object] = {
            "setup_hash": None,
            "salt": salt,
            "sign_in_hash": self._hash(sign_in),
            "public_key": public_key.raw,
            "wrapped_key": wrapped,
        }
        with self._db.write(Lock.ACCOUNTS) as connection:
            row = _find(connection, plain)
            expected = row.setup_hash if row and row.setup_hash else bytes(len(given))
            if not hmac.compare_digest(given, expected) or row is None:
                raise SetupRefused
            _set(connection, row.account_id, values)
            offices = _offices(connection, row.account_id)
        return Account(row.account_id, plain, offices, public_key, wrapped)

    def sign_in(self, name: str, sign_in_secret: bytes) -> Account | None:
        """The account, if the secret is right; the same work for every name.

        Args:
            sign_in_secret: 32 bytes derived from the passphrase.
        """
        with self._db.read() as connection:
            row = _find(connection, plain_name(name))
            offices = _offices(connection, row.account_id if row else "")
        known = row is not None and row.sign_in_hash is not None
        right = self._verify(sign_in_secret, row.sign_in_hash if row and known else self._nobody)
        if row is None or not known or not right:
            return None
        return _account(row, offices)

    def get(self, account_id: str) -> Account | None:
        """The account with this id, as it is now; ``None`` when it was removed or has no key."""
        with self._db.read() as connection:
            query = select(accounts).where(accounts.c.account_id == account_id)
            row = connection.execute(query).first()
            if row is None or row.public_key is None:
                return None
            return _account(row, _offices(connection, account_id))

    def people(self) -> list[Person]:
        """Everybody who was invited, by name."""
        with self._db.read() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.name)).all()
            return [
                Person(
                    row.name,
                    _offices(connection, row.account_id),
                    row.public_key is not None,
                    row.address is not None or row.notice_address is not None,
                )
                for row in rows
            ]

    def public_keys(self, offices: Sequence[str], shut_out: Sequence[str] = ()) -> list[PublicKey]:
        """Whom a report to these offices is sealed to.

        Args:
            offices: whose people are to read it.
            shut_out: whose people must not, also where they are of those offices as well.
        """
        others = select(account_offices.c.account_id).where(account_offices.c.office.in_(shut_out))
        query = (
            select(accounts.c.public_key)
            .join(account_offices)
            .where(
                account_offices.c.office.in_(offices),
                accounts.c.public_key.is_not(None),
                accounts.c.account_id.not_in(others),
            )
            .distinct()
            .order_by(accounts.c.public_key)
        )
        with self._db.read() as connection:
            return [PublicKey(raw) for raw in connection.execute(query).scalars()]

    def offices_with_keys(self) -> frozenset[str]:
        """The offices that at least one focal point can read for."""
        query = (
            select(account_offices.c.office)
            .join(accounts)
            .where(accounts.c.public_key.is_not(None))
            .distinct()
        )
        with self._db.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def _code_hash(self, code: str) -> bytes:
        return hash_code(code, self._pepper, "setup")

    def _hash(self, sign_in: bytes) -> str:
        return Argon2id(
            salt=new_salt(),
            length=32,
            iterations=_ITERATIONS,
            lanes=_LANES,
            memory_cost=_MEMORY_KIB,
            secret=self._pepper,
        ).derive_phc_encoded(sign_in)

    def _verify(self, sign_in: bytes, stored: str) -> bool:
        try:
            Argon2id.verify_phc_encoded(sign_in, stored, self._pepper)
        except InvalidKey:
            return False
        return True


def _find(connection: Connection, plain_name: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(accounts).where(accounts.c.name == plain_name)).first()


def _offices(connection: Connection, account_id: str) -> tuple[str, ...]:
    query = select(account_offices.c.office).where(account_offices.c.account_id == account_id)
    return tuple(connection.execute(query.order_by(account_offices.c.office)).scalars())


def _set(connection: Connection, account_id: str, values: dict[str, object]) -> None:
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))


def _account(row: Row[tuple[object, ...]], offices: tuple[str, ...]) -> Account:
    return Account(row.account_id, row.name, offices, PublicKey(row.public_key), row.wrapped_key)
