"""Files beside a report: offered where they can come, skippable, taken out again, sent with it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from catalogue import Heard
from reports.attaching import MOST, Waiting, clean_only, expected, sealed, takes_files, waiting
from reports.draft import Draft
from reports.report_walk import ReportWalk
from reports.return_walk import ReturnWalk
from tests.reports.chat import ENTITIES, MESSAGES, ROUTES, Chat, FakeArchive, FakeCases
from vault.keys import PrivateKey
from vault.sealing import Context, seal

KEY = PrivateKey.new()
OFFER = "Add or remove files"
TOLD = ("To me", "World Food Programme", "Yes", "No, it can go there")


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "key": f"key of {name}", "type": "image/jpeg", "size": 3, **more}


@pytest.fixture
def cases() -> FakeCases:
    return FakeCases(keys=[KEY.public()])


@pytest.fixture
def walk(cases: FakeCases) -> ReportWalk:
    return ReportWalk(MESSAGES, ENTITIES, ROUTES, cases, attaches=True)


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive("482109375526118044729034", keys=[KEY.public()])


def at_the_preview(walk: ReportWalk, **given: object) -> Chat:
    chat = Chat(walk, **given)  # type: ignore[arg-type]
    chat.goes_through(*TOLD)
    chat.chooses("held:0") if given.get("seals") else chat.says("It happened.")
    chat.presses("I have said it all")
    for _ in ("when and where", "who", "wish", "danger"):
        chat.presses("Skip")
    return chat.presses("Stay anonymous")


def by_browser(walk: ReportWalk) -> Chat:
    return at_the_preview(walk, channel="web", seals=True)


def by_carrier(walk: ReportWalk, channel: str = "telegram") -> Chat:
    return at_the_preview(walk, channel=channel)


def brings(chat: Chat, attached: dict[str, Any]) -> Chat:
    return chat._hear(Heard("", "files:sent", "choose", 1.0, chat.lang, attached=attached))


def agrees(chat: Chat) -> Chat:
    request = chat.messages[-1].seal
    assert request is not None
    context = Context(request["purpose"], request["binding"])
    envelope = seal(json.dumps(request["document"]).encode(), [KEY.public()], context).decode()
    return chat._hear(Heard("", "do:yes", "choose", 1.0, chat.lang, envelope))


# -- where they are offered ------------------------------------------------------------------


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


# -- in a browser ----------------------------------------------------------------------------


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


# -- by a carrier ----------------------------------------------------------------------------


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


# -- elsewhere -------------------------------------------------------------------------------


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


# -- added later -----------------------------------------------------------------------------


def to_agree(archive: FakeArchive, *, seals: bool = True) -> Chat:
    walk = ReturnWalk(MESSAGES, archive, asyncio.sleep, attaches=True)  # type: ignore[arg-type]
    chat = Chat(walk, seals=seals)
    chat.says(archive.receipt).presses("Write to the focal point")
    return chat.chooses("held:0") if seals else chat.says("It happened again.")


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


def later_by_carrier(archive: FakeArchive, channel: str = "telegram") -> Chat:
    walk = ReturnWalk(MESSAGES, archive, asyncio.sleep, attaches=True)  # type: ignore[arg-type]
    chat = Chat(walk, channel=channel)
    return chat.says(archive.receipt).presses("Write to the focal point")


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


# -- only the cleaned copies -----------------------------------------------------------------

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
