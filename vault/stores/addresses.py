"""Where focal points want their notices. Sealed under the server's secret: whoever has only the
database, or a backup of it, does not learn who reads reports."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select, update

from vault.columns import SealedColumn
from vault.database import Database
from vault.errors import NoSuchAccount
from vault.names import plain_name
from vault.tables import accounts, outbox

#: One mailbox and nothing that could begin a second header or recipient (RFC 5321, section 4.1.2).
_MAILBOX = re.compile(
    r"[^\s@<>,;:\"\\()\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>,;:\"\\()\[\]\x00-\x1f]{1,255}"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where and how to write to somebody.

    Args:
        mailbox: an e-mail address.
        lang: the language of the notices.
    """

    mailbox: str = field(repr=False)
    lang: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody gets notices.

    Args:
        channel: ``email``, or the name of a channel.
        address: a mailbox, or whom the channel writes to.
        lang: the language of the notices.
    """

    channel: str
    address: str = field(repr=False)
    lang: str


@dataclass(frozen=True, slots=True)
class Ways:
    """What is known of somebody, without any address.

    Args:
        channel: the channel that she linked; ``None`` if none.
        email: whether there is a mailbox.
    """

    channel: str | None
    email: bool


class AddressBook:
    """The addresses of focal points.

    Args:
        key: the server's secret for addresses (:attr:`vault.secrets.Secrets.addresses`).
    """

    def __init__(self, db: Database, key: bytes) -> None:
        self._db = db
        self._column = SealedColumn(key)

    def put(self, name: str, address: Address | None) -> None:
        """Write down, replace or (``None``) forget where somebody gets notices.

        Args:
            name: what she signs in with.

        Raises:
            ValueError: this is no mailbox. The message does not quote it.
            NoSuchAccount: nobody has this name.
        """
        if address is not None and not _MAILBOX.fullmatch(address.mailbox):
            raise ValueError("this is no e-mail address; write it as name@example.org")
        plain = plain_name(name)
        with self._db.write() as connection:
            query = select(accounts.c.account_id).where(accounts.c.name == plain)
            account_id = connection.execute(query).scalar_one_or_none()
            if account_id is None:
                raise NoSuchAccount
            values: dict[str, object] = {"address": None, "lang": None}
            if address is not None:
                sealed = self._column.seal(address.mailbox, account_id)
                values = {"address": sealed, "lang": address.lang}
            here = accounts.c.account_id == account_id
            connection.execute(update(accounts).where(here).values(values))
            unaddressed = outbox.c.account_id == account_id, outbox.c.state == "unaddressed"
            connection.execute(update(outbox).where(*unaddressed).values(state="waiting"))

    def get(self, account_id: str) -> Address | None:
        """Where to write to; ``None`` when she gave no address, or the secret is another one."""
        query = select(accounts.c.address, accounts.c.lang).where(
            accounts.c.account_id == account_id, accounts.c.address.is_not(None)
        )
        with self._db.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        mailbox = self._column.open(row.address, account_id)
        return None if mailbox is None else Address(mailbox, row.lang)

    def link(self, account_id: str, channel: str, address: str, lang: str) -> bool:
        """Let her notices come by a channel; an earlier one is forgotten.

        Args:
            account_id: hers.
            channel: its name.
            address: whom the channel writes to; sealed at once.
            lang: the language of her notices.

        Returns:
            False when there is no such account any more.
        """
        sealed = self._column.seal(address, f"{account_id}/{channel}")
        values = {"notice_channel": channel, "notice_address": sealed, "lang": lang}
        here = accounts.c.account_id == account_id
        unaddressed = outbox.c.account_id == account_id, outbox.c.state == "unaddressed"
        with self._db.write() as connection:
            kept = connection.execute(update(accounts).where(here).values(values)).rowcount == 1
            connection.execute(update(outbox).where(*unaddressed).values(state="waiting"))
        return kept

    def unlink(self, account_id: str) -> None:
        """Forget what :meth:`link` kept."""
        values = {"notice_channel": None, "notice_address": None}
        here = accounts.c.account_id == account_id
        with self._db.write() as connection:
            connection.execute(update(accounts).where(here).values(values))

    def ways(self, account_id: str) -> Ways:
        """What is known of somebody."""
        columns = accounts.c.notice_channel, accounts.c.address
        query = select(*columns).where(accounts.c.account_id == account_id)
        with self._db.read() as connection:
            row = connection.execute(query).first()
        return Ways(row.notice_channel, row.address is not None) if row else Ways(None, False)

    def reach(self, account_id: str, channels: Collection[str]) -> Reach | None:
        """Where to write to: the channel that she linked, else her mailbox.

        Args:
            account_id: hers.
            channels: those that can be used now; a linked one that is no longer configured gives
                way to e-mail.
        """
        here = accounts.c.account_id == account_id
        columns = accounts.c.notice_channel, accounts.c.notice_address, accounts.c.lang
        with self._db.read() as connection:
            row = connection.execute(select(*columns).where(here)).first()
        if row is not None and row.notice_address is not None and row.notice_channel in channels:
            address = self._column.open(row.notice_address, f"{account_id}/{row.notice_channel}")
            if address is not None:
                return Reach(row.notice_channel, address, row.lang)
        mail = self.get(account_id)
        return None if mail is None else Reach("email", mail.mailbox, mail.lang)

    def missing(self) -> int:
        """How many people with a key have no address: nobody tells them that a report came."""
        query = select(accounts.c.account_id).where(
            accounts.c.public_key.is_not(None),
            accounts.c.address.is_(None),
            accounts.c.notice_address.is_(None),
        )
        with self._db.read() as connection:
            return len(connection.execute(query).all())
