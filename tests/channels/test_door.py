"""The door itself, with carriers made of paper and an engine that only repeats."""

from __future__ import annotations

import asyncio
import os
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.channels.contract import Channel
from bot.channels.door import Door, DoorStores
from bot.conversations import Conversations
from bot.dialogue import Dialogue
from bot.engine import Answer, Engine, EngineDown
from bot.handover import Handover
from bot.pseudonyms import DAY, KEY_SECONDS, Pseudonyms
from catalogue import Message
from service.limits import Limit
from service.metrics import Metrics
from tests.channels.paper import Paper, Post, letter
from tests.support import redis as real_redis
from tests.support.content import messages, words
from vault.state import MemoryShelf, RedisShelf, Shelf, StateStore

MESSAGES = messages()
WORDS = words()


class Echo(Engine):
    """Says what it heard, after a while."""

    def __init__(self) -> None:
        self.slow = 0.0
        self.heard: list[tuple[str, str]] = []

    async def turn(self, sender: str, slots: dict[str, Any], **said: Any) -> Answer:
        self.heard.append((sender, said["text"]))
        await asyncio.sleep(self.slow)
        if self.slow < 0:
            raise EngineDown
        return Answer((Message(f"heard: {said['text']}"),), "faq/definition", 1.0)

    async def forget(self, sender: str) -> bool:
        return True


class Replica:
    """One process of several, or the only one."""

    def __init__(self, channel: Channel, shelf: Shelf, key: bytes, *, burst: float = 1e9) -> None:
        self.now = 1000.5 * DAY
        self.engine = Echo()
        self.conversations = Conversations(StateStore(shelf, key, "conversation"), key)
        handover = Handover(
            StateStore(shelf, key, "handover", 600), self.conversations, _always, _always
        )
        self.dialogue = Dialogue(MESSAGES, WORDS, self.conversations, self.engine, {}, handover)
        keys = StateStore(shelf, key, "pseudonym key", KEY_SECONDS)
        self.pseudonyms = Pseudonyms(keys, lambda: self.now)
        self.door = Door(
            channel,
            self.dialogue,
            self.pseudonyms,
            DoorStores(
                StateStore(shelf, key, "event"),
                StateStore(shelf, key, "trail"),
                StateStore(shelf, key, "held", 60),
            ),
            MESSAGES,
            Limit(burst, 0.001).allows,
            Limit(1, 0.001).allows,
            Metrics(),
        )

    async def gets(self, *given: Any, **more: Any) -> str:
        answer = await self.door.take(letter(*given, **more))
        assert answer.status == 200
        return answer.body

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.engine.heard]


def _always(_: str) -> bool:
    return True


@pytest.fixture
def replica() -> Replica:
    """One process that answers in the request."""
    return Replica(Paper(), MemoryShelf(), os.urandom(32))


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """A real Redis."""
    with real_redis.server() as url:
        yield url


@pytest.fixture
async def two(redis_url: str) -> AsyncIterator[tuple[Replica, Replica, Post]]:
    """Two replicas with one Redis."""
    key, post = os.urandom(32), Post()
    shelves = RedisShelf(redis_url), RedisShelf(redis_url)
    yield Replica(post, shelves[0], key), Replica(post, shelves[1], key), post
    for shelf in shelves:
        await shelf._redis.aclose()


async def test_a_repeated_message_gets_the_same_answer_and_is_done_once(replica: Replica) -> None:
    first = await replica.gets(1, "+1", "one")
    assert "heard: one" in first
    assert await replica.gets(1, "+1", "one") == first
    assert replica.texts == ["one"]


async def test_an_old_repeated_message_is_never_done_again(replica: Replica) -> None:
    await replica.gets(1, "+1", "one")
    await replica.gets(2, "+1", "two")
    assert "heard" not in await replica.gets(1, "+1", "one")
    assert replica.texts == ["one", "two"]


async def test_a_repeated_stop_gets_the_same_words_and_begins_nothing(replica: Replica) -> None:
    await replica.gets(1, "+1", "one")
    first = await replica.gets(2, "+1", "stop")
    assert first and await replica.gets(2, "+1", "stop") == first
    assert replica.texts == ["one"]


async def test_an_answer_that_takes_too_long_comes_with_the_next_message(replica: Replica) -> None:
    await replica.gets(1, "+1", "one")
    replica.engine.slow = 0.3
    assert await replica.gets(2, "+1", "two") == MESSAGES.text("en", "channel.working")
    await asyncio.sleep(0.3)
    assert "heard: two" in await replica.gets(3, "+1", "ok")
    assert replica.texts == ["one", "two"], "what fetches the answer is no answer itself"
    replica.engine.slow = 0
    assert "heard: four" in await replica.gets(4, "+1", "four")


async def test_who_asks_too_early_is_asked_to_wait_again(replica: Replica) -> None:
    await replica.gets(1, "+1", "one")
    replica.engine.slow = 0.6
    working = MESSAGES.text("en", "channel.working")
    assert await replica.gets(2, "+1", "two") == working
    assert await replica.gets(3, "+1", "ok") == working
    await asyncio.sleep(0.5)
    assert "heard: two" in await replica.gets(4, "+1", "ok")
    assert replica.texts == ["one", "two"]


async def test_erasing_does_not_wait_for_an_owed_answer(replica: Replica) -> None:
    await replica.gets(1, "+1", "one")
    replica.engine.slow = 0.5
    await replica.gets(2, "+1", "two")
    assert MESSAGES.texts("en", "gate.erased")[0] in await replica.gets(3, "+1", "erase")
    await asyncio.sleep(0.6)
    replica.engine.slow = 0
    assert "two" not in await replica.gets(4, "+1", "hello there")


async def test_what_was_cut_off_in_the_middle_is_not_done_again() -> None:
    post = Post()
    replica = Replica(post, MemoryShelf(), os.urandom(32))
    await replica.gets(1, "+1", "one")
    replica.engine.slow = 5
    cut = asyncio.create_task(replica.gets(2, "+1", "two"))
    await asyncio.sleep(0.1)
    cut.cancel()
    await asyncio.gather(cut, return_exceptions=True)
    replica.engine.slow = 0
    await replica.gets(2, "+1", "two")
    assert replica.texts == ["one", "two"]
    assert post.sent[-1][1] == MESSAGES.text("en", "gate.went_wrong")


async def test_what_waited_while_she_erased_is_not_heard_afterwards() -> None:
    post = Post()
    replica = Replica(post, MemoryShelf(), os.urandom(32))
    await replica.gets(1, "+1", "one")
    replica.engine.slow = 0.3
    waiting = [asyncio.create_task(replica.gets(n, "+1", f"waits {n}")) for n in (2, 3, 4)]
    await asyncio.sleep(0.1)
    await replica.gets(5, "+1", "erase")
    await asyncio.gather(*waiting)
    assert replica.texts == ["one", "waits 2"]
    assert post.sent[-1][1] == MESSAGES.texts("en", "gate.erased")[-1]


async def test_a_conversation_goes_on_over_midnight_and_the_pseudonym_changes_after_it(
    replica: Replica,
) -> None:
    await replica.gets(1, "+1", "one")
    replica.now += 0.6 * DAY
    await replica.gets(2, "+1", "two")
    one, two = (sender for sender, _ in replica.engine.heard)
    assert one == two, "in the middle of a conversation"
    await replica.gets(3, "+1", "erase")
    await replica.gets(4, "+1", "three")
    assert replica.engine.heard[-1][0] != one


async def test_pseudonyms_of_two_days_ago_cannot_be_worked_out(replica: Replica) -> None:
    before = await replica.pseudonyms.of("sms", "+1")
    replica.now += 2 * DAY
    after = await replica.pseudonyms.of("sms", "+1")
    assert not set(before) & set(after)
    assert len(replica.pseudonyms._keys) <= 3


async def test_replicas_know_people_by_the_same_pseudonym(
    two: tuple[Replica, Replica, Post],
) -> None:
    one, other, _ = two
    assert await one.pseudonyms.of("sms", "+1") == await other.pseudonyms.of("sms", "+1")


async def test_two_replicas_do_a_message_once_and_one_after_the_other(
    two: tuple[Replica, Replica, Post],
) -> None:
    one, other, post = two
    await one.gets(1, "+1", "hello")
    one.engine.slow = other.engine.slow = 0.1
    await asyncio.gather(*(r.gets(2, "+1", "two") for r in (one, other, one, other)))
    assert (one.texts + other.texts).count("two") == 1
    assert [text for _, text in post.sent].count("heard: two") == 1


@pytest.mark.parametrize("where", ["fields", "types", "nothing", "list"])
async def test_a_verified_body_that_makes_no_sense_is_refused(replica: Replica, where: str) -> None:
    genuine = letter(1, "+1", "one")
    bodies = {"fields": b'{"x":1}', "types": b"7", "nothing": b"", "list": b"[]"}
    answer = await replica.door.take(type(genuine)(genuine.url, genuine.headers, bodies[where]))
    assert answer.status == 400 and not answer.body


async def test_a_flood_is_told_once_and_others_are_heard() -> None:
    post = Post()
    replica = Replica(post, MemoryShelf(), os.urandom(32), burst=10)
    for n in range(60):
        await replica.gets(n, "+1", f"flood {n}")
    await replica.gets(1000, "+2", "somebody else")
    assert len([t for t in replica.texts if t.startswith("flood")]) == 10
    too_fast = MESSAGES.text("en", "gate.too_fast")
    assert [text for _, text in post.sent].count(too_fast) == 1
    assert replica.texts[-1] == "somebody else"


async def test_an_office_with_one_address_for_all_is_not_one_sender() -> None:
    replica = Replica(Post(), MemoryShelf(), os.urandom(32), burst=3)
    for n in range(60):
        await replica.gets(n, f"+{n % 20}", f"one of many {n}")
    assert len(replica.texts) == 60


async def test_thousands_of_messages_with_retries_once_each_and_in_order() -> None:
    people, each = 150, 20
    post, chance = Post(), random.Random(11)
    replica = Replica(post, MemoryShelf(), os.urandom(32))

    async def writes(person: int) -> None:
        for n in range(each):
            event = person * 1000 + n
            again = [event - chance.randrange(n)] if n and chance.random() < 0.3 else []
            times = [event] * chance.choice([1, 1, 2, 3]) + again
            await asyncio.gather(
                *(replica.gets(e, f"+{person}", f"{person}/{e % 1000}", order=e) for e in times)
            )

    await asyncio.gather(*(writes(person) for person in range(people)))
    answered = defaultdict(list)
    for address, text in post.sent:
        if text.startswith("heard: "):
            answered[address].append(text.removeprefix("heard: "))
    for person in range(people):
        expected = [f"{person}/{n}" for n in range(each)]
        assert answered[f"+{person}"] == expected
    assert len(replica.texts) == people * each


async def test_what_is_delivered_again_uses_up_nothing() -> None:
    post = Post()
    replica = Replica(post, MemoryShelf(), os.urandom(32), burst=3)
    replica.engine.slow = 0.01
    for n in range(3):
        for _ in range(3):
            await asyncio.gather(*(replica.gets(n, "+1", f"message {n}") for _ in range(8)))
    assert replica.texts == ["message 0", "message 1", "message 2"]
    assert MESSAGES.text("en", "gate.too_fast") not in [text for _, text in post.sent]
    assert not replica.door._taken
