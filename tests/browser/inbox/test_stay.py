"""How long a case stays, as its readers see and decide it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Guard
from tests.browser.inbox.reader import PASSPHRASE, PHONE, REFUSED, Reader, barriers
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint, Told

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "ar", "zh", "fr", "ru", "es")


def close(world: LiveWorld, told: Told) -> None:
    """Close it, today."""
    world.cases.mark_read(told.case_id, "focal_point")
    world.cases.set_status(told.case_id, "closed")
    world.keeping.work(world.today)


def test_the_day_of_deletion_is_shown_and_a_hold_takes_it_away(
    world: LiveWorld, reader: Reader, case: Told
) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    reader.reads("It is deleted some time after it is closed.")
    close(world, case)
    day = world.today + timedelta(days=90)
    reader.page.go_back()
    reader.opens_case()
    reader.reads(f"It will be deleted on {day.day} {day:%B %Y}.")
    reader.presses("Hold the case")
    reader.reads("Please choose a reason.")
    assert world.keeping.of(case.case_id).hold is None
    reader.page.get_by_label("It has to stay because of").select_option("court")
    reader.presses("Hold the case")
    reader.reads("It is held and will not be deleted. Reason: court")
    assert world.keeping.of(case.case_id).hold == "court"
    reader.presses("End the hold")
    reader.presses("Go back")
    assert world.keeping.of(case.case_id).hold == "court"
    reader.presses("End the hold")
    reader.presses("Yes, end the hold")
    reader.reads("The hold has ended.")
    reader.reads("It will be deleted on")
    assert world.keeping.of(case.case_id).hold is None


def test_a_wish_for_deletion_is_agreed_to(world: LiveWorld, reader: Reader, case: Told) -> None:
    world.keeping.ask_deletion(case.case_id, world.today)
    reader.opens().signs_in()
    reader.opens_case()
    reader.reads("The reporter asks you to delete the case")
    reader.presses("Delete the case")
    reader.presses("Go back")
    assert world.cases.get(case.case_id) is not None
    reader.presses("Delete the case")
    reader.presses("Yes, delete everything")
    reader.reads("The case is deleted.")
    reader.heading("Your cases")
    assert world.cases.get(case.case_id) is None


def test_a_wish_for_deletion_is_refused_with_a_reason(
    world: LiveWorld, reader: Reader, case: Told
) -> None:
    world.keeping.ask_deletion(case.case_id, world.today)
    reader.opens().signs_in()
    reader.opens_case()
    reader.presses("It has to stay")
    reader.reads("Please choose a reason.")
    reader.page.get_by_label("It has to stay because of").select_option("investigation")
    reader.presses("It has to stay")
    reader.reads("Deletion was refused. The reporter sees this.")
    kept = world.keeping.of(case.case_id)
    assert (kept.deletion_refused, kept.hold) == ("investigation", "investigation")


def test_a_hold_of_a_colleague_stops_a_deletion(
    world: LiveWorld, reader: Reader, guard: Guard, case: Told
) -> None:
    guard.expect_error(REFUSED)
    world.keeping.ask_deletion(case.case_id, world.today)
    reader.opens().signs_in()
    reader.opens_case()
    world.keeping.hold(case.case_id, "rule")
    reader.presses("Delete the case")
    reader.presses("Yes, delete everything")
    reader.reads("The case is held. End the hold first")
    assert world.cases.get(case.case_id) is not None


def test_who_wants_no_more_answers_is_left_in_peace(
    world: LiveWorld, reader: Reader, case: Told
) -> None:
    world.keeping.end_follow_up(case.case_id, world.today)
    reader.opens().signs_in()
    reader.opens_case()
    reader.reads("The reporter wants no more answers.")


def test_it_can_be_held_by_keyboard(world: LiveWorld, reader: Reader, case: Told) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    reader.page.get_by_label("It has to stay because of").focus()
    keyboard = reader.page.keyboard
    keyboard.type("rule")
    keyboard.press("Tab")
    keyboard.press("Enter")
    reader.reads("The case is held now.")
    assert world.keeping.of(case.case_id).hold == "rule"


@pytest.mark.parametrize("context_options", [PHONE])
def test_in_every_language_on_a_phone_without_barriers(
    world: LiveWorld, reader: Reader, amina: FocalPoint, context_options: dict[str, object]
) -> None:
    told = world.case("unv-office", days_ago=3)
    world.keeping.ask_deletion(told.case_id, world.today)
    world.keeping.end_follow_up(told.case_id, world.today)
    page = reader.opens().page
    page.locator("#name").fill("amina")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("form button.main").click()
    page.locator(".case").click()
    for lang in LANGUAGES:
        page.locator("#language").select_option(lang)
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(page.locator("#refusal")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= screen.width"), lang
        assert barriers(page) == [], lang
