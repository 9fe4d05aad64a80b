"""How long a case stays: holding it, and what the office says to a wish for deletion."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from inbox.ports import InboxDeps
from inbox.problems import Problem, no_such_case
from inbox.sign_ins import SignIns
from vault.errors import NoSuchCase
from vault.stores.audit import Action
from vault.stores.keeping import HoldReason

CaseId = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    case_id: CaseId


class KeptIn(_Body):
    """Which case."""


class HoldIn(_Body):
    """Why it must stay; without a reason it need not any longer."""

    reason: HoldReason | None


class DeletionIn(_Body):
    """What becomes of the reporter's wish for deletion."""

    agree: bool
    reason: HoldReason | None = Field(None, description="why not; needed when agree is false")


class KeptOut(BaseModel):
    """How a case stands; days only."""

    closed_on: date | None
    delete_on: date | None = Field(description="as things are; null while it is open or held")
    hold: HoldReason | None
    no_follow_up: bool = Field(description="the reporter wants no more answers")
    deletion: Literal["none", "asked", "refused"]


class KeepApi:
    """The endpoints around keeping and deleting."""

    def __init__(self, deps: InboxDeps, sign_ins: SignIns) -> None:
        self._deps = deps
        self._sign_ins = sign_ins

    def add_to(self, router: APIRouter) -> None:
        """Register the endpoints."""
        router.add_api_route("/kept", self.kept, methods=["POST"])
        router.add_api_route("/hold", self.hold, methods=["POST"])
        router.add_api_route("/deletion", self.deletion, methods=["POST"], status_code=204)

    async def kept(self, request: Request, body: KeptIn) -> KeptOut:
        """How long the case stays, and what its reporter wishes."""
        await self._admit(request, body.case_id, None)
        return await self._kept(body.case_id)

    async def hold(self, request: Request, body: HoldIn) -> KeptOut:
        """Keep it from being deleted, or no longer."""
        await self._admit(request, body.case_id, "hold" if body.reason else "unhold")
        await asyncio.to_thread(self._deps.keeping.hold, body.case_id, body.reason)
        return await self._kept(body.case_id)

    async def deletion(self, request: Request, body: DeletionIn) -> Response:
        """Delete it as its reporter asked, or say why that cannot be."""
        if not body.agree and body.reason is None:
            raise Problem(422, "Not as described", "Say why it has to stay.")
        if (await self._kept_or_404(request, body.case_id)).deletion == "none":
            raise Problem(409, "Not asked for", "Only its reporter can ask for its deletion.")
        action: Action = "delete" if body.agree else "refuse-deletion"
        await self._admit(request, body.case_id, action)
        keeping = self._deps.keeping
        if body.agree:
            if not await asyncio.to_thread(keeping.delete, body.case_id):
                raise Problem(409, "Held", "End the hold first, if its reason is gone.")
        elif body.reason is not None:
            await asyncio.to_thread(keeping.refuse_deletion, body.case_id, body.reason)
        return Response(status_code=204)

    async def _kept_or_404(self, request: Request, case_id: str) -> KeptOut:
        await self._admit(request, case_id, None)
        return await self._kept(case_id)

    async def _kept(self, case_id: str) -> KeptOut:
        try:
            kept = await asyncio.to_thread(self._deps.keeping.of, case_id)
        except NoSuchCase:
            raise no_such_case() from None
        deletion = "asked" if kept.deletion_asked_on else "none"
        return KeptOut.model_validate(
            {
                "closed_on": kept.closed_on,
                "delete_on": kept.delete_on,
                "hold": kept.hold,
                "no_follow_up": kept.no_follow_up_since is not None,
                "deletion": "refused" if kept.deletion_refused else deletion,
            }
        )

    async def _admit(self, request: Request, case_id: str, action: Action | None) -> None:
        """Only its readers; what they do is written into the trail before it is done."""
        who = await self._sign_ins.who(request)
        case = await asyncio.to_thread(self._deps.cases.get, case_id)
        hers = await asyncio.to_thread(self._deps.readers.may_read, case_id, who.account_id)
        if case is None or not hers:
            raise no_such_case()
        if action is not None:
            today = self._deps.clock().date()
            trace = (today, who.name, action, case.offices, case_id)
            await asyncio.to_thread(self._deps.audit.add, *trace)
