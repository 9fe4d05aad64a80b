"""The room of an office's owner: who did what with which case on which day, and nothing of a case.

She gets the entries of her office alone, numbered by themselves: the numbers of the whole chain
would tell her that something happens elsewhere, perhaps at the office that a reporter chose because
hers is involved. So whoever owns two offices sees no entry of a case that one of them is shut out
of, in the trail of the other one either. Each entry comes with its link. The page makes one mark of
all she sees, which is noted and compared in the browser, so that nobody here has to be believed.
"""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from inbox.ports import InboxDeps
from inbox.problems import DOCUMENTED, Problem, ProblemRoute
from inbox.second_guard import SecondGuard
from inbox.sign_ins import SignIns
from vault.stores.audit import Trace
from vault.stores.owners import owned, owner_of

#: Enough to name a case as the inbox does, too little to ask for one.
_CASE_SIGNS = 8


class OfficeIn(BaseModel):
    """Whose trail."""

    model_config = ConfigDict(extra="forbid")

    office: Annotated[str, Field(pattern="^[a-z0-9-]{1,64}$")]


class Office(BaseModel):
    """An office whose trail she may see."""

    id: str
    name: str


class OfficesOut(BaseModel):
    """Hers; mostly one."""

    offices: list[Office]


class Line(BaseModel):
    """One entry, without the number that it has among those of all offices."""

    on: date
    who: str = Field(description="service or operator where no account did it")
    action: str
    case: str = Field(description="the first signs of the case's id; empty where it is about none")
    link: str = Field(description="keyed hash over this entry and the one before it")


class TrailOut(BaseModel):
    """The trail of one office, the oldest entry first."""

    whole: bool = Field(description="every entry of all offices fits to the one before it")
    lines: list[Line]


class LangIn(BaseModel):
    """In which language."""

    model_config = ConfigDict(extra="forbid")

    lang: Annotated[str, Field(pattern="^[a-z]{2}$")] = "en"


class OwnerApi:
    """The endpoints of owners."""

    def __init__(self, deps: InboxDeps) -> None:
        self._deps = deps
        guard = SecondGuard(deps)
        self._sign_ins = SignIns(deps.sign_ins, deps.accounts, deps.clock, guard.admits)

    async def offices(self, request: Request, body: LangIn) -> OfficesOut:
        """The offices whose trail she may see; none for anybody who owns none."""
        who = await self._sign_ins.who(request)
        name = self._deps.office_name
        found = [Office(id=one, name=name(one, body.lang)) for one in owned(who.offices)]
        return OfficesOut(offices=found)

    async def trail(self, request: Request, body: OfficeIn) -> TrailOut:
        """Everything that was done with cases of the office; that she reads it is written, too."""
        who = await self._sign_ins.who(request)
        hers = owned(who.offices)
        if body.office not in hers:
            # The same whether there is such an office or not.
            raise Problem(403, "Not for this account", "Sign in with an account of its owner.")
        today, audit = self._deps.clock().date(), self._deps.audit
        await asyncio.to_thread(audit.add, today, who.name, "trail", [owner_of(body.office)], "")
        entries = await asyncio.to_thread(audit.entries, body.office, hers)
        verdict = await asyncio.to_thread(audit.verify)
        return TrailOut(whole=verdict.whole, lines=[_line(one) for one in entries])


def _line(one: Trace) -> Line:
    case = one.case_id[:_CASE_SIGNS]
    return Line(on=one.on, who=one.who, action=one.action, case=case, link=one.link)


def router(deps: InboxDeps) -> APIRouter:
    """Everything under ``/owner/api``; include it without a further prefix."""
    api = APIRouter(
        prefix="/owner/api", tags=["owner"], route_class=ProblemRoute, responses=DOCUMENTED
    )
    room = OwnerApi(deps)
    api.add_api_route("/offices", room.offices, methods=["POST"])
    api.add_api_route("/trail", room.trail, methods=["POST"])
    return api
