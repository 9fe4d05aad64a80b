"""A case in other hands: handed over, stepped aside from, copied."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.inbox.reader import Reader
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint, Told
from vault.sealing import Context, open_envelope

pytestmark = pytest.mark.browser


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
