"""An owner at her page: who did what on which day, whether it is whole, and the mark to compare."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, insert, select, update

from tests.browser.conftest import Guard
from tests.browser.inbox.reader import PASSPHRASE, PHONE, REFUSED, Reader, barriers
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint
from vault.database import Lock
from vault.stores.owners import owner_of
from vault.tables import audit

pytestmark = pytest.mark.browser

MARK = re.compile(r"\d+(-[0-9A-Z]{4}){8}")
NARROW = "document.documentElement.scrollWidth <= screen.width"
CASES = ("AAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBB")


@pytest.fixture
def odile(world: LiveWorld) -> FocalPoint:
    """The owner of an office in which something was done."""
    past = world.today - timedelta(days=2)
    trail = world.audit
    trail.add(past, "amina", "read", ["unv-office"], CASES[0])
    trail.add(past, "amina", "reply", ["unv-office"], CASES[0])
    trail.add(past, "bilal", "read", ["unv-head"], CASES[1])
    trail.add(world.today, "service", "escalate", ["unv-office", "unv-head"], CASES[1])
    trail.add(world.today, "bilal", "read", ["unv-office"], CASES[1])
    return world.focal_point("odile", owner_of("unv-office"), passphrase=PASSPHRASE)


def comes_in(reader: Reader) -> Page:
    reader.opens("/owner").signs_in("odile")
    reader.heading("Who opened what")
    return reader.page


def mark(page: Page) -> str:
    found = page.locator("#mark").inner_text()
    assert MARK.fullmatch(found)
    return found


def looks_again(page: Page) -> None:
    """Another language and back: the page asks anew."""
    for lang, title in (("fr", "Qui a ouvert quoi"), ("en", "Who opened what")):
        page.locator("#language").select_option(lang)
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        expect(page.locator("#compared")).to_be_hidden()


def compares(reader: Reader, noted: str) -> None:
    reader.fills("A mark that you kept earlier", noted)
    reader.presses("Compare")


def test_she_reads_the_trail_by_day_and_narrows_it(
    world: LiveWorld, reader: Reader, odile: FocalPoint
) -> None:
    page = comes_in(reader)
    reader.reads("Office unv-office")
    reader.reads("Our server says yes")
    days = page.locator(".day")
    expect(days).to_have_count(2)
    expect(page.locator(".day li")).to_have_count(5)
    first = page.locator(".day li").last
    expect(first).to_contain_text("amina")
    expect(first).to_contain_text("Case opened")
    expect(first).to_contain_text("Case 000-000")
    expect(days.first).to_contain_text("The service itself")
    expect(days.first).to_contain_text("This trail opened")
    expect(page.locator("h1")).to_be_focused()
    page.get_by_label("Who", exact=True).focus()
    page.keyboard.type("amina")
    expect(page.locator(".day li")).to_have_count(2)
    expect(page.get_by_text("Lines: 2", exact=True)).to_be_visible()
    page.get_by_label("What", exact=True).select_option("reply")
    expect(page.locator(".day li")).to_have_count(1)
    page.get_by_label("Who", exact=True).select_option("bilal")
    reader.reads("There is no such line.")


def test_what_she_kept_is_compared_in_her_browser_alone(
    world: LiveWorld, reader: Reader, odile: FocalPoint
) -> None:
    page = comes_in(reader)
    noted = mark(page)
    with page.expect_download() as download:
        reader.presses("Save as a file")
    saved = download.value.path()
    text = saved.read_text(encoding="utf-8-sig")
    assert noted in text and "Case opened" in text and CASES[0] not in text
    assert len(re.findall(r"^\d+ · ", text, re.MULTILINE)) == 5

    world.audit.add(world.today, "amina", "note", ["unv-office"], CASES[0])
    looks_again(page)
    assert mark(page) != noted
    reader.sent.clear()
    page.get_by_label("The file that you saved").set_input_files(
        {"name": "kept.txt", "mimeType": "text/plain", "buffer": saved.read_bytes()}
    )
    expect(page.get_by_label("A mark that you kept earlier")).to_have_value(noted)
    reader.presses("Compare")
    reader.reads("It is the same. These lines stand as they stood when you kept the mark: 5")
    page.get_by_label("A mark that you kept earlier").fill("")
    page.keyboard.type(noted.lower().replace("-", " ").replace("0", "o"))
    page.keyboard.press("Enter")
    reader.reads("It is the same.")
    compares(reader, "12")
    reader.reads("Please write the whole mark")
    assert reader.sent == [], "what she kept never leaves the browser"


def test_whoever_changes_the_trail_is_found_out(
    world: LiveWorld, reader: Reader, odile: FocalPoint
) -> None:
    page = comes_in(reader)
    noted = mark(page)
    with world.database.read() as connection:
        rows = [row._asdict() for row in connection.execute(select(audit))]

    def then(*changes: Any, says: str) -> None:
        with world.database.write() as connection:
            for change in changes:
                connection.execute(change)
        looks_again(page)
        reader.reads(f"Our server says {says}")
        compares(reader, noted)
        reader.reads("It is not the same.")
        with world.database.write() as connection:
            connection.execute(delete(audit))
            connection.execute(insert(audit), rows)
        looks_again(page)
        compares(reader, noted)
        reader.reads("It is the same.")

    then(update(audit).where(audit.c.number == 1).values(who="somebody"), says="no")
    then(delete(audit).where(audit.c.number == 2), says="no")
    then(delete(audit).where(audit.c.number > 3), says="yes")
    # By somebody who has the server's secret and writes all of it anew: only the mark finds it.
    with world.database.write() as connection:
        connection.execute(delete(audit))
    world.audit.add(world.today - timedelta(days=2), "amina", "reply", ["unv-office"], CASES[0])
    with world.database.read() as connection:
        anew = [row._asdict() for row in connection.execute(select(audit))]
    then(delete(audit), insert(audit).values(anew), says="yes")


def test_a_focal_point_sees_no_trail_and_an_owner_no_cases(
    world: LiveWorld, reader: Reader, guard: Guard, amina: FocalPoint, odile: FocalPoint
) -> None:
    guard.expect_error(REFUSED)
    world.case("unv-office")
    reader.opens("/owner").signs_in("amina")
    reader.reads("This page is for the owner of an office.")
    expect(reader.page.locator(".day")).to_have_count(0)
    reader.opens("/inbox").signs_in("odile")
    reader.heading("Your cases")
    expect(reader.page.locator(".case")).to_have_count(0)
    reader.page.get_by_role("link", name="Go to the trail of your office").click()
    reader.heading("Sign in")


@pytest.mark.parametrize("strict", [("unv-office",)])
def test_her_office_asks_of_her_what_it_asks_of_those_who_read(
    reader: Reader, odile: FocalPoint, strict: tuple[str, ...]
) -> None:
    reader.opens("/owner").signs_in("odile")
    reader.reads("Your office wants a second factor")


def test_years_of_lines_are_shown_in_pieces(
    world: LiveWorld, reader: Reader, odile: FocalPoint
) -> None:
    with world.database.write(Lock.AUDIT) as connection:
        for number in range(210):
            case = f"{number:04}" * 4
            world.audit.append(connection, world.today, "amina", "note", ["unv-office"], case)
    page = comes_in(reader)
    expect(page.locator(".day li")).to_have_count(200)
    reader.presses("Show older lines")
    expect(page.locator(".day li")).to_have_count(215)
    expect(page.get_by_role("button", name="Show older lines")).to_have_count(0)


@pytest.mark.parametrize(
    "context_options",
    [{}, {"color_scheme": "dark"}, PHONE | {"locale": "ar"}],
    ids=["light", "dark", "Arabic on a phone"],
)
def test_it_keeps_nobody_out(
    world: LiveWorld, reader: Reader, odile: FocalPoint, context_options: dict[str, object]
) -> None:
    page = reader.opens("/owner").page
    page.locator("#name").fill("odile")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("form button.main").click()
    expect(page.locator("#mark")).to_be_visible()
    assert barriers(page) == [] and page.evaluate(NARROW)
    page.locator("#noted").fill(mark(page).replace("A", "B").replace("1", "2"))
    page.locator("form button.main").click()
    expect(page.locator("#compared")).to_be_visible()
    assert barriers(page) == [] and page.evaluate(NARROW)
    for lang in ("zh", "fr", "ru", "es", "ar", "en"):
        page.locator("#language").select_option(lang)
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(page.locator("#mark")).to_be_visible()
        assert page.evaluate(NARROW), lang
