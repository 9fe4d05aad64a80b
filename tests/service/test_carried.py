"""A file that is still being fetched when she asks for cleaned copies only."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

import pytest

from service.carried import Carried

JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(200) + b"\xff\xd9"


class Conversations:
    """One conversation, at the question for files."""

    def __init__(self) -> None:
        data = {"attach": "carrier"}
        self.one = SimpleNamespace(
            walk="report", walk_state={"at": "files", "data": data}, attached=None
        )
        self._lock = asyncio.Lock()

    async def find(self, id: str) -> Any:
        return self.one

    async def keep(self, one: object) -> None:
        pass

    def lock(self, id: str) -> asyncio.Lock:
        return self._lock


class Store:
    """Remembers which sealed files it has."""

    def __init__(self, *, fails: bool = False) -> None:
        self.ids: set[str] = set()
        self._fails = fails

    def put(self, waiting: str, part: Any, on: object) -> None:
        self.ids.add(part.id)

    def discard(self, ids: Collection[str]) -> None:
        if self._fails:
            raise OSError
        self.ids -= set(ids)


class Copies:
    """Makes a copy, or cannot."""

    def __init__(self, copy: bytes | None) -> None:
        self._copy = copy

    async def copy(self, content: bytes, kind: object) -> bytes | None:
        return self._copy


async def taken(store: Store, copy: bytes | None) -> dict[str, Any]:
    conversations = Conversations()
    carried = Carried(conversations, store, Copies(copy))  # type: ignore[arg-type]

    async def fetch(most: int) -> bytes:
        conversations.one.walk_state["data"]["clean"] = "yes"  # pressed meanwhile
        return JPEG

    await carried.take("her", fetch, "a note")
    entry: dict[str, Any] = conversations.one.attached
    return entry


@pytest.mark.parametrize("fails", [False, True])
async def test_only_the_copy_is_kept(fails: bool) -> None:
    store = Store(fails=fails)
    entry = await taken(store, b"a copy")
    assert entry["clean"] is True and entry["copy"] is None and entry["size"] == len(b"a copy")
    assert entry["note"] == "a note"
    if not fails:
        assert store.ids == {entry["id"]}, "the original is gone from the store as well"


async def test_without_a_copy_nothing_is_kept() -> None:
    store = Store()
    assert await taken(store, None) == {"refused": "unclean"}
    assert store.ids == set()
