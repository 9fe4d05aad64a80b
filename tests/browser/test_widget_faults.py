"""The widget when the network or the service fails: nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.fake_service import OPENING
from tests.browser.person import LOST, Person

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("fault", ["cut", "cut late", 500])
def test_a_lost_message_stays_in_the_box(talking: Person, guard: Any, fault: str | int) -> None:
    guard.expect_error(LOST)
    talking.fake.faults = [fault]
    talking.writes("It was in the lift.")
    expect(talking.status).to_contain_text("What you wrote is still here.")
    assert talking.box.input_value() == "It was in the lift."
    assert talking.own() == []
    expect(talking.button("Learn")).to_be_enabled()
    talking.presses("Try again")
    talking.reads("Heard.")
    assert talking.own() == ["It was in the lift."]
    assert talking.box.input_value() == ""
    expect(talking.status).to_be_empty()


def test_a_message_tried_again_has_the_same_key(talking: Person, guard: Any) -> None:
    guard.expect_error(LOST)
    talking.fake.faults = ["cut late"]
    talking.writes("send it")
    talking.presses("Try again")
    talking.reads("Heard.")
    talking.writes("send it")
    expect(talking.log.get_by_text("Heard.")).to_have_count(2)
    first, again, another = talking.fake.keys[1:]
    assert first == again != another


def test_a_changed_message_has_another_key(talking: Person, guard: Any) -> None:
    guard.expect_error(LOST)
    talking.fake.faults = ["cut late"]
    talking.writes("send it")
    expect(talking.status).to_contain_text("still here")
    talking.box.fill("do not send it")
    talking.presses("Try again")
    talking.reads("Heard.")
    assert talking.fake.texts == ["send it", "do not send it"]
    assert talking.fake.keys[1] != talking.fake.keys[2]


def test_without_a_network_nothing_typed_is_lost(
    talking: Person, context: BrowserContext, guard: Any
) -> None:
    guard.expect_error(LOST)
    context.set_offline(True)
    talking.writes("first")
    expect(talking.status).to_contain_text("The connection was lost")
    talking.box.press("End")
    talking.box.press_sequentially(" and more")
    talking.presses("Try again")
    expect(talking.status).to_contain_text("The connection was lost")
    assert talking.box.input_value() == "first and more"
    context.set_offline(False)
    talking.presses("Try again")
    talking.reads("Heard.")
    assert talking.fake.texts == ["first and more"]
    assert talking.own() == ["first and more"]


def test_what_is_typed_meanwhile_joins_what_was_lost(talking: Person, guard: Any) -> None:
    guard.expect_error(LOST)
    talking.fake.gate.clear()
    talking.fake.faults = ["cut"]
    talking.writes("first")
    talking.box.fill("second")
    talking.fake.gate.set()
    expect(talking.status).to_contain_text("still here")
    assert talking.box.input_value() == "first\nsecond"


def test_a_lost_choice_can_be_pressed_again(talking: Person, guard: Any) -> None:
    guard.expect_error(LOST)
    talking.fake.faults = ["cut", "cut"]
    talking.presses("Learn")
    expect(talking.status).to_contain_text("The connection was lost")
    expect(talking.button("Survey")).to_be_enabled()
    talking.presses("Try again")
    expect(talking.status).to_contain_text("The connection was lost")
    talking.presses("Survey")
    talking.reads("Heard.")
    assert talking.own() == ["Survey"]
    assert talking.fake.choices == ["menu:start", "menu:survey"]


@pytest.mark.parametrize("faults", [["cut"], [503], [201, "cut"]])
def test_an_opening_that_failed_is_tried_again(
    person: Person, guard: Any, faults: list[str | int]
) -> None:
    guard.expect_error(LOST)
    if faults[0] == 201:  # the session is made, only the opening is lost
        person.page.route("**/chat/messages", lambda route: route.abort(), times=1)
        guard.expect_error("ERR_FAILED")
    else:
        person.fake.faults = faults
    person.opens()
    expect(person.status).to_contain_text("still here")
    expect(person.button("Send")).to_be_disabled()
    person.box.fill("Can I write already?")
    person.presses("Try again")
    person.reads("What would you like to do?")
    assert len(person.fake.begun) == 1
    assert person.box.input_value() == "Can I write already?"


#: Keeps whatever the line for announcements has said.
LISTENS = """
window.said = new Set();
const listen = () => {
  const line = document.querySelector('speaksafe-chat')?.shadowRoot?.querySelector('[role=status]');
  if (line) window.said.add(line.textContent);
  requestAnimationFrame(listen);
};
listen();
"""


def test_in_a_flood_the_browser_works_and_says_so(person: Person, guard: Any) -> None:
    guard.expect_error(LOST)
    person.fake.flood = 60_000
    person.page.add_init_script(LISTENS)  # a quick machine says it for the blink of an eye
    person.opens()
    person.box.fill("Can I write already?")
    person.reads("What would you like to do?")
    assert any("small sum" in said for said in person.page.evaluate("[...window.said]"))
    expect(person.status).to_be_empty()
    assert len(person.fake.begun) == 1
    assert person.box.input_value() == "Can I write already?"


def test_work_that_leads_nowhere_ends_in_plain_words(person: Person, guard: Any) -> None:
    guard.expect_error(LOST)
    person.page.route(
        "**/chat/sessions",
        lambda route: route.fulfill(
            status=429,
            content_type="application/problem+json",
            body='{"challenge": {"algorithm": "SHA-256", "challenge": "0", "maxnumber": 500,'
            ' "salt": "x", "signature": "y"}}',
        ),
    )
    person.opens()
    expect(person.status).to_contain_text("Many people are writing")
    expect(person.button("Try again")).to_be_enabled()


@pytest.mark.parametrize(("status", "says"), [(503, "Many people"), (429, "Many"), (413, "long")])
def test_a_refusal_says_what_to_do(talking: Person, guard: Any, status: int, says: str) -> None:
    guard.expect_error(LOST)
    talking.fake.faults = [status]
    talking.writes("hello")
    expect(talking.status).to_contain_text(says)
    assert talking.box.input_value() == "hello"


def test_an_expired_chat_says_so_and_keeps_what_was_typed(talking: Person, guard: Any) -> None:
    guard.expect_error(LOST)
    talking.fake.sessions.clear()
    talking.writes("a long account")
    expect(talking.status).to_contain_text("This chat has ended.")
    expect(talking.button("Send")).to_be_disabled()
    expect(talking.button("Learn")).to_be_disabled()
    talking.fake.answers = [OPENING]
    talking.presses("Start a new chat")
    talking.reads("What would you like to do?")
    assert len(talking.fake.begun) == 2
    assert talking.box.input_value() == "a long account"
    assert talking.own() == []


def test_a_chat_that_the_service_ends_can_begin_anew(talking: Person) -> None:
    talking.fake.ended = True
    talking.writes("erase")
    expect(talking.status).to_contain_text("This chat has ended.")
    talking.fake.ended = False
    talking.fake.answers = [OPENING]
    talking.presses("Start a new chat")
    talking.reads("What would you like to do?")
    assert talking.log.get_by_text("Heard.").count() == 0
    expect(talking.status).to_be_empty()
