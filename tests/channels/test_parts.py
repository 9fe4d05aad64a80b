"""The door's small parts: who goes next, what is noted, how texts are cut."""

from __future__ import annotations

import asyncio
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.order import TooMany, Turnstile
from bot.channels.texts import split, utf16
from bot.channels.trail import MOST, Trails
from vault.state import MemoryShelf, StateStore


async def _passes(turnstile: Turnstile, name: str, order: int | None, passed: list[int]) -> None:
    async with turnstile.passing(name, order):
        passed.append(order or 0)
        await asyncio.sleep(0.01)


async def test_who_was_sent_first_goes_first() -> None:
    turnstile, passed = Turnstile(10), list[int]()
    await asyncio.gather(*(_passes(turnstile, "a", n, passed) for n in (5, 9, 7, 6, 8)))
    assert passed == [5, 6, 7, 8, 9]
    assert not turnstile.busy("a"), "nothing is kept of who has passed"


async def test_different_people_pass_side_by_side() -> None:
    turnstile, passed = Turnstile(10), list[int]()
    async with turnstile.passing("a", 1):
        await asyncio.wait_for(_passes(turnstile, "b", 2, passed), timeout=1)
    assert passed == [2]


async def test_only_so_many_wait() -> None:
    turnstile = Turnstile(2)
    passed: list[int] = []
    async with turnstile.passing("a", 1):
        waiting = [asyncio.create_task(_passes(turnstile, "a", n, passed)) for n in (2, 3)]
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            await _passes(turnstile, "a", 4, passed)
    await asyncio.gather(*waiting)
    assert passed == [2, 3]


async def test_who_gives_up_waiting_blocks_nobody() -> None:
    turnstile, passed = Turnstile(10), list[int]()
    async with turnstile.passing("a", 1):
        tasks = [asyncio.create_task(_passes(turnstile, "a", n, passed)) for n in (2, 3)]
        await asyncio.sleep(0)
        tasks[0].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert passed == [3] and not turnstile.busy("a")


async def test_who_is_let_in_while_giving_up_lets_the_next_in() -> None:
    turnstile, passed = Turnstile(10), list[int]()
    async with turnstile.passing("a", 1):
        tasks = [asyncio.create_task(_passes(turnstile, "a", n, passed)) for n in (2, 3)]
        await asyncio.sleep(0)
    tasks[0].cancel()  # its turn has come, but it has not run yet
    await asyncio.gather(*tasks, return_exceptions=True)
    assert passed == [3] and not turnstile.busy("a")


async def test_notes_of_several_at_once_are_all_kept() -> None:
    trails = Trails(StateStore(MemoryShelf(), os.urandom(32), "trail"))
    await asyncio.gather(*(trails.note("a", ids=[str(n)], order=n) for n in range(50)))
    trail = await trails.get("a")
    assert trail is not None and len(trail.ids) == 50 and trail.order == 49
    await trails.note("a", ids=[str(n) for n in range(MOST + 50)])
    trail = await trails.get("a")
    assert trail is not None and len(trail.ids) == MOST


@given(st.text(alphabet="ab .?\n🙂م؟。", max_size=400), st.integers(2, 60))
def test_a_text_that_is_cut_loses_nothing_but_space(text: str, most: int) -> None:
    pieces = split(text, most)
    assert all(0 < utf16(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.text(alphabet="ab .?\n🙂م؟。", max_size=400), st.integers(4, 60))
def test_a_text_is_cut_by_the_measure_of_the_carrier(text: str, most: int) -> None:
    pieces = split(text, most, lambda piece: len(piece.encode()))
    assert all(0 < len(piece.encode()) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
