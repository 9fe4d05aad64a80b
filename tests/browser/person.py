"""Somebody in front of the widget."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_service import Fake

LOST = r"ERR_(EMPTY_RESPONSE|INTERNET_DISCONNECTED|CONNECTION_)|status of (401|413|429|500|503)"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
RECEIPT = "4821 0937 5526 1180 4472 9035"


class Person:
    """Somebody in front of the widget."""

    def __init__(self, page: Page, fake: Fake) -> None:
        self.page = page
        self.fake = fake
        self.box = page.locator("textarea")
        self.log = page.get_by_role("log")
        self.status = page.locator("speaksafe-chat").get_by_role("status")

    def opens(self, path: str = "/") -> Person:
        self.page.goto(self.fake.origin + path)
        return self

    def writes(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def presses(self, name: str) -> None:
        self.button(name).click()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.locator("speaksafe-chat").get_by_role("button", name=name)

    def reads(self, text: str) -> None:
        expect(self.log.get_by_text(text, exact=True)).to_be_visible()

    def own(self) -> list[str]:
        return self.page.locator(".own p").all_inner_texts()
