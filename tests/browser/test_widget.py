"""The widget in a real Chromium: what a person sees, and what must never happen."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fake_service import OPENING, WEB, Fake, catalogue_strings, message, running
from playwright.sync_api import BrowserContext, Locator, Page, expect

from web import pages
from web.bundle import bundle

pytestmark = pytest.mark.browser

LOST = r"ERR_(EMPTY_RESPONSE|INTERNET_DISCONNECTED|CONNECTION_)|status of (401|413|429|500|503)"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
RECEIPT = "4821 0937 5526 1180 4472 9035"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with running() as started:
        yield started


class Person:
    """Somebody in front of the widget."""

    def __init__(self, page: Page, fake: Fake) -> None:
        self.page = page
        self.fake = fake
        self.box = page.locator("textarea")
        self.log = page.get_by_role("log")
        self.status = page.locator("speaksafe-chat").get_by_role("status")

    def opens(self, path: str = "/") -> Person:
        self.page.goto(self.fake.origin + path)
        return self

    def writes(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def presses(self, name: str) -> None:
        self.button(name).click()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.locator("speaksafe-chat").get_by_role("button", name=name)

    def reads(self, text: str) -> None:
        expect(self.log.get_by_text(text, exact=True)).to_be_visible()

    def own(self) -> list[str]:
        return self.page.locator(".own p").all_inner_texts()


@pytest.fixture
def person(page: Page, fake: Fake) -> Person:
    return Person(page, fake)


@pytest.fixture
def talking(person: Person) -> Person:
    """Somebody who has read the opening."""
    person.opens().reads("What would you like to do?")
    return person


# ------------------------------------------------------------------------------ a conversation


def test_the_opening_is_asked_for_and_shown(talking: Person) -> None:
    assert talking.fake.begun == [{"lang": "en", "seals": True}]
    assert talking.fake.heard == [{"choice": "menu:start"}]
    talking.reads("Hello. I am a program, not a person.")
    expect(talking.log).to_contain_text("This chat starts afresh each time the page is opened.")
    assert talking.button(re.compile("^1. Learn$")).is_enabled()


def test_a_choice_is_pressed_and_the_older_ones_are_closed(talking: Person) -> None:
    talking.fake.answers = [[message("It is this.", ("More", "topic:more"), ("Less", "topic:x"))]]
    talking.presses("Learn")
    talking.reads("It is this.")
    assert talking.fake.choices == ["menu:start", "menu:policy"]
    assert talking.own() == ["Learn"]
    expect(talking.button("Survey")).to_be_disabled()
    expect(talking.button("More")).to_be_enabled()


def test_the_keyboard_alone_is_enough(talking: Person) -> None:
    talking.fake.answers = [[message("Which one?", ("This", "opt:0"), ("That", "opt:1"))]]
    talking.button("Learn").focus()
    talking.page.keyboard.press("Enter")
    talking.reads("Which one?")
    expect(talking.log).to_be_focused()
    talking.page.keyboard.press("Tab")
    expect(talking.button("This")).to_be_focused()
    talking.page.keyboard.press("Tab")
    talking.page.keyboard.press("Space")
    talking.reads("Heard.")
    assert talking.fake.choices[-1] == "opt:1"


def test_commands_beside_a_question_have_no_number(talking: Person) -> None:
    options = [("Once", "opt:0"), ("Often", "opt:1"), ("Skip", "do:skip"), ("Stop", "do:stop")]
    talking.fake.answers = [[message("How often?", *options)]]
    talking.writes("survey")
    talking.reads("How often?")
    labels = talking.page.locator(".choices").last.get_by_role("button").all_inner_texts()
    assert [" ".join(label.split()) for label in labels] == ["1. Once", "2. Often", "Skip", "Stop"]


def test_enter_sends_and_shift_enter_begins_a_new_line(talking: Person) -> None:
    talking.box.press_sequentially("one")
    small = talking.box.bounding_box()
    talking.box.press("Shift+Enter")
    talking.box.press_sequentially("two")
    large = talking.box.bounding_box()
    assert small and large and large["height"] > small["height"]
    talking.box.press("Enter")
    talking.reads("Heard.")
    assert talking.fake.texts == ["one\ntwo"]
    assert talking.own() == ["one\ntwo"]
    assert talking.box.input_value() == ""
    expect(talking.box).to_be_focused()


def test_enter_belongs_to_an_input_method_while_it_composes(talking: Person) -> None:
    talking.box.fill("性")
    compose = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true})"
    talking.box.evaluate(f"(box) => box.dispatchEvent({compose})")
    assert talking.fake.texts == []
    assert talking.box.input_value() == "性"


def test_nothing_is_sent_twice_while_an_answer_is_awaited(talking: Person) -> None:
    talking.fake.gate.clear()
    talking.writes("first")
    expect(talking.button("Send")).to_be_disabled()
    expect(talking.page.locator(".dots")).to_be_visible()
    talking.writes("second")
    assert talking.box.input_value() == "second"
    talking.fake.gate.set()
    talking.reads("Heard.")
    assert talking.fake.texts == ["first"]
    assert talking.box.input_value() == "second"
    expect(talking.page.locator(".dots")).to_have_count(0)


def test_a_slow_answer_gets_a_calm_line(page: Page, person: Person) -> None:
    page.clock.install()
    person.opens().reads("What would you like to do?")
    person.fake.gate.clear()
    person.writes("hello")
    expect(person.page.locator(".dots")).to_be_visible()
    page.clock.fast_forward(7_000)
    expect(person.status).to_be_empty()
    page.clock.fast_forward(2_000)
    expect(person.status).to_contain_text("a little longer than usual")
    person.fake.gate.set()
    person.reads("Heard.")
    expect(person.status).to_be_empty()


def test_markup_stays_text(talking: Person) -> None:
    evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    talking.fake.answers = [[message(evil, (evil, "opt:0"))]]
    talking.writes(evil)
    expect(talking.page.locator(".theirs p").last).to_have_text(evil)
    assert talking.own() == [evil]
    assert talking.page.title() == "Speaksafe"
    assert talking.page.locator("speaksafe-chat img, speaksafe-chat script").count() == 0


def test_line_breaks_and_long_words_are_kept(talking: Person) -> None:
    talking.fake.answers = [[message("One.\nTwo.\n\n" + "x" * 400)]]
    talking.writes("🙂" * 300)
    last = talking.page.locator(".theirs p").last
    expect(last).to_have_text(re.compile("One.\nTwo.\n\nx{400}"), use_inner_text=True)
    assert talking.log.evaluate("(log) => log.scrollWidth <= log.clientWidth")


def test_an_answer_longer_than_the_window_is_read_from_its_beginning(talking: Person) -> None:
    talking.fake.answers = [[message("First line.\n" + "word\n" * 80)]]
    talking.writes("tell me everything")
    talking.page.wait_for_function("""() => {
      const root = document.querySelector('speaksafe-chat').shadowRoot;
      const own = root.querySelector('.own').getBoundingClientRect();
      const log = root.querySelector('.log').getBoundingClientRect();
      return own.top >= log.top && own.top < log.top + 40;
    }""")


def test_a_receipt_is_shown_large_and_can_be_selected(talking: Person) -> None:
    talking.fake.answers = [[message(f"Your receipt:\n{RECEIPT}\nKeep it safe.")]]
    talking.writes("send")
    shown = talking.page.locator(".receipt")
    expect(shown).to_have_text(RECEIPT)
    shown.click()
    assert talking.page.evaluate("getSelection().toString().trim()") == RECEIPT
    expect(talking.button(re.compile("copy|save|print|download", re.I))).to_have_count(0)


# ---------------------------------------------------------------------------------- languages


def test_the_language_is_switched_here_and_on_the_page(talking: Person) -> None:
    talking.fake.answers = [[message("Bonjour.")]]
    talking.fake.lang = "fr"
    talking.page.get_by_label("Language").select_option("fr")
    talking.reads("Bonjour.")
    assert talking.fake.choices[-1] == "lang:fr"
    expect(talking.button("Quitter vite")).to_be_visible()
    expect(talking.page.get_by_role("heading", name="Ce que ce n’est pas")).to_be_visible()
    assert talking.page.evaluate("document.documentElement.lang") == "fr"
    assert talking.page.locator(".theirs").last.get_attribute("lang") == "fr"


def test_a_language_asked_for_in_words_is_followed(talking: Person) -> None:
    talking.fake.answers = [[message("Bonjour.")]]
    talking.fake.lang = "fr"
    talking.writes("en français s'il vous plaît")
    talking.reads("Bonjour.")
    expect(talking.button("Quitter vite")).to_be_visible()
    assert talking.fake.choices == ["menu:start"]


def test_a_switch_while_an_answer_is_awaited_is_sent_after_it(talking: Person) -> None:
    talking.fake.gate.clear()
    talking.writes("hello")
    talking.page.get_by_label("Language").select_option("fr")
    talking.fake.answers = [[message("Hello.")], [message("Bonjour.")]]
    talking.fake.gate.set()
    talking.reads("Bonjour.")
    assert talking.fake.heard[1:] == [{"text": "hello"}, {"choice": "lang:fr"}]


@pytest.mark.parametrize("context_options", [{"locale": "fr-FR"}])
def test_a_french_browser_starts_in_french(person: Person) -> None:
    person.opens()
    expect(person.button("Quitter vite")).to_be_visible()
    assert person.page.evaluate("document.documentElement.lang") == "fr"
    person.reads("What would you like to do?")
    assert person.fake.begun == [{"lang": "fr", "seals": True}]


@pytest.mark.parametrize("context_options", [{"locale": "ar", **PHONE}])
def test_arabic_runs_from_right_to_left(person: Person) -> None:
    words = "ماذا تريد أن تفعل؟"
    person.fake.answers = [[message(words, ("معرفة القواعد", "menu:policy"), ("دعم", "menu:s"))]]
    person.fake.lang = "ar"
    person.opens().reads(words)
    person.fake.answers = [[message(f"الإيصال:\n{RECEIPT}"), message("It says ST/SGB/2019/8.")]]
    person.writes("مرحبًا 123")
    person.reads("It says ST/SGB/2019/8.")
    directions = person.page.locator(".bubble p").evaluate_all(
        "(all) => all.map((p) => getComputedStyle(p).direction)"
    )
    assert directions == ["rtl", "rtl", "rtl", "ltr"]
    frame = person.page.locator(".frame")
    assert frame.get_attribute("dir") == "rtl"
    own, theirs = (person.page.locator(s).first.bounding_box() for s in (".own p", ".theirs p"))
    assert own and theirs and own["x"] < 30 and theirs["x"] + theirs["width"] > 330
    assert person.page.locator(".receipt").evaluate("(r) => getComputedStyle(r).direction") == "ltr"


# ------------------------------------------------------------------------------------- faults


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


# ------------------------------------------------------------------------------------ leaving


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


# ------------------------------------------------------------------------- on another site


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


# -------------------------------------------------------------- for everybody, on every screen


NAMELESS = """() => {
  const root = document.querySelector('speaksafe-chat').shadowRoot;
  const named = (node) => node.getAttribute('aria-label') || node.textContent.trim()
    || (node.labels ?? []).length;
  return [...root.querySelectorAll('button, select, textarea, [role=log], section')]
    .filter((node) => !named(node)).map((node) => node.outerHTML);
}"""

SMALL = """() => {
  const root = document.querySelector('speaksafe-chat').shadowRoot;
  return [...root.querySelectorAll('button, select, textarea')]
    .filter((node) => node.checkVisibility())
    .map((node) => [node.className || node.textContent, node.getBoundingClientRect()])
    .filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name);
}"""

#: Contrast as WCAG 2.2 defines it (1.4.3): every visible text on what is painted behind it.
FAINT = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const root = document.querySelector('speaksafe-chat').shadowRoot;
  const seen = [];
  for (const tree of [document.body, root]) {
    for (const node of tree.querySelectorAll('*')) {
      const words = [...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim());
      const icon = node.tagName === 'svg';
      if (!(words || icon) || !node.checkVisibility({ opacityProperty: true })) continue;
      if (node.closest('option, noscript')) continue;
      const style = getComputedStyle(node);
      seen.push([node.textContent.trim() || node.getAttribute('class'),
        ratio(rgb(style.color), behind(node)), icon ? 3 : 4.5]);
    }
    for (const box of tree.querySelectorAll('textarea')) {
      const hint = getComputedStyle(box, '::placeholder');
      seen.push(['placeholder', ratio(rgb(hint.color), behind(box)), 4.5]);
      seen.push(['edge', ratio(rgb(getComputedStyle(box).borderColor),
        behind(box.parentElement)), 3]);
    }
  }
  return { count: seen.length, faint: seen.filter(([, is, wanted]) => is < wanted) };
}"""

SCREENS = [
    {"color_scheme": scheme, **size}
    for scheme in ("light", "dark")
    for size in ({}, PHONE, {"viewport": {"width": 320, "height": 640}})
]


def everything_shown(person: Person) -> None:
    """Brings up old and new choices, an own message, a receipt and a notice."""
    person.fake.demo = True
    person.opens().reads("What would you like to do?")
    options = [("Once", "opt:0"), ("Often", "opt:1"), ("Skip", "do:skip")]
    person.fake.answers = [[message(f"{RECEIPT}\nHow often?", *options)]]
    person.writes("survey")
    expect(person.button("Often")).to_be_visible()
    person.fake.faults = [503]
    person.writes("lost")
    expect(person.status).to_contain_text("Many people")


@pytest.mark.parametrize("context_options", SCREENS, ids=str)
def test_it_can_be_read_and_touched(person: Person, guard: Any) -> None:
    guard.expect_error(LOST)
    everything_shown(person)
    assert person.page.evaluate(NAMELESS) == []
    assert person.page.evaluate(SMALL) == []
    found = person.page.evaluate(FAINT)
    assert found["count"] > 20
    assert found["faint"] == []
    width = person.page.viewport_size
    assert width and person.page.evaluate("document.documentElement.scrollWidth") <= width["width"]
    header = person.page.locator(".frame header")
    assert header.evaluate("(header) => header.scrollWidth <= header.clientWidth")


@pytest.mark.parametrize("context_options", [PHONE])
def test_on_a_phone_the_chat_fills_the_screen(talking: Person) -> None:
    for part in (talking.button("Leave quickly"), talking.box):
        box = part.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 740
    frame = talking.page.locator(".frame").bounding_box()
    assert frame and frame["width"] == 360 and frame["height"] > 600
    talking.page.locator("summary").click()
    expect(talking.page.get_by_text("Not an emergency service.")).to_be_visible()
    expect(talking.button("Leave quickly")).to_be_in_viewport()


@pytest.mark.parametrize("context_options", [{"color_scheme": "dark"}])
def test_a_dark_screen_stays_dark(talking: Person) -> None:
    for place in (talking.log, talking.page.locator("html"), talking.page.locator(".frame")):
        colour = place.evaluate("(node) => getComputedStyle(node).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 64


@pytest.mark.parametrize("context_options", [{"reduced_motion": "reduce"}])
def test_nothing_moves_for_those_who_want_calm(talking: Person) -> None:
    talking.fake.gate.clear()
    talking.writes("hello")
    dot = talking.page.locator(".dots i").first
    expect(dot).to_be_visible()
    assert dot.evaluate("(dot) => getComputedStyle(dot).animationName") == "none"


@pytest.mark.parametrize("context_options", [{"forced_colors": "active"}])
def test_forced_colours_keep_every_edge(talking: Person) -> None:
    widths = talking.page.locator("speaksafe-chat button:visible").evaluate_all(
        "(all) => all.map((button) => parseFloat(getComputedStyle(button).borderTopWidth))"
    )
    assert widths and min(widths) >= 1


def test_a_screen_reader_hears_who_speaks(talking: Person) -> None:
    talking.writes("hello")
    talking.reads("Heard.")
    log = talking.page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    heard = log.locator(".bubble").all_text_contents()
    assert heard[-2:] == ["You: hello", "Speaksafe: Heard."]
    box = talking.page.get_by_role("textbox", name="Your message")
    expect(box).to_have_accessible_description("Press Esc twice to leave this page at once.")
    expect(talking.page.get_by_role("combobox", name="Language")).to_be_visible()
    assert talking.page.get_by_role("region", name="Speaksafe").count() == 1


def test_the_focus_is_always_seen(talking: Person) -> None:
    talking.page.locator("body").press("Tab")
    for _ in range(7):
        outline = talking.page.evaluate("""() => {
          const root = document.querySelector('speaksafe-chat').shadowRoot;
          const at = root.activeElement ?? document.activeElement;
          return [at.tagName, parseFloat(getComputedStyle(at).outlineWidth)];
        }""")
        assert outline[0] == "BODY" or outline[1] >= 2, outline
        talking.page.keyboard.press("Tab")


def test_no_writing_aid_or_translator_is_invited(talking: Person) -> None:
    box = talking.box
    assert box.evaluate("(b) => [b.spellcheck, b.autocomplete, b.translate]") == [
        False,
        "off",
        False,
    ]
    assert talking.log.get_attribute("translate") == "no"


# -------------------------------------------------------------------------- what must never be


def test_a_request_carries_nothing_but_the_message(talking: Person) -> None:
    with talking.page.expect_request("**/chat/messages") as sent:
        talking.writes("hello")
    headers = sent.value.all_headers()
    assert sent.value.post_data_json == {"text": "hello"}
    assert "cookie" not in headers and "referer" not in headers
    assert sent.value.url == f"{talking.fake.origin}/chat/messages"
    assert talking.page.url == f"{talking.fake.origin}/"


def test_the_guard_sees_what_it_guards_against(talking: Person, guard: Any) -> None:
    page = talking.page
    page.evaluate("document.cookie = 'a=b'; localStorage.a = 1; sessionStorage.a = 1")
    page.evaluate("console.error('oh')")
    page.evaluate("setTimeout(() => { throw new Error('uncaught') })")
    page.evaluate("fetch('http://third.example/').catch(() => {})")
    page.evaluate("() => { try { document.body.innerHTML = 'x'; } catch {} }")
    page.wait_for_timeout(100)
    guard.look_at_storage(page.context)
    offences = " ".join(guard.offences)
    guard.offences.clear()
    guard.allow_storage("cookie", "http cookie", "local storage", "session storage")
    for offence in ("cookie", "local", "session", "oh", "uncaught", "third.example", "TrustedHTML"):
        assert offence in offences


def test_the_source_uses_nothing_that_keeps_or_parses() -> None:
    files = [WEB / "widget.js", WEB / "page.js", *sorted((WEB / "held").glob("*.js"))]
    source = "".join(file.read_text() for file in files)
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", source, flags=re.DOTALL)
    forbidden = (
        "innerHTML outerHTML insertAdjacentHTML document.write eval( Function( localStorage "
        "sessionStorage indexedDB document.cookie window.name pushState replaceState sendBeacon "
        "console."
    )
    assert [word for word in forbidden.split() if word in code] == []
    assert {"fetch", "location.replace"} <= set(re.findall(r"[\w.]+", code))


def test_the_whole_widget_is_small() -> None:
    strings = catalogue_strings()
    english = strings["en"]
    six = {lang: strings.get(lang, english) for lang in ("ar", "zh", "en", "fr", "ru", "es")}
    # A language that isn't there yet counts as much as one that can't be compressed with others.
    missing = sum(1 for lang in six if lang not in strings or lang == "ar")
    whole = [pages.widget_script(WEB, six), bundle(WEB / "held" / "held.js")]
    size = sum(len(gzip.compress(part.encode(), 9)) for part in whole)
    assert size + missing * len(gzip.compress(str(english).encode(), 9)) < 30_000


# ---------------------------------------------------------------------------- how it is served


def test_the_page_stands_in_the_language_asked_for_without_script() -> None:
    strings = catalogue_strings()
    for lang, words in strings.items():
        source = pages.page(WEB, strings, lang)
        assert f'<html lang="{lang}"' in source
        assert words["page.not_report"] in source
        assert "demo-banner" not in source and "<!--" not in source
    assert pages.page(WEB, strings, "xx") == pages.page(WEB, strings, "en")


def test_the_demo_says_that_it_is_one(person: Person) -> None:
    person.fake.demo = True
    person.opens()
    banner = person.page.locator("#demo-banner")
    expect(banner).to_have_text("Demo – nothing here reaches a real office")
    person.page.get_by_label("Language").select_option("fr")
    expect(banner).to_contain_text("Démonstration")


def test_the_page_links_and_loads_nothing_from_elsewhere() -> None:
    source = pages.page(WEB, catalogue_strings(), demo=True)
    assert "http" not in source
    assert "<a " not in source
    assert "style=" not in source
    assert re.findall(r"<script(?![^>]* src=)", source) == []


def test_every_word_is_used_and_every_used_word_exists() -> None:
    script = (WEB / "widget.js").read_text()
    source = script + (WEB / "index.html").read_text() + (WEB / "pages.py").read_text()
    faults = {f"fault.{kind}" for kind in ("lost", "busy", "long", "trouble")}
    ends = {f"ended.{how}" for how in ("finished", "expired")}
    words = set(catalogue_strings()["en"])
    unused = {w for w in words if f"'{w}'" not in source and f'"{w}"' not in source}
    assert unused == faults | ends
    assert all(f"'{name.partition('.')[2]}'" in source for name in faults | ends)


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", "fr"),
        ("de, fr;q=0.3, en;q=0.7", "en"),
        ("de-DE", "en"),
        ("fr;q=0, en;q=0.1", "en"),
        ("", "en"),
        ("fr;q=nonsense;;,=", "en"),
        ("FR", "fr"),
    ],
)
def test_the_page_language_follows_the_browser(header: str, lang: str) -> None:
    assert pages.preferred_language(header, ("en", "fr")) == lang


def test_a_script_without_its_places_is_refused(tmp_path: Any) -> None:
    (tmp_path / "widget.js").write_text("const STRINGS = {};")
    (tmp_path / "widget.css").write_text("")
    with pytest.raises(ValueError, match="SPEAKSAFE_STRINGS"):
        pages.widget_script(tmp_path, {})
