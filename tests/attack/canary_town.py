"""A process in which people write on every channel while things go wrong; then it waits.

Run as ``python -m tests.attack.canary_town`` with a line of JSON on its input. When everybody has
written it says so in a line of JSON, with what nobody could know before (receipts, sessions), and
stays alive until its input ends, so that its environment can be looked at.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import re
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.actions_app import actions_app
from service.logs import NamesOnly
from tests.attack.canary_faults import Faults, Stumbling
from tests.attack.planting import ASKS, Planted, people
from tests.channels.conftest import House, Person
from tests.channels.town import Town, town
from tests.support.plain_talk import Form

#: What leads through a report where several things can be pressed, the first that there is.
ONWARDS = (
    *("menu:report", "opt:self", "opt:unknown", "opt:clear", "do:done", "do:skip", "opt:no"),
    *("opt:anonymous", "do:go_on", "do:right", "do:send", "do:yes"),
)
_RECEIPT = re.compile(r"\b\d{4}(?: \d{4}){5}\b")


class Writer:
    """Somebody on some channel: says, presses, and remembers what must be looked for."""

    def __init__(self, one: Planted, home: Town) -> None:
        self.one, self._home = one, home
        self._http = next(iter(home.houses.values())).http
        self.values: list[str] = []
        self.secrets: set[str] = set()
        self.text = ""
        self._session = ""
        self._form: Form | None = None
        house = home.houses.get(one.channel)
        self.person = Person(house, one.number) if house else None

    async def says(self, text: str) -> None:
        await self._does({"text": text})

    async def presses(self, value: str) -> None:
        await self._does({"choice": value})

    async def _does(self, what: dict[str, str]) -> None:
        if self.person is not None:
            await self._by_carrier(self.person, what)
        else:
            await (self._by_page if self.one.channel == "web" else self._by_form)(what)
        self.secrets |= set(_RECEIPT.findall(self.text))

    async def _by_carrier(self, person: Person, what: dict[str, str]) -> None:
        house: House = person.house
        event = house.event()
        delivery = house.case.text(person.sender, what.get("text", ""), event)
        if "choice" in what:
            pressed = house.case.press(person.sender, what["choice"], event)
            delivery = pressed or house.case.text(person.sender, what["choice"], event)
        answer = await house.deliver(delivery)
        person.messages = house.case.heard(person.sender, answer) if answer.is_success else []
        self.text, self.values = person.text, person.values

    async def _by_page(self, what: dict[str, str]) -> None:
        carried = {"User-Agent": self.one.agent, "X-Forwarded-For": self.one.address}
        if not self._session:
            begun = await self._http.post("/chat/sessions", json={"lang": None}, headers=carried)
            self._session = begun.json().get("session", "")
            self.secrets.add(self._session)
        headers = carried | {"Authorization": f"Bearer {self._session}"}
        answer = await self._http.post("/chat/messages", json=what, headers=headers)
        said = answer.json().get("messages", []) if answer.is_success else []
        self._session = "" if answer.status_code == 401 else self._session
        self.text = "\n".join(message["text"] for message in said)
        self.values = [c["value"] for message in said for c in message["choices"]]

    async def _by_form(self, what: dict[str, str]) -> None:
        carried = {"User-Agent": self.one.agent, "X-Real-IP": self.one.address}
        if self._form is None or not self._form.hidden.get("session"):
            first = await self._http.get("/plain", headers=carried)
            begun = Form(first.text).hidden | {"text": ""}
            answer = await self._http.post("/plain", data=begun, headers=carried)
            self._form = Form(answer.text)
        fields = self._form.hidden | {"text": "", **what}
        self.secrets |= {fields["session"]} if fields.get("session") else set()
        answer = await self._http.post("/plain", data=fields, headers=carried)
        self._form = Form(answer.text)
        self.text = "\n".join(self._form.said)
        self.values = [button["value"] for button in self._form.buttons]


async def converses(writer: Writer, faults: Faults, chance: random.Random, often: float) -> None:
    """One conversation: her language, a report as far as it comes, and whatever else."""
    one = writer.one
    await writer.says(ASKS[one.lang])
    await writer.says("report")
    for step in range(34):
        async with faults.one(chance, often):
            onwards = [value for value in ONWARDS if value in writer.values]
            if writer.secrets & set(_RECEIPT.findall(writer.text)) or chance.random() < 0.04:
                await writer.says(one.name)  # in place of the last digits, or wherever it is
            elif onwards and not (onwards[0] == "do:skip" and chance.random() < 0.6):
                await writer.presses(onwards[0])
            elif writer.values and chance.random() < 0.3 and writer.values[0] != "gate:exit":
                await writer.presses(chance.choice(writer.values[:3]))
            else:
                await writer.says(one.tells if step % 3 else f"{one.name} {one.phone}")
    if one.number % 3 == 0:
        await writer.says("erase")


async def _strangers(home: Town, one: Planted, number: int) -> None:
    """Malformed and forged updates, and somebody at the inbox who guesses."""
    for house in home.houses.values():
        good = house.case.text(one.number, one.tells, house.event())
        cut = type(good)(good.headers, good.body[: -7 - number], good.query)
        for bad in (*house.case.forged(good)[:4], cut, *house.case.unknown(house.event())[:3]):
            await house.deliver(bad)
        for odd in house.case.wordless(one.number, house.event() + 10_000)[:3]:
            await house.deliver(odd)
        http = house.http
    body = {"name": one.name, "passphrase": one.phone, "case_id": one.name, "text": one.tells}
    for path in ("begin", "sign-in", "setup", "case", "reply", "note", "hold", "deletion"):
        await http.post(f"/inbox/api/{path}", json=body, headers={"User-Agent": one.agent})
        await http.get(f"/inbox/{one.phone}", params={"q": one.name})


async def play(folder: Path, seed: int, many: int, settings: dict[str, str]) -> dict[str, Any]:
    """Everybody writes.

    Returns:
        what has to be looked for as well, what went wrong how often, and how many reports came.
    """
    chance, engine = random.Random(seed), Stumbling()
    patch = pytest.MonkeyPatch()
    async with town(folder / "data", patch, engine, **settings) as home:
        house = next(iter(home.houses.values()))
        stand_ins = [each.case.provider for each in home.houses.values()]
        faults = Faults(engine, house.parts, stand_ins)
        planted = people(seed, many)
        writers = [Writer(one, home) for one in planted]
        for at, writer in enumerate(writers):
            await converses(writer, faults, chance, often=0.12)
            if at % 12 == 0:
                await _strangers(home, writer.one, at % 5)
        door = httpx.ASGITransport(actions_app(house.parts.executor, "token"))
        token = {"X-Speaksafe-Engine-Token": "token"}
        async with httpx.AsyncClient(
            transport=door, base_url="http://actions", headers=token
        ) as calls:
            await faults.in_every_action(calls, planted[0].tells)
        addresses = [w.person.house.case.address(w.one.number) for w in writers if w.person]
        (folder / "memory").write_bytes(b"\n".join(house.remembered() if not settings else []))
        house.parts.storage.database.checkpoint()
        reports = len(house.parts.storage.cases.for_offices(["demo-office"]))
        for one in stand_ins:
            one._problems.clear()  # of what was malformed on purpose
    patch.undo()
    secrets = sorted({secret for writer in writers for secret in writer.secrets if secret})
    return {"secrets": secrets, "addresses": addresses, "faults": faults.seen, "reports": reports}


def main() -> None:
    """Play, tell, and wait."""
    given = json.loads(sys.stdin.readline())
    folder = Path(given["folder"])
    with (folder / "log").open("w", encoding="utf-8") as stream:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(NamesOnly())
        logging.root.handlers = [handler]
        logging.root.setLevel(logging.DEBUG)  # the most that can be logged
        told = asyncio.run(play(folder, given["seed"], given["many"], given["settings"]))
    print(json.dumps(told), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
