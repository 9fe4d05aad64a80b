"""Only the cleaned copies of files go, if she wants it so."""

from __future__ import annotations

import json

from catalogue import Heard
from reports.attaching import Waiting, clean_only, sealed, waiting
from reports.draft import Draft
from reports.report_walk import ReportWalk
from tests.reports.chat import Chat, FakeArchive, FakeCases
from tests.reports.files.adding import (
    OFFER,
    agrees,
    brings,
    by_browser,
    by_carrier,
    entry,
    later_by_carrier,
    to_agree,
)

CLEAN, WHOLE = "Send only the cleaned copies", "Send the files as they are"


def test_by_a_carrier_only_the_copies_can_go(walk: ReportWalk, cases: FakeCases) -> None:
    chat = by_carrier(walk).presses(OFFER).hears("the place, the device or a name")
    assert not clean_only("report", chat.state)
    brings(chat, entry("a", copy=entry("b", size=2)))
    brings(chat, entry("c", copy=None))
    chat.presses(CLEAN).hears("only cleaned copies go", "can't make a cleaned copy", "1 of 5")
    assert clean_only("report", chat.state)
    state = json.dumps(chat.state)
    assert "key of b" in state and "key of a" not in state and "key of c" not in state
    brings(chat, entry("d", copy=None, clean=True))
    chat.presses(WHOLE).presses(CLEAN).hears("2 of 5").presses("Go on")
    chat.hears("Files\n2, only the cleaned copies").presses("It is right, go on")
    chat.presses("Yes, send it")
    assert cases.files == Waiting(("b", "d"), 0)
    assert [one["copy"] for one in cases.report.attachments] == [None, None]


def test_in_a_browser_only_the_copies_can_go(walk: ReportWalk, cases: FakeCases) -> None:
    chat = by_browser(walk).presses(OFFER)
    assert chat.messages[-1].attach["clean"] is False  # type: ignore[index]
    chat.chooses("files:clean.0.2").hears("Files\n2, only the cleaned copies")
    assert chat.presses(OFFER).messages[-1].attach["clean"] is True  # type: ignore[index]
    chat.presses("Back").presses("It is right, go on")
    request = chat.messages[-1].seal
    assert request is not None and request["clean"] is True and request["files"] == [0, 2]
    chat.presses("No, not yet").presses(OFFER).chooses("files:0").presses("It is right, go on")
    assert chat.messages[-1].seal["clean"] is False  # type: ignore[index]


def test_later_too_only_the_copies_can_go(archive: FakeArchive) -> None:
    chat = later_by_carrier(archive).says("It happened again.").presses(OFFER)
    brings(chat, entry("a", copy=entry("b"))).presses(CLEAN).hears("1 of 5")
    assert clean_only("return", chat.state)
    chat.presses("Go on").hears("only the cleaned copies").presses("Yes, send it")
    assert archive.files == Waiting(("b",), 0) and "clean" not in (chat.state or {})
    here = to_agree(archive).presses(OFFER).chooses("files:clean.0")
    assert here.messages[-1].seal["clean"] is True  # type: ignore[index]


def goes_on_here(chat: Chat) -> Chat:
    """Go on in a browser with what a carrier brought."""
    assert chat.state is not None
    chat.state = chat.walk.moved(chat.state, seals=True)
    return chat.switches_to("en").presses(OFFER)


def brought(chat: Chat) -> Chat:
    """A file with a cleaned copy has come by a carrier."""
    return brings(chat.presses(OFFER), entry("a", copy=entry("b"))).presses("Go on")


def test_of_what_a_carrier_brought_a_browser_sends_only_the_copies_too(
    walk: ReportWalk, cases: FakeCases
) -> None:
    chat = goes_on_here(brought(by_carrier(walk))).chooses("files:clean.0")
    chat.hears("Files\n2, only the cleaned copies")
    assert "key of a" not in json.dumps(chat.state)
    request = chat.presses("It is right, go on").messages[-1].seal
    assert request is not None and request["clean"] is True
    assert [one["id"] for one in request["document"]["attachments"]] == ["b"]
    cases.arrived = 1
    agrees(chat).hears("Your report is sent")
    assert cases.files == Waiting(("b",), 1)


def test_the_tick_counts_without_files_in_the_browser(walk: ReportWalk, cases: FakeCases) -> None:
    chat = goes_on_here(brought(by_carrier(walk))).chooses("files:clean")
    chat.hears("Files\n1, only the cleaned copies")
    assert "key of a" not in json.dumps(chat.state)
    chat.presses("Back").hears_nothing_of("key of a")
    assert "key of a" not in json.dumps(chat.state), "no way back has the key"
    chat.chooses("files:clean").presses("It is right, go on").presses("Yes, send it")
    assert cases.files == Waiting(("b",), 0)


def test_what_has_no_copy_is_left_out_and_she_is_told(walk: ReportWalk) -> None:
    chat = by_carrier(walk).presses(OFFER)
    brings(chat, entry("c", copy=None)).presses("Go on")
    goes_on_here(chat).chooses("files:clean.0").hears("can't make a cleaned copy")
    panel = chat.messages[-1].attach
    assert panel is not None and (panel["chosen"], panel["clean"]) == ([0], True)
    assert "key of c" not in json.dumps(chat.state)
    chat.chooses("files:clean.0").hears("Files\n1, only the cleaned copies")


def test_that_only_the_copies_go_holds_in_another_browser(
    walk: ReportWalk, archive: FakeArchive
) -> None:
    later = later_by_carrier(archive).says("It happened again.")
    for chat in (by_carrier(walk), later):
        brings(chat.presses(OFFER).presses(CLEAN), entry("a", copy=entry("b"))).presses("Go on")
        panel = goes_on_here(chat).messages[-1].attach
        assert panel is not None and panel["clean"] is True
        chat.presses("Go on").hears("Files\n1, only the cleaned copies")


def test_a_file_that_was_on_its_way_comes_without_its_original(
    walk: ReportWalk, archive: FakeArchive
) -> None:
    """She asked for copies only while it was fetched, or in the moment before the walk heard it."""
    later = later_by_carrier(archive).says("It happened again.")
    for chat in (by_carrier(walk), later):
        chat.presses(OFFER)
        both = Heard("", "opt:cleaned", "choose", 1.0, "en", attached=entry("a", copy=entry("b")))
        chat._hear(both).hears("only cleaned copies go", "1 of 5")
        brings(chat, entry("c", copy=entry("d"))).hears("2 of 5")
        brings(chat, entry("e", copy=None)).hears("can't make a cleaned copy", "2 of 5")
        state = json.dumps(chat.state)
        assert all(f"key of {one}" in state for one in "bd")
        assert not any(f"key of {one}" in state for one in "ace")


def test_no_original_goes_whatever_a_draft_still_holds() -> None:
    held = {"file.0": entry("a", copy=entry("b")), "file.1": entry("c", copy=None)}
    draft = Draft.new("preview", clean="yes", **held)
    assert [one["id"] for one in sealed(draft)] == ["b"]
    assert waiting(draft) == Waiting(("b",), 0)


def test_later_too_a_browser_sends_only_the_copies_of_all(archive: FakeArchive) -> None:
    for choice, files in (("files:clean", 0), ("files:clean.0", 1)):
        chat = goes_on_here(brought(later_by_carrier(archive).says("It happened again.")))
        chat.chooses(choice).hears(f"Files\n{files + 1}, only the cleaned copies")
        assert "key of a" not in json.dumps(chat.state)
        archive.arrived = files
        agrees(chat) if files else chat.presses("Yes, send it")
        chat.hears("It is sent")
        assert archive.files == Waiting(("b",), files)
    chat = later_by_carrier(archive).says("It happened again.").presses(OFFER)
    brings(chat, entry("c", copy=None)).presses("Go on")
    goes_on_here(chat).chooses("files:clean").hears("can't make a cleaned copy")
    assert chat.at == "files" and "key of c" not in json.dumps(chat.state)
