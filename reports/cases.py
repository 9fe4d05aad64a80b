"""Sending a report, and coming back to it with the receipt.

A report is sealed to the focal points of the one office that is to receive it, and to the
recovery keys; nobody else can open it, this server included. Its receipt leads to a key of its
own, to which replies are sealed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Literal

from reports.attaching import NONE as NO_FILES
from reports.attaching import Waiting
from reports.case_view import Access, CaseView, Reply, Status, Ticket
from reports.errors import NoRecipient, NotStored, OtherRecipients, OutOfReach
from reports.recipients import Recipients, ask, check
from reports.report import Report, addition, reply_text
from vault.encoding import from_text, to_text
from vault.errors import FilesMissing, SealingError
from vault.keys import PrivateKey, PublicKey
from vault.receipts import Receipts
from vault.sealing import Context, open_envelope, seal
from vault.stores.accounts import AccountStore
from vault.stores.attachments import AttachmentStore
from vault.stores.cases import Case, CaseStore, NewCase, new_case_id
from vault.stores.keeping import Keeping
from vault.stores.keys import KeyStore
from vault.stores.readers import Readers

__all__ = ["Access", "CaseView", "Cases", "Reply", "Status", "Ticket"]


class Cases:
    """What reporters can do with cases.

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

    async def reachable(self, office: str) -> bool:
        """Whether somebody in this office could open a report sent now.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        return bool(await ask(self._accounts.public_keys, [office]))

    def ticket(self) -> Ticket:
        """Draw a case id and a receipt; nothing is stored."""
        ticket = Ticket(new_case_id(), self._receipts.new())
        self._receipts.ahead(ticket.receipt)
        return ticket

    async def send(
        self,
        report: Report,
        office: str,
        ticket: Ticket,
        envelope: bytes | None = None,
        standby: str | None = None,
        files: Waiting = NO_FILES,
    ) -> str:
        """Seal and store a report. Done twice with one ticket, it is stored once.

        Args:
            report: what to send.
            office: the id of the only office that is to receive it.
            ticket: from :meth:`ticket`.
            envelope: the report, sealed in her browser with ``Context("report", case id)``.
            standby: the office that gets the case if that one cannot read it, if she agreed.
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
                await self._store(report, office, ticket, envelope, standby, files)
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

    async def recipients(self, office: str, standby: str | None = None) -> list[PublicKey]:
        """Whom a report for this office, and for its standby, is sealed to now.

        Raises:
            NoRecipient: nobody in that office has a key.
            OutOfReach: the store cannot be asked.
        """
        try:
            return await self._recipients.of_office(office, standby)
        except NoRecipient:
            raise
        except Exception:
            raise OutOfReach from None

    async def recipients_of(self, access: Access) -> list[PublicKey]:
        """Whom an addition to her case is sealed to now.

        Raises:
            NoRecipient: nobody in that office has a key any more, or the case was deleted.
            OutOfReach: the store cannot be asked.
        """
        try:
            return await self._recipients.of_case(access.case_id)
        except NoRecipient:
            raise
        except Exception:
            raise OutOfReach from None

    async def find(self, receipt: str) -> CaseView | None:
        """The case that a receipt leads to.

        Unknown receipts and those with a wrong check digit are treated alike, to the same work.

        Args:
            receipt: 24 ASCII digits.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        derived = await self._receipts.derive(receipt)
        case = await ask(self._cases.by_locator, derived.locator)
        return None if case is None else await self._view(case, derived.keys[case.reporter_key.kem])

    async def look(self, access: Access) -> CaseView | None:
        """The case as it is now; ``None`` when it was deleted meanwhile.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        case = await ask(self._cases.get, access.case_id)
        if case is None:
            return None
        return await self._view(case, PrivateKey(from_text(access.key), case.reporter_key.kem))

    async def mark_read(self, access: Access) -> None:
        """The reporter is about to see all replies there are.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        await ask(self._cases.mark_read, access.case_id, "reporter")

    async def add(
        self,
        access: Access,
        text: str,
        lang: str,
        envelope: bytes | None = None,
        files: Waiting = NO_FILES,
    ) -> None:
        """Seal and store what a reporter writes later, for the office that has her case.

        Args:
            access: her case.
            text: what she wrote.
            lang: the language she writes in.
            envelope: it is sealed already, in her browser, with ``Context("addition", case id)``.
            files: what goes along.

        Raises:
            FilesMissing: a file has not arrived as a whole.
            OtherRecipients: that is sealed to others than :meth:`recipients_of` names now.
            NoRecipient: nobody in that office has a key any more.
            NotStored: it could not be stored.
        """
        try:
            case = await asyncio.to_thread(self._cases.get, access.case_id)
            if case is None:
                raise NotStored
            recipients = await self._recipients.of_case(case.case_id)
            if envelope is None:
                context = Context("addition", case.case_id)
                envelope = await asyncio.to_thread(seal, addition(text, lang), recipients, context)
            check(envelope, recipients)
            ids = await asyncio.to_thread(self._arrived, case.case_id, files)
            await asyncio.to_thread(
                self._cases.add_entry, case.case_id, "reporter", envelope, self._today(), ids
            )
        except (FilesMissing, NotStored, OtherRecipients):
            raise
        except Exception:
            raise NotStored from None

    async def spend_offer(self, access: Access) -> bool:
        """Spend the offer of the survey; true exactly once, and only for a closed case.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        return await ask(self._cases.spend_survey_offer, access.case_id)

    async def end_follow_up(self, access: Access) -> None:
        """Let the office see that she wants no more answers.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        await ask(self._keeping.end_follow_up, access.case_id, self._today())

    async def ask_deletion(self, access: Access) -> None:
        """Ask the office to delete her case; it decides, because a rule may forbid it.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        await ask(self._keeping.ask_deletion, access.case_id, self._today())

    async def _store(
        self,
        report: Report,
        office: str,
        ticket: Ticket,
        envelope: bytes | None,
        standby: str | None,
        files: Waiting,
    ) -> None:
        recipients = await self._recipients.of_office(office, standby)
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
            offices=(office,),
            envelope=envelope,
            lang=report.lang,
            opened_on=self._today(),
            standby=standby,
            files=ids,
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

    async def _view(self, case: Case, key: PrivateKey) -> CaseView:
        entries = await ask(self._cases.entries, case.case_id)
        kept = await ask(self._keeping.of, case.case_id)
        asked: Literal["none", "asked"] = "asked" if kept.deletion_asked_on else "none"
        context = Context("reply", case.case_id)
        replies = tuple(
            Reply(_opened(entry.envelope, key, context), entry.on)
            for entry in entries
            if entry.purpose == "reply"
        )
        return CaseView(
            access=Access(case.case_id, to_text(key.raw)),
            status=case.status,
            unread=case.unread_by_reporter,
            offer=case.status == "closed" and not case.survey_offer_spent,
            replies=replies,
            quiet=kept.no_follow_up_since is not None,
            deletion="refused" if kept.deletion_refused else asked,
        )


def _opened(envelope: bytes, key: PrivateKey, context: Context) -> str | None:
    try:
        return reply_text(open_envelope(envelope, key, context))
    except (SealingError, ValueError):
        return None
