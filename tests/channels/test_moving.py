"""Moving between channels: every pair of them, the web page included."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count, permutations
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from catalogue.messages import placeholders
from tests.channels.cases.telegram import TelegramCase
from tests.channels.conftest import URL, House, together
from tests.channels.provider import Provider
from tests.support.content import messages

MESSAGES = messages()
#: Of the question that is open when she moves: would she like to start the survey?
OPEN = "to start"
_CODE = re.compile(r"\b(\d{3}) ?(\d{3}) ?(\d{3})\b")


class Somebody(Protocol):
    """Who writes, whatever the channel."""

    @property
    def text(self) -> str:
        """The last answer."""

    async def says(self, text: str) -> Somebody:
        """Type something."""


@dataclass
class Visitor:
    """Somebody at the web page."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    status: int = 0

    async def says(self, text: str) -> Visitor:
        """Type something; the chat is opened with the first words."""
        if not self.headers:
            begun = await self.http.post("/chat/sessions", json={"lang": "en"})
            self.headers = {"Authorization": f"Bearer {begun.json()['session']}"}
        answer = await self.http.post("/chat/messages", json={"text": text}, headers=self.headers)
        self.status = answer.status_code
        said = answer.json().get("messages", []) if answer.is_success else []
        self.text = "\n".join(message["text"] for message in said)
        return self


@dataclass
class Town:
    """The service with every carrier."""

    houses: dict[str, House]
    _senders: count[int] = field(default_factory=lambda: count(200))

    @property
    def channels(self) -> list[str]:
        """All of them."""
        return ["web", *self.houses]

    def anybody(self, channel: str) -> Somebody:
        """Somebody new."""
        if channel == "web":
            return Visitor(next(iter(self.houses.values())).http)
        return self.houses[channel].person(next(self._senders))


@pytest.fixture
def town(street: list[House]) -> Town:
    """The service with every carrier switched on, and the web page."""
    return Town({house.case.name: house for house in street})


async def test_who_goes_elsewhere_is_told_where_the_web_page_is(town: Town) -> None:
    for channel in town.houses:
        person = await town.anybody(channel).says("hello")
        await person.says("continue elsewhere")
        assert URL in person.text, channel
    visitor = await town.anybody("web").says("hello")
    assert URL not in (await visitor.says("continue elsewhere")).text


async def test_without_a_public_address_she_is_told_where_it_stands(
    providers: dict[str, Provider], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = TelegramCase(providers["telegram"], URL)
    async with together([case], data_dir, monkeypatch, SPEAKSAFE_PUBLIC_URL="") as (house,):
        person = await house.person(240).says("hello")
        await person.says("continue elsewhere")
        assert MESSAGES.text("en", "move.no_page") in person.text and "http" not in person.text


async def leaves_with_code(person: Somebody) -> str:
    """In the middle of the survey she asks to go on elsewhere."""
    await person.says("hello")
    await person.says("survey")
    await person.says("continue elsewhere")
    found = _CODE.search(person.text)
    assert found, person.text
    return "".join(found.groups())


def _plain(text: str) -> str:
    """Without what a channel changes to make it fit."""
    return re.sub(r"\W+", " ", text).casefold()


async def test_from_every_channel_to_every_other(town: Town) -> None:
    for here, there in permutations(town.channels, 2):
        way = f"{here} to {there}"
        leaving, arriving, late = town.anybody(here), town.anybody(there), town.anybody(there)
        code = await leaves_with_code(leaving)
        await arriving.says(code)
        arrived = _plain(arriving.text)
        if there == "sms":
            # A walk of another channel does not fit there: it gets a new code and loses nothing.
            assert "what you began is not for text messages" in arrived, way
            assert _CODE.search(arriving.text), way
            continue
        assert _plain(MESSAGES.text("en", "move.arrived")) in arrived, way
        assert _plain(MESSAGES.text("en", f"open.privacy.{there}")) in arrived, way
        assert OPEN in arrived, f"{way}: the conversation did not come along"
        # The code is good once, and the other chat is over.
        await late.says(code)
        assert _plain("This code does not work") in _plain(late.text), way
        assert "10 minutes" in late.text, way
        await leaving.says("yes")
        if isinstance(leaving, Visitor):
            assert leaving.status == 401, way
        else:
            assert OPEN not in _plain(leaving.text), way


async def test_too_many_wrong_tries_spend_no_code(town: Town) -> None:
    for channel in town.channels:
        code = await leaves_with_code(town.anybody("web"))
        guessing = town.anybody(channel)
        for n in range(6):
            await guessing.says(f"{n}00 000 001")
        slow = _plain(MESSAGES.on(channel).text("en", "move.slow"))
        assert slow in _plain(guessing.text), channel
        await guessing.says(code)
        assert slow in _plain(guessing.text), channel
        arriving = await town.anybody(channel).says(code)
        taken = "what you began is not for text messages" if channel == "sms" else "we go on here"
        assert taken in _plain(arriving.text), channel


@pytest.mark.parametrize("lang", MESSAGES.languages)
def test_how_long_a_code_is_good_is_said_from_one_place(lang: str) -> None:
    for key in ("move.code", "move.wrong"):
        written = MESSAGES.written(lang, key)
        assert "minutes" in placeholders(written), key
        assert not re.search(r"\d", " ".join(map(str, written))), f"{key} names a number itself"
