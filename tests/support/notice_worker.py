"""What real processes do until they are killed. The words are read once, before any is started."""

from __future__ import annotations

from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from catalogue import Messages
from service.mail import Server
from service.notices import Notifier
from tests.vault.rows import new_case
from vault.database import Database
from vault.stores import AddressBook, CaseStore, Outbox

KEY = b"k" * 32
LINK = "https://example.org/inbox"
WORDS = Messages.load(Path(__file__).resolve().parents[2] / "content")


def notifier(database: Database, smtp_url: str) -> Notifier:
    """A notifier for a mail server."""
    server = Server.parse(smtp_url, "example.org")
    return Notifier(Outbox(database), AddressBook(database, KEY), server, WORDS, LINK)


def send_all(url: str, smtp_url: str, day: date) -> None:
    """Send whatever is due, then end."""
    database = Database.open(url)
    notifier(database, smtp_url).send_all(day)
    database.close()


def store_for_ever(url: str, told: Connection, day: date) -> None:
    """Store cases, and acknowledge each once it is stored."""
    store = CaseStore(Database.open(url))
    while True:
        new = new_case(offices=("office",), opened_on=day)
        store.add(type(new)(**{**_fields(new), "locator": new.case_id.encode()}))
        told.send(new.case_id)


def _fields(new: object) -> dict[str, object]:
    return {name: getattr(new, name) for name in new.__slots__}  # type: ignore[attr-defined]
