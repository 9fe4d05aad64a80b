"""Answers and notes: sealed in the browser to everybody who should read them, stored once."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Guard
from tests.browser.inbox.reader import REFUSED, Reader
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint, Told
from vault.sealing import Context, open_envelope

pytestmark = pytest.mark.browser


def test_a_reply_is_sealed_to_everybody_who_should_read_it(
    world: LiveWorld, reader: Reader, amina: FocalPoint, case: Told
) -> None:
    colleague = world.focal_point("bilal", "unv-office", passphrase="another long passphrase")
    reader.opens().signs_in()
    reader.opens_case()
    words = "Bonjour,\nvoulez-vous me dire <b>où</b> ? 🕊️"
    reader.fills("Your answer", words)
    reader.presses("Send the answer")
    expect(reader.page.get_by_role("dialog").locator("blockquote")).to_have_text(words)
    reader.presses("Go back")
    assert world.replies(case) == []
    expect(reader.page.get_by_label("Your answer")).to_have_value(words)
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("Sent.")
    expect(reader.page.get_by_label("Your answer")).to_have_value("")
    expect(reader.page.locator(".talk .focal_point .said")).to_have_text(words)
    assert world.replies(case) == [words]
    envelope = world.cases.entries(case.case_id)[-1].envelope
    context = Context("reply", case.case_id)
    for key in (amina.key, colleague.key, world.recovery, case.key):
        assert json.loads(open_envelope(envelope, key, context)) == {"v": 1, "text": words}


def test_a_reply_whose_answer_was_lost_is_stored_once(
    world: LiveWorld, reader: Reader, guard: Guard, case: Told
) -> None:
    guard.expect_error("ERR_FAILED|ERR_CONNECTION")
    reader.opens().signs_in()
    reader.opens_case()
    reader.fills("Your answer", "once")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    reader.page.route("**/inbox/api/reply", lose, times=1)
    for notice in ("The connection was lost.", "Sent."):
        reader.presses("Send the answer")
        reader.presses("Yes, send it")
        reader.reads(notice)
    assert world.replies(case) == ["once"]


def test_a_new_colleague_in_between_is_noticed(
    world: LiveWorld, reader: Reader, guard: Guard, case: Told
) -> None:
    guard.expect_error(REFUSED)
    reader.opens().signs_in()
    reader.opens_case()
    world.focal_point("bilal", "unv-office", passphrase="another long passphrase")
    reader.fills("Your answer", "kept")
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("have changed")
    expect(reader.page.get_by_label("Your answer")).to_have_value("kept")
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("Sent.")
    assert world.replies(case) == ["kept"]


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
