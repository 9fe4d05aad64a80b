"""The Task Force's room, and who belongs where."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Guard
from tests.browser.inbox.reader import PASSPHRASE, REFUSED, Reader
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint
from vault.keys import PrivateKey
from vault.sealing import Context, seal

pytestmark = pytest.mark.browser


def test_the_task_force_sees_rounds_without_counts_and_takes_the_sealed_answers(
    world: LiveWorld, reader: Reader
) -> None:
    key = PrivateKey.new()
    world.focal_point("task", "task-force", passphrase=PASSPHRASE)
    first = world.rounds.open("victim-experience-1", "open", key.public())
    envelope = seal(b"{}", [key.public()], Context("answer", first.round_id))
    world.drop_box.put(first.round_id, envelope)
    world.rounds.close(first.round_id)
    world.rounds.open("victim-experience-1", "open", key.public())
    reader.opens("/taskforce").signs_in("task")
    reader.heading("Survey rounds")
    expect(reader.page.locator(".round")).to_have_count(2)
    expect(reader.page.locator(".round").first).to_contain_text("not even how many")
    with reader.page.expect_download() as download:
        reader.presses("Download the sealed answers of round 1")
    assert download.value.suggested_filename == "speaksafe-r1.bundle"
    lines = download.value.path().read_bytes().splitlines()
    assert lines[2:] == [envelope]
    reader.reads("Saved.")


def test_a_focal_point_is_sent_to_her_own_room(
    reader: Reader, guard: Guard, amina: FocalPoint
) -> None:
    guard.expect_error(REFUSED)
    reader.opens("/taskforce").signs_in()
    reader.reads("This page is for the Task Force.")
