"""What was done and could not be told any more is told when the same message comes again."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.dialogue import Dialogue
from bot.engine import Engine, EngineDown
from tests.attack.house import House, house
from tests.support.talk import Talk
from vault.stores import DropBox


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("data")) as running:
        yield running


def _marked(talk: Talk, said: dict[str, str], mark: str) -> Any:
    headers = {
        "Authorization": f"Bearer {talk.session}",
        "Idempotency-Key": mark,
        "Connection": "close",  # what breaks is not used again
    }
    return talk.http.post("/chat/messages", json=said, headers=headers)


async def _away(*_: object, **__: object) -> None:
    raise EngineDown(reached=True)


def _survey(service: House) -> Talk:
    """Somebody who has answered something and may hand it in."""
    talk = service.talk().opens().chooses("menu:survey").chooses("do:start")
    return talk.chooses("opt:G1.1").says("1, 2").says("stop").is_offered("Send what I answered")


def _at_its_end(service: House) -> Talk:
    """Somebody who has answered every question and is asked whether to send that."""
    talk = service.talk().opens().chooses("menu:survey").chooses("do:start").chooses("opt:G1.1")
    for _ in range(100):
        values = [choice["value"] for choice in talk.choices]
        if "do:send" in values:
            return talk
        options = [value for value in values if value.startswith("opt:")]
        talk.chooses(next(v for v in ("do:done", *options, "do:skip", *values) if v in values))
    raise AssertionError(f"it does not end: {talk.text}")


@pytest.mark.parametrize("engine", ["thinks", "is away"])
def test_that_her_answers_are_sent_is_told_in_the_end(
    service: House, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """Otherwise her survey is gone, nobody thanks her, and she begins anew."""
    talk = _survey(service)
    if engine == "is away":
        monkeypatch.setattr(Engine, "turn", _away)
    with monkeypatch.context() as patch:

        async def dies(*_: object) -> None:
            raise RuntimeError("the power went")

        patch.setattr(Dialogue, "_remember", dies)
        try:
            status = _marked(talk, {"choice": "do:keep"}, "m" * 16).status_code
        except httpx.TransportError:  # the connection goes with it
            status = 500
        assert status == 500
    again = _marked(talk, {"choice": "do:keep"}, "m" * 16).json()
    said = "\n".join(message["text"] for message in again["messages"])
    assert "Every answer helps" in said
    offered = [c["value"] for message in again["messages"] for c in message.get("choices", [])]
    assert "menu:main" in offered
    monkeypatch.undo()
    number = offered.index("menu:main") + 1
    talk.says(str(number)).is_offered("Report")  # it counts as told: a number means what it shows


@pytest.mark.parametrize("marked", [True, False])
def test_what_was_done_is_no_fault_though_the_engine_died_over_it(
    service: House, monkeypatch: pytest.MonkeyPatch, marked: bool
) -> None:
    talk, really = _survey(service), Engine.turn

    async def dies(engine: Engine, *given: Any, **said: Any) -> None:
        await really(engine, *given, **said)
        raise EngineDown(reached=True)

    monkeypatch.setattr(Engine, "turn", dies)
    if marked:
        answer = _marked(talk, {"choice": "do:keep"}, "n" * 16).json()
        said = "\n".join(message["text"] for message in answer["messages"])
    else:
        said = talk.chooses("do:keep").text
    assert "Every answer helps" in said
    assert "fault on our side" not in said


def test_what_is_being_done_when_the_engine_dies_is_told_when_it_is_done(
    service: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, really, put = _at_its_end(service), Engine.turn, DropBox.put
    doing, go_on = threading.Event(), threading.Event()

    def slowly(box: DropBox, *given: Any) -> None:
        doing.set()
        assert go_on.wait(20)
        put(box, *given)

    async def dies(engine: Engine, *given: Any, **said: Any) -> None:
        asyncio.get_running_loop().create_task(really(engine, *given, **said))
        assert await asyncio.to_thread(doing.wait, 20)
        asyncio.get_running_loop().call_later(0.5, go_on.set)
        raise EngineDown(reached=True)

    monkeypatch.setattr(DropBox, "put", slowly)
    monkeypatch.setattr(Engine, "turn", dies)
    said = talk.chooses("do:send").text
    assert "Your answers are sent" in said
    assert "fault on our side" not in said


def test_what_was_called_a_fault_is_not_done_afterwards(
    service: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, really, late = _at_its_end(service), Engine.turn, threading.Event()

    async def dies(engine: Engine, *given: Any, **said: Any) -> None:
        async def afterwards() -> None:
            await asyncio.sleep(0.5)
            with contextlib.suppress(EngineDown):
                await really(engine, *given, **said)
            late.set()

        dies.task = asyncio.get_running_loop().create_task(afterwards())  # type: ignore[attr-defined]
        raise EngineDown(reached=True)

    monkeypatch.setattr(Engine, "turn", dies)
    assert "fault on our side" in talk.chooses("do:send").text
    assert late.wait(20)
    monkeypatch.undo()
    talk.chooses("do:send").hears("Your answers are sent")  # her survey is where it was
