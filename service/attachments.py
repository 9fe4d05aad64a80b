"""The way in for files: their sealed parts, put here by a browser just before its person agrees.

Each part is a small body of its own, so the limit of bodies need not be raised, and what a bad
connection loses is one part. A part is taken only for a running chat whose report waits for the
last yes and said that it has files; no key to it ever comes here.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from bot.conversations import Conversations
from inbox.problems import Problem, ProblemRoute
from reports.attaching import expected
from service.assets import Asset
from service.limits import Limit
from service.turns import CHANNEL
from vault.encoding import to_text
from vault.errors import TooMuch
from vault.stores.attachments import AttachmentStore, Part
from web.bundle import bundle
from web.pages import ASSET_HEADERS

#: What stands before a sealed part: the file's id, the part's number, and how many there are.
_HEAD = struct.Struct(">16sHH")

#: Parts of one chat: all of a report's files once, and some again; then two a second.
_ONE = 1_200, 2.0
#: Parts of everybody: 1 GiB at once, then half a GiB an hour; a disk must not be filled up.
_ALL = 4_096, 0.6


def today() -> date:
    """The day that is written beside a file."""
    return datetime.now(UTC).date()


def routes(
    conversations: Conversations,
    store: AttachmentStore,
    web: Path,
    day: Callable[[], date] = today,
) -> APIRouter:
    """The endpoint, and the module that uses it.

    Args:
        conversations: to know whether a report waits for files.
        store: where they wait.
        web: the folder with ``held``.
        day: the day.
    """
    router = APIRouter(prefix="/chat", include_in_schema=False, route_class=ProblemRoute)
    module = Asset(bundle(web / "held" / "attach.js"), "text/javascript", ASSET_HEADERS)
    one, everybody = Limit(*_ONE), Limit(*_ALL)

    @router.get("/attach.js")
    async def attach(request: Request) -> Response:
        return module.answer(request)

    @router.post("/files", status_code=204)
    async def put(
        request: Request,
        authorization: Annotated[str | None, Header(max_length=200)] = None,
    ) -> None:
        """Keep one sealed part; the same one again changes nothing."""
        scheme, _, session = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not session:
            raise Problem(401, "No session", "Send Authorization: Bearer with the session.")
        id = conversations.pseudonym(CHANNEL, session.strip())
        # Before a byte of the body is read.
        waiting = await _waits(conversations, id)
        if not one.allows(id) or not everybody.allows(""):
            raise Problem(429, "Too many files", "Wait a little, or send without files.")
        part = _part(await request.body())
        try:
            await asyncio.to_thread(store.put, waiting, part, day())
        except ValueError:
            raise Problem(422, "Not a part", "Send a sealed part as the page does.") from None
        except TooMuch:
            raise Problem(503, "Too many files wait", "Try later, or send without files.") from None
        if part.number % _TOUCH == 0:
            await _touch(conversations, id)

    return router


#: Every so many parts the chat counts as alive: a slow line must not outlive it.
_TOUCH = 8


async def _waits(conversations: Conversations, id: str) -> str:
    """The id of the case that the files are for."""
    found = await conversations.find(id)
    if found is None:
        raise Problem(401, "The chat has ended", "Begin a new session.")
    case_id = expected(found.walk, found.walk_state)
    if case_id is None:
        raise Problem(409, "No files are awaited", "Add files in a report, and agree to send it.")
    return case_id


async def _touch(conversations: Conversations, id: str) -> None:
    async with conversations.lock(id):
        found = await conversations.find(id)
        if found is not None:
            await conversations.keep(found)


def _part(body: bytes) -> Part:
    if len(body) <= _HEAD.size:
        raise Problem(422, "Not a part", "Send a sealed part as the page does.")
    raw, number, of = _HEAD.unpack_from(body)
    return Part(to_text(raw), number, of, body[_HEAD.size :])
