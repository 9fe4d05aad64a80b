"""The list of a busy focal point: what waits, what is sought."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.inbox.reader import Reader
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint

pytestmark = pytest.mark.browser


def lines(reader: Reader) -> list[str]:
    return reader.page.locator(".case").all_inner_texts()


def test_what_waits_longest_stands_first_and_says_so(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    world.case("unv-office", days_ago=0)
    world.case("unv-office", days_ago=9)
    world.case("unv-office", days_ago=4)
    reader.opens().signs_in()
    expect(reader.page.locator(".case")).to_have_count(3)
    first, second, third = lines(reader)
    assert "Answer overdue" in first
    assert "wrote 9 days ago" in first
    assert "Answer due" in second
    assert "Answer" not in third


def test_the_list_can_be_narrowed(world: LiveWorld, reader: Reader, amina: FocalPoint) -> None:
    world.case("unv-office", days_ago=1)
    closed = world.case("unv-office", days_ago=9)
    world.cases.set_status(closed.case_id, "closed")
    world.cases.mark_read(closed.case_id, "focal_point")
    reader.opens().signs_in()
    for choice, count in (("closed", 1), ("new", 1), ("waiting", 1), ("all", 2)):
        reader.page.get_by_label("Show", exact=True).select_option(choice)
        expect(reader.page.locator(".case")).to_have_count(count)


def test_searching_looks_only_into_what_was_opened_and_sends_nothing(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    world.case("unv-office", days_ago=1, account="He waits in the CAFÉTÉRIA every noon.")
    other = world.case("unv-office", days_ago=2, account="She writes to me from the cafeteria.")
    reader.opens().signs_in()
    box = reader.page.get_by_label("Search in the cases you have opened")
    box.fill("cafeteria")
    reader.reads("Nothing was found")
    reader.presses("Open the other cases here to search in them: 2")
    expect(reader.page.locator(".case")).to_have_count(2)
    expect(reader.page.locator("mark")).to_have_text(["cafeteria", "CAFÉTÉRIA"])
    stored = world.cases.get(other.case_id)
    assert stored is not None
    assert (stored.status, stored.unread_by_focal_point) == ("received", True)
    box.fill("every noon")
    expect(reader.page.locator(".case")).to_have_count(1)
    assert "cafeteria" not in reader.bodies().casefold()
    assert "every noon" not in reader.bodies()
