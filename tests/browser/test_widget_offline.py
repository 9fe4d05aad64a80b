"""The connection goes while somebody types, chooses, changes the language or seals.

Nothing typed is lost, nothing is kept on the device, and the words say what is so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import test_sealed_account as sealed
from tests.browser.conftest import Guard
from tests.browser.fake_service import OPENING, message
from tests.browser.person import Person
from tests.browser.rules_service import RulesService, running

pytestmark = pytest.mark.browser

GONE = "The connection was lost. What you wrote is still here."
CUT = "ERR_|Failed to load"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulesService]:
    with running(tmp_path_factory.mktemp("offline")) as started:
        yield started


@pytest.fixture
def writing(page: Page, service: RulesService, guard: Guard) -> sealed.Person:
    """Somebody in front of the real chat, whose connection will go."""
    guard.expect_error(CUT)
    return sealed.Person(page, service)


def test_typing_goes_on_without_a_connection(talking: Person, context: BrowserContext) -> None:
    talking.box.press_sequentially("It was ")
    context.set_offline(True)
    talking.box.press_sequentially("in the lift.")
    expect(talking.status).to_be_empty()  # nothing was sent, so nothing was lost
    context.set_offline(False)
    talking.box.press("Enter")
    talking.reads("Heard.")
    assert talking.fake.texts == ["It was in the lift."]


def test_the_words_of_another_language_may_be_lost(
    talking: Person, context: BrowserContext, guard: Guard
) -> None:
    guard.expect_error(CUT)
    talking.box.fill("half a sentence")
    context.set_offline(True)
    language = talking.page.locator("speaksafe-chat select")
    language.select_option("fr")
    expect(talking.status).to_contain_text("The text in that language did not arrive")
    expect(language).to_have_value("en")
    expect(talking.button("Leave quickly")).to_be_visible()
    talking.presses("Try again")
    expect(talking.status).to_contain_text("The text in that language did not arrive")
    assert talking.page.locator("speaksafe-chat .status p").count() == 1
    context.set_offline(False)
    talking.fake.answers = [[message("Bonjour.")]]
    talking.fake.lang = "fr"
    talking.presses("Try again")
    talking.reads("Bonjour.")
    expect(talking.button("Quitter vite")).to_be_visible()
    expect(language).to_have_value("fr")
    expect(talking.status).to_be_empty()
    expect(talking.box).to_have_value("half a sentence")
    assert talking.fake.choices == ["menu:start", "lang:fr"]


def test_a_lost_language_does_not_take_the_way_on_away(talking: Person, guard: Guard) -> None:
    guard.expect_error(CUT)
    talking.fake.ended = True
    talking.writes("stop")
    expect(talking.status).to_contain_text("This chat has ended.")
    talking.page.route("**/chat/strings/*", lambda route: route.abort())
    talking.page.locator("speaksafe-chat select").select_option("fr")
    expect(talking.status).to_contain_text("The text in that language did not arrive")
    talking.fake.ended = False
    talking.fake.answers = [OPENING]
    talking.presses("Start a new chat")
    talking.reads("What would you like to do?")


def test_what_the_service_speaks_already_is_kept(talking: Person, guard: Guard) -> None:
    """She asked in her own words; only the window's own words are lost, and come later."""
    guard.expect_error(CUT)
    talking.page.route("**/chat/strings/*", lambda route: route.abort())
    talking.fake.answers = [[message("Bonjour.")], [message("Oui.")]]
    talking.fake.lang = "fr"
    talking.writes("en français")
    talking.reads("Bonjour.")
    expect(talking.status).to_contain_text("The text in that language did not arrive")
    talking.writes("ça va")
    talking.reads("Oui.")
    expect(talking.status).to_contain_text("The text in that language did not arrive")
    assert talking.fake.choices == ["menu:start"]  # it is not asked to speak English again
    talking.page.unroute("**/chat/strings/*")
    talking.page.locator("speaksafe-chat select").select_option("en")
    talking.page.locator("speaksafe-chat select").select_option("fr")
    expect(talking.button("Quitter vite")).to_be_visible()


def test_a_module_that_was_lost_comes_later(
    writing: sealed.Person, context: BrowserContext
) -> None:
    """By another address: some browsers remember that one did not come, and never ask again."""
    context.route("**/chat/held.js*", lambda route: route.abort("internetdisconnected"))
    writing.comes_to_the_account()
    writing.box.fill(sealed.ACCOUNT)
    writing.page.keyboard.press("Enter")
    expect(writing.chat.get_by_text(GONE)).to_be_visible()
    expect(writing.box).to_have_value(sealed.ACCOUNT)
    context.unroute("**/chat/held.js*")
    writing.chat.get_by_role("button", name="Try again").click()
    writing.reads("I have kept it")
    asked = [request.url for request in writing.sent if "/chat/held.js" in request.url]
    assert len(set(asked)) == len(asked) > 1
    assert not any(sealed.NAME in body for body in writing.bodies())


def test_an_account_is_sealed_and_sent_after_the_connection_came_back(
    writing: sealed.Person, context: BrowserContext, service: RulesService
) -> None:
    writing.comes_to_the_account()
    writing.box.press_sequentially("He waits for me ")
    context.set_offline(True)
    writing.box.press_sequentially("at the lift.")
    writing.page.keyboard.press("Enter")
    expect(writing.chat.get_by_text(GONE)).to_be_visible()
    expect(writing.box).to_have_value("He waits for me at the lift.")
    context.set_offline(False)
    writing.chat.get_by_role("button", name="Try again").click()
    writing.reads("I have kept it")
    writing.presses("I have said it all", "When and where")
    for question in ("Who was involved", "What would you like", "danger", "anonymous"):
        writing.presses("Skip", question)
    writing.presses("Stay anonymous", "Is it right?")
    writing.presses("It is right, go on", "Shall I send it?")
    context.set_offline(True)
    writing.page.get_by_role("button", name="Yes, send it").last.click()
    expect(writing.chat.get_by_text(GONE)).to_be_visible()
    context.set_offline(False)
    writing.chat.get_by_role("button", name="Try again").click()
    writing.reads("type its last")
    sent = [json.loads(body) for body in writing.bodies() if "envelope" in body]
    assert all(one == sent[0] for one in sent)
    assert not service.remembers("He waits for me")


def test_a_survey_answer_is_given_once_after_the_connection_came_back(
    writing: sealed.Person, context: BrowserContext
) -> None:
    writing.presses("Take the survey", "Would you like to start?")
    writing.presses("Start", "Which fits you?")
    context.set_offline(True)
    writing.page.get_by_role("button", name="It has ended").last.click()
    expect(writing.chat.get_by_text(GONE)).to_be_visible()
    expect(writing.page.get_by_role("button", name="It has ended").last).to_be_enabled()
    assert writing.log.locator(".own").count() == 2
    context.set_offline(False)
    writing.chat.get_by_role("button", name="Try again").click()
    writing.reads("Question 1 of about")
    writing.box.fill("1 and 3")
    context.set_offline(True)
    writing.page.keyboard.press("Enter")
    expect(writing.chat.get_by_text(GONE)).to_be_visible()
    expect(writing.box).to_have_value("1 and 3")
    context.set_offline(False)
    writing.chat.get_by_role("button", name="Try again").click()
    writing.reads("Question 2 of about")


def test_a_reload_without_a_connection_keeps_nothing_here(
    talking: Person, context: BrowserContext, guard: Guard
) -> None:
    """It is said above the chat; what was typed lies nowhere, so nobody else finds it."""
    guard.expect_error(CUT)
    talking.box.fill("my secret")
    context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        talking.page.reload()
    context.set_offline(False)
    talking.fake.answers = [OPENING]
    talking.opens()
    talking.reads("What would you like to do?")
    expect(talking.box).to_have_value("")
    expect(talking.log).to_contain_text("This chat starts afresh each time the page is opened.")
