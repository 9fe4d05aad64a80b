"""A busy focal point at her inbox: what waits, searching, notes, handing over, copies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.inbox_server import LiveWorld, running
from tests.browser.test_inbox import PASSPHRASE, PHONE, Reader
from tests.inbox.world import FocalPoint, Told
from vault.database import Database
from vault.sealing import Context, open_envelope

pytestmark = pytest.mark.browser

LANGUAGES = ("ar", "zh", "fr", "ru", "es")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite is enough here."""
    return sqlite_url


@pytest.fixture
def world(database: Database) -> Iterator[LiveWorld]:
    with running(database) as started:
        yield started


@pytest.fixture
def amina(world: LiveWorld) -> FocalPoint:
    return world.focal_point("amina", "unv-office", passphrase=PASSPHRASE)


@pytest.fixture
def reader(page: Page, world: LiveWorld, amina: FocalPoint) -> Reader:
    return Reader(page, world)


@pytest.fixture
def case(world: LiveWorld, amina: FocalPoint) -> Told:
    return world.case("unv-office", days_ago=3)


def lines(reader: Reader) -> list[str]:
    return reader.page.locator(".case").all_inner_texts()


# ------------------------------------------------------------------------------------- the list


def test_what_waits_longest_stands_first_and_says_so(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    world.case("unv-office", days_ago=0)
    world.case("unv-office", days_ago=9)
    world.case("unv-office", days_ago=4)
    reader.opens().signs_in()
    expect(reader.page.locator(".case")).to_have_count(3)
    first, second, third = lines(reader)
    assert "Answer overdue" in first
    assert "wrote 9 days ago" in first
    assert "Answer due" in second
    assert "Answer" not in third


def test_the_list_can_be_narrowed(world: LiveWorld, reader: Reader, amina: FocalPoint) -> None:
    world.case("unv-office", days_ago=1)
    closed = world.case("unv-office", days_ago=9)
    world.cases.set_status(closed.case_id, "closed")
    world.cases.mark_read(closed.case_id, "focal_point")
    reader.opens().signs_in()
    for choice, count in (("closed", 1), ("new", 1), ("waiting", 1), ("all", 2)):
        reader.page.get_by_label("Show", exact=True).select_option(choice)
        expect(reader.page.locator(".case")).to_have_count(count)


def test_searching_looks_only_into_what_was_opened_and_sends_nothing(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    world.case("unv-office", days_ago=1, account="He waits in the CAFÉTÉRIA every noon.")
    other = world.case("unv-office", days_ago=2, account="She writes to me from the cafeteria.")
    reader.opens().signs_in()
    box = reader.page.get_by_label("Search in the cases you have opened")
    box.fill("cafeteria")
    reader.reads("Nothing was found")
    reader.presses("Open the other cases here to search in them: 2")
    expect(reader.page.locator(".case")).to_have_count(2)
    expect(reader.page.locator("mark")).to_have_text(["cafeteria", "CAFÉTÉRIA"])
    stored = world.cases.get(other.case_id)
    assert stored is not None
    assert (stored.status, stored.unread_by_focal_point) == ("received", True)
    box.fill("every noon")
    expect(reader.page.locator(".case")).to_have_count(1)
    assert "cafeteria" not in reader.bodies().casefold()
    assert "every noon" not in reader.bodies()


# ------------------------------------------------------------------------------------- the case


def test_a_ready_sentence_is_written_in_the_reporters_language(
    world: LiveWorld, reader: Reader, case: Told
) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    box = reader.page.get_by_label("Your answer", exact=True)
    box.fill("Bonjour,")
    reader.page.get_by_label("Insert a ready-made sentence").select_option(
        label="Thank the reporter"
    )
    thanks = world.deps.messages.text("fr", "inbox.template.thanks.text")
    expect(box).to_have_value(f"Bonjour,\n\n{thanks}")
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("Sent.")
    assert world.replies(case) == [f"Bonjour,\n\n{thanks}"]


def test_a_note_is_for_colleagues_only(
    world: LiveWorld, reader: Reader, amina: FocalPoint, case: Told
) -> None:
    colleague = world.focal_point("bilal", "unv-office", passphrase="another long passphrase")
    reader.opens().signs_in()
    reader.opens_case()
    reader.presses("Keep the note")
    reader.reads("Please write your note first.")
    reader.fills("Your note", "Security knows of it.")
    reader.presses("Keep the note")
    reader.reads("The note is kept.")
    expect(reader.page.locator(".talk .note")).to_contain_text("Note by amina")
    envelope = world.cases.entries(case.case_id)[-1].envelope
    context = Context("note", case.case_id)
    for key in (amina.key, colleague.key, world.recovery):
        assert json.loads(open_envelope(envelope, key, context))["text"] == "Security knows of it."
    with pytest.raises(Exception, match="cannot be opened"):
        open_envelope(envelope, case.key, context)
    assert "Security knows" not in reader.bodies()
    stored = world.cases.get(case.case_id)
    assert stored is not None
    assert not stored.unread_by_reporter


def test_the_conversation_goes_by_days(
    world: LiveWorld, reader: Reader, amina: FocalPoint, case: Told
) -> None:
    now = world.today
    world.today = now - timedelta(days=2)
    world.addition(case, "He came back.", amina)
    world.today = now
    world.addition(case, "And again today.", amina)
    reader.opens().signs_in()
    reader.opens_case()
    days = reader.page.locator(".day time")
    expect(days).to_have_count(2)
    assert days.first.get_attribute("datetime") == (now - timedelta(days=2)).isoformat()


def test_a_case_is_closed_with_a_reason_that_the_reporter_does_not_see(
    world: LiveWorld, reader: Reader, case: Told
) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    reader.presses("Close the case")
    reader.page.get_by_label("Reason").select_option("referred")
    reader.fills("In your own words (can be left out)", "To the investigators, by hand.")
    reader.presses("Yes, close the case")
    reader.reads("Closed by amina: Passed on for investigation")
    reader.reads("To the investigators, by hand.")
    stored = world.cases.get(case.case_id)
    assert stored is not None
    assert stored.status == "closed"
    assert world.replies(case) == []


def test_a_case_is_handed_to_a_new_colleague_who_can_then_read_all_of_it(
    world: LiveWorld, reader: Reader, amina: FocalPoint, case: Told
) -> None:
    colleague = world.focal_point("bilal", "unv-office", passphrase="another long passphrase")
    reader.opens().signs_in()
    reader.opens_case()
    reader.page.get_by_label("Hand over to").select_option("bilal")
    reader.presses("Hand over")
    reader.reads("In hand now: bilal.")
    report = world.cases.entries(case.case_id)[0].envelope
    opened = open_envelope(report, colleague.key, Context("report", case.case_id))
    assert json.loads(opened)["account"] == "He waits at my door every evening."


def test_stepping_aside_takes_the_case_away_for_good(
    world: LiveWorld, reader: Reader, case: Told
) -> None:
    world.focal_point("bilal", "unv-office", passphrase="another long passphrase")
    reader.opens().signs_in()
    reader.opens_case()
    reader.presses("Step aside from this case")
    reader.presses("Go back")
    expect(reader.page.get_by_role("heading", name="The report", exact=True)).to_be_visible()
    reader.presses("Step aside from this case")
    reader.presses("Yes, I step aside")
    reader.reads(re.compile("You have stepped aside"))
    expect(reader.page.locator(".case")).to_have_count(0)


def test_a_copy_is_made_in_the_browser_after_a_warning(
    world: LiveWorld, reader: Reader, amina: FocalPoint, case: Told, tmp_path: Path
) -> None:
    world.addition(case, "<b>He came back.</b>", amina)
    reader.opens().signs_in()
    reader.opens_case()
    before = len(reader.sent)
    reader.presses("Save as a file")
    reader.presses("Go back")
    reader.presses("Save as a file")
    with reader.page.expect_download() as waiting:
        reader.presses("Yes, make a copy")
    file = tmp_path / "copy"
    waiting.value.save_as(file)
    assert re.fullmatch(r"case-[0-9A-Z]{3}-[0-9A-Z]{3}\.txt", waiting.value.suggested_filename)
    text = file.read_text("utf-8-sig")
    for part in ("He waits at my door every evening.", "<b>He came back.</b>", "Not given"):
        assert part in text
    assert [request.url for request in reader.sent[before:] if "/inbox/api" in request.url] == []


def test_only_the_case_is_printed(reader: Reader, case: Told) -> None:
    reader.opens().signs_in()
    reader.opens_case()
    reader.page.emulate_media(media="print")
    expect(reader.page.locator(".report")).to_be_visible()
    for gone in ("body > header", "#reply", "#note", ".back", ".grave"):
        expect(reader.page.locator(gone)).to_be_hidden()


# ----------------------------------------------------------------------------------- for anybody


def barriers(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]


def test_the_search_for_barriers_finds_them(page: Page) -> None:
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'><input>")
    assert any(one.startswith("image-alt") for one in barriers(page))
    assert any(one.startswith("label") for one in barriers(page))


@pytest.mark.parametrize(
    "context_options",
    [{}, {"color_scheme": "dark"}, PHONE | {"locale": "ar"}],
    ids=["light", "dark", "Arabic on a phone"],
)
def test_no_view_keeps_anybody_out(world: LiveWorld, reader: Reader, amina: FocalPoint) -> None:
    told = world.case("unv-office", days_ago=9, danger_now=True)
    world.addition(told, "He came back.", amina)
    page = reader.opens().page
    assert barriers(page) == []
    page.locator("#name").fill("amina")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("form button.main").click()
    expect(page.locator(".case")).to_have_count(1)
    assert barriers(page) == []
    page.locator(".case").click()
    expect(page.locator(".report")).to_be_visible()
    assert barriers(page) == []
    page.locator(".step button").last.click()
    expect(page.locator("dialog")).to_be_visible()
    assert barriers(page) == []


@pytest.mark.parametrize("context_options", [PHONE])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_in_every_language_nothing_sticks_out_on_a_phone(
    world: LiveWorld, reader: Reader, amina: FocalPoint, lang: str
) -> None:
    world.focal_point("bilal", "unv-office", passphrase="another long passphrase")
    world.case("unv-office", days_ago=9)
    page = reader.opens().page
    reader.signs_in()
    expect(page.locator(".case")).to_be_visible()
    page.locator("#language").select_option(lang)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)
    page.locator(".case").click()
    expect(page.locator(".report")).to_be_visible()
    assert page.evaluate(wide)
