"""What the inbox needs from outside, in one place; the service joins the real parts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from fastapi import Request

from catalogue.messages import Messages
from vault.keys import Kem
from vault.stores import (
    AccountStore,
    AddressBook,
    AttachmentStore,
    AuditTrail,
    CaseList,
    CaseStore,
    Keeping,
    KeyStore,
    Readers,
    SecondFactors,
)


class Links(Protocol):
    """Links a focal point's chat for her notices; ``service.notice_links`` has one."""

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that are configured for it."""

    async def issue(self, account_id: str, channel: str, lang: str) -> str:
        """A line that she sends there, once."""


class Shelf(Protocol):
    """Short-lived entries; ``vault.state.StateStore`` is one.

    An entry that nobody touches is forgotten after the shelf's own idle time.
    """

    async def put(self, name: str, entry: dict[str, Any]) -> None:
        """Keep an entry, and begin its idle time anew."""

    async def get(self, name: str) -> dict[str, Any] | None:
        """The entry, if it is still there."""

    async def delete(self, name: str) -> None:
        """Forget at once."""


@dataclass(frozen=True, slots=True)
class InboxDeps:
    """Everything the inbox is given.

    Args:
        accounts: who may sign in.
        addresses: where they get notices.
        cases: the cases, sealed.
        listing: their lists, a page at a time.
        attachments: their files, sealed.
        keys: the registered recovery key.
        readers: who may read which case.
        keeping: how long cases stay.
        audit: who did what with which case.
        factors: second factors of those who sign in.
        needs_second_factor: whether one of these offices wants its people to have one.
        sign_ins: where signed-in people are remembered; idle time 20 minutes, a little more than
            the page's own 15.
        attempts: where tries to sign in are counted; idle time 30 minutes.
        messages: the words of the pages.
        clock: the time now, in UTC.
        client: a pseudonym of where a request comes from, never an address.
        sleep: waits for some seconds.
        demo: the pages say that nothing in them is real.
        links: for notices by other ways than e-mail; ``None`` where none is configured.
        suite: of which kind the keys are that browsers make from now on.
        office_name: an office's name in a language; its id where it is not known any more.
    """

    accounts: AccountStore
    addresses: AddressBook
    cases: CaseStore
    listing: CaseList
    attachments: AttachmentStore
    keys: KeyStore
    readers: Readers
    keeping: Keeping
    audit: AuditTrail
    factors: SecondFactors
    needs_second_factor: Callable[[Sequence[str]], bool]
    sign_ins: Shelf
    attempts: Shelf
    messages: Messages
    clock: Callable[[], datetime]
    client: Callable[[Request], str]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    demo: bool = False
    links: Links | None = None
    suite: Kem = "x25519"
    office_name: Callable[[str, str], str] = lambda office, _lang: office
