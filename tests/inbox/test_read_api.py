"""What counts as read is what a page has opened, and not what came while it did."""

from __future__ import annotations

from datetime import date

import pytest

from tests.inbox.world import FocalPoint, Page, World
from vault.database import Database
from vault.stores.outbox import Outbox


@pytest.mark.parametrize("waits", [False, True])
async def test_what_came_while_a_case_was_being_opened_is_still_unread(
    world: World, database: Database, amina: FocalPoint, amina_page: Page, waits: bool
) -> None:
    """Marked as read it would get neither notice nor reminder, and be deleted with its case."""
    told = world.case("unv-office")
    answer = await amina_page.post("/inbox/api/case", case_id=told.case_id)
    last = answer.json()["entries"][-1]["number"]
    if waits:
        world.addition(told, "He is at my door.", amina)
    answer = await amina_page.post("/inbox/api/opened", case_id=told.case_id, seen=last)
    assert answer.json() == {"status": "opened"}
    case = world.cases.get(told.case_id)
    assert case is not None
    assert case.unread_by_focal_point is waits
    with Outbox(database).take(date.max) as taken:
        assert (taken is not None) is waits


async def test_what_a_colleague_wrote_meanwhile_changes_nothing(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told = world.case("unv-office")
    world.cases.add_note(told.case_id, b"{}", date(2026, 5, 4))
    await amina_page.post("/inbox/api/opened", case_id=told.case_id, seen=0)
    case = world.cases.get(told.case_id)
    assert case is not None
    assert not case.unread_by_focal_point
