"""What stands in the page before its script has come, and how the script takes it over."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from catalogue import Choice, Message
from tests.browser.person import LOST, PHONE, Person
from tests.browser.test_widget_leaving import exits_to, tag

pytestmark = pytest.mark.browser

FIRST = (
    Message("Hello. I am a program, not a person."),
    Message(
        "What would you like to do?",
        (Choice("Learn", "menu:policy"), Choice("Survey", "menu:survey")),
    ),
)
ARABIC = (
    Message("مرحبًا. أنا برنامج."),
    Message("ماذا تريد؟", (Choice("أ", "a"), Choice("ب", "b"))),
)
DOWN = {"text": "I cannot answer just now. In danger, call UN security.", "choices": []}

#: Every part of the window that is seen, and where it stands.
PLACES = """() => {
  const root = document.querySelector('speaksafe-chat').shadowRoot;
  return [...root.querySelectorAll('*')]
    .filter((n) => n.checkVisibility() && !n.closest('.dots, .late, slot, select, svg, link'))
    .map((n) => [n.className, n.getBoundingClientRect()])
    .map(([name, box]) => [name, ...[box.x, box.y, box.width, box.height].map(Math.round)]);
}"""

#: Marks what is there and keeps whatever is added to the conversation from then on.
WATCH = """() => {
  const log = document.querySelector('speaksafe-chat').shadowRoot.querySelector('.log');
  window.added = [];
  new MutationObserver((all) => all.forEach(({ addedNodes }) => addedNodes.forEach((node) => (
    node.className === 'dots' || window.added.push(node.textContent)
  )))).observe(log, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture
def early(person: Person) -> Person:
    """Somebody who reads the page while its script is on its way."""
    person.fake.first = {"en": FIRST, "fr": FIRST, "ar": ARABIC}
    person.fake.first |= dict.fromkeys(("es", "ru", "zh"), FIRST)
    person.fake.brings = True
    held: list[Route] = []
    person.page.route("**/page.js", lambda route: held.append(route))
    setattr(person, "held", held)  # noqa: B010
    person.page.goto(person.fake.origin, wait_until="commit")
    expect(person.log.locator(".bubble").last).to_be_visible(timeout=20_000)
    return person


def comes(person: Person) -> None:
    """The script arrives."""
    person.page.wait_for_function("() => true")
    for _ in range(100):
        if person.held:  # type: ignore[attr-defined]
            break
        person.page.wait_for_timeout(20)
    for route in person.held:  # type: ignore[attr-defined]
        route.continue_()


def test_the_first_words_are_there_before_the_script(early: Person) -> None:
    early.reads("Hello. I am a program, not a person.")
    expect(early.button(re.compile("Learn"))).to_be_disabled()
    expect(early.button("Send")).to_be_disabled()
    expect(early.page.locator(".hint")).to_be_hidden()  # nothing hears Escape yet
    assert early.fake.begun == []
    comes(early)
    expect(early.button("Learn")).to_be_enabled()
    expect(early.page.locator(".hint")).to_be_visible()
    early.presses("Learn")
    early.reads("Heard.")
    assert early.fake.choices == ["menu:policy"]


def test_what_was_read_is_not_said_again(early: Person) -> None:
    early.page.evaluate(WATCH)
    comes(early)
    expect(early.button("Learn")).to_be_enabled()
    assert early.page.evaluate("window.added") == []
    early.presses("Learn")
    early.reads("Heard.")
    assert early.page.evaluate("window.added") == ["You: Learn", "Speaksafe: Heard."]


@pytest.mark.parametrize(
    "context_options",
    [{}, PHONE, {"locale": "ar", "viewport": {"width": 320, "height": 480}}],
    ids=["wide", "phone", "arabic"],
)
def test_nothing_moves_when_the_script_comes(early: Person, context_options: Any) -> None:
    arabic = context_options.get("locale") == "ar"
    if arabic:
        texts = [{"text": m.text, "choices": []} for m in ARABIC]
        texts[1]["choices"] = [{"label": c.label, "value": c.value} for c in ARABIC[1].choices]
        early.fake.answers = [texts]
    early.page.wait_for_function("() => document.fonts.status === 'loaded'")
    before = early.page.evaluate(PLACES)
    comes(early)
    expect(early.button(re.compile("أ" if arabic else "Learn")).first).to_be_enabled()
    after = [place for place in early.page.evaluate(PLACES) if place[0] != "hint"]
    assert [place for place in before if place[0] != "hint"] == after
    assert len(after) > 20
    frame = early.page.locator(".frame")
    assert frame.get_attribute("dir") == ("rtl" if arabic else "ltr")


def test_what_is_typed_before_the_script_stays(early: Person) -> None:
    early.box.press_sequentially("It was in the lift.")
    comes(early)
    expect(early.button("Send")).to_be_enabled()
    expect(early.box).to_have_value("It was in the lift.")
    expect(early.box).to_be_focused()
    early.box.press("Enter")
    early.reads("Heard.")
    assert early.fake.texts == ["It was in the lift."]


def test_a_language_chosen_before_the_script_stays_chosen(early: Person) -> None:
    early.page.locator("select").select_option("fr")
    comes(early)
    expect(early.page.locator(".frame")).to_have_attribute("lang", "fr")
    expect(early.page.locator("select")).to_have_value("fr")
    early.reads("Heard.")
    assert early.fake.choices == ["lang:fr"]


def test_what_is_sent_before_the_chat_has_begun_goes_then(early: Person) -> None:
    early.fake.gate.clear()
    comes(early)
    expect(early.page.locator(".late")).to_have_count(0)
    early.writes("hello")
    expect(early.box).to_have_value("hello")
    early.fake.gate.set()
    early.reads("Heard.")
    assert early.fake.texts == ["hello"]
    expect(early.box).to_have_value("")


def test_one_can_leave_before_the_script(early: Person, guard: Any) -> None:
    exits_to(early, guard)
    with early.page.expect_request("https://worldweather.wmo.int/") as left:
        early.page.get_by_role("link", name="Leave quickly").click()
    assert "referer" not in left.value.all_headers()
    early.page.wait_for_url("https://worldweather.wmo.int/")


def test_the_focus_stays_where_it_was(early: Person) -> None:
    early.page.locator(".leave").wait_for()
    early.page.get_by_role("link", name="Leave quickly").focus()
    comes(early)
    expect(early.button("Leave quickly")).to_be_focused()
    expect(early.button("Learn")).to_be_enabled()


def test_another_answer_takes_the_place_of_the_first_words(early: Person) -> None:
    early.fake.answers = [[DOWN]]
    comes(early)
    early.reads(DOWN["text"])
    assert early.log.locator(".theirs").count() == 1
    expect(early.log).not_to_contain_text("What would you like to do?")


def test_while_no_chat_can_begin_nothing_can_be_pressed(early: Person, guard: Any) -> None:
    guard.expect_error(LOST)
    early.fake.faults = [503]
    comes(early)
    expect(early.status).to_contain_text("Many people are writing")
    expect(early.button("Learn")).to_be_disabled()
    early.presses("Try again")
    expect(early.button("Learn")).to_be_enabled()
    expect(early.status).to_be_empty()
    assert early.log.locator(".theirs").count() == 2


def test_a_script_that_does_not_come_leaves_a_way(person: Person, page: Page, guard: Any) -> None:
    guard.expect_error("ERR_FAILED")
    page.route("**/page.js", lambda route: route.abort())
    person.opens()
    line = page.locator(".late")
    expect(line).not_to_be_visible()
    page.evaluate("""() => document.querySelector('speaksafe-chat').shadowRoot
      .querySelector('.late').getAnimations().forEach((late) => late.finish())""")
    expect(line).to_contain_text("The connection may be weak.")
    link = line.get_by_role("link")
    assert link.get_attribute("href") == "plain?lang=en"


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
def test_without_script_the_page_says_so_and_leads_on(person: Person) -> None:
    person.opens()
    said = person.page.locator("noscript p")
    expect(said.first).to_have_text(re.compile("The chat needs JavaScript"))
    expect(said.locator("a")).to_be_visible()
    assert said.locator("a").get_attribute("href") == "plain?lang=en"
    expect(person.box).to_be_hidden()


def test_on_another_page_they_are_there_as_soon_as_it_opens(person: Person) -> None:
    person.fake.first = dict.fromkeys(("en", "fr", "ar", "es", "ru", "zh"), FIRST)
    person.fake.brings = True
    person.fake.tag = tag(person.fake, 'data-lang="fr"')
    person.page.goto(person.fake.origin.replace("127.0.0.1", "localhost") + "/host")
    person.fake.gate.clear()
    person.presses("Conversation avec Speaksafe")
    person.reads("What would you like to do?")
    expect(person.button(re.compile("Learn"))).to_be_disabled()
    assert (
        person.page.evaluate(
            "document.querySelector('speaksafe-chat').shadowRoot.querySelector('.log').scrollTop"
        )
        == 0
    )
    person.fake.gate.set()
    expect(person.button(re.compile("Learn"))).to_be_enabled()
    assert person.log.locator(".theirs").count() == 2
    person.presses("Survey")
    person.reads("Heard.")
    assert person.fake.choices == ["menu:survey"]
