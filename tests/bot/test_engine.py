"""The engine's client: one conversation, one worker; what cannot be reached or is full is said."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest

from bot.engine import Engine, EngineBusy, EngineDown
from bot.engine_line import KeptLine, NoAnswer, NotReached, Reply

WORKERS = "http://one,http://two"
ANSWER = {"messages": [{"text": "Yes."}], "intent": "greet", "confidence": 0.9}


class Script:
    """A line whose ends do as they are told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.dead: set[str] = set()
        self.silent: set[str] = set()
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], seconds: float
    ) -> Reply:
        host = url.split("/")[2]
        if host in self.dead:
            raise NotReached
        if host in self.silent:
            raise NoAnswer
        await self.gate.wait()
        self.taken.append((host, json.loads(body)["sender"] if body else method))
        return Reply(200, json.dumps(ANSWER).encode())

    async def close(self) -> None:
        pass


async def test_a_conversation_stays_with_its_worker_and_all_workers_are_used() -> None:
    line = Script()
    engine = Engine(WORKERS, "token", line)
    people = [f"person-{n}" for n in range(40)]
    for person in people * 3:
        await engine.turn(person, {}, text="hello")
    places = {person: {host for host, who in line.taken if who == person} for person in people}
    assert all(len(hosts) == 1 for hosts in places.values())
    shares = Counter(host for hosts in places.values() for host in hosts)
    assert min(shares["one"], shares["two"]) >= 10


async def test_while_a_worker_is_away_another_answers() -> None:
    line = Script()
    engine = Engine(WORKERS, "token", line)
    line.dead = {"one"}
    for n in range(10):
        assert (await engine.turn(f"person-{n}", {}, text="hello")).intent == "greet"
    assert {host for host, _ in line.taken} == {"two"}
    line.dead = {"one", "two"}
    with pytest.raises(EngineDown) as raised:
        await engine.turn("person", {}, text="hello")
    assert not raised.value.reached


async def test_what_a_worker_may_have_begun_no_other_does_again() -> None:
    line = Script()
    line.silent = {"one", "two"}
    engine = Engine(WORKERS, "token", line)
    with pytest.raises(EngineDown) as raised:
        await engine.turn("person", {}, text="hello")
    assert raised.value.reached
    assert line.taken == []


async def test_more_than_can_be_done_soon_is_refused_at_once() -> None:
    line = Script()
    line.gate.clear()
    engine = Engine("http://one", "token", line, at_once=3)
    waiting = [asyncio.create_task(engine.turn(f"p{n}", {}, text="x")) for n in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(EngineBusy):
        await engine.turn("late", {}, text="x")
    line.gate.set()
    await asyncio.gather(*waiting)
    assert (await engine.turn("late", {}, text="x")).intent == "greet", "there is room again"


async def test_ready_means_all_and_forgetting_means_everywhere() -> None:
    line = Script()
    engine = Engine(WORKERS, "token", line)
    assert await engine.ready()
    line.taken.clear()
    assert await engine.forget("person")
    assert sorted(line.taken) == [("one", "DELETE"), ("two", "DELETE")]
    line.dead = {"two"}
    assert not await engine.ready()


async def test_the_real_line_keeps_its_connection_and_tells_how_it_failed() -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while head := await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b"":
            if b"/hang" in head:
                writer.close()
                return
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    line = KeptLine()
    for _ in range(3):
        reply = await line.send("GET", f"http://127.0.0.1:{port}/x", None, {}, 5)
        assert (reply.status, reply.body) == (200, b"{}")
    assert connections == 1
    with pytest.raises(NoAnswer):
        await line.send("POST", f"http://127.0.0.1:{port}/hang", b"{}", {}, 5)
    server.close()
    with pytest.raises(NotReached):
        await KeptLine().send("GET", "http://127.0.0.1:1/x", None, {}, 5)
    await line.close()
