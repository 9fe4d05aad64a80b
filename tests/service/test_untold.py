"""What was done and could not be told any more is told when the same message comes again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.dialogue import Dialogue
from bot.engine import Engine, EngineDown
from tests.attack.house import House, house
from tests.support.talk import Talk


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
