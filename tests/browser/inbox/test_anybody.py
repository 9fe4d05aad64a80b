"""For anybody: by keyboard, on a phone, in every language, without barriers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.inbox.reader import PASSPHRASE, PHONE, Reader, barriers
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint, Told

pytestmark = pytest.mark.browser

LANGUAGES = ("ar", "zh", "fr", "ru", "es")


def test_the_language_changes_everything_but_the_reporters_words(
    reader: Reader, case: Told
) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    reader.fills("Your answer", "un début")
    reader.page.get_by_label("Language").select_option("fr")
    expect(reader.page.get_by_role("heading", name="Le signalement")).to_be_visible()
    expect(reader.page.get_by_label("Votre réponse")).to_have_value("un début")
    expect(reader.page.locator("html")).to_have_attribute("lang", "fr")
    reader.reads("He waits at my door every evening.")
    assert "The report" not in reader.page.locator("body").inner_text()


def test_everything_works_by_keyboard(reader: Reader, case: Told) -> None:
    keyboard = reader.opens().page.keyboard
    reader.page.get_by_label("Sign-in name").focus()
    keyboard.type("amina")
    keyboard.press("Tab")
    keyboard.type(PASSPHRASE)
    keyboard.press("Enter")
    reader.heading("Your cases")
    expect(reader.page.locator("h1")).to_be_focused()
    for _ in range(10):  # past what searches and filters the list
        keyboard.press("Tab")
        if reader.page.locator(".case").evaluate("it => it === it.ownerDocument.activeElement"):
            break
    expect(reader.page.locator(".case")).to_be_focused()
    keyboard.press("Enter")
    reader.reads("He waits at my door every evening.")
    reader.page.get_by_label("Your answer").focus()
    keyboard.type("typed")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(reader.page.get_by_role("button", name="Yes, send it")).to_be_focused()
    keyboard.press("Escape")
    expect(reader.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("context_options", [PHONE])
def test_nothing_sticks_out_on_a_phone(
    world: LiveWorld, reader: Reader, amina: FocalPoint, context_options: dict[str, object]
) -> None:
    told = world.case("unv-office", account="w" * 300, who="x" * 200)
    world.addition(told, "z" * 300, amina)
    sideways = "document.documentElement.scrollWidth > screen.width"
    reader.opens()
    assert not reader.page.evaluate(sideways)
    reader.signs_in()
    reader.heading("Your cases")
    assert not reader.page.evaluate(sideways)
    reader.opens_case()
    assert not reader.page.evaluate(sideways)
    for button in reader.page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_the_search_for_barriers_finds_them(page: Page) -> None:
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'><input>")
    assert any(one.startswith("image-alt") for one in barriers(page))
    assert any(one.startswith("label") for one in barriers(page))


@pytest.mark.parametrize(
    "context_options",
    [{}, {"color_scheme": "dark"}, PHONE | {"locale": "ar"}],
    ids=["light", "dark", "Arabic on a phone"],
)
def test_no_view_keeps_anybody_out(world: LiveWorld, reader: Reader, amina: FocalPoint) -> None:
    told = world.case("unv-office", days_ago=9, danger_now=True)
    world.addition(told, "He came back.", amina)
    page = reader.opens().page
    assert barriers(page) == []
    page.locator("#name").fill("amina")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("form button.main").click()
    expect(page.locator(".case")).to_have_count(1)
    assert barriers(page) == []
    page.locator(".case").click()
    expect(page.locator(".report")).to_be_visible()
    assert barriers(page) == []
    page.locator(".step button").last.click()
    expect(page.locator("dialog")).to_be_visible()
    assert barriers(page) == []


@pytest.mark.parametrize("context_options", [PHONE])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_in_every_language_nothing_sticks_out_on_a_phone(
    world: LiveWorld, reader: Reader, amina: FocalPoint, lang: str
) -> None:
    world.focal_point("bilal", "unv-office", passphrase="another long passphrase")
    world.case("unv-office", days_ago=9)
    page = reader.opens().page
    reader.signs_in()
    expect(page.locator(".case")).to_be_visible()
    page.locator("#language").select_option(lang)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    wide = "document.documentElement.scrollWidth <= screen.width"
    assert page.evaluate(wide)
    page.locator(".case").click()
    expect(page.locator(".report")).to_be_visible()
    assert page.evaluate(wide)


def test_a_browser_that_cannot_seal_is_told_so(browser: Browser, world: LiveWorld) -> None:
    page = browser.new_page(locale="fr-FR")
    page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error('no'))")
    page.goto(world.origin + "/inbox")
    expect(page.locator("#notice")).to_contain_text("Ce navigateur ne peut pas ouvrir")
    page.close()
