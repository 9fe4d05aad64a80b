"""Every channel at once, with carriers that answer in this process.

The doors, the gate, the limits and the stores are the real ones. Only the wires are short, so that
thousands of messages take seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.contract import Channel
from tests.channels.case import Case, Delivery
from tests.channels.cases import CASES
from tests.channels.conftest import URL, House, Person, together
from tests.support.rules_engine import RulesEngine


class Echo(RulesEngine):
    """Repeats what it hears, where order and number are looked at and the words are not."""

    async def _turn(self, body: dict[str, Any]) -> dict[str, Any]:
        said = [{"text": f"heard: {body['text']}", "buttons": []}]
        return {"messages": said, "intent": "faq/definition", "confidence": 1.0}


class Wire(httpx.AsyncBaseTransport):
    """Leads to the carriers' stand-ins by the host of an address."""

    def __init__(self, cases: list[Case]) -> None:
        self._ends = {
            f"{case.name}.invalid": httpx.ASGITransport(case.provider.app()) for case in cases
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answered here."""
        return await self._ends[request.url.host].handle_async_request(request)


@dataclass
class Town:
    """The service with every carrier.

    Args:
        houses: one for each carrier, by its name.
        copies: ids of the messages whose copies Twilio was asked to delete.
    """

    houses: dict[str, House]
    copies: list[str] = field(default_factory=list)
    _senders: count[int] = field(default_factory=lambda: count(1000))

    @property
    def engine(self) -> RulesEngine:
        """The one engine of all."""
        return next(iter(self.houses.values())).engine

    def anybody(self, channel: str) -> Person:
        """Somebody new."""
        return self.houses[channel].person(next(self._senders))

    def calls(self, channel: str) -> Any:
        """What a channel reaches its carrier with."""
        carriers = next(iter(self.houses.values())).parts.carriers
        return next(getattr(c, "_calls", None) for c in carriers.channels if c.name == channel)


@asynccontextmanager
async def town(
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    engine: RulesEngine | None = None,
    **settings: str,
) -> AsyncIterator[Town]:
    """The whole town; what was asked of the carriers fits their rules.

    Args:
        data_dir: of a demo.
        monkeypatch: of the test.
        engine: the one with real rules and actions if not given.
        settings: further ones.
    """
    cases = [_case(kind) for kind in CASES]
    async with together(cases, data_dir, monkeypatch, engine, **settings) as houses:
        found = Town({house.case.name: house for house in houses})
        wire = Wire(cases)
        for channel in houses[0].parts.carriers.channels:
            _wired(channel, wire, found.copies)
        yield found
    assert [case.provider.problems() for case in cases] == [[]] * len(cases)


def _case(kind: type[Case]) -> Case:
    provider = kind.stand_in()
    provider.url = f"http://{kind.name}.invalid"
    return kind(provider, URL)


def _wired(channel: Channel, wire: Wire, copies: list[str]) -> None:
    """Whatever the channel reaches its carrier with goes through the wire."""
    if channel.name in ("whatsapp", "sms"):
        channel.copies.forget = copies.append  # type: ignore[attr-defined]
        return
    calls = channel._calls  # type: ignore[attr-defined]
    if channel.name == "signal":
        calls._client = httpx.AsyncClient(base_url=str(calls._client.base_url), transport=wire)
        return
    for request in calls.bot._request:
        request._client = httpx.AsyncClient(transport=wire)


@dataclass
class Visitor:
    """Somebody at the web page, whose browser marks each message and tries it again.

    Args:
        http: leads to the service; from one address for all.
    """

    http: httpx.AsyncClient
    session: str = ""
    text: str = ""
    statuses: set[int] = field(default_factory=set)
    _marks: count[int] = field(default_factory=count)

    async def says(self, text: str, times: int = 1) -> Visitor:
        """Type something; the chat is opened with the first words."""
        if not self.session:
            begun = await self.http.post("/chat/sessions", json={"lang": "en"})
            self.session = begun.json()["session"]
        mark = f"mark-{next(self._marks):016}"
        headers = {"Authorization": f"Bearer {self.session}", "Idempotency-Key": mark}
        tries = (
            self.http.post("/chat/messages", json={"text": text}, headers=headers)
            for _ in range(times)
        )
        answers = await asyncio.gather(*tries)
        self.statuses |= {answer.status_code for answer in answers}
        texts = ["\n".join(m["text"] for m in a.json().get("messages", [])) for a in answers]
        assert len(set(texts)) == 1, "a try got another answer"
        self.text = texts[0]
        return self


class Insistent(Person):
    """Everything she sends is delivered three times at once, and once more after the answer."""

    async def gives(self, delivery: Delivery) -> Person:
        """Four deliveries of one message."""
        answers = await asyncio.gather(*(self.house.deliver(delivery) for _ in range(3)))
        assert {answer.status_code for answer in answers} == {200}
        self.answer = next((a for a in answers if a.content), answers[0])
        self.messages = self.house.case.heard(self.sender, self.answer)
        again = await self.house.deliver(delivery)
        assert again.status_code == 200
        assert [h.text for h in self.house.case.heard(self.sender, again)] in (
            [],
            [heard.text for heard in self.messages],
        )
        return self
