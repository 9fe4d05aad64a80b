"""Somebody in front of the focal points' page, or of the Task Force's."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.inbox_server import LiveWorld

PASSPHRASE = "sept carafes bleues au marché"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
REFUSED = r"status of (401|403|404|409)"


class Reader:
    """Somebody in front of the page."""

    def __init__(self, page: Page, world: LiveWorld) -> None:
        self.page = page
        self.world = world
        self.sent: list[Request] = []
        page.on("request", lambda request: self.sent.append(request))

    def opens(self, path: str = "/inbox") -> Reader:
        self.page.goto(self.world.origin + path)
        expect(self.page.locator("h1")).to_be_visible()
        return self

    def fills(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def reads(self, text: str | re.Pattern[str]) -> Locator:
        found = self.page.get_by_text(text).first
        expect(found).to_be_visible()
        return found

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=text)).to_be_visible()

    def makes_a_key(self, code: str, name: str = "amina", passphrase: str = PASSPHRASE) -> None:
        self.presses("First time here? Use your setup code")
        self.fills("Sign-in name", name)
        self.fills("Setup code", code)
        self.fills("New passphrase", passphrase)
        self.fills("The same passphrase again", passphrase)
        self.page.get_by_label("I have kept my passphrase in a safe place").check()
        self.presses("Make my key and sign in")

    def signs_in(self, name: str = "amina", passphrase: str = PASSPHRASE) -> None:
        self.fills("Sign-in name", name)
        self.fills("Passphrase", passphrase)
        self.presses("Sign in")

    def opens_case(self) -> None:
        self.page.locator(".case").first.click()
        expect(self.page.get_by_role("heading", name="The report", exact=True)).to_be_visible()

    def bodies(self) -> str:
        return "\n".join(request.post_data or "" for request in self.sent)


def barriers(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
