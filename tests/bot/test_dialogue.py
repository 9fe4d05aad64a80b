"""The gate and what it does without an engine; the engine here is a fake that can be away."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.conversations import Conversations
from bot.dialogue import LONGEST, Dialogue
from bot.engine import Answer, Engine, EngineDown
from bot.turn import Turn
from bot.words import Words
from catalogue import Choice, Heard, Message, Messages, Step
from vault.state import MemoryShelf, StateStore

CONTENT = Path(__file__).resolve().parents[2] / "content"
MESSAGES = Messages.load(CONTENT)
WORDS = Words.load(CONTENT)


@dataclass
class FakeEngine(Engine):
    """Answers with what it was given, and writes down what it was asked."""

    away: bool = False
    heard: list[dict[str, Any]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    says: tuple[Message, ...] = (Message("An answer.", (Choice("More", "topic:definition"),)),)

    async def turn(self, sender: str, slots: dict[str, Any], **said: Any) -> Answer:
        if self.away:
            raise EngineDown
        self.heard.append({"sender": sender, "slots": slots, **said})
        return Answer(self.says, said.get("intent") or "faq/definition", 0.9)

    async def forget(self, sender: str) -> bool:
        self.forgotten.append(sender)
        return not self.away


class FakeWalk:
    """A walk that keeps what was said and offers to keep or delete it."""

    name = "survey"

    async def open(self, lang: str, **given: Any) -> Step:
        return Step({"said": []}, (Message("First?", free=True),))

    async def step(self, state: dict[str, Any], heard: Heard) -> Step:
        return Step({"said": [*state["said"], heard.text]}, (Message("Next?", free=True),))

    async def again(self, state: dict[str, Any], lang: str) -> Step:
        return Step(state, (Message(f"Again in {lang}?", free=True),))

    def over(self, state: dict[str, Any]) -> bool:
        return False

    async def stop(self, state: dict[str, Any], lang: str) -> Step:
        return Step(state, (Message("Keep?", (Choice("Keep", "do:keep"),)),))


@dataclass
class World:
    """A dialogue and everything around it."""

    engine: FakeEngine
    conversations: Conversations
    dialogue: Dialogue

    async def begins(self, lang: str | None = "en") -> str:
        id = self.conversations.pseudonym("web", "somebody")
        await self.dialogue.begin(id, "web", lang)
        return id

    async def says(self, id: str, text: str) -> Turn:
        turn = await self.dialogue.hear(id, text=text)
        assert turn is not None
        return turn

    async def walks(self, id: str) -> None:
        conversation = await self.conversations.find(id)
        assert conversation is not None
        conversation.walk, conversation.walk_state = "survey", {"said": ["kept"]}
        await self.conversations.keep(conversation)


@pytest.fixture
def world() -> World:
    key = os.urandom(32)
    conversations = Conversations(StateStore(MemoryShelf(), key, "conversation"), key)
    engine = FakeEngine()
    dialogue = Dialogue(MESSAGES, WORDS, conversations, engine, {"survey": FakeWalk()})
    return World(engine, conversations, dialogue)


async def test_the_engine_knows_a_pseudonym_and_nothing_else(world: World) -> None:
    id = await world.begins()
    await world.says(id, "what is harassment")
    (asked,) = world.engine.heard
    assert asked["sender"] == id
    assert "somebody" not in id
    assert len(id) == 64
    assert set(asked["slots"]) == {"language", "walk", "topic"}


async def test_pseudonyms_change_with_the_key(world: World) -> None:
    other = Conversations(StateStore(MemoryShelf(), b"k" * 32, "conversation"), b"k" * 32)
    assert other.pseudonym("web", "x") != world.conversations.pseudonym("web", "x")
    assert other.pseudonym("web", "x") != other.pseudonym("sms", "x")


@pytest.mark.parametrize(
    ("words", "gate"), [("stop", "stop"), ("delete everything", "erase"), ("eraser", None)]
)
async def test_commands_end_the_chat_while_the_engine_is_away(
    world: World, words: str, gate: str | None
) -> None:
    world.engine.away = True
    id = await world.begins()
    turn = await world.says(id, words)
    assert turn.gate == gate
    assert turn.ended is (gate is not None)
    assert (await world.conversations.find(id) is None) is turn.ended
    assert bool(world.engine.forgotten) is turn.ended


async def test_leaving_by_the_button_needs_no_engine(world: World) -> None:
    world.engine.away = True
    id = await world.begins()
    turn = await world.dialogue.hear(id, choice="gate:exit")
    assert turn is not None
    assert turn.ended
    assert await world.dialogue.hear(id, text="hello") is None


async def test_stop_in_a_walk_offers_what_can_be_kept_while_the_engine_is_away(
    world: World,
) -> None:
    world.engine.away = True
    id = await world.begins()
    await world.walks(id)
    turn = await world.says(id, "stop")
    assert not turn.ended
    assert turn.messages[-1].choices[0].value == "do:keep"


async def test_an_engine_that_is_away_is_said_honestly_and_nothing_is_lost(world: World) -> None:
    world.engine.away = True
    id = await world.begins()
    await world.walks(id)
    turn = await world.says(id, "an answer in my own words")
    assert turn.messages[0].text == MESSAGES.texts("en", "gate.engine_down")[0]
    kept = await world.conversations.find(id)
    assert kept is not None
    assert kept.walk_state == {"said": ["kept"]}


async def test_danger_is_answered_while_the_engine_is_away(world: World) -> None:
    world.engine.away = True
    id = await world.begins()
    turn = await world.says(id, "I want to kill myself")
    assert turn.gate == "crisis"
    first = MESSAGES.texts("en", "gate.crisis.self_harm")[0]
    assert turn.messages[0].text == first
    other = await world.begins()
    await world.walks(other)
    in_a_walk = await world.says(other, "I want to kill myself")
    assert in_a_walk.messages[0].text in (first, MESSAGES.text("en", "gate.crisis.again"))


async def test_danger_inside_a_walk_is_answered_and_what_was_written_is_kept(world: World) -> None:
    id = await world.begins()
    await world.walks(id)
    turn = await world.says(id, "he says he will kill me tonight, he is at my door")
    assert turn.gate == "crisis"
    assert world.engine.heard[-1]["text"].startswith("he says")
    assert turn.messages[-1].text == "An answer."


async def test_a_message_that_comes_twice_is_answered_once(world: World) -> None:
    id = await world.begins()
    one = await world.dialogue.hear(id, text="what is harassment", key="k1")
    two = await world.dialogue.hear(id, text="what is harassment", key="k1")
    assert one == two
    assert len(world.engine.heard) == 1
    await world.dialogue.hear(id, text="what is harassment", key="k2")
    assert len(world.engine.heard) == 2


async def test_a_text_that_is_too_long_is_told_so_in_words(world: World) -> None:
    id = await world.begins()
    turn = await world.says(id, "a" * (LONGEST + 1))
    assert turn.messages[0].text == MESSAGES.texts("en", "gate.too_long")[0]
    assert not world.engine.heard


async def test_a_typed_number_presses_a_choice(world: World) -> None:
    id = await world.begins()
    await world.says(id, "what is harassment")
    await world.says(id, "1")
    assert world.engine.heard[-1]["intent"] == "faq/definition"


async def test_a_language_is_changed_by_saying_so_in_the_middle_of_a_walk(world: World) -> None:
    id = await world.begins()
    await world.walks(id)
    turn = await world.says(id, "en français s'il vous plaît")
    assert turn.lang == "fr"
    assert turn.messages[0].text == "Again in fr?"
    assert not world.engine.heard


async def test_the_introduction_comes_once_and_never_before_the_answer(world: World) -> None:
    id = await world.begins()
    brief = MESSAGES.text("en", "open.brief.web")
    first = await world.says(id, "what is harassment")
    assert first.messages[0].text == "An answer."
    assert [m.text for m in first.messages].count(brief) == 1
    assert first.messages[-1].choices, "the choices stand under the last message"
    second = await world.says(id, "what is consent")
    assert brief not in [m.text for m in second.messages]


async def test_the_label_of_a_button_means_the_button_and_nothing_else(world: World) -> None:
    world.engine.says = (Message("Go on?", (Choice("Stop", "do:done"), Choice("No", "do:no"))),)
    id = await world.begins()
    await world.says(id, "what is harassment")
    turn = await world.says(id, "stop")
    assert not turn.ended
    assert world.engine.heard[-1]["choice"] == "do:done"


@pytest.mark.parametrize("nothing", ["", "   ", "-", "/", "…", "***", "\u200b\u202e", "\0"])
async def test_an_empty_message_in_a_walk_is_no_answer(world: World, nothing: str) -> None:
    id = await world.begins()
    await world.walks(id)
    turn = await world.says(id, nothing)
    assert turn.messages[0].text == "Again in en?"
    assert not world.engine.heard, "the machine learning would find something in it, even a yes"


async def test_an_empty_message_outside_a_walk_is_not_understood(world: World) -> None:
    id = await world.begins()
    await world.says(id, " ")
    assert world.engine.heard[0]["intent"] == "nlu_fallback"


async def test_leaving_does_not_wait_for_an_engine_that_hangs(world: World) -> None:
    id = await world.begins()
    async with world.conversations.lock(id):  # another message still waits for its answer
        turn = await asyncio.wait_for(world.says(id, "erase"), timeout=2)
    assert turn.ended
    assert await world.conversations.find(id) is None


async def test_a_button_of_a_walk_works_while_the_engine_is_away(world: World) -> None:
    id = await world.begins()
    await world.walks(id)
    world.engine.away = True
    turn = await world.dialogue.hear(id, choice="opt:1")
    assert turn is not None and turn.messages[0].text == "Next?"


async def test_the_stop_button_of_a_walk_works_while_the_engine_is_away(world: World) -> None:
    id = await world.begins()
    await world.walks(id)
    world.engine.away = True
    turn = await world.dialogue.hear(id, choice="do:stop")
    assert turn is not None and turn.messages[0].choices[0].value == "do:keep"


async def test_what_this_is_is_still_told_after_the_engine_was_away(world: World) -> None:
    id = await world.begins()
    world.engine.away = True
    await world.says(id, "hello")
    world.engine.away = False
    turn = await world.says(id, "what is consent?")
    assert any("not a report" in message.text for message in turn.messages)


async def test_what_the_gate_says_in_between_leaves_an_open_question_open(world: World) -> None:
    id = await world.begins()
    world.engine.says = (Message("When?", (Choice("Skip", "do:skip"),), free=True),)
    await world.says(id, "what happened then")
    await world.says(id, "x" * (LONGEST + 1))
    await world.says(id, "1")
    assert world.engine.heard[-1]["choice"] is None, "a number is her own answer here"


async def test_i_want_it_to_stop_deletes_no_draft(world: World) -> None:
    class Ends(FakeWalk):
        async def stop(self, state: dict[str, Any], lang: str) -> Step:
            return Step(None, (Message("Deleted."),))

    world.dialogue = Dialogue(
        MESSAGES, WORDS, world.conversations, world.engine, {"survey": Ends()}
    )
    id = await world.begins()
    await world.walks(id)
    assert (await world.says(id, "I want it to stop")).messages[0].text == "Next?"
    assert (await world.says(id, "stop")).messages[0].text == "Deleted."
