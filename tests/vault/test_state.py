"""Short-lived state: sealed, under names that are noise, forgotten in time; memory and Redis."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest
import redis

from tests.support import redis as real_redis
from vault import state
from vault.state import MemoryShelf, RedisShelf, Shelf, StateStore

ENTRY = {"walk": "report", "words": "Planted Name كتبت"}
KEY = b"k" * 32


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with real_redis.server() as url:
        yield url


@pytest.fixture(params=["memory", "redis"])
async def shelf(request: pytest.FixtureRequest) -> AsyncIterator[Shelf]:
    if request.param == "memory":
        yield MemoryShelf()
        return
    url: str = request.getfixturevalue("redis_url")
    redis.Redis.from_url(url).flushall()
    yield RedisShelf(url)


async def test_what_is_kept_comes_back(shelf: Shelf) -> None:
    store = StateStore(shelf, KEY, "conversation")
    await store.put("name", ENTRY)
    assert await store.get("name") == ENTRY
    assert await store.get("other") is None
    await store.ping()


async def test_deleted_is_gone(shelf: Shelf) -> None:
    store = StateStore(shelf, KEY, "conversation")
    await store.put("name", ENTRY)
    await store.delete("name")
    assert await store.get("name") is None


async def test_another_key_or_kind_finds_nothing(shelf: Shelf) -> None:
    await StateStore(shelf, KEY, "conversation").put("name", ENTRY)
    assert await StateStore(shelf, os.urandom(32), "conversation").get("name") is None
    assert await StateStore(shelf, KEY, "sign-in").get("name") is None


async def test_an_entry_moved_under_another_name_does_not_open(shelf: Shelf) -> None:
    store = StateStore(shelf, KEY, "conversation")
    await store.put("one", ENTRY)
    moved = await shelf.get(store._hashed("one"))
    assert moved is not None
    await shelf.put(store._hashed("two"), moved, 60)
    assert await store.get("two") is None


async def test_redis_holds_noise_with_an_end(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url)
    client.flushall()
    await StateStore(RedisShelf(redis_url), KEY, "conversation", 1800).put("somebody", ENTRY)
    (name,) = client.keys()
    blob = client.get(name)
    assert b"somebody" not in name
    assert isinstance(blob, bytes)
    for planted in (b"Planted", b"report", "كتبت".encode(), rb"\u0643"):
        assert planted not in blob
    assert 1790 < client.ttl(name) <= 1800
    assert client.config_get("save")["save"] == ""


async def test_idle_is_gone_from_memory_and_not_merely_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    monkeypatch.setattr(state.time, "monotonic", lambda: now[0])
    shelf = MemoryShelf()
    store = StateStore(shelf, KEY, "conversation")
    await store.put("name", ENTRY)
    now[0] += state.IDLE_SECONDS + 1
    assert await store.get("name") is None
    await store.put("other", ENTRY)
    assert len(shelf._blobs) == 1


async def test_only_the_first_of_several_adds_an_entry(shelf: Shelf) -> None:
    store = StateStore(shelf, KEY, "event")
    added = await asyncio.gather(*(store.add("one", {"by": n}) for n in range(5)))
    assert sorted(added) == [False] * 4 + [True]
    assert await store.get("one") == {"by": added.index(True)}
    await store.delete("one")
    assert await store.add("one", ENTRY)


async def test_only_the_first_of_several_takes_an_entry(shelf: Shelf) -> None:
    store = StateStore(shelf, KEY, "handover")
    await store.put("one", ENTRY)
    taken = await asyncio.gather(*(store.take("one") for _ in range(5)))
    assert [entry for entry in taken if entry] == [ENTRY]
    assert await store.get("one") is None
