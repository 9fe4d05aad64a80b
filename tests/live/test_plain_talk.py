"""The page without scripts carries the whole conversation, through the real engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.conversations.script import Script, play, scripts
from tests.live.test_report_talk import _send, _to_account, _to_preview
from tests.support.live import ROOT, Live
from tests.support.plain_talk import PlainTalk
from web.pages import EXIT_PAGE

#: So many scripts of each language are played here as well.
EACH = 4


@pytest.fixture
def plain(live: Live) -> Iterator[PlainTalk]:
    """Somebody at the page without scripts, who has read the opening."""
    with httpx.Client(base_url=live.url, timeout=60, trust_env=False) as http:
        talk = PlainTalk(http, "en")
        talk.opens()
        yield talk


def some() -> list[Script]:
    """The first few of each language that do not ask what the widget takes off the screen."""
    found: dict[str, list[Script]] = {}
    for script in scripts():
        fits = script.opens and not any("cleared" in turn for turn in script.turns)
        if fits and len(found.setdefault(script.lang, [])) < EACH:
            found[script.lang].append(script)
    return [script for each in found.values() for script in each]


@pytest.mark.parametrize("script", some(), ids=lambda s: f"{s.lang}: {s.name}")
def test_the_conversations_of_the_widget(script: Script, live: Live) -> None:
    with httpx.Client(base_url=live.url, timeout=60, trust_env=False) as http:
        play(script, PlainTalk(http, script.opens))


def test_it_opens_as_the_widget_does(plain: PlainTalk) -> None:
    plain.hears("a program, not a person", "not a report", "not an emergency service")
    plain.is_offered("policy and my options", "survey", "Make a report", "support now")


def test_a_report_from_the_first_question_to_the_receipt_and_back(plain: PlainTalk) -> None:
    _to_account(plain)
    _to_preview(plain, "He waits for me at the lift.\nEvery evening.")
    receipt = _send(plain)
    again = PlainTalk(plain.http, "en")
    again.opens().says("I have a receipt").says(receipt).hears("I have found your report")


def test_a_page_sent_twice_is_done_once(plain: PlainTalk) -> None:
    fields = {**plain.form.hidden, "text": "what is sexual harassment?"}
    first = plain.posts(fields).text
    plain.says("how long does it take?")
    assert plain.posts(fields).text in (first, plain.text), "a reload answers, and asks nothing new"
    assert plain.status == 200


def test_words_beside_a_pressed_button_stay_in_the_box(plain: PlainTalk) -> None:
    value = plain.choices[0]["value"]
    plain.posts({**plain.form.hidden, "choice": value, "text": "not yet\r\nfinished"})
    assert plain.form.box == "not yet\nfinished"


def test_what_is_too_long_stays_in_the_box(plain: PlainTalk) -> None:
    for length in (70_000, 120_000):
        plain.says("a" * length)
        assert plain.form.box == "a" * length
        assert plain.form.hidden["session"]


def test_an_unknown_chat_says_that_it_has_ended_and_keeps_the_words(plain: PlainTalk) -> None:
    plain.posts({**plain.form.hidden, "session": "gone", "text": "still mine"})
    assert "This chat has ended" in plain.form.note
    assert plain.form.box == "still mine"
    assert not plain.form.hidden.get("session")


def test_erase_ends_the_chat_and_says_what_it_cannot_delete(plain: PlainTalk) -> None:
    hidden = dict(plain.form.hidden)
    plain.says("erase everything").hears("deleted here", "cannot delete")
    assert plain.ended
    plain.posts({**hidden, "mark": "another", "text": "hello"})
    assert "This chat has ended" in plain.form.note


@pytest.mark.parametrize("alive", [True, False])
def test_leaving_shows_nothing_and_opens_another_page(plain: PlainTalk, alive: bool) -> None:
    fields = dict(plain.form.hidden)
    if not alive:
        plain.says("erase everything")
    plain.posts({**fields, "mark": "x", "choice": "gate:exit", "text": "half a word"})
    assert plain.form.refresh == f"0; url={EXIT_PAGE}"
    assert not plain.form.said and not plain.form.box
    plain.posts({**fields, "mark": "y", "text": "hello"})
    assert "This chat has ended" in plain.form.note


def test_it_leaves_to_the_same_page_as_the_widget() -> None:
    widget = (ROOT / "web" / "widget.js").read_text(encoding="utf-8")
    assert f"const EXIT_PAGE = '{EXIT_PAGE}'" in widget


@pytest.mark.parametrize(
    "fields",
    [
        b"who=me",
        b"session=" + b"s" * 300,
        b"choice=" + b"c" * 300,
        b"text=a&text=b",
        b"text=%ff%fe",
        b"&".join([b"text=a"] * 50),
    ],
)
def test_what_no_form_of_ours_sends_is_met_with_a_page(live: Live, fields: bytes) -> None:
    with httpx.Client(base_url=live.url, trust_env=False) as http:
        answer = http.post("/plain", content=fields)
    assert answer.status_code == 422
    assert "Something went wrong on our side" in answer.text


def test_markup_stays_text(plain: PlainTalk) -> None:
    value = plain.choices[0]["value"]
    posted = {**plain.form.hidden, "choice": value, "text": "</textarea><b id=x>"}
    answer = plain.http.post("/plain", data=posted)
    assert "<b id=x>" not in answer.text
    assert "&lt;/textarea&gt;" in answer.text


def test_no_page_may_run_a_script_or_send_a_form_elsewhere(live: Live) -> None:
    with httpx.Client(base_url=live.url, trust_env=False) as http:
        pages = [http.get("/plain"), http.post("/plain", data={"lang": "en"})]
        cross = http.post("/plain", data={"lang": "en"}, headers={"Sec-Fetch-Site": "cross-site"})
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "form-action 'self'" in policy
        # What is said of scripts is that nothing may become one.
        allowed = policy.replace("require-trusted-types-for 'script'", "")
        assert "script" not in allowed and not re.search(
            "<script|javascript:| on[a-z]+=", page.text
        )
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
    assert 'name="session"' in pages[1].text
    assert 'name="session"' not in cross.text, "no chat begins by another site's form"


@pytest.mark.parametrize(("lang", "direction"), [("ar", "rtl"), ("zh", "ltr")])
def test_each_language_runs_in_its_direction(live: Live, lang: str, direction: str) -> None:
    with httpx.Client(base_url=live.url, timeout=60, trust_env=False) as http:
        talk = PlainTalk(http, lang)
        talk.opens()
        assert (talk.form.lang, talk.form.direction) == (lang, direction)
        talk.says("in English please")
        assert (talk.form.lang, talk.form.direction) == ("en", "ltr")
