"""Who reads a case: standing aside from it, and handing it to a colleague."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from inbox.ports import InboxDeps
from inbox.problems import Problem, no_such_case
from inbox.sign_ins import SignedIn, SignIns
from vault.errors import NoSuchCase
from vault.stores.audit import Action

CaseId = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")]
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,100}$")]
#: Base64url without ``=``; room for the largest suite.
Bytes = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,2000}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CaseIn(_Body):
    """Which case."""

    case_id: CaseId


class Colleague(BaseModel):
    """Somebody of the case's offices."""

    name: str
    key: str = Field(description="her public key")
    reads: bool = Field(description="every envelope of the case is sealed to her already")


class ColleaguesOut(BaseModel):
    """Who could take the case over; she herself is not among them."""

    colleagues: list[Colleague]


class RecusedOut(BaseModel):
    """Who has the case now."""

    passed_to: Literal["colleagues", "alternate", "recovery"]


class SealedIn(_Body):
    """An envelope's content key, sealed to the colleague in the browser."""

    number: Annotated[int, Field(ge=0, le=100_000)]
    kid: Bytes
    enc: Bytes
    ct: Bytes
    suite: Bytes | None = Field(None, description="of her key, where the envelope names another")


class HandOverIn(_Body):
    """To whom, and what she needs to open what was not sealed to her."""

    case_id: CaseId
    to: Name
    sealed: Annotated[list[SealedIn], Field(max_length=10_000)] = []


class HandedOut(BaseModel):
    """Who has the case in hand now."""

    handler: str


class ReaderApi:
    """The endpoints around a case's readers."""

    def __init__(self, deps: InboxDeps, sign_ins: SignIns) -> None:
        self._audit = deps.audit
        self._cases = deps.cases
        self._readers = deps.readers
        self._clock = deps.clock
        self._sign_ins = sign_ins

    def add_to(self, router: APIRouter) -> None:
        """Register the endpoints."""
        router.add_api_route("/colleagues", self.colleagues, methods=["POST"])
        router.add_api_route("/recuse", self.recuse, methods=["POST"])
        router.add_api_route("/hand-over", self.hand_over, methods=["POST"])

    async def colleagues(self, request: Request, body: CaseIn) -> ColleaguesOut:
        """The people of the case's offices who did not step aside from it."""
        who = await self._reader(request, body.case_id)
        found = await asyncio.to_thread(self._readers.colleagues, body.case_id)
        return ColleaguesOut(
            colleagues=[
                Colleague(name=one.name, key=one.key.to_text(), reads=one.reads)
                for one in found
                if one.account_id != who.account_id
            ]
        )

    async def recuse(self, request: Request, body: CaseIn) -> RecusedOut:
        """She steps aside for good: what was sealed to her is destroyed, others have the case."""
        who = await self._reader(request, body.case_id, "step-aside")
        today = self._clock().date()
        try:
            passed = await asyncio.to_thread(
                self._readers.recuse, body.case_id, who.account_id, today
            )
        except NoSuchCase:
            raise no_such_case() from None
        return RecusedOut(passed_to=passed)

    async def hand_over(self, request: Request, body: HandOverIn) -> HandedOut:
        """A colleague has the case in hand from now on, and can open all of it.

        She needs an entry for each envelope that is not sealed to her (``reads`` is false); the
        same call serves a colleague whose key is new.
        """
        who = await self._reader(request, body.case_id, "hand-over")
        sealed = {
            one.number: one.model_dump(exclude={"number"}, exclude_none=True) for one in body.sealed
        }
        today = self._clock().date()
        try:
            done = await asyncio.to_thread(
                self._readers.hand_over, body.case_id, who.account_id, body.to, sealed, today
            )
        except NoSuchCase:
            raise no_such_case() from None
        if not done:
            raise Problem(
                409, "Not handed over", "Load the colleagues again and seal to the key named there."
            )
        return HandedOut(handler=body.to)

    async def _reader(
        self, request: Request, case_id: str, action: Action | None = None
    ) -> SignedIn:
        who = await self._sign_ins.who(request)
        case = await asyncio.to_thread(self._cases.get, case_id)
        hers = await asyncio.to_thread(self._readers.may_read, case_id, who.account_id)
        if case is None or not hers:
            raise no_such_case()
        if action is not None:
            trace = (self._clock().date(), who.name, action, case.offices, case_id)
            await asyncio.to_thread(self._audit.add, *trace)
        return who
