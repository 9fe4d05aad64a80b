"""Files beside a report: offered where they can come, skippable, taken out again, sent with it."""

from __future__ import annotations

import asyncio
import json

import pytest

from reports.attaching import MOST, Waiting, expected, takes_files
from reports.draft import Draft
from reports.report_walk import ReportWalk
from tests.reports.chat import MESSAGES, FakeCases
from tests.reports.files.adding import (
    OFFER,
    agrees,
    at_the_preview,
    brings,
    by_browser,
    by_carrier,
    entry,
)

# -- where they are offered ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ({"channel": "web", "seals": True}, True),
        ({"channel": "web", "seals": False}, False),
        ({"channel": "telegram"}, True),
        ({"channel": "whatsapp"}, True),
        ({"channel": "signal"}, False),
        ({}, False),
    ],
)
def test_files_are_offered_where_they_can_come(
    walk: ReportWalk, given: dict[str, object], offered: bool
) -> None:
    chat = at_the_preview(walk, **given)
    assert (OFFER in chat.labels) is offered
    chat.chooses("opt:files")
    assert (chat.at == "files") is offered


def test_nobody_has_to_pass_by_them(walk: ReportWalk, cases: FakeCases) -> None:
    chat = by_carrier(walk)
    chat.presses("It is right, go on").presses("Yes, send it").hears("Your report is sent")
    assert cases.files == Waiting() and cases.report.attachments == ()


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_what_a_file_can_tell_is_said_before_one_is_added(walk: ReportWalk, lang: str) -> None:
    for chat in (by_browser(walk), by_carrier(walk)):
        chat.chooses("opt:files").switches_to(lang)
        told = MESSAGES.texts(lang, "report.files.ask", most=5, size=20)[-1]
        assert told in chat.heard
        assert told in MESSAGES.texts(lang, "report.files.ask_here", most=5, size=20)


# -- in a browser --------------------------------------------------------------------------


def test_a_browser_names_its_files_by_number_and_gets_them_sealed(
    walk: ReportWalk, cases: FakeCases
) -> None:
    chat = by_browser(walk).presses(OFFER)
    panel = chat.messages[-1].attach
    assert panel is not None and panel["most"] == MOST and panel["largest"] == 20 * 1024 * 1024
    chat.chooses("files:0.2").hears("Files\n2")
    chat.presses("It is right, go on")
    request = chat.messages[-1].seal
    assert request is not None and request["files"] == [0, 2]
    cases.arrived = 2
    agrees(chat).hears("Your report is sent")
    assert cases.files == Waiting((), 2)


def test_what_has_not_arrived_is_not_sent(walk: ReportWalk, cases: FakeCases) -> None:
    chat = by_browser(walk).presses(OFFER).chooses("files:0")
    chat.presses("It is right, go on")
    agrees(chat).hears("a file has not come through")
    assert not cases.sent and chat.messages[-1].seal is not None
    cases.arrived = 1
    agrees(chat).hears("Your report is sent")


@pytest.mark.parametrize("made_up", ["files:0.0", "files:0.1.2.3.4.5", "files:x", "files:", "1"])
def test_made_up_numbers_are_asked_again(walk: ReportWalk, made_up: str) -> None:
    chat = by_browser(walk).presses(OFFER).chooses(made_up)
    assert chat.at == "files" and chat.messages[-1].attach is not None


def test_she_takes_them_out_again(walk: ReportWalk) -> None:
    chat = by_browser(walk).presses(OFFER).chooses("files:0.1").presses(OFFER).chooses("files:1")
    chat.hears("Files\n1")
    chat.presses(OFFER).presses("Go on").hears_nothing_of("Files\n")
    chat.presses("Back").presses("Back").hears("Files\n1")


def test_a_browser_may_put_files_only_just_before_she_agrees(walk: ReportWalk) -> None:
    chat = by_browser(walk)
    for _ in ("preview", "files"):
        assert expected("report", chat.state) is None
        chat.chooses("opt:files")
    chat.chooses("files:none").presses("It is right, go on")
    assert expected("report", chat.state) is None
    chat.presses("No, not yet").presses(OFFER).chooses("files:0")
    assert expected("report", chat.state) is None, "she has some, but does not agree yet"
    chat.presses("It is right, go on")
    assert expected("report", chat.state) == "case-2"
    assert expected("survey", chat.state) is None
    assert expected("report", None) is None


# -- by a carrier --------------------------------------------------------------------------


def test_what_a_carrier_brings_goes_into_the_sealed_report(
    walk: ReportWalk, cases: FakeCases
) -> None:
    chat = by_carrier(walk).presses(OFFER)
    brings(chat, entry("a", copy=entry("b"))).hears("1 of 5")
    brings(chat, entry("c")).hears("2 of 5")
    chat.presses("Go on").hears("Files\n2")
    chat.presses("It is right, go on").presses("Yes, send it").hears("Your report is sent")
    assert cases.files == Waiting(("a", "b", "c"), 0)
    document = json.loads(cases.report.document())
    assert [one["key"] for one in document["attachments"]] == ["key of a", "key of c"]


def test_the_last_one_is_taken_out_and_its_key_with_it(walk: ReportWalk, cases: FakeCases) -> None:
    chat = by_carrier(walk).presses(OFFER)
    brings(chat, entry("a"))
    brings(chat, entry("b")).presses("Remove the last file")
    assert "key of b" not in json.dumps(chat.state)
    chat.presses("Go on").presses("It is right, go on").presses("Yes, send it")
    assert cases.files.ids == ("a",)


def test_no_more_than_five(walk: ReportWalk) -> None:
    chat = by_carrier(walk).presses(OFFER)
    for number in range(MOST):
        brings(chat, entry(str(number)))
    brings(chat, entry("one too many")).hears("at most 5 files")
    assert "one too many" not in json.dumps(chat.state)


@pytest.mark.parametrize("why", ["large", "kind", "trouble"])
def test_what_is_not_taken_is_said(walk: ReportWalk, why: str) -> None:
    chat = by_carrier(walk).presses(OFFER)
    brings(chat, {"refused": why}).hears("have not kept it")
    assert chat.at == "files" and "refused" not in json.dumps(chat.state)


def test_a_file_belongs_to_a_report_only_where_it_is_asked_for(walk: ReportWalk) -> None:
    chat = by_carrier(walk)
    assert not takes_files("report", chat.state)
    chat.presses(OFFER)
    assert takes_files("report", chat.state)
    assert not takes_files("survey", chat.state) and not takes_files("report", None)
    assert not takes_files("report", by_browser(walk).presses(OFFER).state)


# -- elsewhere -----------------------------------------------------------------------------


def test_what_the_browser_holds_stays_behind_when_she_goes_on_elsewhere(walk: ReportWalk) -> None:
    chat = by_browser(walk).presses(OFFER).chooses("files:0")
    assert chat.state is not None
    there = Draft(walk.moved(chat.state, seals=False))
    assert there.at == "account" and "files" not in there.data and "attach" not in there.data
    again = Draft(walk.moved(chat.state, seals=True))
    assert again.data["attach"] == "browser" and "files" not in again.data


def test_what_a_carrier_brought_goes_along(walk: ReportWalk) -> None:
    chat = by_carrier(walk).presses(OFFER)
    brings(chat, entry("a")).presses("Go on")
    assert chat.state is not None
    state = walk.moved(chat.state, seals=True)
    step = asyncio.run(walk.again(state, "en"))
    assert "Files\n1" in "\n".join(message.text for message in step.messages)
