"""The list of cases, a page at a time.

Where a page ended is told to the browser sealed, with a key made of her sign-in: it means nothing
to anybody else, nothing in another sign-in and nothing for another choice of cases. It only ever
says where to go on in her own list; whose cases are in that list is looked up anew for each page.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from inbox.ports import InboxDeps
from inbox.problems import Problem
from inbox.sign_ins import SignedIn, SignIns, bearer
from vault.columns import SealedColumn
from vault.encoding import from_text, to_text
from vault.stores.cases import Case, Status
from vault.stores.listing import Listed, Reader, Shown

#: Cases of a page: more than most offices have open, and quick to look through.
PAGE = 50

#: Days without an answer: the same as those of the notices that the service sends.
DUE_DAYS = 3


class CasesIn(BaseModel):
    """Which cases, and from where on."""

    model_config = ConfigDict(extra="forbid")

    show: Shown = "all"
    after: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,256}$")] | None = Field(
        default=None, description="`older` of the page before"
    )


class CaseLine(BaseModel):
    """A case in the list.

    ``waiting`` counts the whole days since the reporter's first word that nobody answered yet.
    """

    case_id: str
    status: Status
    opened_on: date
    days: int = Field(description="age in whole days")
    unread: bool
    lang: str
    waiting: int | None = Field(default=None, description="days without an answer; see above")
    mine: bool = Field(default=False, description="she has it in hand")


class CasesOut(BaseModel):
    """A page of the cases of her offices.

    Who waits longest first; then what is unread; then the newest day.
    """

    cases: list[CaseLine]
    older: str | None = Field(description="ask for the next page with it; null on the last one")
    unread: int = Field(description="how many of all her cases are unread")
    due: int = Field(description="how many of them have waited three days or longer")


def line_of(case: Case, who: SignedIn, since: date | None, today: date) -> dict[str, Any]:
    """What a list says of a case; ``since`` is the day from which its reporter waits."""
    return {
        "case_id": case.case_id,
        "status": case.status,
        "opened_on": case.opened_on,
        "days": max(0, (today - case.opened_on).days),
        "unread": case.unread_by_focal_point,
        "lang": case.lang,
        "waiting": None if since is None else max(0, (today - since).days),
        "mine": case.handler == who.account_id,
    }


class ListApi:
    """The endpoint of the list."""

    def __init__(self, deps: InboxDeps, sign_ins: SignIns) -> None:
        self._deps = deps
        self._sign_ins = sign_ins

    def add_to(self, router: APIRouter) -> None:
        """Register the endpoint."""
        router.add_api_route("/cases", self.cases, methods=["POST"])

    async def cases(self, request: Request, body: CasesIn | None = None) -> CasesOut:
        """The next cases of her offices."""
        who = await self._sign_ins.who(request)
        asked = body or CasesIn()
        seal = _Cursors(bearer(request), asked.show)
        after = seal.open(asked.after) if asked.after else ""
        reader = Reader(who.account_id, who.offices)
        today = self._deps.clock().date()
        listing = self._deps.listing
        page = await asyncio.to_thread(listing.page, reader, PAGE, asked.show, after)
        counts = await asyncio.to_thread(listing.counts, reader, today - timedelta(days=DUE_DAYS))
        return CasesOut(
            cases=[CaseLine(**line_of(one.case, who, one.since, today)) for one in page.cases],
            older=seal.of(page.cases[-1]) if page.more and page.cases else None,
            unread=counts.unread,
            due=counts.due,
        )


class _Cursors:
    """Seals where a page ended."""

    def __init__(self, token: str, show: Shown) -> None:
        key = hmac.digest(token.encode(), b"speaksafe/1/list", hashlib.sha256)
        self._column = SealedColumn(key)
        self._show = show

    def of(self, last: Listed) -> str:
        return to_text(self._column.seal(last.place, self._show))

    def open(self, cursor: str) -> str:
        try:
            sealed = from_text(cursor)
        except ValueError:
            sealed = b""
        place = self._column.open(sealed, self._show) if len(sealed) > _SHORTEST else None
        if place is None:
            raise Problem(409, "No such place in the list", "Load the list from its beginning.")
        return place


#: Bytes of a nonce and a tag: what is shorter seals nothing.
_SHORTEST = 12 + 16
