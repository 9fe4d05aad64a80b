"""The Task Force makes results at its page, in a real Chromium with the real service behind.

The key and the answers stay in the browser: everything that was sent is searched for them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey.desk import to_bytes
from survey.instrument import load_all
from survey.verifying import problems
from tests.browser.inbox.reader import PASSPHRASE, Reader, barriers
from tests.browser.inbox.test_sign_in import carries
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import ROOT
from tests.survey.people import synthetic
from vault import keyfiles
from vault.encoding import from_text
from vault.sealing import Context, seal

pytestmark = pytest.mark.browser

OWN_WORDS = "a synthetic sentence that must stay sealed"
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def key(world: LiveWorld, tmp_path: Path) -> Path:
    """The key file; a round of 45 people is closed, sealed to it."""
    made = keyfiles.new(tmp_path / "task-force.key", "task-force")
    instrument = next(iter(load_all(ROOT / "content").values()))
    world.focal_point("task", "task-force", passphrase=PASSPHRASE)
    round_ = world.rounds.open(instrument.ref, "open", made.public)
    for document in synthetic(instrument, 45):
        envelope = seal(to_bytes(document), [made.public], Context("answer", round_.round_id))
        world.drop_box.put(round_.round_id, envelope)
    world.rounds.close(round_.round_id)
    return tmp_path / "task-force.key"


def looks_after_everybody(page: Page) -> None:
    """No finding of axe, and nothing beside a narrow screen."""
    assert barriers(page) == []
    page.set_viewport_size({"width": 340, "height": 700})
    assert not page.evaluate(SIDEWAYS)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_results_are_made_at_the_page(
    world: LiveWorld, reader: Reader, key: Path, tmp_path: Path
) -> None:
    page = reader.page
    reader.opens("/taskforce").signs_in("task")
    reader.presses("Make the results of round 1 here")
    reader.heading("Results of round 1")
    reader.reads("Neither the key nor any answer leaves this computer.")
    looks_after_everybody(page)

    reader.presses("Open, count and check")
    reader.reads("Please choose the key file first.")
    other = keyfiles.new(tmp_path / "other.key", "task-force")
    assert other.private
    page.get_by_label("Key file of the Task Force").set_input_files(tmp_path / "other.key")
    reader.presses("Open, count and check")
    reader.reads("The answers of this round are sealed to another key.")
    assert page.get_by_label("Key file of the Task Force").get_attribute("aria-invalid") == "true"

    page.get_by_label("Key file of the Task Force").set_input_files(key)
    page.get_by_label("Language of the results").select_option("es")
    reader.presses("Open, count and check")
    # The audit takes a processor for some seconds.
    ready = page.get_by_text("The results are ready. They are about 45 people.").first
    expect(ready).to_be_visible(timeout=90_000)
    looks_after_everybody(page)
    made = tmp_path / "results"
    made.mkdir()
    names = ["results.csv", "results.xlsx", "results.json", "report.html", "audit.json"]
    for name in [*names, "releases.log"]:
        with page.expect_download() as download:
            reader.presses(f"Save {name}")
        assert download.value.suggested_filename == name
        download.value.save_as((tmp_path if name == "releases.log" else made) / name)
    assert problems(made, world.log) == []
    assert (tmp_path / "releases.log").read_bytes() == world.log.path.read_bytes()
    assert json.loads((made / "results.json").read_text())["language"] == "es"

    private = from_text(json.loads(key.read_text())["private"])
    sent = reader.bodies()
    assert '"tally"' in sent
    assert not carries(sent, private)
    assert not carries(sent, OWN_WORDS.encode())
    assert OWN_WORDS not in (made / "report.html").read_text()

    page.get_by_label("Language", exact=True).select_option("ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("h1")).to_contain_text("نتائج الجولة")
    expect(page.get_by_role("button", name="حفظ report.html")).to_be_visible()
    looks_after_everybody(page)
