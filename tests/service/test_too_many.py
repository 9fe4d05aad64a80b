"""Four times as many as can be served: the excess is told so at once, and nothing is done twice."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter

import httpx
import pytest

from bot.engine import Engine
from bot.engine_line import Reply
from catalogue import Messages
from tests.service.test_turns import CONTENT, Replica, content, replica  # noqa: F401

ROOM = 4
PEOPLE = 4 * ROOM
EACH = 3


class Slow:
    """A line to an engine that can do no more than ``ROOM`` at once."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.now = self.most = 0

    async def send(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], seconds: float
    ) -> Reply:
        if method == "DELETE":
            return Reply(204, b"")
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.002)
        self.now -= 1
        said = json.loads(body or b"{}")["text"]
        self.done[said] += 1
        answer = {"messages": [{"text": f"heard: {said}"}], "intent": "faq/x", "confidence": 1}
        return Reply(200, json.dumps(answer).encode())

    async def close(self) -> None:
        pass


@pytest.fixture
def line(replica: Replica) -> Slow:  # noqa: F811
    """The replica's engine is the real client on a slow line."""
    slow = Slow()
    replica.turns._dialogue._thinking._engine = Engine("http://engine", "token", slow, at_once=ROOM)
    return slow


async def test_everybody_is_answered_once_and_nobody_waits_unheard(
    replica: Replica,  # noqa: F811
    line: Slow,
) -> None:
    refused: list[httpx.Response] = []

    async def person(number: int) -> None:
        session = await replica.opens()
        for turn in range(EACH):
            text = f"person {number}, message {turn}"
            while True:
                answer = await replica.says(session, text, f"{number}-{turn}")
                if answer.status_code == 200:
                    break
                refused.append(answer)
                await asyncio.sleep(0.005)
            assert f"heard: {text}" in answer.text

    await asyncio.gather(*(person(number) for number in range(PEOPLE)))
    assert line.done == {f"person {n}, message {t}": 1 for n in range(PEOPLE) for t in range(EACH)}
    assert line.most <= ROOM
    assert refused, "there was no overload"
    honest = Messages.load(CONTENT).texts("en", "gate.engine_down")[0]
    for answer in refused:
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        assert honest in answer.json()["detail"]


async def test_the_gate_answers_also_when_there_is_no_room(
    replica: Replica,  # noqa: F811
    line: Slow,
) -> None:
    session, others = await replica.opens(), [await replica.opens() for _ in range(ROOM)]
    waiting = [asyncio.create_task(replica.says(other, os.urandom(4).hex())) for other in others]
    while line.now < ROOM:  # noqa: ASYNC110 (it has no event)
        await asyncio.sleep(0)
    danger = await replica.says(session, "he is at my door and has a knife")
    assert danger.status_code == 200
    assert (await replica.says(session, "erase everything")).json()["ended"]
    await asyncio.gather(*waiting)
