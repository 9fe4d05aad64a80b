"""The page without scripts, in a Chromium in which scripts are switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Guard
from tests.browser.rules_service import RulesService, running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("context_options", [{"java_script_enabled": False}]),
]

NARROW: Any = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulesService]:
    with running(tmp_path_factory.mktemp("plain")) as started:
        yield started


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def test_the_first_page_leads_to_it(page: Page, service: RulesService) -> None:
    # Browsers show what stands in <noscript>, but not when they are driven as here.
    page.goto(f"{service.origin}/?lang=en")
    aside = page.locator("noscript").inner_html()
    assert "switched off in this browser" in aside and '<a href="plain?lang=en"' in aside
    page.goto(f"{service.origin}/plain")
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_text("n’a pas besoin de JavaScript")).to_be_visible()
    page.get_by_role("link", name="English").click()
    press(page, "Start")
    expect(page.get_by_text("I am Speaksafe: a program")).to_be_visible()


def test_a_report_by_forms_alone(page: Page, service: RulesService) -> None:
    page.goto(f"{service.origin}/plain?lang=en")
    press(page, "Start")
    press(page, "Make a report")
    press(page, "To me")
    page.get_by_label("Your message").fill("World Food Programme")
    press(page, "Send")
    press(page, "Yes")
    press(page, "No, it can go there")
    expect(page.get_by_text("Please tell me what happened")).to_be_visible()
    page.get_by_label("Your message").fill("He waits for me at the lift.\nEvery evening.")
    press(page, "Send")
    press(page, "I have said it all")
    expect(page.locator("textarea")).to_have_value("")
    assert page.url == f"{service.origin}/plain"


def test_leaving_takes_the_words_away(page: Page, service: RulesService, guard: Guard) -> None:
    away = "https://worldweather.wmo.int/"
    guard.allow_host("worldweather.wmo.int")
    page.route(f"{away}**", lambda route: route.fulfill(body="<p>weather</p>"))
    page.goto(f"{service.origin}/plain?lang=en")
    press(page, "Start")
    page.get_by_label("Your message").fill("half a word")
    press(page, "Leave quickly")
    expect(page.get_by_text("weather")).to_be_visible()
    assert page.url == away


@pytest.mark.parametrize("lang", ["ar", "zh", "en", "fr", "ru", "es"])
def test_it_fits_a_narrow_screen(page: Page, service: RulesService, lang: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{service.origin}/plain?lang={lang}")
    page.locator("button.send").click()
    expect(page.locator(".choices button").first).to_be_visible()
    wide = page.locator("body").bounding_box()
    assert wide is not None and wide["width"] <= NARROW["width"]
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44, "large enough for a thumb"
        assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"]
    assert page.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
