"""The way in for files: only sealed parts, only for a report that waits for its last yes."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.conversation import Conversation
from bot.conversations import Conversations
from service import attachments, problems
from service.app import LARGEST_BODY
from service.headers import BodyLimit
from tests.vault.rows import new_case
from vault.database import Database
from vault.encoding import from_text
from vault.files import LARGEST, MOST_PARTS, PART, TAG, FileKey, seal_file
from vault.state import MemoryShelf, StateStore
from vault.stores import AttachmentStore, CaseStore

WEB = Path(__file__).resolve().parents[2] / "web"
DAY = date(2026, 11, 21)
PATH = "/chat/files"


class Door:
    """The endpoint with what lies behind it, and a chat."""

    def __init__(self, database: Database) -> None:
        self.store = AttachmentStore(database, most_waiting=60)
        state = StateStore(MemoryShelf(), b"k" * 32, "conversation")
        self.conversations = Conversations(state, b"k" * 32)
        self.session = Conversations.new_session()
        app = FastAPI()
        problems.install(app)
        app.include_router(attachments.routes(self.conversations, self.store, WEB, lambda: DAY))
        transport = httpx.ASGITransport(app=BodyLimit(app, LARGEST_BODY))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://test")

    async def stands(self, at: str, walk: str = "report", **data: Any) -> None:
        id = self.conversations.pseudonym("web", self.session)
        known = {"case_id": "the-case", "files": [0], **data}
        state = {"at": at, "data": known, "note": {}, "undo": []}
        await self.conversations.keep(Conversation(id, "web", "en", walk=walk, walk_state=state))

    async def put(self, body: bytes, session: str | None = None) -> int:
        token = self.session if session is None else session
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return (await self.http.post(PATH, content=body, headers=headers)).status_code


def bodies(content: bytes, key: FileKey) -> list[bytes]:
    parts = list(seal_file(content, key))
    head = struct.Struct(">16sHH")
    return [head.pack(from_text(key.id), at, len(parts)) + part for at, part in enumerate(parts)]


@pytest.fixture
async def door(database: Database) -> AsyncIterator[Door]:
    made = Door(database)
    yield made
    await made.http.aclose()


async def test_a_browser_puts_its_sealed_parts(door: Door) -> None:
    await door.stands("consent")
    key = FileKey.new()
    for body in bodies(b"x" * 600_000, key):
        assert await door.put(body) == 204
        assert await door.put(body) == 204
    assert door.store.arrived("the-case") == (key.id,)


async def test_only_a_running_report_that_is_about_to_be_sent_takes_files(door: Door) -> None:
    (body,) = bodies(b"x", FileKey.new())
    assert await door.put(body) == 401
    assert await door.put(body, session="") == 401
    for at in ("account", "preview", "files"):
        await door.stands(at)
        assert await door.put(body) == 409
    await door.stands("consent", files=[])
    assert await door.put(body) == 409
    await door.stands("consent", walk="survey")
    assert await door.put(body) == 409
    await door.stands("consent")
    assert await door.put(body, session=Conversations.new_session()) == 401
    assert door.store.arrived("the-case") == ()


async def test_what_is_no_part_or_too_large_is_refused(door: Door) -> None:
    await door.stands("consent")
    head = struct.Struct(">16sHH")
    for body in (
        b"",
        head.pack(bytes(16), 0, 1),
        head.pack(bytes(16), 1, 1) + b"x",
        head.pack(bytes(16), 0, MOST_PARTS + 1) + b"x",
        head.pack(bytes(16), 0, 1) + bytes(PART + TAG + 1),
    ):
        assert await door.put(body) == 422
    assert await door.put(bytes(LARGEST_BODY + 1)) == 413
    assert PART + TAG + head.size < LARGEST_BODY < LARGEST


async def test_a_flood_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    await door.stands("consent")
    for _ in range(10):
        (body,) = bodies(b"x", FileKey.new())
        assert await door.put(body) == 204
    (body,) = bodies(b"x", FileKey.new())
    assert await door.put(body) == 503  # more files than a report can have
    await door.stands("consent", case_id="another")
    assert await door.put(bodies(bytes(13_000_000), FileKey.new())[0]) == 503  # the room is full
    monkeypatch.setattr(attachments, "_ONE", (3, 0.0))
    slow = Door.__new__(Door)
    slow.__dict__ |= door.__dict__
    app = FastAPI()
    app.include_router(attachments.routes(door.conversations, door.store, WEB, lambda: DAY))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://test"
    ) as slow.http:
        (body,) = bodies(b"x", FileKey.new())
        assert [await slow.put(body) for _ in range(4)] == [204, 204, 204, 429]


async def test_a_long_way_up_keeps_the_chat_alive(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.stands("consent")
    kept: list[str] = []
    keep = door.conversations.keep

    async def noting(conversation: Conversation) -> None:
        kept.append(conversation.id)
        await keep(conversation)

    monkeypatch.setattr(door.conversations, "keep", noting)
    for body in bodies(bytes(9 * PART), FileKey.new()):
        assert await door.put(body) == 204
    assert len(kept) == 2


async def test_the_module_is_served(door: Door) -> None:
    answer = await door.http.get("/chat/attach.js")
    assert answer.status_code == 200 and "export const { Files }" in answer.text


async def test_a_file_that_went_already_may_be_brought_again(
    door: Door, database: Database
) -> None:
    """The report was stored, and the service died before it said so: her browser brings all again
    before it can ask. Refused, she would never get her receipt."""
    await door.stands("consent")
    key = FileKey.new()
    sent = bodies(b"x" * 300_000, key)
    for body in sent:
        assert await door.put(body) == 204
    CaseStore(database).add(replace(new_case(), case_id="the-case", files=(key.id,)))
    for body in sent:
        assert await door.put(body) == 204
    assert door.store.arrived("the-case") == ()
    await door.stands("consent", case_id="another")
    assert await door.put(sent[0]) == 422
