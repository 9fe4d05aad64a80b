"""What the widget must never do, and how it is served."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from bot.words import Words
from catalogue import Messages
from service.widget_pages import openings
from tests.browser.fake_service import ROOT, WEB, catalogue_strings
from tests.browser.person import Person
from web import pages
from web.bundle import bundle

pytestmark = pytest.mark.browser


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
    """The page in its dearest language, with all that it loads before a person can answer."""
    messages = Messages.load(ROOT / "content")
    first = openings(messages, Words.load(ROOT / "content"))
    strings = pages.widget_strings(messages)
    dearest = max(_packed(pages.page(WEB, strings, lang, True, first)) for lang in strings)
    styles = [(WEB / name).read_text() for name in ("page.css", "widget.css")]
    own = dearest + sum(map(_packed, [pages.page_script(WEB), *styles]))
    assert own < 22_000
    embedded = _packed(pages.widget_script(WEB, pages.words_of(strings, "en", first)))
    assert embedded < 20_000
    assert own + _packed(bundle(WEB / "held" / "held.js")) < 30_000


def _packed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


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
    weather = f'<a class="leave" href="{pages.EXIT_PAGE}" rel="noreferrer">'
    assert source.count("http") == source.count(weather) == 1, "only the way out, when pressed"
    links = re.findall('<a [^>]*href="([^"]*)"', source)
    assert set(links) == {"plain?lang=en", pages.EXIT_PAGE}, "the others to a page of ours"
    assert "style=" not in source
    assert re.findall(r"<script(?![^>]* src=)", source) == []


def test_every_word_is_used_and_every_used_word_exists() -> None:
    script = (WEB / "widget.js").read_text()
    pages_of_it = [(WEB / name).read_text() for name in ("index.html", "chat.html", "pages.py")]
    source = script + "".join(pages_of_it)
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
    (tmp_path / "widget.js").write_text("const WORDS = {};")
    (tmp_path / "widget.css").write_text("")
    with pytest.raises(ValueError, match="SPEAKSAFE_WORDS"):
        pages.widget_script(tmp_path, {})
