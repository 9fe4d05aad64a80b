"""The web chat under slow answers, tries that come again, floods, and the wrong methods."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.conversations import Conversations
from bot.dialogue import Dialogue
from bot.engine import Answer, Engine, EngineDown
from bot.words import Words
from catalogue import Message, Messages
from service import chat, problems
from service.effort import Effort
from service.headers import Headers
from service.metrics import Metrics
from service.settings import FLOOD
from service.turns import Turns, TurnStores
from tests.support import redis as real_redis
from vault.state import MemoryShelf, RedisShelf, Shelf, StateStore

CONTENT = Path(__file__).resolve().parents[2] / "content"


class Echo(Engine):
    """Says what it heard, after a while; the real one stands behind the same class."""

    def __init__(self) -> None:
        self.slow = 0.0
        self.down = False
        self.heard: list[tuple[str, str]] = []

    async def turn(self, sender: str, slots: dict[str, Any], **said: Any) -> Answer:
        self.heard.append((sender, said["text"]))
        await asyncio.sleep(self.slow)
        if self.down:
            raise EngineDown(reached=True)
        return Answer((Message(f"heard: {said['text']}"),), "faq/definition", 1.0)

    async def forget(self, sender: str) -> bool:
        return True


class Replica:
    """One process of several, or the only one."""

    def __init__(
        self, content: tuple[Messages, Words], shelf: Shelf, key: bytes, most: int = 50
    ) -> None:
        self.shelf, self.engine = shelf, Echo()
        self.conversations = Conversations(StateStore(shelf, key, "conversation"), key)
        dialogue = Dialogue(*content, self.conversations, self.engine, {})
        shared = isinstance(shelf, RedisShelf)
        stores = TurnStores(
            StateStore(shelf, key, "begun"),
            StateStore(shelf, key, "parted"),
            StateStore(shelf, key, "held") if shared else None,
        )
        self.turns = Turns(dialogue, self.conversations, stores, most)
        app = FastAPI()
        problems.install(app)
        effort = Effort(FLOOD, key, StateStore(shelf, key, "effort"))
        app.include_router(chat.routes(self.turns, self.conversations, Metrics(), effort))
        transport = httpx.ASGITransport(Headers(app))
        self.http = httpx.AsyncClient(transport=transport, base_url="https://speaksafe.example")

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.engine.heard]

    async def opens(self) -> str:
        answer = await self.http.post("/chat/sessions", json={"lang": "en"})
        assert answer.status_code == 201
        return str(answer.json()["session"])

    async def says(self, session: str, text: str, key: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {session}"}
        headers |= {"Idempotency-Key": key} if key else {}
        return await self.http.post("/chat/messages", json={"text": text}, headers=headers)


@pytest.fixture(scope="module")
def content() -> tuple[Messages, Words]:
    """What is said, and the gate's words."""
    return Messages.load(CONTENT), Words.load(CONTENT)


@pytest.fixture
def replica(content: tuple[Messages, Words]) -> Replica:
    """The only process."""
    return Replica(content, MemoryShelf(), os.urandom(32))


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """A real Redis."""
    with real_redis.server() as url:
        yield url


@pytest.fixture
async def two(
    content: tuple[Messages, Words], redis_url: str
) -> AsyncIterator[tuple[Replica, Replica]]:
    """Two replicas with one Redis."""
    key = os.urandom(32)
    shelves = RedisShelf(redis_url), RedisShelf(redis_url)
    yield Replica(content, shelves[0], key), Replica(content, shelves[1], key)
    for shelf in shelves:
        await shelf._redis.aclose()


async def test_a_message_tried_again_is_done_once_and_answered_alike(replica: Replica) -> None:
    session = await replica.opens()
    first = await replica.says(session, "one", "a")
    assert "heard: one" in first.text
    for _ in range(3):
        assert (await replica.says(session, "one", "a")).json() == first.json()
    assert replica.texts == ["one"]


async def test_a_try_while_a_slow_answer_is_made_waits_for_it(replica: Replica) -> None:
    session = await replica.opens()
    replica.engine.slow = 0.2
    answers = await asyncio.gather(*(replica.says(session, "one", "a") for _ in range(5)))
    assert replica.texts == ["one"]
    assert len({answer.text for answer in answers}) == 1


async def test_a_client_that_gave_up_and_comes_again_gets_the_answer(replica: Replica) -> None:
    session = await replica.opens()
    replica.engine.slow = 0.3
    gone = asyncio.create_task(replica.says(session, "one", "a"))
    await asyncio.sleep(0.1)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    answer = await replica.says(session, "one", "a")
    assert answer.status_code == 200 and replica.texts.count("one") == 1


async def test_an_older_message_tried_again_is_not_done_again(replica: Replica) -> None:
    session = await replica.opens()
    await replica.says(session, "one", "a")
    await replica.says(session, "two", "b")
    assert (await replica.says(session, "one", "a")).status_code == 200
    assert [text for text in replica.texts if text] == ["one", "two"]


async def test_what_an_engine_that_hangs_was_given_is_not_given_again(replica: Replica) -> None:
    session = await replica.opens()
    replica.engine.down = True
    first = await replica.says(session, "one", "a")
    replica.engine.down = False
    assert (await replica.says(session, "one", "a")).json() == first.json()
    assert replica.texts == ["one"]


async def test_erase_tried_again_gets_the_same_last_words(replica: Replica) -> None:
    session = await replica.opens()
    await replica.says(session, "one", "a")
    first = await replica.says(session, "erase", "b")
    assert first.json()["ended"]
    assert (await replica.says(session, "erase", "b")).json() == first.json()
    assert (await replica.says(session, "hello", "c")).status_code == 401
    assert await replica.conversations.find(replica.conversations.pseudonym("web", session)) is None


async def test_erase_waits_for_no_slow_answer(replica: Replica) -> None:
    session = await replica.opens()
    await replica.says(session, "one", "a")
    replica.engine.slow = 30
    slow = asyncio.create_task(replica.says(session, "two", "b"))
    await asyncio.sleep(0.05)
    answer = await asyncio.wait_for(replica.says(session, "erase", "c"), timeout=10)
    assert answer.json()["ended"]
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


async def test_a_client_without_marks_is_answered_as_before(replica: Replica) -> None:
    session = await replica.opens()
    for text in ("one", "one", "two"):
        assert f"heard: {text}" in (await replica.says(session, text)).text
    assert replica.texts == ["one", "one", "two"]


async def test_a_mark_is_of_one_chat(replica: Replica) -> None:
    one, other = await replica.opens(), await replica.opens()
    await replica.says(one, "one", "a")
    assert "heard: other" in (await replica.says(other, "other", "a")).text


async def test_a_mark_in_no_chat_keeps_nothing(replica: Replica) -> None:
    for n in range(100):
        assert (await replica.says(f"made up {n}", "one", "a")).status_code == 401
    assert isinstance(replica.shelf, MemoryShelf) and not replica.shelf._blobs


async def test_a_try_at_another_replica_is_done_once(two: tuple[Replica, Replica]) -> None:
    one, other = two
    session = await one.opens()
    await one.says(session, "before", "z")
    one.engine.slow = other.engine.slow = 0.2
    answers = await asyncio.gather(*(r.says(session, "one", "a") for r in (one, other) * 3))
    assert (one.texts + other.texts).count("one") == 1
    assert {answer.text for answer in answers} == {answers[0].text}


async def test_a_replica_that_died_in_the_middle_leads_to_no_second_time(
    two: tuple[Replica, Replica],
) -> None:
    one, other = two
    session = await one.opens()
    one.engine.slow = 60
    dying = asyncio.create_task(one.says(session, "one", "a"))
    await asyncio.sleep(0.1)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert (await other.says(session, "one", "a")).status_code == 200
    assert "one" not in other.texts


async def test_thousands_of_opened_chats_push_out_nobody_who_talks(replica: Replica) -> None:
    talking = [await replica.opens() for _ in range(20)]
    for session in talking:
        await replica.says(session, "hello", "a")
    for _ in range(3_000):
        await replica.opens()
    assert isinstance(replica.shelf, MemoryShelf)
    # Twenty who talk, each with a mark, and as many as may wait without a word.
    assert len(replica.shelf._blobs) <= 20 + 20 + 50
    for session in talking:
        assert "heard: still here" in (await replica.says(session, "still here", "b")).text
    newcomer = await replica.opens()
    assert "heard: hello" in (await replica.says(newcomer, "hello", "a")).text


async def test_a_whole_office_opens_its_chats_at_once(replica: Replica) -> None:
    answers = await asyncio.gather(
        *(replica.http.post("/chat/sessions", json={}) for _ in range(400))
    )
    assert {answer.status_code for answer in answers} == {201}
    last = answers[-1].json()["session"]
    assert "heard: hello" in (await replica.says(last, "hello", "a")).text


async def test_one_who_floods_is_limited_and_the_office_is_not(replica: Replica) -> None:
    flooding, *others = [await replica.opens() for _ in range(31)]
    flood = await asyncio.gather(*(replica.says(flooding, f"flood {n}") for n in range(400)))
    assert {a.status_code for a in flood} == {200, 429}
    answers = await asyncio.gather(*(replica.says(session, "hello") for session in others))
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("path", ["/chat/sessions", "/chat/messages"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_a_wrong_method_is_told_the_right_one(
    replica: Replica, path: str, method: str
) -> None:
    answer = await replica.http.request(method, path)
    assert answer.status_code == 405 and answer.headers["allow"] == "POST"
    if method == "HEAD":
        assert not answer.content
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 405


async def test_the_opening_comes_with_the_chat_if_it_is_asked_for(replica: Replica) -> None:
    begun = await replica.http.post("/chat/sessions", json={"lang": "fr", "opening": True})
    assert begun.status_code == 201
    assert begun.headers["Content-Language"] == "fr"
    assert begun.json()["opening"]["messages"]
    assert replica.engine.heard[-1][1] == ""  # a choice, no words
    without = await replica.http.post("/chat/sessions", json={"lang": "fr"})
    assert without.json().keys() == {"session"}
    assert len(replica.engine.heard) == 1
    assert (await replica.says(begun.json()["session"], "I have a question")).status_code == 200
