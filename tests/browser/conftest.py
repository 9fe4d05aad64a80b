"""A real Chromium for the tests in this folder, and a guard over everything it does.

The guard fails a test when a page asks another host for anything, writes an error to the console,
or leaves a cookie or anything in storage, unless the test says that it expects it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.fake_service import Fake, running
from tests.browser.person import Person

OWN_HOSTS = ("127.0.0.1", "localhost")

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever slips through finds no other host.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

STORED = """async () => {
  const found = [];
  if (document.cookie) found.push('cookie');
  if (localStorage.length) found.push('local storage');
  if (sessionStorage.length) found.push('session storage');
  if ((await indexedDB.databases()).length) found.push('indexed database');
  if (window.caches && (await caches.keys()).length) found.push('cache storage');
  if ((await navigator.serviceWorker?.getRegistrations() ?? []).length) found.push('worker');
  if (window.name) found.push('window name');
  return found;
}"""


@dataclass
class Guard:
    """What a test may do that is otherwise an offence."""

    hosts: set[str] = field(default_factory=lambda: set(OWN_HOSTS))
    expected_errors: list[str] = field(default_factory=list)
    expected_storage: set[str] = field(default_factory=set)
    offences: list[str] = field(default_factory=list)

    def allow_host(self, host: str) -> None:
        self.hosts.add(host)

    def expect_error(self, pattern: str) -> None:
        """Console errors that match this are part of the test."""
        self.expected_errors.append(pattern)

    def allow_storage(self, *kinds: str) -> None:
        """``cookie``, ``http cookie``, ``local storage``, ``session storage``…"""
        self.expected_storage.update(kinds)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.offences.append(f"uncaught: {error}"))

    def requested(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in self.hosts:
            self.offences.append(f"a request to {parts.hostname}")

    def _console(self, line: ConsoleMessage) -> None:
        known = any(re.search(pattern, line.text) for pattern in self.expected_errors)
        if line.type == "error" and not known:
            self.offences.append(f"console: {line.text}")

    def look_at_storage(self, context: BrowserContext) -> None:
        found = {"http cookie"} if context.cookies() else set()
        for page in context.pages:
            if page.url.startswith("http"):
                found.update(page.evaluate(STORED))
        self.offences += [f"stored: {kind}" for kind in sorted(found - self.expected_storage)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. One a module: a sync Playwright must not outlive into asynchronous tests."""
    # Without one from the system, Playwright takes its own or says how to get it.
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def guard() -> Guard:
    return Guard()


@pytest.fixture
def context_options() -> dict[str, object]:
    """How the browser is set up; a test overrides it with ``parametrize``."""
    return {}


@pytest.fixture
def context(
    browser: Browser, guard: Guard, context_options: dict[str, object]
) -> Iterator[BrowserContext]:
    """A fresh profile, watched; the verdict falls when the test is over."""
    usual = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
    options: dict[str, Any] = {**usual, **context_options}
    opened = browser.new_context(**options)
    opened.set_default_timeout(5_000)
    # A page that is only late is no fault: two files of tests share the processors.
    opened.set_default_navigation_timeout(20_000)
    opened.on("request", lambda request: guard.requested(request.url))
    opened.on("page", guard.watch)
    yield opened
    guard.look_at_storage(opened)
    opened.close()
    assert not guard.offences


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def fake() -> Iterator[Fake]:
    with running() as started:
        yield started


@pytest.fixture
def person(page: Page, fake: Fake) -> Person:
    return Person(page, fake)


@pytest.fixture
def talking(person: Person) -> Person:
    """Somebody who has read the opening."""
    person.opens().reads("What would you like to do?")
    return person
