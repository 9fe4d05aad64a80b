"""The second factor at the page: switched on with a phone, asked for, wanted by an office."""

from __future__ import annotations

import re
import time

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Guard
from tests.browser.inbox.reader import PASSPHRASE, PHONE, REFUSED, Reader, barriers
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint

pytestmark = pytest.mark.browser

#: A phone shows a page that is too wide smaller, so the width is compared with what was asked for.
NARROW = "document.documentElement.scrollWidth <= screen.width"


def phone(page: Page) -> pyotp.TOTP:
    """What a phone makes of the key on the page."""
    return pyotp.TOTP(page.locator("output").inner_text().replace(" ", ""))


def shows(codes: pyotp.TOTP, later: int = 0) -> str:
    """The code of now, or one that is taken a little early: each is good once."""
    return codes.at(int(time.time()) + 30 * later)


def switches_on(reader: Reader) -> tuple[pyotp.TOTP, list[str]]:
    """From the picture to the ten codes."""
    expect(reader.page.get_by_role("img", name="Picture for the app on your phone")).to_be_visible()
    codes = phone(reader.page)
    reader.fills("The code that the app shows now", shows(codes))
    reader.presses("Check the code")
    reader.heading("Your ten recovery codes")
    recovery = reader.page.locator(".codes li").all_inner_texts()
    assert len(set(recovery)) == 10
    return codes, recovery


def test_it_is_switched_on_asked_for_and_switched_off(
    world: LiveWorld, reader: Reader, guard: Guard, amina: FocalPoint
) -> None:
    guard.expect_error(REFUSED)
    reader.opens().signs_in()
    reader.presses("Your account")
    reader.reads("It is off.")
    reader.presses("Switch it on")
    codes, recovery = switches_on(reader)
    reader.presses("Go on")
    reader.reads("Please keep the codes first")
    reader.page.get_by_label("I have kept the codes in a safe place").check()
    reader.presses("Go on")
    reader.reads("The second factor is on.")
    reader.reads("Recovery codes left: 10")
    reader.presses("Go back")
    reader.heading("Your cases")

    reader.presses("Sign out")
    reader.signs_in()
    reader.reads("That did not work.")
    reader.fills("Code from your phone", shows(codes, later=1))
    reader.signs_in()
    reader.heading("Your cases")

    reader.presses("Your account")
    reader.fills("Code from your phone", "000000")
    reader.presses("Switch it off")
    reader.reads("This code did not work.")
    reader.fills("Code from your phone", recovery[0])
    reader.presses("Switch it off")
    reader.reads("It is off.")
    assert not any(codes.secret in request.url for request in reader.sent)
    assert codes.secret not in reader.bodies()


def test_another_phone_takes_the_place_of_the_first(
    world: LiveWorld, reader: Reader, guard: Guard, amina: FocalPoint
) -> None:
    reader.opens().signs_in()
    reader.presses("Your account")
    reader.presses("Switch it on")
    first, recovery = switches_on(reader)
    reader.page.get_by_label("I have kept the codes in a safe place").check()
    reader.presses("Go on")
    reader.fills("Code from your phone", recovery[3])
    reader.presses("Use another phone or get new recovery codes")
    reader.heading("Second factor")
    second, fresh = switches_on(reader)
    assert first.secret != second.secret and not set(recovery) & set(fresh)


@pytest.mark.parametrize("strict", [("unv-office",)])
def test_an_office_that_wants_one_is_obeyed_before_any_case_is_shown(
    world: LiveWorld, reader: Reader, amina: FocalPoint, strict: tuple[str, ...]
) -> None:
    world.case("unv-office", days_ago=1)
    reader.opens().signs_in()
    reader.reads("Your office wants a second factor")
    expect(reader.page.get_by_role("button", name="Your account")).to_have_count(0)
    secret = reader.page.locator("output").inner_text()
    reader.page.get_by_label("Language").select_option("fr")
    expect(reader.page.locator("html")).to_have_attribute("lang", "fr")
    assert reader.page.locator("output").inner_text() == secret
    reader.page.get_by_label("Langue").select_option("en")
    switches_on(reader)
    reader.page.get_by_label("I have kept the codes in a safe place").check()
    reader.presses("Go on")
    reader.heading("Your cases")
    reader.presses("Your account")
    reader.reads("It is on.")
    expect(reader.page.get_by_role("button", name="Switch it off")).to_have_count(0)


def test_a_new_passphrase_does_not_take_the_second_factor_away(
    world: LiveWorld, reader: Reader, guard: Guard, amina: FocalPoint
) -> None:
    guard.expect_error(REFUSED)
    who = world.accounts.sign_in("amina", amina.secrets.sign_in)
    assert who is not None
    codes = pyotp.TOTP(world.factors.begin(who.account_id))
    now = world.real_now()
    assert world.factors.confirm(who.account_id, codes.at(now), now)
    code = world.accounts.invite("amina", ["unv-office"])
    reader.opens().makes_a_key(code)
    reader.reads("Your key is made. Please sign in now")
    reader.fills("Code from your phone", shows(codes, later=1))
    reader.signs_in()
    reader.heading("Your cases")


def test_by_keyboard_the_drafts_outlive_a_look_at_the_account(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    world.case("unv-office", days_ago=1)
    reader.opens().signs_in()
    reader.opens_case()
    reader.fills("Your answer", "half a sentence")
    reader.page.get_by_role("button", name="Your account").focus()
    reader.page.keyboard.press("Enter")
    reader.heading("Your account")
    expect(reader.page.locator("h1")).to_be_focused()
    reader.presses("Go back")
    expect(reader.page.get_by_label("Your answer")).to_have_value("half a sentence")


@pytest.mark.parametrize(
    "context_options",
    [{}, {"color_scheme": "dark"}, PHONE | {"locale": "ar"}],
    ids=["light", "dark", "Arabic on a phone"],
)
def test_no_view_of_it_keeps_anybody_out(
    reader: Reader, amina: FocalPoint, context_options: dict[str, object]
) -> None:
    page = reader.opens().page
    page.locator("#name").fill("amina")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("form button.main").click()
    page.locator("#account").click()
    expect(page.locator("article .card").first).to_be_visible()
    assert barriers(page) == [] and page.evaluate(NARROW)
    page.locator("article .card button.main").first.click()
    expect(page.locator(".qr")).to_be_visible()
    assert barriers(page) == [] and page.evaluate(NARROW)
    page.locator("#factor").fill(shows(phone(page)))
    page.locator("form button.main").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert barriers(page) == [] and page.evaluate(NARROW)
    for code in page.locator(".codes li").all_inner_texts():
        assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)
