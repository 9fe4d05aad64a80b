"""Holding a case, answering a wish for deletion, and the trail of it all."""

from __future__ import annotations

import pytest

from tests.inbox.world import TODAY, FocalPoint, Page, World
from vault.stores import Leaving


async def test_how_long_it_stays_and_what_the_reporter_wishes(
    world: World, amina_page: Page
) -> None:
    told = world.case("unv-office")
    kept = await amina_page.post("/inbox/api/kept", case_id=told.case_id)
    assert kept.json() == {
        "closed_on": None,
        "delete_on": None,
        "hold": None,
        "no_follow_up": False,
        "deletion": "none",
    }
    await amina_page.post("/inbox/api/opened", case_id=told.case_id)
    world.cases.set_status(told.case_id, "closed")
    world.keeping.work(TODAY)
    world.keeping.end_follow_up(told.case_id, TODAY)
    kept = await amina_page.post("/inbox/api/kept", case_id=told.case_id)
    assert (kept.json()["delete_on"], kept.json()["no_follow_up"]) == ("2027-02-19", True)
    held = await amina_page.post("/inbox/api/hold", case_id=told.case_id, reason="court")
    assert (held.json()["hold"], held.json()["delete_on"]) == ("court", None)
    free = await amina_page.post("/inbox/api/hold", case_id=told.case_id, reason=None)
    assert free.json()["hold"] is None
    words = await amina_page.post("/inbox/api/hold", case_id=told.case_id, reason="the driver")
    assert words.status_code == 422 and "driver" not in words.text


async def test_only_a_wish_of_the_reporter_deletes(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    agree = {"case_id": told.case_id, "agree": True}
    assert (await amina_page.post("/inbox/api/deletion", **agree)).status_code == 409
    world.keeping.ask_deletion(told.case_id, TODAY)
    refuse = {"case_id": told.case_id, "agree": False}
    assert (await amina_page.post("/inbox/api/deletion", **refuse)).status_code == 422
    answer = await amina_page.post("/inbox/api/deletion", **refuse, reason="investigation")
    assert answer.status_code == 204
    assert (await amina_page.post("/inbox/api/deletion", **agree)).status_code == 409
    await amina_page.post("/inbox/api/hold", case_id=told.case_id, reason=None)
    assert (await amina_page.post("/inbox/api/deletion", **agree)).status_code == 204
    assert world.cases.get(told.case_id) is None and world.keeping.deleted() == 1


@pytest.mark.parametrize(
    ("call", "fields"),
    [("kept", {}), ("hold", {"reason": "court"}), ("deletion", {"agree": True})],
)
async def test_others_find_no_such_case(
    world: World, page: Page, call: str, fields: dict[str, object]
) -> None:
    told = world.case("unv-office")
    world.keeping.ask_deletion(told.case_id, TODAY)
    body = {"case_id": told.case_id, **fields}
    assert (await page.post(f"/inbox/api/{call}", **body)).status_code == 401
    await page.sign_in(world.focal_point("Elsewhere", "who-office"))
    assert (await page.post(f"/inbox/api/{call}", **body)).status_code == 404
    assert world.cases.get(told.case_id) is not None and world.audit.entries() == []


async def test_the_trail_tells_who_read_and_did_what(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told = world.case("unv-office")
    await amina_page.post("/inbox/api/cases")
    for _ in range(3):
        await amina_page.post("/inbox/api/case", case_id=told.case_id)
    await amina_page.post("/inbox/api/opened", case_id=told.case_id)
    await amina_page.post("/inbox/api/status", case_id=told.case_id, status="in_review")
    await amina_page.post("/inbox/api/recuse", case_id=told.case_id)
    found = world.audit.entries("unv-office")
    assert [(one.who, one.action) for one in found] == [
        ("amina", "read"),
        ("amina", "status"),
        ("amina", "step-aside"),
    ]
    assert {one.on for one in found} == {TODAY} and world.audit.verify().whole


async def test_who_is_removed_is_out_at_once(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    Leaving(world.database).remove("amina", TODAY)
    answer = await amina_page.post("/inbox/api/case", case_id=told.case_id)
    assert answer.status_code == 401
