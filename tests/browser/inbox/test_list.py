"""The list of a busy focal point: what waits, what is sought."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from inbox import list_api
from tests.browser.inbox.reader import PHONE, Reader, barriers
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint, messages

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


def test_older_cases_come_when_they_are_asked_for(
    world: LiveWorld, reader: Reader, amina: FocalPoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_api, "PAGE", 3)
    reader.page.set_viewport_size(PHONE["viewport"])
    for days_ago in range(7):
        world.case("unv-office", days_ago=days_ago, account=f"It rained on day {days_ago}.")
    reader.opens().signs_in()
    cases = reader.page.locator(".case")
    more = reader.page.get_by_role("button", name="Show more cases")
    expect(cases).to_have_count(3)
    reader.reads("With something new: 7 · Answer due: 4")
    reader.reads("It looks only in the cases listed here so far.")
    assert barriers(reader.page) == []
    more.focus()
    reader.page.keyboard.press("Enter")
    expect(cases).to_have_count(6)
    # The first that is new to her, in the order of the list, and said aloud.
    expect(cases.nth(3)).to_be_focused()
    expect(reader.page.locator("#announcer")).to_have_text("Added to the list: 3")
    for days, text in zip((6, 5, 4, 3), lines(reader), strict=False):
        assert f"wrote {days} days ago" in text
    width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert reader.page.evaluate(width)
    # The way back leads to as much of the list as she had.
    cases.nth(4).click()
    expect(reader.page.get_by_role("heading", name="The report", exact=True)).to_be_visible()
    reader.page.go_back()
    expect(cases).to_have_count(6)
    box = reader.page.get_by_label("Search in the cases you have opened")
    box.fill("it rained")
    expect(cases).to_have_count(1)
    box.fill("")
    more.click()
    expect(cases).to_have_count(7)
    expect(more).to_be_hidden()
    expect(reader.page.get_by_text("It looks only in the cases")).to_be_hidden()
    reader.page.get_by_label("Show", exact=True).select_option("new")
    expect(cases).to_have_count(3)
    more.click()
    expect(cases).to_have_count(6)
    expect(more).to_be_hidden()


def test_the_longer_list_in_every_language(
    world: LiveWorld, reader: Reader, amina: FocalPoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_api, "PAGE", 1)
    for _ in range(2):
        world.case("unv-office", days_ago=4)
    reader.page.set_viewport_size(PHONE["viewport"])
    reader.opens().signs_in()
    for lang in ("ar", "es", "fr", "ru", "zh"):
        reader.page.locator("#language").select_option(lang)
        expect(reader.page.locator("html")).to_have_attribute("lang", lang)
        words = messages().text(lang, "inbox.list.more")
        expect(reader.page.get_by_role("button", name=words, exact=True)).to_be_visible()
        width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert reader.page.evaluate(width), lang


def test_what_she_wrote_while_her_case_was_opened_stays_unread(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    told = world.case("unv-office")

    def meanwhile(route: Route) -> None:
        world.addition(told, "He is at my door.", amina)
        route.continue_()

    reader.page.route("**/inbox/api/opened", meanwhile)
    reader.opens().signs_in()
    reader.opens_case()
    stored = world.cases.get(told.case_id)
    assert stored is not None
    assert (stored.status, stored.unread_by_focal_point) == ("opened", True)
