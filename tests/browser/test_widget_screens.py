"""The widget for everybody, on every screen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.fake_service import message
from tests.browser.person import LOST, PHONE, RECEIPT, Person

pytestmark = pytest.mark.browser


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
