"""The Task Force's room: for its accounts only, without counts, and sealed."""

from __future__ import annotations

import pytest

from tests.inbox.world import FocalPoint, Page, World
from vault.keys import PrivateKey


@pytest.fixture
async def room(world: World, page: Page) -> Page:
    """Signed in as somebody of the Task Force."""
    await page.sign_in(world.focal_point("Task Force", "task-force"))
    return page


def open_round(world: World) -> str:
    key = PrivateKey.new().public()
    return world.rounds.open("victim-experience-1", "open", key).round_id


async def test_rounds_are_listed_without_counts(world: World, room: Page) -> None:
    world.rounds.close(open_round(world))
    open_round(world)
    rounds = (await room.post("/taskforce/api/rounds")).json()["rounds"]
    assert [(one["round_id"], one["state"]) for one in rounds] == [("r2", "open"), ("r1", "closed")]
    assert set(rounds[0]) == {"round_id", "number", "instrument", "state", "opened", "closed"}


async def test_a_closed_round_is_handed_out_sealed(world: World, room: Page) -> None:
    round_id = open_round(world)
    world.bundles[round_id] = b"sealed"
    answer = await room.post("/taskforce/api/bundle", round_id=round_id)
    assert answer.status_code == 409
    world.rounds.close(round_id)
    answer = await room.post("/taskforce/api/bundle", round_id=round_id)
    assert (answer.status_code, answer.content) == (200, b"sealed")
    assert answer.headers["Cache-Control"] == "no-store"


async def test_there_are_no_other_rounds(room: Page) -> None:
    assert (await room.post("/taskforce/api/bundle", round_id="r9")).status_code == 404
    assert (await room.post("/taskforce/api/bundle", round_id="../etc")).status_code == 422


async def test_focal_points_and_strangers_stay_outside(
    world: World, page: Page, amina: FocalPoint
) -> None:
    world.rounds.close(open_round(world))
    for path, body in (("rounds", {}), ("bundle", {"round_id": "r1"})):
        page.token = None
        assert (await page.post(f"/taskforce/api/{path}", **body)).status_code == 401
        await page.sign_in(amina)
        answer = await page.post(f"/taskforce/api/{path}", **body)
        assert answer.status_code == 403
        assert answer.headers["Content-Type"] == "application/problem+json"
