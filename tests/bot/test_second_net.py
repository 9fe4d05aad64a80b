"""Danger that the gate's words missed and the engine recognised is a crisis all the same."""

from __future__ import annotations

from dataclasses import dataclass

from bot.engine import Answer
from catalogue import Choice, Message
from tests.bot.test_dialogue import FakeEngine, World, world

__all__ = ["world"]

CALM = (Message("You matter."), Message("Call.", (Choice("Not meant", "do:not_meant"),)))


@dataclass
class Alarmed(FakeEngine):
    """An engine that hears danger in everything."""

    intent: str = "danger/self_harm"

    async def turn(self, sender: str, slots: dict[str, object], **said: object) -> Answer:
        answer = await super().turn(sender, slots, **said)
        return Answer(CALM, self.intent, 0.7) if not said.get("choice") else answer


def alarm(world: World) -> None:
    world.engine = Alarmed()
    world.dialogue._thinking._engine = world.engine


async def test_it_is_a_crisis_with_the_full_name_and_no_introduction(world: World) -> None:
    alarm(world)
    id = await world.begins()
    turn = await world.says(id, "tomorrow they will find an empty chair")
    assert (turn.gate, turn.intent, turn.confidence) == ("crisis", "danger/self_harm", 0.7)
    assert turn.messages == CALM
    kept = await world.conversations.find(id)
    assert kept is not None
    assert not kept.opened


async def test_not_meant_can_be_typed_or_pressed_afterwards(world: World) -> None:
    alarm(world)
    id = await world.begins()
    for typed in ("not meant", "1"):
        await world.says(id, "tomorrow they will find an empty chair")
        turn = await world.says(id, typed)
        assert world.engine.heard[-1]["choice"] == "do:not_meant"
        assert turn.gate is None


async def test_the_engine_is_told_what_the_gate_has_said(world: World) -> None:
    id = await world.begins()
    await world.walks(id)
    await world.says(id, "he says he will kill me tonight, he is at my door")
    assert world.engine.heard[-1]["calmed"] is True
    await world.says(id, "it was a tuesday")
    assert world.engine.heard[-1]["calmed"] is False


async def test_the_engine_is_told_of_words_that_only_sound_like_danger(world: World) -> None:
    id = await world.begins()
    await world.says(id, "this deadline is killing me")
    assert world.engine.heard[-1]["figure"] is True
    await world.says(id, "how long does it take")
    assert world.engine.heard[-1]["figure"] is False
