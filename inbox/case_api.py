"""Cases: envelopes and statuses. The words in them pass here sealed.

Ids travel in bodies, never in addresses, so that no log and no history names a case.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from inbox.list_api import CaseLine, line_of
from inbox.ports import InboxDeps
from inbox.problems import Problem, no_such_case
from inbox.sign_ins import SignIns
from vault.errors import SealingError
from vault.files import MOST_PARTS
from vault.keys import PublicKey
from vault.recipients import same_content
from vault.sealing import key_ids
from vault.stores.audit import Action
from vault.stores.cases import Case, Entry, Status

CaseId = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")]

#: Characters of a reply's envelope: the page takes 10 000 characters, at most 40 kB of UTF-8,
#: padded to 64 KiB and written in base64, with room for some hundred recipients.
LARGEST_ENVELOPE = 128 * 1024

#: Where a status may go. A case is opened before anything else, and closing is final.
NEXT: Mapping[Status, frozenset[Status]] = {
    "received": frozenset({"opened"}),
    "opened": frozenset({"in_review", "closed"}),
    "in_review": frozenset({"opened", "closed"}),
    "closed": frozenset(),
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CaseIn(_Body):
    """Which case."""

    case_id: CaseId


class OpenedIn(_Body):
    """Which case was opened, up to which entry."""

    case_id: CaseId
    seen: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="number of the last entry that the page had"
    )


class PartIn(_Body):
    """Which part of which file of a case."""

    case_id: CaseId
    file: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{22}$")]
    number: Annotated[int, Field(ge=0, le=MOST_PARTS)]


class StatusIn(_Body):
    """What a case's status becomes."""

    case_id: CaseId
    status: Literal["opened", "in_review", "closed"]


class ReplyIn(_Body):
    """A reply, sealed in the browser."""

    case_id: CaseId
    envelope: Annotated[str, Field(min_length=1, max_length=LARGEST_ENVELOPE)]


class EntryOut(BaseModel):
    """One envelope of a case."""

    number: int
    purpose: Literal["report", "addition", "reply", "note"]
    author: Literal["reporter", "focal_point"]
    on: date
    envelope: str


class CaseOut(CaseLine):
    """One case, with its envelopes and the keys to seal a reply to."""

    entries: list[EntryOut]
    recipients: list[str] = Field(description="public keys: reporter, offices, recovery")


class StatusOut(BaseModel):
    """The status as it is now."""

    status: Status


class ReplyOut(BaseModel):
    """Where the reply stands in the case."""

    number: int
    on: date


class CaseApi:
    """The endpoints around cases."""

    def __init__(self, deps: InboxDeps, sign_ins: SignIns) -> None:
        self._deps = deps
        self._sign_ins = sign_ins

    def add_to(self, router: APIRouter) -> None:
        """Register the endpoints."""
        router.add_api_route("/case", self.case, methods=["POST"])
        router.add_api_route("/opened", self.opened, methods=["POST"])
        router.add_api_route("/status", self.status, methods=["POST"])
        router.add_api_route("/reply", self.reply, methods=["POST"], status_code=201)
        router.add_api_route("/file", self.file, methods=["POST"], response_class=Response)
        router.add_api_route("/note", self.note, methods=["POST"], status_code=201)

    async def case(self, request: Request, body: CaseIn) -> CaseOut:
        """One case, sealed as it lies here."""
        who = await self._sign_ins.who(request)
        case = await self._hers(request, body.case_id, "read")
        entries = await asyncio.to_thread(self._deps.cases.entries, case.case_id)
        recipients = await asyncio.to_thread(self._recipients, case)
        return CaseOut(
            **line_of(case, who, None, self._today()),
            entries=[
                EntryOut(
                    number=entry.number,
                    purpose=entry.purpose,
                    author=entry.author,
                    on=entry.on,
                    envelope=entry.envelope.decode(),
                )
                for entry in entries
            ],
            recipients=[key.to_text() for key in recipients],
        )

    async def opened(self, request: Request, body: OpenedIn) -> StatusOut:
        """Her browser has opened everything that it had of the case; only it can know.

        What the reporter wrote since stays unread: nobody has seen it.
        """
        case = await self._hers(request, body.case_id)
        mark_read = self._deps.cases.mark_read
        await asyncio.to_thread(mark_read, case.case_id, "focal_point", body.seen)
        if case.status == "received":
            await asyncio.to_thread(
                self._deps.cases.set_status, case.case_id, "opened", only_from="received"
            )
        return StatusOut(status=(await self._hers(request, body.case_id)).status)

    async def status(self, request: Request, body: StatusIn) -> StatusOut:
        """Set how far a case has come."""
        case = await self._hers(request, body.case_id, "status")
        if body.status != case.status:
            allowed = body.status in NEXT[case.status]
            if not allowed or not await asyncio.to_thread(
                self._deps.cases.set_status, case.case_id, body.status, only_from=case.status
            ):
                raise Problem(
                    409, "Not from this status", "Load the case again to see where it stands."
                )
        return StatusOut(status=body.status)

    async def file(self, request: Request, body: PartIn) -> Response:
        """One part of a file, sealed as it lies here. What can open it stands in the report."""
        # That she read the case is in the trail already; a file has a hundred parts.
        case = await self._hers(request, body.case_id)
        part = await asyncio.to_thread(
            self._deps.attachments.part, case.case_id, body.file, body.number
        )
        if part is None:
            raise Problem(404, "No such file", "Load the case again.")
        headers = {"Speaksafe-Parts": str(part.of)}
        return Response(part.sealed, media_type="application/octet-stream", headers=headers)

    async def reply(self, request: Request, body: ReplyIn) -> ReplyOut:
        """Store a reply that everybody who should can open, and nobody else.

        A closed case takes replies, too: its reporter may still write, and must not be left
        without an answer.

        Sending the very same envelope again changes nothing: the answer to the first time may
        have been lost on its way.
        """
        case = await self._hers(request, body.case_id, "reply")
        envelope = body.envelope.encode()
        await self._check_recipients(case, envelope)
        if earlier := await self._same(case, "reply", envelope):
            return ReplyOut(number=earlier.number, on=earlier.on)
        add = self._deps.cases.add_entry
        stored = await asyncio.to_thread(add, case.case_id, "focal_point", envelope, self._today())
        return ReplyOut(number=stored.number, on=stored.on)

    async def note(self, request: Request, body: ReplyIn) -> ReplyOut:
        """Store a note for her colleagues: sealed as a reply is, but never to the reporter."""
        case = await self._hers(request, body.case_id, "note")
        envelope = body.envelope.encode()
        await self._check_recipients(case, envelope, without=case.reporter_key)
        if earlier := await self._same(case, "note", envelope):
            return ReplyOut(number=earlier.number, on=earlier.on)
        add = self._deps.cases.add_note
        stored = await asyncio.to_thread(add, case.case_id, envelope, self._today())
        return ReplyOut(number=stored.number, on=stored.on)

    async def _same(self, case: Case, purpose: str, envelope: bytes) -> Entry | None:
        for entry in await asyncio.to_thread(self._deps.cases.entries, case.case_id):
            if entry.purpose == purpose and same_content(entry.envelope, envelope):
                return entry
        return None

    async def _hers(self, request: Request, case_id: str, action: Action | None = None) -> Case:
        who = await self._sign_ins.who(request)
        case = await asyncio.to_thread(self._deps.cases.get, case_id)
        hers = await asyncio.to_thread(self._deps.readers.may_read, case_id, who.account_id)
        if case is None or not hers:
            raise no_such_case()
        if action is not None:
            # Before it is done: what is not in the trail does not happen.
            trace = (self._today(), who.name, action, case.offices, case_id)
            await asyncio.to_thread(self._deps.audit.add, *trace)
        return case

    def _recipients(self, case: Case) -> list[PublicKey]:
        """Whom a reply is sealed to. The reporter first, so that the page needs no other sign."""
        readers = self._deps.readers.recipients(case.case_id)
        keys = (case.reporter_key, *readers, *self._deps.keys.all("recovery"))
        return list(dict.fromkeys(keys))

    async def _check_recipients(
        self, case: Case, envelope: bytes, without: PublicKey | None = None
    ) -> None:
        keys = await asyncio.to_thread(self._recipients, case)
        expected = {key.key_id for key in keys if key != without}
        try:
            named = key_ids(envelope)
        except SealingError:
            raise Problem(422, "Not an envelope", "Seal the reply as the page does.") from None
        if len(named) != len(expected) or set(named) != expected:
            raise Problem(
                409, "Other recipients", "Load the case again and seal to the keys it names."
            )

    def _today(self) -> date:
        return self._deps.clock().date()
