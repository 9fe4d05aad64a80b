"""The whole service in this process, with the carriers' local stand-ins around it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

import service.parts
from bot.engine import Engine
from service.app import public_app
from service.demo import prepare
from service.parts import Parts, build
from service.settings import Settings
from service.storage import Storage
from tests.channels.case import Case, Delivery, Heard
from tests.channels.cases import CASES
from tests.channels.cases.telegram import TelegramCase
from tests.channels.provider import Provider
from tests.support.content import answers, messages, words
from tests.support.line import TransportLine
from tests.support.rules_engine import RulesEngine

URL = "https://speaksafe.example"

#: Content is read once for all tests, as it is read once by the service.
_SHARED = {"Words": words, "Messages": messages, "Answers": answers}
_READ = ("Menu", "Entities", "Routes", "Known")


@pytest.fixture(scope="session", autouse=True)
def content_read_once() -> Iterator[None]:
    """What takes seconds to read does not change between tests."""
    patch = pytest.MonkeyPatch()
    for name, shared in _SHARED.items():
        read = SimpleNamespace(load=lambda *_, shared=shared: shared())
        patch.setattr(service.parts, name, read)
    for name in _READ:
        load = getattr(service.parts, name).load
        patch.setattr(service.parts, name, SimpleNamespace(load=_once(load)))
    patch.setattr(service.parts, "load_instrument", _once(service.parts.load_instrument))
    yield
    patch.undo()


def _once(load: Any) -> Any:
    """Loads once; what is demo and what is not are two things."""
    kept: dict[Any, Any] = {}

    def loaded(*given: Any, **more: Any) -> Any:
        which = tuple(more.items())
        if which not in kept:
            kept[which] = load(*given, **more)
        return kept[which]

    return loaded


@dataclass
class House:
    """The service with one carrier."""

    case: Case
    parts: Parts
    engine: RulesEngine
    http: httpx.AsyncClient
    data_dir: Path
    _events: Iterator[int] = field(default_factory=lambda: count(5000))

    def event(self) -> int:
        """The carrier's next number."""
        return next(self._events)

    async def deliver(self, delivery: Delivery) -> httpx.Response:
        """The carrier calls the webhook."""
        query = f"?{delivery.query}" if delivery.query else ""
        url = f"/webhooks/{self.case.name}{query}"
        headers = {n.encode(): v.encode() for n, v in delivery.headers.items()}
        return await self.http.post(url, content=delivery.body, headers=headers)

    def person(self, sender: int) -> Person:
        """Somebody who writes by this carrier."""
        return Person(self, sender)

    def says(self, lang: str, key: str) -> str:
        """A message of the catalogue, its first text, in this channel's words."""
        return self.parts.messages.on(self.case.name).texts(lang, key)[0]

    def remembered(self) -> list[bytes]:
        """Everything that lies in the memory of the service, names and sealed contents."""
        carriers = self.parts.carriers
        doors = carriers._doors.values()
        shelves = {id(self.parts.conversations._store._shelf): self.parts.conversations._store}
        for door in doors:
            for store in (door._stores.events, door._stores.trails, door._pseudonyms._store):
                shelves[id(store._shelf)] = store
        blobs: list[bytes] = []
        for store in shelves.values():
            for name, (_, blob) in store._shelf._blobs.items():  # type: ignore[attr-defined]
                blobs += [name.encode(), blob]
        return blobs


@dataclass
class Person:
    """Somebody who writes by a carrier; reads as tests/support/talk.py does."""

    house: House
    sender: int
    messages: list[Heard] = field(default_factory=list)
    answer: Any = None

    async def says(self, text: str) -> Person:
        """Type something."""
        case = self.house.case
        return await self.gives(case.text(self.sender, text, self.house.event()))

    async def picks(self, label: str) -> Person:
        """Press the choice with this label, or the one that has it in its label."""
        found = [c for c in self.choices if label.casefold() in c[0].casefold()]
        exact = [c for c in found if c[0].casefold() == label.casefold()] or found
        assert len(exact) == 1, f"{label!r} is not one of {self.labels}"
        return await self.chooses(exact[0][1])

    async def chooses(self, value: str) -> Person:
        """Press a choice by what it gives, or type its number where nothing can be pressed."""
        case = self.house.case
        pressed = case.press(self.sender, value, self.house.event())
        return await self.gives(pressed) if pressed else await self.says(value)

    async def gives(self, delivery: Delivery) -> Person:
        """Whatever the carrier delivers of her."""
        self.answer = await self.house.deliver(delivery)
        assert self.answer.status_code == 200, self.answer.text
        self.messages = self.house.case.heard(self.sender, self.answer)
        return self

    def hears(self, *parts: str) -> Person:
        """The answer has all of this in it."""
        for part in map(self.house.case.shown, parts):
            assert part.casefold() in self.text.casefold(), f"{part!r} is not in:\n{self.text}"
        return self

    def does_not_hear(self, *parts: str) -> Person:
        """The answer has none of this in it."""
        for part in parts:
            assert part.casefold() not in self.text.casefold(), f"{part!r} is in:\n{self.text}"
        return self

    @property
    def text(self) -> str:
        """The whole answer."""
        return "\n".join(heard.text for heard in self.messages)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The choices that can be pressed."""
        offering = [heard.choices for heard in self.messages if heard.choices]
        return offering[-1] if offering else ()

    @property
    def labels(self) -> list[str]:
        """Their labels."""
        return [label for label, _ in self.choices]

    @property
    def values(self) -> list[str]:
        """What pressing gives."""
        return [value for _, value in self.choices]


@pytest.fixture(scope="session")
def providers() -> Iterator[dict[str, Provider]]:
    """The carriers' stand-ins, each started when it is first asked for."""
    running: dict[str, Any] = {}
    found: dict[str, Provider] = {}

    class Lazy(dict[str, Provider]):
        def __missing__(self, name: str) -> Provider:
            (case,) = [case for case in CASES if case.name == name]
            running[name] = case.stand_in.running()
            self[name] = running[name].__enter__()
            return self[name]

    found = Lazy()
    yield found
    for context in running.values():
        context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo in which nothing has happened; making its keys takes a while."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(folder)})
    storage = Storage.open(settings)
    read = service.parts.load_instrument
    instrument = read(settings.content_dir / "instruments" / "victim-experience.yml")
    prepare(storage, folder, instrument.ref)
    storage.close()
    return folder


@pytest.fixture
def data_dir(demo_data: Path, tmp_path: Path) -> Path:
    """Such a folder for one test."""
    return Path(shutil.copytree(demo_data, tmp_path / "data"))


@pytest.fixture
async def with_telegram(
    providers: dict[str, Provider], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The service with Telegram alone, at a Bot API of which nothing was asked yet."""
    case = TelegramCase(providers["telegram"], URL)
    case.provider.chats.clear()
    case.provider.notices.clear()
    case.provider.left.clear()
    case.provider.calls.clear()
    async with opened(case, data_dir, monkeypatch) as one:
        yield one


@asynccontextmanager
async def opened(
    case: Case, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The service with this carrier switched on; what it asked of the carrier fits its rules."""
    async with together([case], data_dir, monkeypatch) as houses:
        yield houses[0]
    assert case.provider.problems() == []


@asynccontextmanager
async def together(
    cases: Sequence[Case],
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    engine: RulesEngine | None = None,
    **settings: str,
) -> AsyncIterator[list[House]]:
    """The service with these carriers switched on; a house for each, and they share the rest.

    Args:
        cases: the carriers.
        data_dir: of a demo.
        monkeypatch: of the test.
        engine: the one with real rules and actions if not given.
        settings: further ones; a database of another kind is made ready.
    """
    engine = engine or RulesEngine()
    line = TransportLine(engine)
    monkeypatch.setattr("bot.channels.door.AGAIN", (0.05, 0.05, 0.05))
    monkeypatch.setattr(service.parts, "Engine", lambda url, token: Engine(url, token, line))
    env = {"SPEAKSAFE_DATA_DIR": str(data_dir), "SPEAKSAFE_PUBLIC_URL": URL, **settings}
    for case in cases:
        env |= case.settings()
    read = Settings.read(env)
    storage = Storage.open(read)
    parts = build(read, storage, "http://engine", "token")
    engine.executor = parts.executor
    for channel in parts.carriers.channels:
        if calls := getattr(channel, "_calls", None):
            calls._sleep = _briefly
    if "SPEAKSAFE_DATABASE_URL" in settings:
        prepare(storage, data_dir, parts.instrument_ref)
    transport = httpx.ASGITransport(public_app(parts, demo=True), raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=URL, timeout=60) as http:
            numbers = (count(5000 + 1_000_000 * n) for n in range(len(cases)))
            yield [
                House(case, parts, engine, http, data_dir, events)
                for case, events in zip(cases, numbers, strict=True)
            ]
    finally:
        await parts.close()
        storage.close()


async def _briefly(seconds: float) -> None:
    """What waits for a carrier does not wait long for a stand-in."""
    await asyncio.sleep(seconds / 50)


@pytest.fixture(params=CASES, ids=[case.name for case in CASES])
async def house(
    request: pytest.FixtureRequest,
    providers: dict[str, Provider],
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    """The service with each carrier in turn."""
    case: Case = request.param(providers[request.param.name], URL)
    async with opened(case, data_dir, monkeypatch) as one:
        yield one


@pytest.fixture
async def street(
    providers: dict[str, Provider], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[House]]:
    """The service with every carrier switched on."""
    cases = [case(providers[case.name], URL) for case in CASES]
    async with together(cases, data_dir, monkeypatch) as houses:
        yield houses
    assert [case.provider.problems() for case in cases] == [[]] * len(cases)
