"""Leaving the widget quickly, and the widget on another site."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_service import OPENING, Fake
from tests.browser.person import Person

pytestmark = pytest.mark.browser


def test_a_reload_starts_anew(talking: Person) -> None:
    talking.writes("my secret")
    talking.reads("Heard.")
    talking.box.fill("half a sentence")
    talking.fake.answers = [OPENING]
    talking.page.reload()
    talking.reads("What would you like to do?")
    assert talking.own() == []
    assert talking.box.input_value() == ""
    assert len(talking.fake.begun) == 2
    assert talking.fake.choices == ["menu:start", "gate:exit", "menu:start"]


def exits_to(person: Person, guard: Any) -> None:
    """Puts a page where "Leave quickly" goes by default."""
    guard.allow_host("worldweather.wmo.int")
    weather = "<!doctype html><title>Weather</title><p>Sunny</p>"
    person.page.route(
        "https://worldweather.wmo.int/**",
        lambda route: route.fulfill(body=weather, content_type="text/html"),
    )


def by_button(person: Person) -> None:
    person.presses("Leave quickly")


def by_escape(person: Person) -> None:
    person.page.keyboard.press("Escape")
    expect(person.status).to_contain_text("Press Esc once more")
    person.page.keyboard.press("Escape")


@pytest.mark.parametrize("way", [by_button, by_escape])
def test_leaving_quickly_clears_tells_and_cannot_be_undone(
    person: Person, guard: Any, way: Any
) -> None:
    exits_to(person, guard)
    person.opens("/elsewhere")
    person.opens().reads("What would you like to do?")
    person.writes("my secret")
    person.reads("Heard.")
    way(person)
    person.page.wait_for_url("https://worldweather.wmo.int/")
    # The page is left before its last word has arrived: it travels on alone.
    for _ in range(100):
        if "gate:exit" in person.fake.choices:
            break
        person.page.wait_for_timeout(50)
    assert person.fake.choices[-1] == "gate:exit"
    assert person.fake.choices.count("gate:exit") == 1
    person.page.go_back()
    expect(person.page).to_have_url(f"{person.fake.origin}/elsewhere")


def test_leaving_blanks_the_screen_before_the_next_page_has_come(
    talking: Person, guard: Any
) -> None:
    guard.allow_host("worldweather.wmo.int")
    # No content: the browser stays where it is, as if the next page never came.
    talking.page.route("https://worldweather.wmo.int/**", lambda route: route.fulfill(status=204))
    talking.writes("my secret")
    talking.reads("Heard.")
    with talking.page.expect_request("https://worldweather.wmo.int/"):
        talking.presses("Leave quickly")
    assert talking.page.evaluate("document.body.innerHTML + document.title") == ""


def test_escape_pressed_slowly_or_held_does_not_leave(page: Page, person: Person) -> None:
    page.clock.install()
    person.opens().reads("What would you like to do?")
    page.keyboard.press("Escape")
    held = "new KeyboardEvent('keydown', {key: 'Escape', repeat: true, bubbles: true})"
    page.evaluate(f"document.body.dispatchEvent({held})")
    expect(person.status).to_contain_text("Press Esc once more")
    page.clock.fast_forward(3_100)
    expect(person.status).to_be_empty()
    page.keyboard.press("Escape")
    person.writes("still here")
    person.reads("Heard.")


def test_a_page_kept_by_the_browser_shows_nothing_of_before(talking: Person) -> None:
    talking.writes("my secret")
    talking.reads("Heard.")
    talking.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert talking.log.inner_text() == ""
    talking.fake.answers = [OPENING]
    talking.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    talking.reads("What would you like to do?")
    assert talking.own() == []
    assert talking.fake.choices == ["menu:start", "gate:exit", "menu:start"]


def test_a_late_answer_does_not_come_back_after_leaving(talking: Person) -> None:
    talking.fake.gate.clear()
    talking.writes("my secret")
    expect(talking.page.locator(".dots")).to_be_visible()
    talking.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    with talking.page.expect_response("**/chat/messages"):
        talking.fake.gate.set()
    assert talking.log.inner_text() == ""


def tag(fake: Fake, attributes: str = "") -> str:
    return f'<script src="{fake.origin}/widget.js" defer {attributes}></script>'


@pytest.fixture
def elsewhere(person: Person) -> Person:
    """Another site, on another origin, with the widget's script tag."""
    person.fake.tag = tag(person.fake, 'data-lang="fr" data-exit="/elsewhere"')
    person.page.goto(person.fake.origin.replace("127.0.0.1", "localhost") + "/host")
    return person


def test_one_script_tag_is_enough_on_another_site(elsewhere: Person) -> None:
    assert elsewhere.fake.begun == []  # nothing is asked for before it is opened
    elsewhere.presses("Conversation avec Speaksafe")
    elsewhere.reads("What would you like to do?")
    expect(elsewhere.page.get_by_role("dialog", name="Speaksafe")).to_be_visible()
    expect(elsewhere.box).to_be_focused()
    elsewhere.writes("bonjour")
    elsewhere.reads("Heard.")


def test_the_window_is_closed_and_opened_without_losing_the_chat(elsewhere: Person) -> None:
    elsewhere.presses("Conversation avec Speaksafe")
    elsewhere.reads("What would you like to do?")
    elsewhere.presses("Fermer la fenêtre de conversation")
    expect(elsewhere.page.get_by_role("dialog")).to_have_count(0)
    expect(elsewhere.button("Conversation avec Speaksafe")).to_be_focused()
    elsewhere.presses("Conversation avec Speaksafe")
    elsewhere.reads("What would you like to do?")
    assert len(elsewhere.fake.begun) == 1


def test_leaving_another_site_tells_nobody_where_from(elsewhere: Person) -> None:
    elsewhere.presses("Conversation avec Speaksafe")
    elsewhere.reads("What would you like to do?")
    elsewhere.presses("Quitter vite")
    elsewhere.page.wait_for_url("**/elsewhere")
    expect(elsewhere.page.locator("#referrer")).to_have_text("none")
    elsewhere.page.wait_for_timeout(100)
    assert elsewhere.fake.choices == ["menu:start", "gate:exit"]


def test_escape_means_nothing_while_the_window_is_closed(elsewhere: Person) -> None:
    expect(elsewhere.button("Conversation avec Speaksafe")).to_be_visible()
    elsewhere.page.keyboard.press("Escape")
    elsewhere.page.keyboard.press("Escape")
    expect(elsewhere.button("Conversation avec Speaksafe")).to_be_visible()


def test_an_address_that_runs_code_is_no_exit(person: Person, guard: Any) -> None:
    exits_to(person, guard)
    person.fake.tag = tag(person.fake, 'data-open data-exit="javascript:alert(1)"')
    person.opens("/host").reads("What would you like to do?")
    person.presses("Leave quickly")
    person.page.wait_for_url("https://worldweather.wmo.int/")
