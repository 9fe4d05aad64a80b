"""The widget in a real Chromium: a conversation, in every language."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_service import message
from tests.browser.person import PHONE, RECEIPT, Person

pytestmark = pytest.mark.browser


def test_the_opening_is_asked_for_and_shown(talking: Person) -> None:
    assert talking.fake.begun == [{"lang": "en", "seals": True, "opening": True}]
    assert talking.fake.heard == [{"choice": "menu:start"}]
    talking.reads("Hello. I am a program, not a person.")
    expect(talking.log).to_contain_text("This chat starts afresh each time the page is opened.")
    assert talking.button(re.compile("^1. Learn$")).is_enabled()


def test_the_opening_comes_along_with_the_chat(person: Person) -> None:
    person.fake.brings = True
    person.opens()
    person.reads("Hello. I am a program, not a person.")
    assert person.fake.heard == []
    person.presses("Learn")
    person.reads("Heard.")
    assert person.fake.choices == ["menu:policy"]
    assert len(person.fake.begun) == 1


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
    assert person.fake.begun == [{"lang": "fr", "seals": True, "opening": True}]


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
