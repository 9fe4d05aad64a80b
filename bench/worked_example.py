"""The worked example of docs/worked-example.md: ``python -m bench.worked_example``.

Two synthetic rounds of 400 answers each, made by a seeded generator (no person stands behind any of
them), their releases, pictures of the second report, and an attack that the audit stops.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from catalogue import Messages
from survey.audit import audit
from survey.instrument import load_all
from survey.proving import NotSafe, prove
from survey.release import Desk, Sealed, release
from survey.tables import count
from tests.survey.people import synthetic
from vault.keys import PrivateKey
from vault.release_log import ReleaseLog
from vault.stores.rounds import Round

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
PEOPLE = 400


def main() -> None:
    """Make the pictures, and say what the attack came to."""
    instrument = next(iter(load_all(ROOT / "content").values()))
    messages = Messages.load(ROOT / "content")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = ReleaseLog(folder / "releases.log")
        key = PrivateKey.new()
        for number in (1, 2):
            round_ = Round(f"r{number}", number, instrument.ref, "invited", key.public(),
                           f"2026-0{3 * number}", f"2026-0{3 * number + 2}")  # fmt: skip
            sealed = Sealed(round_, synthetic(instrument, PEOPLE, seed=number))
            for lang in ("en", "ar"):
                desk = Desk(instrument, None, lang, messages, log)
                done = release(sealed, desk, folder / f"r{number}-{lang}")
                print(done.rounds, done.answers, done.shown, done.hidden)
        _pictures(folder)
    people = [document["answers"] for document in synthetic(instrument, PEOPLE, seed=1)]
    first = prove(instrument, count(instrument, people), ["r1"], b"", []).facts
    late = [document["answers"] for document in synthetic(instrument, 7, seed=3)]
    counts = count(instrument, people + late)
    second = prove(instrument, counts, ["r1", "r2"], b"", [])
    print("alone:", second.audit.passed, "narrowest:", second.audit.narrowest)
    together = audit(second.facts, [first])
    print("together:", len(together.objections), "objections")
    for bound in together.objections[:12]:
        print("  ", bound.item or "everybody", bound.code, bound.low, bound.high)
    try:
        prove(instrument, counts, ["r1", "r2"], b"", [first])
    except NotSafe as error:
        print("refused:", error)


def _pictures(folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 760, "height": 900}, device_scale_factor=1.5)
        page.goto((folder / "r2-en" / "report.html").as_uri())
        _picture(page, "section[aria-labelledby=changed] figure", "release-changes.png")
        _picture(page, "figure:has(> h4)", "release-groups.png")
        page.goto((folder / "r2-ar" / "report.html").as_uri())
        _picture(page, "section[aria-labelledby=at-a-glance] figure", "release-glance-ar.png")
        page.goto((folder / "r2-en" / "report.html").as_uri())
        _picture(page, "section[aria-labelledby=at-a-glance] figure", "release-glance.png")
        browser.close()


def _picture(page: Page, what: str, name: str) -> None:
    page.locator(what).first.screenshot(path=IMAGES / name)


if __name__ == "__main__":
    main()
