"""How soon somebody on a slow connection reads something: the widget in a real Chromium.

python -m bench.widget

The connection is slowed by the browser itself (CDP, Network.emulateNetworkConditions). Machine
learning is left out, so that only the page, the widget and the way to the service are measured.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.pages import keep
from bench.report import machine
from bench.running import tell
from tests.browser.conftest import FLAGS
from tests.browser.rules_service import running

RUNS = 5
BITS = 8


@dataclass(frozen=True, slots=True)
class Link:
    """A connection: milliseconds there and back, kilobits a second down and up."""

    name: str
    latency: int
    down: int
    up: int


#: The figures of Chromium's own types "2g" and "3g" (Network Information API), and none.
LINKS = (Link("none", 0, -1, -1), Link("3G", 400, 400, 400), Link("2G", 1400, 70, 70))
EDGE = Link("EDGE", 300, 250, 100)


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds until something was there, and what had been asked for and come until then.

    Args:
        words: until the first words are read.
        ready: until they can be answered; both from the moment at which the page is asked for.
        answer: from a press of the first choice until the next answer is read.
        received: kilobytes until they can be answered, heads of answers included.
        requests: how many brought them.
    """

    words: float
    ready: float
    answer: float
    received: float
    requests: float


def visit(browser: Browser, url: str, link: Link) -> Seen:
    """Open the page, read the first words, press the first choice, and read the answer."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    bytes_in = _slow(page, link)
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator("speaksafe-chat .theirs p").first.wait_for()
    words = time.perf_counter()
    page.locator("speaksafe-chat .answers button:enabled").first.wait_for()
    ready = time.perf_counter()
    received, requests = sum(bytes_in) / 1000, len(bytes_in)
    page.locator("speaksafe-chat .answers button").first.click()
    page.locator("speaksafe-chat .choices").nth(1).wait_for()
    answer = time.perf_counter()
    context.close()
    first, then, next_one = (span * 1000 for span in (words - begun, ready - begun, answer - ready))
    return Seen(first, then, next_one, received, requests)


def _slow(page: Page, link: Link) -> list[float]:
    received: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda e: received.append(e["encodedDataLength"]))

    def bits(kilobits: int) -> float:
        return kilobits * 1000 / BITS if kilobits > 0 else -1

    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": link.latency,
            "downloadThroughput": bits(link.down),
            "uploadThroughput": bits(link.up),
        },
    )
    return received


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        visit(browser, service.origin, LINKS[0])
        lines = [
            "| connection | latency, down | first words: ms | can be answered: ms "
            "| next answer: ms | received: kB | requests |",
            "|---|---|---:|---:|---:|---:|---:|",
        ]
        for link in (LINKS[0], EDGE, *LINKS[1:]):
            runs = [visit(browser, service.origin, link) for _ in range(RUNS)]
            words, ready, answer, received, requests = (
                statistics.median(getattr(run, one.name) for run in runs) for one in fields(Seen)
            )
            speed = f"{link.latency} ms, {link.down} kbit/s" if link.latency else "–"
            lines.append(
                f"| {link.name} | {speed} | {words:,.0f} | {ready:,.0f} | {answer:,.0f} "
                f"| {received:.1f} | {requests:.0f} |"
            )
            tell(lines[-1])
        browser.close()
    lines += ["", f"- machine: {machine()}"]
    print("\n".join(lines))
    keep("widget", "\n".join(lines), {"lines": lines})


if __name__ == "__main__":
    main()
