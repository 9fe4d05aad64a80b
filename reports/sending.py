"""Sending a report: whom it is sealed to, and that it is stored once.

A report is sealed to the focal points of the one office that is to receive it, of its standby if
the reporter agreed, and to the recovery keys; nobody else can open it, this server included.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from reports.attaching import NONE as NO_FILES
from reports.attaching import Waiting
from reports.case_view import Ticket
from reports.destination import Destination
from reports.errors import NoRecipient, NotStored, OtherRecipients, OutOfReach
from reports.recipients import Recipients, ask, check
from reports.report import Report
from vault.errors import FilesMissing
from vault.keys import PublicKey
from vault.receipts import Receipts
from vault.sealing import Context, seal
from vault.stores.accounts import AccountStore
from vault.stores.attachments import AttachmentStore
from vault.stores.cases import CaseStore, NewCase, new_case_id
from vault.stores.keeping import Keeping
from vault.stores.keys import KeyStore
from vault.stores.readers import Readers


class Sending:
    """What reporters can do before there is a case.

    Args:
        cases: where cases are stored.
        accounts: whose keys a report is sealed to.
        keys: where the recovery keys are registered.
        readers: who may read a case that exists.
        keeping: what reporters wish for their cases.
        receipts: makes receipts and derives what they lead to.
        files: where the files of reports wait.
        today: the day that is written on cases; nothing finer is.
    """

    def __init__(
        self,
        cases: CaseStore,
        accounts: AccountStore,
        keys: KeyStore,
        readers: Readers,
        keeping: Keeping,
        receipts: Receipts,
        files: AttachmentStore,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._cases = cases
        self._accounts = accounts
        self._recipients = Recipients(accounts, keys, readers)
        self._keeping = keeping
        self._receipts = receipts
        self._files = files
        self._today = today

    async def keys_by_office(self, offices: Iterable[str]) -> dict[str, int]:
        """How many focal points can open a report, for each of these offices.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        return {office: len(await ask(self._accounts.public_keys, [office])) for office in offices}

    async def reachable(self, office: str, shut_out: Iterable[str] = ()) -> bool:
        """Whether somebody in this office could open a report sent now.

        Args:
            office: its id.
            shut_out: offices whose people must not, also where they are of this one as well.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        return bool(await ask(self._accounts.public_keys, [office], list(shut_out)))

    def ticket(self) -> Ticket:
        """Draw a case id and a receipt; nothing is stored."""
        ticket = Ticket(new_case_id(), self._receipts.new())
        self._receipts.ahead(ticket.receipt)
        return ticket

    async def send(
        self,
        report: Report,
        to: Destination,
        ticket: Ticket,
        envelope: bytes | None = None,
        files: Waiting = NO_FILES,
    ) -> str:
        """Seal and store a report. Done twice with one ticket, it is stored once.

        Args:
            report: what to send.
            to: where it goes.
            ticket: from :meth:`ticket`.
            envelope: the report, sealed in her browser with ``Context("report", case id)``.
            files: what goes along.

        Returns:
            The receipt. When this returns, the report is stored.

        Raises:
            OtherRecipients: the envelope is sealed to others than :meth:`recipients` names now.
            NoRecipient: nobody in that office has a key.
            FilesMissing: a file has not arrived as a whole.
            NotStored: it could not be stored.
        """
        try:
            if await asyncio.to_thread(self._cases.get, ticket.case_id) is None:
                await self._store(report, to, ticket, envelope, files)
        except (NoRecipient, OtherRecipients):
            raise
        except FilesMissing:
            if not await self._stored_after_all(ticket):
                raise
        except Exception:
            # Whatever it was, the cause may quote what was to be stored, so it is not chained.
            if not await self._stored_after_all(ticket):
                raise NotStored from None
        return ticket.receipt

    async def recipients(self, to: Destination) -> list[PublicKey]:
        """Whom a report that goes there is sealed to now.

        Raises:
            NoRecipient: nobody in that office has a key.
            OutOfReach: the store cannot be asked.
        """
        try:
            return await self._recipients.of_new(to)
        except NoRecipient:
            raise
        except Exception:
            raise OutOfReach from None

    async def _store(
        self,
        report: Report,
        to: Destination,
        ticket: Ticket,
        envelope: bytes | None,
        files: Waiting,
    ) -> None:
        recipients = await self._recipients.of_new(to)
        ids = await asyncio.to_thread(self._arrived, ticket.case_id, files)
        derived = await self._receipts.derive(ticket.receipt)
        if envelope is None:
            context = Context("report", ticket.case_id)
            envelope = await asyncio.to_thread(seal, report.document(), recipients, context)
        check(envelope, recipients)
        new = NewCase(
            case_id=ticket.case_id,
            locator=derived.locator,
            reporter_key=derived.keys[self._receipts.kem].public(),
            offices=(to.office,),
            envelope=envelope,
            lang=report.lang,
            opened_on=self._today(),
            standby=to.standby,
            files=ids,
            shut_out=to.shut_out,
            levels=to.levels,
        )
        await asyncio.to_thread(self._cases.add, new)

    def _arrived(self, case_id: str, files: Waiting) -> tuple[str, ...]:
        """The ids of all files that go along; her browser's wait under the id of the case."""
        if not files.uploaded:
            return files.ids
        uploaded = self._files.arrived(case_id)
        if len(uploaded) < files.uploaded:
            raise FilesMissing
        return (*files.ids, *uploaded)

    async def _stored_after_all(self, ticket: Ticket) -> bool:
        """Whether a send that failed, or ran beside another, left the case stored."""
        try:
            return await asyncio.to_thread(self._cases.get, ticket.case_id) is not None
        except Exception:
            return False
