"""What was done and could not be told any more is told when the same message comes again."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import httpx
import pytest

from bot.dialogue import Dialogue
from bot.engine import Engine, EngineDown
from tests.attack.house import House, house
from tests.support.answering import takes_the_survey
from tests.support.talk import Talk
from vault.stores import DropBox

Thinks = Coroutine[Any, Any, Any]

#: What goes on after the engine died; nobody else holds it.
_TASKS: list[asyncio.Task[Any]] = []


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
    return takes_the_survey(service.talk().opens(), until="do:send").is_offered("Send")


def _dies(monkeypatch: pytest.MonkeyPatch, over: Callable[[Thinks], Awaitable[None]]) -> None:
    """Let the engine die; what becomes of what it thinks of the message is for `over` to say."""
    really = Engine.turn

    async def turn(engine: Engine, *given: Any, **said: Any) -> None:
        await over(really(engine, *given, **said))
        raise EngineDown(reached=True)

    monkeypatch.setattr(Engine, "turn", turn)


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
    talk = _survey(service)

    async def done(thinks: Thinks) -> None:
        await thinks

    _dies(monkeypatch, done)
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
    talk, put = _at_its_end(service), DropBox.put
    doing, go_on = threading.Event(), threading.Event()

    def slowly(box: DropBox, *given: Any) -> None:
        doing.set()
        assert go_on.wait(20)
        put(box, *given)

    async def being_done(thinks: Thinks) -> None:
        _TASKS.append(asyncio.create_task(thinks))
        assert await asyncio.to_thread(doing.wait, 20)
        asyncio.get_running_loop().call_later(0.5, go_on.set)

    monkeypatch.setattr(DropBox, "put", slowly)
    _dies(monkeypatch, being_done)
    said = talk.chooses("do:send").text
    assert "Your answers are sent" in said
    assert "fault on our side" not in said


def test_what_was_called_a_fault_is_not_done_afterwards(
    service: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, late = _at_its_end(service), threading.Event()

    async def done(thinks: Thinks) -> None:
        await asyncio.sleep(0.5)
        with contextlib.suppress(EngineDown):
            await thinks
        late.set()

    async def done_afterwards(thinks: Thinks) -> None:
        _TASKS.append(asyncio.create_task(done(thinks)))

    _dies(monkeypatch, done_afterwards)
    assert "fault on our side" in talk.chooses("do:send").text
    assert late.wait(20)
    monkeypatch.undo()
    talk.chooses("do:send").hears("Your answers are sent")  # her survey is where it was
