"""Files beside what is written later, with a receipt."""

from __future__ import annotations

import json

import pytest

from reports.attaching import MOST, Waiting, expected, takes_files
from tests.reports.chat import MESSAGES, FakeArchive
from tests.reports.files.adding import (
    OFFER,
    agrees,
    brings,
    entry,
    later_by_carrier,
    to_agree,
)


def test_files_are_added_later_too(archive: FakeArchive) -> None:
    chat = to_agree(archive)
    assert expected("return", chat.state) is None
    chat.presses(OFFER).chooses("files:0.1").hears("Files\n2", "Shall I send this")
    assert expected("return", chat.state) == "case"
    request = chat.messages[-1].seal
    assert request is not None and request["files"] == [0, 1]
    agrees(chat).hears("a file has not come through")
    archive.arrived = 2
    agrees(chat).hears("It is sent")
    assert archive.files == Waiting((), 2) and "files" not in (chat.state or {})
    chat.presses("Write to the focal point").chooses("held:1")
    panel = chat.presses(OFFER).messages[-1].attach
    assert panel is not None and panel["chosen"] == []


def test_later_too_they_are_taken_out_and_left_out(archive: FakeArchive) -> None:
    chat = to_agree(archive).presses(OFFER).chooses("files:0").presses(OFFER)
    assert chat.messages[-1].attach["chosen"] == [0]  # type: ignore[index]
    chat.presses("Back").hears("Files\n1").presses(OFFER).presses("Go on")
    chat.hears_nothing_of("Files\n")
    agrees(chat).hears("It is sent")
    assert archive.files == Waiting()


def test_a_browser_that_cannot_seal_adds_none_later(archive: FakeArchive) -> None:
    chat = to_agree(archive, seals=False)
    assert OFFER not in chat.labels
    chat.chooses("opt:files").hears("Shall I send this")


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_later_too_a_carrier_brings_files(archive: FakeArchive, channel: str) -> None:
    chat = later_by_carrier(archive, channel).says("It happened again.")
    assert not takes_files("return", chat.state)
    chat.presses(OFFER).hears("A file can show more than you mean it to")
    assert takes_files("return", chat.state)
    brings(chat, entry("a", copy=entry("b"))).hears("it is sealed", "1 of 5")
    brings(chat, {"refused": "kind"}).hears("have not kept it", "1 of 5")
    brings(chat, entry("c")).presses("Remove the last file").hears("1 of 5")
    assert "key of c" not in json.dumps(chat.state)
    chat.presses("Go on").hears("Files\n1", "Shall I send this").presses("Yes, send it")
    assert archive.files == Waiting(("a", "b"), 0)
    assert [one["key"] for one in archive.attachments] == ["key of a"]
    assert "key of a" not in json.dumps(chat.state)
    assert takes_files("return", chat.state) is False


def test_later_too_no_more_than_five(archive: FakeArchive) -> None:
    chat = later_by_carrier(archive).says("It happened again.").presses(OFFER)
    for number in range(MOST):
        brings(chat, entry(str(number)))
    brings(chat, entry("one too many")).hears("at most 5 files")
    assert "one too many" not in json.dumps(chat.state)


def test_what_is_written_anew_keeps_its_files_and_what_is_left_does_not(
    archive: FakeArchive,
) -> None:
    chat = later_by_carrier(archive).says("It happened again.").presses(OFFER)
    brings(chat, entry("a")).presses("Go on").presses("No, write it again")
    chat.says("It happened once more.").hears("Files\n1")
    chat.presses("No, write it again").presses("Back")
    assert "key of a" not in json.dumps(chat.state)


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_where_none_can_come_that_is_said(archive: FakeArchive, lang: str) -> None:
    honest = MESSAGES.text(lang, "return.write.no_files")
    assert honest in later_by_carrier(archive, "signal").switches_to(lang).heard
    assert honest not in later_by_carrier(archive, "telegram").switches_to(lang).heard
    chat = later_by_carrier(archive, "signal").says("It happened again.")
    assert OFFER not in chat.labels


def test_files_of_a_carrier_and_of_a_browser_go_together(archive: FakeArchive) -> None:
    chat = later_by_carrier(archive).says("It happened again.").presses(OFFER)
    brings(chat, entry("a")).presses("Go on")
    assert chat.state is not None
    chat.state = chat.walk.moved(chat.state, seals=True)
    chat.switches_to("en").presses(OFFER)
    assert chat.messages[-1].attach["most"] == MOST - 1  # type: ignore[index]
    chat.chooses("files:0").hears("Files\n2")
    archive.arrived = 1
    agrees(chat).hears("It is sent")
    assert archive.files == Waiting(("a",), 1)
