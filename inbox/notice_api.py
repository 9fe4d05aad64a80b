"""How a focal point is told that something is new: by e-mail, or where she prefers it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from inbox.ports import InboxDeps
from inbox.problems import Problem
from inbox.sign_ins import SignedIn, SignIns
from vault.stores.audit import Action

#: E-mail, or a channel that an operator has configured for notices.
Way = Literal["email", "telegram", "whatsapp"]


class LinkIn(BaseModel):
    """Which channel, and the language of the notices."""

    model_config = ConfigDict(extra="forbid")

    channel: Literal["telegram", "whatsapp"]
    lang: Annotated[str, Field(pattern="^[a-z]{2}$")]


class NoticesOut(BaseModel):
    """How she is told, and how she could be. No address: this page need not have it."""

    by: Way | None = Field(description="null: nobody tells her")
    choices: list[Way] = Field(description="other ways that are configured")


class LineOut(BaseModel):
    """What she sends from her phone, once, within ten minutes."""

    line: str


class NoticeApi:
    """The endpoints around notices."""

    def __init__(self, deps: InboxDeps, sign_ins: SignIns) -> None:
        self._deps = deps
        self._sign_ins = sign_ins

    def add_to(self, router: APIRouter) -> None:
        """Register the endpoints."""
        router.add_api_route("/notices", self.state, methods=["POST"])
        router.add_api_route("/notices/link", self.link, methods=["POST"])
        router.add_api_route("/notices/email", self.email, methods=["POST"])

    async def state(self, request: Request) -> NoticesOut:
        """How she is told."""
        return await self._state(await self._sign_ins.who(request))

    async def link(self, request: Request, body: LinkIn) -> LineOut:
        """A line that she sends to our chat there; then her notices come there."""
        who = await self._sign_ins.who(request)
        links = self._deps.links
        if links is None or body.channel not in links.channels:
            raise Problem(404, "No such channel", "Take one of the choices.")
        lang = body.lang if body.lang in self._deps.messages.languages else "en"
        await self._trace(who)
        return LineOut(line=await links.issue(who.account_id, body.channel, lang))

    async def email(self, request: Request) -> NoticesOut:
        """By e-mail again; the address of the other channel is forgotten."""
        who = await self._sign_ins.who(request)
        await self._trace(who)
        await asyncio.to_thread(self._deps.addresses.unlink, who.account_id)
        return await self._state(who)

    async def _state(self, who: SignedIn) -> NoticesOut:
        ways = await asyncio.to_thread(self._deps.addresses.ways, who.account_id)
        configured = self._deps.links.channels if self._deps.links else ()
        by = ways.channel if ways.channel in configured else "email" if ways.email else None
        choices = [*(["email"] if ways.email else []), *configured]
        return NoticesOut.model_validate(
            {"by": by, "choices": [way for way in choices if way != by]}
        )

    async def _trace(self, who: SignedIn) -> None:
        action: Action = "notices"
        trace = (self._deps.clock().date(), who.name, action, who.offices, "")
        await asyncio.to_thread(self._deps.audit.add, *trace)
