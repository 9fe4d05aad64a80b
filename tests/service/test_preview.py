"""A draft is tried in the widget, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from catalogue import Messages
from service.preview import preview_app
from tests.survey.talk import CONTENT, instrument


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    app = preview_app(instrument(), Messages.load(CONTENT))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://preview") as client:
        yield client


class Chat:
    """Somebody who tries the draft."""

    def __init__(self, browser: httpx.AsyncClient, session: str) -> None:
        self.browser, self.headers = browser, {"Authorization": f"Bearer {session}"}

    async def say(self, **said: str) -> dict[str, Any]:
        answer = await self.browser.post("/chat/messages", json=said, headers=self.headers)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found


async def begin(browser: httpx.AsyncClient, lang: str) -> Chat:
    answer = await browser.post("/chat/sessions", json={"lang": lang, "seals": True})
    return Chat(browser, answer.json()["session"])


async def test_a_draft_is_walked_through_with_presses_and_words(browser: httpx.AsyncClient) -> None:
    chat = await begin(browser, "fr")
    opened = await chat.say(choice="menu:start")
    assert "enquête" in opened["messages"][0]["text"]
    await chat.say(choice="do:start")
    asked = await chat.say(choice="opt:G1.1")
    assert "Lesquelles" in asked["messages"][-1]["text"]
    assert not asked.get("ended")
    english = await chat.say(choice="lang:en")
    assert "Which of these" in english["messages"][-1]["text"]
    stopped = await chat.say(text="stop")
    assert stopped["ended"]
    gone = await browser.post("/chat/messages", json={"text": "1"}, headers=chat.headers)
    assert gone.status_code == 401


async def test_the_page_and_the_widget_are_the_real_ones(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    assert "page.js" in page.text and "Content-Security-Policy" in page.headers
    for name in (
        "widget.js",
        "page.js",
        "widget.css",
        "page.css",
        "chat/strings/fr.json",
        "favicon.svg",
    ):
        assert (await browser.get(f"/{name}")).status_code == 200
