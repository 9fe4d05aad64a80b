"""A person's own account is sealed in her browser: the service never has her words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browser.conftest import Guard
from tests.browser.rules_service import RulesService, running
from tests.support.canary import find

pytestmark = pytest.mark.browser

NAME = "Guillemette Quatrevaux"
ACCOUNT = f"{NAME} waits for me at the lift every evening.\nكتبت هذا بخوف 🕊️"
FURTHER = "On Friday she followed me to Bourg-Planté."
WHERE = "the annex in Kleinwalsertal, last spring"
WISH = "that somebody speaks to Quatrevaux-Kanarienvogel"
PHONE = "+41 79 555 01 23"
TOLD = (NAME, "كتبت هذا بخوف", "Bourg-Planté", "Kleinwalsertal", "Kanarienvogel", PHONE)
CONTROL = "Zeisigkontrollwort"

NO_X25519 = """
const generate = crypto.subtle.generateKey.bind(crypto.subtle);
crypto.subtle.generateKey = (algorithm, ...rest) =>
  algorithm.name === 'X25519' ? Promise.reject(new Error('unknown')) : generate(algorithm, ...rest);
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RulesService]:
    with running(tmp_path_factory.mktemp("sealed"), CONTROL) as started:
        yield started


class Person:
    """Somebody in front of the chat; every request of hers is kept."""

    def __init__(self, page: Page, service: RulesService, lang: str = "en") -> None:
        self.page = page
        self.sent: list[Request] = []
        page.on("request", lambda request: self.sent.append(request))
        page.set_default_timeout(15_000)
        page.goto(f"{service.origin}/?lang={lang}")
        self.chat = page.locator("speaksafe-chat")
        self.box = page.locator("textarea")
        self.log = page.get_by_role("log")
        self.promise = self.chat.locator("footer .promise")
        expect(self.log.locator(".theirs").first).to_be_visible(timeout=30_000)

    def reads(self, text: str | re.Pattern[str]) -> Locator:
        found = self.log.locator(".theirs p").filter(has_text=text).last
        expect(found).to_be_visible(timeout=15_000)
        return found

    def writes(self, text: str, then: str) -> None:
        self.box.fill(text)
        self.page.keyboard.press("Enter")
        self.reads(then)
        expect(self.chat.locator(".dots")).to_have_count(0)

    def presses(self, label: str, then: str) -> None:
        name = re.compile(rf"^(\d+\.\s*)?{re.escape(label)}$")
        self.page.get_by_role("button", name=name, disabled=False).last.click()
        self.reads(then)
        expect(self.chat.locator(".dots")).to_have_count(0)

    def comes_to_the_account(self) -> None:
        self.presses("Make a report", "Who did this happen to?")
        self.presses("To me", "Which organization")
        self.writes("World Food Programme", "Do you mean this organization")
        self.presses("Yes", "Your report would go to")
        self.presses("No, it can go there", "Please tell me what happened")

    def comes_back_to_write(self, receipt: str) -> None:
        self.page.reload()
        self.reads("What would you like to do?")
        self.presses("Continue a report I made", "Please type your receipt")
        self.writes(receipt, "What would you like to do")
        self.presses("Write to the focal point", "what the focal point should know")

    def tells(self) -> None:
        self.comes_to_the_account()
        self.writes(ACCOUNT, "I have kept it")
        self.writes(FURTHER, "I have kept this, too")
        self.presses("I have said it all", "When and where")
        self.writes(WHERE, "Who was involved")
        self.presses("Skip", "What would you like to happen")
        self.writes(WISH, "danger right now")
        self.presses("No", "stay anonymous")
        self.writes(PHONE, "Is it right?")

    def sends(self) -> str:
        self.presses("It is right, go on", "Shall I send it?")
        self.presses("Yes, send it", "type its last")
        found = re.search(r"\b(\d{4}(?: \d{4}){5})\b", self.log.inner_text())
        assert found
        return found[1]

    def bodies(self) -> list[str]:
        return [request.post_data for request in self.sent if request.post_data]


@pytest.fixture
def person(page: Page, service: RulesService) -> Person:
    return Person(page, service)


def test_nothing_of_an_account_reaches_the_service(
    person: Person, service: RulesService, tmp_path: Path, browser: Browser
) -> None:
    person.tells()
    assert not service.remembers(*TOLD)
    receipt = person.sends()

    sent = tmp_path / "sent"
    sent.write_text(
        "\n".join(
            f"{request.url}\n{request.headers}\n{request.post_data or ''}"
            for request in person.sent
        )
    )
    assert "World Food Programme" in sent.read_text()
    assert find(TOLD, [sent, service.data_dir]) == []
    assert service.remembers(*TOLD, CONTROL) == {CONTROL}

    context = browser.new_context()
    office = context.new_page()
    reads_it(office, service)
    assert receipt not in office.inner_text("main")
    context.close()
    assert not service.remembers(*TOLD)


def reads_it(page: Page, service: RulesService) -> None:
    page.goto(f"{service.origin}/inbox")
    page.get_by_label("Sign-in name", exact=True).fill("demo-focal-point")
    page.get_by_label("Passphrase", exact=True).fill(service.sign_ins["demo-focal-point"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".case").first.click()
    expect(page.locator(".account dd")).to_have_text(f"{ACCOUNT}\n\n{FURTHER}")
    expect(page.locator(".when_where dd")).to_have_text(WHERE)
    expect(page.locator(".wish dd")).to_have_text(WISH)
    expect(page.locator(".contact dd")).to_have_text(PHONE)


def test_she_reads_her_own_words_before_she_agrees(person: Person) -> None:
    person.tells()
    shown = person.reads("What happened")
    for text in (ACCOUNT, FURTHER, WHERE, WISH, PHONE):
        expect(shown).to_contain_text(text)
    person.presses("Change something", "Which part")
    person.presses("What happened", "write it anew")
    person.presses("Write it anew", "Please tell me what happened")
    person.writes("It is over now.", "I have kept it")
    person.presses("I have said it all", "Is it right?")
    expect(person.reads("When and where")).to_contain_text("It is over now.")


def test_it_is_seen_where_words_stay_in_the_browser(person: Person) -> None:
    expect(person.promise).to_be_hidden()
    person.comes_to_the_account()
    expect(person.promise).to_have_text(re.compile("our server cannot read"))
    person.writes(ACCOUNT, "I have kept it")
    expect(person.log.locator(".own small").last).to_have_text("Stays in this browser")
    person.presses("I have said it all", "When and where")
    person.presses("Skip", "Who was involved")
    person.presses("Skip", "What would you like")
    person.presses("It should stop", "danger right now")
    expect(person.promise).to_be_hidden()


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("back", "Is there an office or a level of your organization"),
        ("Back", "Is there an office or a level of your organization"),
        ("why do you ask", "The office can only act on what it knows"),
        ("pause", "Take your time"),
        ("Stop please", "I have stopped"),
        ("delete everything", "deleted"),
    ],
)
def test_commands_work_where_words_stay_in_the_browser(
    person: Person, said: str, then: str
) -> None:
    person.comes_to_the_account()
    person.writes(said, then)


def test_danger_is_answered_by_the_page_alone(person: Person) -> None:
    person.comes_to_the_account()
    person.writes("He has a knife and he is at my door right now", "I have kept it")
    person.reads("Your safety comes first")
    person.writes("j'ai envie de me tuer", "I have kept this, too")
    person.reads("Your life matters")
    bodies = "\n".join(person.bodies())
    assert "knife" not in bodies
    assert "violence" not in bodies
    assert "self_harm" not in bodies
    person.writes("j'ai envie de me tuer", "I have kept this, too")
    person.reads("I am still here")


def test_an_old_browser_says_so_and_seals_on_the_server(page: Page, service: RulesService) -> None:
    page.add_init_script(NO_X25519)
    person = Person(page, service)
    person.comes_to_the_account()
    person.reads("This browser cannot seal what you write by itself")
    expect(person.promise).to_be_hidden()
    person.writes("Told by an old browser.", "I have kept it")
    assert any("Told by an old browser." in body for body in person.bodies())
    person.presses("I have said it all", "When and where")
    for question in ("Who was involved", "What would you like", "danger", "anonymous"):
        person.presses("Skip", question)
    person.presses("Stay anonymous", "Is it right?")
    person.sends()


def test_a_lost_connection_loses_nothing_and_keeps_it_once(person: Person, guard: Guard) -> None:
    guard.expect_error("ERR_|Failed to load")
    person.comes_to_the_account()
    person.page.route("**/chat/messages", lambda route: (route.fetch(), route.abort())[0], times=1)
    person.box.fill(ACCOUNT)
    person.page.keyboard.press("Enter")
    expect(person.chat.get_by_text("The connection was lost.")).to_be_visible()
    expect(person.box).to_have_value(ACCOUNT)
    person.chat.get_by_role("button", name="Try again").click()
    person.reads("I have kept it")
    person.presses("I have said it all", "When and where")
    for question in ("Who was involved", "What would you like", "danger", "anonymous"):
        person.presses("Skip", question)
    person.presses("Stay anonymous", "Is it right?")
    text = person.reads("What happened").inner_text()
    assert text.count(NAME) == 1


def test_a_send_whose_answer_was_lost_sends_once(
    person: Person, service: RulesService, guard: Guard
) -> None:
    guard.expect_error("ERR_|Failed to load")
    person.tells()
    person.presses("It is right, go on", "Shall I send it?")
    person.page.route("**/chat/messages", lambda route: (route.fetch(), route.abort())[0], times=1)
    person.page.get_by_role("button", name="Yes, send it").last.click()
    person.chat.get_by_role("button", name="Try again").click()
    person.reads("type its last")
    envelopes = [json.loads(body) for body in person.bodies() if "envelope" in body]
    assert len(envelopes) == 2
    assert envelopes[0] == envelopes[1]


def test_without_the_words_of_danger_nothing_is_taken(person: Person, guard: Guard) -> None:
    guard.expect_error("ERR_|Failed to load|status of")
    person.page.route("**/chat/words/*", lambda route: route.abort())
    person.comes_to_the_account()
    person.box.fill(ACCOUNT)
    person.page.keyboard.press("Enter")
    expect(person.chat.get_by_text("The connection was lost.")).to_be_visible()
    expect(person.box).to_have_value(ACCOUNT)
    person.page.unroute("**/chat/words/*")
    person.chat.get_by_role("button", name="Try again").click()
    person.reads("I have kept it")


def test_what_is_added_later_is_sealed_too(person: Person, service: RulesService) -> None:
    person.tells()
    receipt = person.sends()
    person.comes_back_to_write(receipt)
    person.writes("Later, in Unterammergau, she wrote again.", "Shall I send this")
    person.presses("Yes, send it", "It is sent")
    assert not any("Unterammergau" in body for body in person.bodies())
    assert not service.remembers("Unterammergau")


@pytest.mark.parametrize("lang", ["ar", "zh", "fr", "ru", "es"])
def test_in_every_language_it_stays_in_the_browser(
    page: Page, service: RulesService, lang: str
) -> None:
    person = Person(page, service, lang)
    for pressed in (2, 0):
        before = person.log.locator(".choices").count()
        person.log.locator(".choices").last.locator(".answers button").nth(pressed).click()
        expect(person.log.locator(".choices")).to_have_count(before + 1)
    steps = ("WFP", "", "")
    for said in steps:
        before = person.log.locator(".choices").count()
        if said:
            person.box.fill(said)
            person.page.keyboard.press("Enter")
        else:
            person.log.locator(".choices").last.locator(".answers button").first.click()
        expect(person.log.locator(".choices")).to_have_count(before + 1)
    expect(person.promise).to_be_visible()
    person.box.fill(ACCOUNT)
    person.page.keyboard.press("Enter")
    expect(person.log.locator(".own small")).to_have_count(1)
    assert not any(NAME in body for body in person.bodies())
