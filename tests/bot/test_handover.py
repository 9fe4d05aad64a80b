"""Codes that take a conversation elsewhere: good once, for ten minutes, and not to be guessed."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

import pytest

from bot.conversation import Conversation
from bot.conversations import Conversations
from bot.handover import CODE_SECONDS, Handover, TooManyTries, read_code, spoken
from service.limits import Limit
from vault.state import MemoryShelf, StateStore


@dataclass
class World:
    """Two people in two channels."""

    shelf: MemoryShelf
    conversations: Conversations
    handover: Handover

    async def begins(self, id: str, channel: str = "web") -> Conversation:
        conversation = Conversation(id, channel, "en", walk="report", walk_state={"account": "x"})
        await self.conversations.keep(conversation)
        return conversation


@pytest.fixture
def world() -> World:
    key, shelf = os.urandom(32), MemoryShelf()
    conversations = Conversations(StateStore(shelf, key, "conversation"), key)
    store = StateStore(shelf, key, "handover", CODE_SECONDS)
    limits = Limit(5, 0.001).allows, Limit(50, 0.001).allows
    return World(shelf, conversations, Handover(store, conversations, *limits))


@pytest.mark.parametrize(
    "text",
    [
        "482913705",
        "482 913 705",
        " 482-913-705. ",
        "٤٨٢ ٩١٣ ٧٠٥",
        "４８２９１３７０５",
        "४८२\u202f९१३ ७०५",
        "\u2066482 913 705\u2069",
    ],
)
def test_a_code_is_read_in_any_script(text: str) -> None:
    assert read_code(text) == "482913705"


@pytest.mark.parametrize(
    "text", ["48291370", "4829137055", "482 913 70x", "code 482913705", "", "1234 " * 6, "1e8"]
)
def test_anything_else_is_no_code(text: str) -> None:
    assert read_code(text) is None


async def test_what_is_spoken_is_read_again(world: World) -> None:
    code = await world.handover.issue("a")
    assert read_code(spoken(code)) == code and spoken(code).count(" ") == 2


async def test_the_conversation_is_taken_over_once(world: World) -> None:
    await world.begins("a", "sms")
    here = await world.begins("b")
    code = await world.handover.issue("a")
    moved = await world.handover.redeem(code, here)
    assert moved is not None and moved.walk_state == {"account": "x"}
    assert await world.conversations.find("a") is None
    assert await world.handover.redeem(code, here) is None


async def test_after_ten_minutes_it_is_too_late(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    await world.begins("a")
    here = await world.begins("b")
    code = await world.handover.issue("a")
    now += CODE_SECONDS + 1
    assert await world.handover.redeem(code, here) is None
    assert await world.conversations.find("a") is not None


async def test_a_new_code_replaces_the_earlier_one(world: World) -> None:
    await world.begins("a")
    here = await world.begins("b")
    first, second = await world.handover.issue("a"), await world.handover.issue("a")
    assert await world.handover.redeem(first, here) is None
    assert await world.handover.redeem(second, here) is not None


async def test_typed_where_it_was_given_nothing_is_lost(world: World) -> None:
    here = await world.begins("a")
    code = await world.handover.issue("a")
    assert await world.handover.redeem(code, here) is None
    assert await world.conversations.find("a") is not None


async def test_one_person_may_try_a_few_times(world: World) -> None:
    await world.begins("a")
    here = await world.begins("b")
    code = await world.handover.issue("a")
    for _ in range(5):
        await world.handover.redeem("000000000" if code != "000000000" else "1" * 9, here)
    with pytest.raises(TooManyTries):
        await world.handover.redeem(code, here)


async def test_many_people_together_may_not_guess_either(world: World) -> None:
    await world.begins("a")
    with pytest.raises(TooManyTries):
        for number in range(60):
            here = Conversation(f"guesser {number}", "web", "en")
            await world.handover.redeem(f"{number:09}", here)


async def test_the_code_lies_nowhere_readable(world: World) -> None:
    await world.begins("a")
    code = await world.handover.issue("a")
    for name, (_, blob) in world.shelf._blobs.items():
        assert code not in name and code.encode() not in blob
