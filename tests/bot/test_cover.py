"""The safe word: a harmless subject until it is said again, with and without the engine."""

from __future__ import annotations

import pytest

from bot.turn import Turn
from tests.bot.test_dialogue import MESSAGES, WORDS, World, world  # noqa: F401

SAFE = WORDS.safe_word("en")
HARMLESS = set(MESSAGES.texts("en", "gate.harmless"))


def spoken(turn: Turn) -> list[str]:
    return [message.text for message in turn.messages]


async def test_the_word_changes_the_subject_and_clears_the_screen(world: World) -> None:  # noqa: F811
    id = await world.begins()
    turn = await world.says(id, SAFE)
    assert spoken(turn) == list(MESSAGES.texts("en", "gate.safe_word"))
    assert turn.cleared
    assert not any(message.choices for message in turn.messages)


@pytest.mark.parametrize("text", ["hello", "what is this chat about?", "1", "…", "en français"])
async def test_nothing_brings_the_subject_back_but_the_word(world: World, text: str) -> None:  # noqa: F811
    id = await world.begins()
    await world.says(id, "is there a deadline?")
    asked = len(world.engine.heard)
    await world.says(id, SAFE)
    turn = await world.says(id, text)
    assert set(spoken(turn)) <= HARMLESS
    assert not turn.cleared
    assert len(world.engine.heard) == asked, "the engine was asked under cover"


async def test_the_lines_change(world: World) -> None:  # noqa: F811
    id = await world.begins()
    await world.says(id, SAFE)
    lines = [spoken(await world.says(id, "hm"))[0] for _ in HARMLESS]
    assert set(lines) == HARMLESS


async def test_the_word_again_leads_back(world: World) -> None:  # noqa: F811
    id = await world.begins()
    await world.says(id, SAFE)
    world.engine.away = True
    turn = await world.says(id, SAFE)
    assert spoken(turn)[0] == MESSAGES.text("en", "gate.safe_word_over")
    assert turn.messages[-1].choices
    assert not turn.cleared


@pytest.mark.parametrize(
    ("text", "gate"), [("erase", "erase"), ("i want to kill myself", "crisis")]
)
async def test_erasing_and_danger_are_honoured_under_cover(
    world: World,  # noqa: F811
    text: str,
    gate: str,
) -> None:
    id = await world.begins()
    await world.says(id, SAFE)
    assert (await world.says(id, text)).gate == gate


async def test_the_consoling_sentence_is_said_once_in_a_chat(world: World) -> None:  # noqa: F811
    id = await world.begins()
    first = spoken(await world.says(id, "i want to kill myself"))
    second = spoken(await world.says(id, "i want to kill myself"))
    assert first[0] != second[0]
    assert first[1:] == second[1:], "what to do is said again"
    await world.says(id, "is there a deadline?")
    assert spoken(await world.says(id, "i want to kill myself")) == second
