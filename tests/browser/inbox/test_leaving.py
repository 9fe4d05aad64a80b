"""Leaving the page, wanted or not: nothing stays on the screen, nothing comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Guard
from tests.browser.inbox.reader import REFUSED, Reader
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint, Told

pytestmark = pytest.mark.browser


def test_nobody_there_for_a_quarter_of_an_hour_is_signed_out(
    reader: Reader, amina: FocalPoint
) -> None:
    reader.page.clock.install()
    reader.opens().signs_in()
    reader.heading("Your cases")
    reader.page.clock.fast_forward("14:10")
    reader.reads("Are you still there?")
    reader.presses("Stay signed in")
    expect(reader.page.get_by_role("alertdialog")).to_have_count(0)
    # The dialog tells that it was closed a moment after it is gone; only then does time go on.
    reader.page.clock.run_for(1_000)
    reader.page.wait_for_function("() => !document.querySelector('dialog[open]')")
    reader.page.clock.run_for(1_000)
    reader.page.clock.fast_forward("14:10")
    reader.reads("Are you still there?")
    reader.page.clock.fast_forward("01:00")
    reader.reads("You were signed out after 15 minutes")
    expect(reader.page.get_by_label("Passphrase", exact=True)).to_have_value("")


def test_a_machine_that_slept_wakes_up_signed_out(
    reader: Reader, amina: FocalPoint, case: Told
) -> None:
    reader.page.clock.install()
    reader.opens().signs_in()
    reader.opens_case()
    reader.page.clock.fast_forward("08:00:00")
    reader.page.mouse.move(5, 5)
    reader.reads("You were signed out after 15 minutes")
    expect(reader.page.get_by_text("door every evening")).to_have_count(0)


def test_signing_out_takes_everything_off_the_page(
    world: LiveWorld, reader: Reader, case: Told
) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    reader.fills("Your answer", "not sent yet")
    token = reader.sent[-1].headers["authorization"]
    with reader.page.expect_response("**/sign-out"):
        reader.presses("Sign out")
    reader.reads("You are signed out.")
    expect(reader.page.get_by_text("door every evening")).to_have_count(0)
    answer = reader.page.request.post(
        world.origin + "/inbox/api/cases", headers={"Authorization": token}, data={}
    )
    assert answer.status == 401
    reader.page.go_back()
    reader.heading("Sign in")
    reader.signs_in()
    reader.opens_case()
    expect(reader.page.get_by_label("Your answer")).to_have_value("")


def test_an_answer_after_signing_out_brings_nothing_back(
    reader: Reader, guard: Guard, case: Told
) -> None:
    guard.expect_error(REFUSED)  # what the page asks for next is asked in vain
    held: list[Route] = []
    reader.opens().signs_in()
    reader.heading("Your cases")
    reader.page.route("**/inbox/api/opened", lambda route: held.append(route))
    with reader.page.expect_request("**/inbox/api/opened"):
        reader.page.locator(".case").click()
    reader.presses("Sign out")
    reader.reads("You are signed out.")
    held[0].fulfill(json={"status": "opened"})
    reader.page.wait_for_timeout(200)
    reader.heading("Sign in")
    expect(reader.page.get_by_text("door every evening")).to_have_count(0)


def test_a_reload_signs_out_and_the_way_back_leads_to_the_list(reader: Reader, case: Told) -> None:
    reader.opens().signs_in()
    address = reader.page.url
    reader.opens_case()
    assert reader.page.url == address
    reader.page.go_back()
    reader.heading("Your cases")
    reader.page.reload()
    reader.heading("Sign in")
