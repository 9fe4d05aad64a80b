"""How she is told, as she chooses it at the page."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests.browser.inbox.reader import PASSPHRASE, PHONE, Reader, barriers
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint
from vault.stores import Address

pytestmark = pytest.mark.browser

CHAT = "734001"


def sends(world: LiveWorld, line: str) -> None:
    """Her phone sends the line to our chat."""
    signs = line.removeprefix("NOTICE ").replace("-", "")
    with ThreadPoolExecutor() as elsewhere:  # the browser's own loop runs in this thread
        claim = world.links.claim("telegram", signs, CHAT)
        assert elsewhere.submit(asyncio.run, claim).result() == "en"


def test_her_own_phone_is_linked_by_a_line_and_left_again(
    world: LiveWorld, reader: Reader, amina: FocalPoint
) -> None:
    world.addresses.put("amina", Address("amina@example.org", "en"))
    reader.opens().signs_in()
    reader.presses("Your account")
    reader.reads("They come by: e-mail")
    expect(reader.page.get_by_role("button", name="WhatsApp")).to_have_count(0)
    reader.presses("Get them by Telegram")
    line = reader.page.locator("output").inner_text()
    reader.reads("Whoever sees your phone can see it, too.")
    reader.presses("I have sent it")
    reader.reads("Nothing has arrived yet.")
    sends(world, line)
    reader.presses("I have sent it")
    reader.reads("From now on, notices come by: Telegram")
    reader.presses("Get them by e-mail")
    reader.reads("From now on, notices come by: e-mail")
    assert CHAT not in reader.bodies() and "example.org" not in reader.page.content()


@pytest.mark.parametrize("context_options", [PHONE])
@pytest.mark.parametrize("lang", ["en", "ar", "zh", "fr", "ru", "es"])
def test_on_a_phone_in_every_language_without_barriers(
    world: LiveWorld, reader: Reader, amina: FocalPoint, lang: str
) -> None:
    page = reader.opens().page
    page.locator("#name").fill("amina")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("form button.main").click()
    page.locator("#account").click()
    page.locator("article .card").first.wait_for()
    if lang != "en":  # it is so already; choosing it again would draw the page under the next press
        page.locator("#language").select_option(lang)
        expect(page.locator("html")).to_have_attribute("lang", lang)
    page.locator("article .card").first.get_by_role("button").first.click()
    expect(page.locator("output")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= screen.width")
    assert barriers(page) == []
