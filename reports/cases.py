"""Sending a report, and coming back to it with the receipt.

How a report is sealed and stored, :mod:`reports.sending` says. Its receipt leads to a key of its
own, to which replies are sealed.
"""

from __future__ import annotations

import asyncio
from typing import Literal

from reports.attaching import NONE as NO_FILES
from reports.attaching import Waiting
from reports.case_view import Access, CaseView, Reply, Status, Ticket
from reports.errors import NoRecipient, NotStored, OtherRecipients, OutOfReach
from reports.recipients import ask, check
from reports.report import reply_text
from reports.sending import Sending
from vault.encoding import from_text, to_text
from vault.errors import FilesMissing, SealingError
from vault.keys import PrivateKey, PublicKey
from vault.sealing import Context, open_envelope, seal
from vault.stores.cases import Case

__all__ = ["Access", "CaseView", "Cases", "Reply", "Status", "Ticket"]


class Cases(Sending):
    """What reporters can do with cases: send a report, and come back to it."""

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
        document: bytes,
        envelope: bytes | None = None,
        files: Waiting = NO_FILES,
        ticket: str | None = None,
    ) -> None:
        """Seal and store what a reporter writes later, for the office that has her case.

        Done twice with one ticket, it is stored once.

        Args:
            access: her case.
            document: what she wrote, from :func:`reports.report.addition`.
            envelope: it is sealed already, in her browser, with ``Context("addition", case id)``.
            files: what goes along.
            ticket: a random text that this conversation alone holds.

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
            if await self._added_after_all(access, ticket):
                return  # the news of it was lost: its files went as well
            recipients = await self._recipients.of_case(case.case_id)
            if envelope is None:
                context = Context("addition", case.case_id)
                envelope = await asyncio.to_thread(seal, document, recipients, context)
            check(envelope, recipients)
            ids = await asyncio.to_thread(self._arrived, case.case_id, files)
            await asyncio.to_thread(
                self._cases.add_entry,
                case.case_id,
                "reporter",
                envelope,
                self._today(),
                ids,
                ticket,
            )
        except (NotStored, OtherRecipients):
            raise
        except FilesMissing:
            if not await self._added_after_all(access, ticket):
                raise
        except Exception:
            if not await self._added_after_all(access, ticket):
                raise NotStored from None

    async def _added_after_all(self, access: Access, ticket: str | None) -> bool:
        """Whether an addition that failed, or ran beside another try, is stored."""
        if not ticket:
            return False
        try:
            return await asyncio.to_thread(self._cases.has, access.case_id, ticket)
        except Exception:
            return False

    async def clear_uploads(self, access: Access) -> None:
        """Before her browser is told which files to bring: what an earlier try left goes.

        A new report has a new id each time it is agreed to; her case keeps its own.

        Raises:
            OutOfReach: the store cannot be asked.
        """
        await ask(self._files.clear, access.case_id)

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
