"""Signal's own ways: one delivery at a time, choices by number, what cannot be deleted, faults."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.contract import Incoming, Reply
from bot.channels.signal import REGISTERED, Signal
from catalogue import Choice, Message
from service.app import public_app
from service.cli import main
from service.settings import Settings, SettingsError
from service.webhooks import build
from tests.channels.cases.signal import SECRET, SignalCase, account, delivered, notice, said
from tests.channels.conftest import URL, House, opened
from tests.channels.signal_service import NUMBER, SignalService, heard
from tests.support.served import served

GROUP = base64.b64encode(b"g" * 32).decode()


@pytest.fixture(scope="module")
def rest() -> Iterator[SignalService]:
    """A local REST service."""
    with SignalService.running() as running:
        yield running


@pytest.fixture
async def signal(
    rest: SignalService, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The service with Signal."""
    async with opened(SignalCase(rest, URL), data_dir, monkeypatch) as house:
        yield house


def chat(house: House, sender: int) -> list[str]:
    """What stands in a chat."""
    service: SignalService = house.case.provider
    return [message.text for message in service.chats[account(sender)].values()]


async def test_it_is_acknowledged_before_it_is_answered(signal: House) -> None:
    """The REST service passes nothing on while it waits for us: both would wait for ever."""
    rest: SignalService = signal.case.provider
    delivery = signal.case.text(30, "what is harassment?", signal.event())
    with served(public_app(signal.parts, demo=True)) as url:
        rest.free.clear()
        async with httpx.AsyncClient() as client:
            answer = await client.post(
                f"{url}/webhooks/signal", content=delivery.body, headers=delivery.headers, timeout=5
            )
        assert answer.status_code == 200 and not chat(signal, 30)
        rest.free.set()
        for _ in range(400):
            if any("unwelcome" in text for text in chat(signal, 30)):
                break
            await asyncio.sleep(0.05)
    assert any("unwelcome" in text for text in chat(signal, 30))


async def test_a_survey_is_taken_by_numbers(signal: House) -> None:
    person = await signal.person(31).says("hello")
    await person.picks("Take the survey")
    for _ in range(120):
        if "Thank you" in person.text or not person.choices:
            break
        numbers = [n for label, n in person.choices if label not in ("Back", "Stop here")]
        done = [n for label, n in person.choices if label.startswith(("Done", "That is all"))]
        await person.says((done or numbers)[0])
    person.hears("Thank you")
    storage = signal.parts.storage
    current = storage.rounds.current()
    assert current is not None
    storage.rounds.close(current.round_id)
    assert len(storage.drop_box.take_all(current.round_id)) == 1


async def test_where_a_number_is_an_answer_choices_have_none(signal: House) -> None:
    person = await signal.person(32).says("hello")
    await person.picks("Make a report")
    await person.picks("To me")
    assert all(label == to_type for label, to_type in person.choices)
    assert person.choices and "– " in person.text and "1. " not in person.text


async def test_erase_deletes_our_messages_and_says_what_stays(signal: House) -> None:
    rest: SignalService = signal.case.provider
    person = await signal.person(33).says("hello")
    await person.says("what is harassment?")
    before = set(rest.chats[account(33)])
    await person.says("erase")
    assert {time for to, time in rest.deleted if to == account(33)} == before
    person.hears(
        *signal.parts.messages.texts("en", "channel.erase.signal"),
        signal.parts.messages.text("en", "channel.ours.done"),
    )
    assert len(chat(signal, 33)) == len(person.messages)


async def test_after_a_stop_it_offers_to_delete_our_messages(signal: House) -> None:
    person = await signal.person(34).says("hello")
    (await person.says("stop")).hears(signal.parts.messages.text("en", "channel.ours.offer"))
    await person.picks("Yes, delete them")
    assert chat(signal, 34) == [signal.parts.messages.text("en", "channel.ours.done")]


async def test_what_cannot_be_deleted_is_told(signal: House) -> None:
    rest: SignalService = signal.case.provider
    person = await signal.person(35).says("hello")
    rest.fault = "Failed to delete"
    delivery = signal.case.text(35, "erase", signal.event())
    rest.fail(1)  # one of the messages, for good
    await person.gives(delivery)
    rest.fault = 502
    person.hears(signal.parts.messages.text("en", "channel.tidy.failed"))


async def test_a_group_is_told_kindly_and_left(signal: House) -> None:
    rest: SignalService = signal.case.provider
    info = {"groupId": GROUP, "groupName": "planted", "revision": 1, "type": "DELIVER"}
    delivery = said(36, signal.event(), message="hello all", groupInfo=info)
    assert (await signal.deliver(delivery)).status_code == 200
    outer = f"group.{base64.b64encode(GROUP.encode()).decode()}"
    (told,) = rest.unread(outer)
    assert told.text == signal.parts.messages.text("en", "channel.group")
    assert rest.left == [outer] and not signal.engine.asked and not chat(signal, 36)


async def test_a_mark_on_a_message_begins_nothing(signal: House) -> None:
    mark = {"emoji": "👍", "targetSentTimestamp": 1, "isRemove": False}
    person = signal.person(37)
    assert not (await person.gives(said(37, signal.event(), reaction=mark))).text
    await person.says("hello")
    (await person.gives(said(37, signal.event(), reaction=mark))).hears("I can only read words")
    await person.says("erase")
    assert not (await person.gives(said(37, signal.event(), reaction=mark))).text


async def test_a_changed_message_changes_nothing(signal: House) -> None:
    person = await signal.person(38).says("hello")
    asked = len(signal.engine.asked)
    message = {"timestamp": 2, "message": "planted change"}
    edit = {"targetSentTimestamp": 1, "dataMessage": message}
    await person.gives(delivered(notice(38, signal.event(), editMessage=edit)))
    person.hears(signal.parts.messages.text("en", "channel.edited"))
    assert len(signal.engine.asked) == asked


async def test_files_are_removed_where_they_came_in(signal: House) -> None:
    rest: SignalService = signal.case.provider
    rest.files = {"a/b.jpg", "story.jpg", "hers.pdf"}
    file = {"contentType": "image/jpeg", "id": "a/b.jpg"}
    await signal.deliver(said(39, signal.event(), message="look", attachments=[file]))
    story = {"allowsReplies": True, "fileAttachment": {"id": "story.jpg"}}
    await signal.deliver(delivered(notice(39, signal.event(), storyMessage=story)))
    assert rest.files == {"hers.pdf"}


async def test_an_answer_that_may_have_arrived_is_not_sent_twice(signal: House) -> None:
    rest: SignalService = signal.case.provider
    person = await signal.person(40).says("hello")
    rest.lose(1)
    await person.says("what is harassment?")
    texts = [heard.text for heard in person.messages]
    assert "unwelcome" in person.text.casefold() and len(texts) == len(set(texts))


@pytest.mark.parametrize("fault", [503, "write tcp 127.0.0.1:40000->127.0.0.1:6001: broken pipe"])
async def test_signal_cli_that_starts_anew_is_waited_for(signal: House, fault: int | str) -> None:
    rest: SignalService = signal.case.provider
    sender = 41 if fault == 503 else 141
    person = await signal.person(sender).says("hello")
    rest.fault = fault
    rest.fail(4)  # more than one round of tries
    (await person.says("what is harassment?")).hears("unwelcome")
    rest.fault = 502
    assert len([text for text in chat(signal, sender) if "unwelcome" in text]) == 1


async def test_who_cannot_be_reached_is_let_go(
    signal: House, caplog: pytest.LogCaptureFixture
) -> None:
    rest: SignalService = signal.case.provider
    rest.gone.add(account(42))
    assert (await signal.deliver(signal.case.text(42, "hello", signal.event()))).is_success
    assert not chat(signal, 42)
    ours = [r for r in caplog.records if r.name.startswith("speaksafe")]
    assert {r.levelno for r in ours} == {logging.WARNING}
    assert not any(account(42) in record.getMessage() for record in ours)


async def test_a_store_that_fails_once_loses_nothing(
    signal: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await signal.person(43).says("hello")
    (door,) = signal.parts.carriers._doors.values()
    real, failed = door._stores.events.get, list[str]()

    async def once(name: str) -> Any:
        if not failed:
            failed.append(name)
            raise ConnectionError
        return await real(name)

    monkeypatch.setattr(door._stores.events, "get", once)
    (await person.says("what is harassment?")).hears("unwelcome")


def test_a_long_text_stays_within_what_signal_shows_at_once(signal_channel: Any) -> None:
    words = "Слово за слово. " * 400
    message = Message(words, (Choice("Дальше", "do:go_on"),))
    parts = signal_channel.render(Reply((message,), "ru"), Incoming("1", account(1)))
    assert len(parts) > 2 and all(len(part.text.encode()) <= 2000 for part in parts)
    assert heard(parts[-1].text).choices == (("Дальше", "1"),)


@pytest.fixture
def signal_channel(rest: SignalService) -> Any:
    """The channel alone."""
    return Signal(rest.url, NUMBER, SECRET)


def _signal(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["channels", "list"])
    return next(line for line in capsys.readouterr().out.splitlines() if "signal" in line)


@pytest.fixture
def operator(
    rest: SignalService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[SignalService]:
    """Settings that lead to the local service."""
    monkeypatch.setenv("SPEAKSAFE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SPEAKSAFE_PUBLIC_URL", "https://speaksafe.invalid")
    for name, value in SignalCase(rest, URL).settings().items():
        monkeypatch.setenv(name, value)
    yield rest
    rest.mode, rest.accounts = "json-rpc", [NUMBER]


def test_operators_see_how_it_stands(
    operator: SignalService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "number registered" in _signal(capsys)
    operator.mode = "native"
    assert "fail" in (line := _signal(capsys)) and "MODE=json-rpc" in line
    operator.mode, operator.accounts = "json-rpc", []
    assert "fail" in (line := _signal(capsys)) and "SPEAKSAFE_SIGNAL_NUMBER" in line
    monkeypatch.setenv("SPEAKSAFE_SIGNAL_API_BASE", "http://127.0.0.1:9")
    assert "does not answer" in _signal(capsys)
    monkeypatch.delenv("SPEAKSAFE_SIGNAL_SECRET")
    assert "SPEAKSAFE_SIGNAL_SECRET" in _signal(capsys)


def test_register_says_what_to_set_and_keeps_the_secret(
    operator: SignalService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["channels", "register", "signal"]) == 0
    told = capsys.readouterr().out
    assert "RECEIVE_WEBHOOK_URL=https://signal:SECRET@speaksafe.invalid/webhooks/signal" in told
    assert SECRET not in told


def test_what_it_tells_to_set_reaches_us_as_the_header() -> None:
    """Clients make the header of an address with name and secret, as the REST service's does."""
    request = httpx.Client().build_request("POST", f"https://signal:{SECRET}@speaksafe.invalid/")
    flow = httpx.BasicAuth("signal", SECRET).auth_flow(request)
    header = {"Authorization": next(flow).headers["Authorization"]}
    assert header.items() <= delivered(json.loads("{}")).headers.items()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SPEAKSAFE_SIGNAL_NUMBER", "0225550100"),
        ("SPEAKSAFE_SIGNAL_NUMBER", "+41 22 555 01 00"),
        ("SPEAKSAFE_SIGNAL_SECRET", "too short"),
        ("SPEAKSAFE_SIGNAL_SECRET", "with:colon-and@sign"),
    ],
)
def test_a_bad_setting_is_named_and_not_repeated(
    rest: SignalService, name: str, value: str
) -> None:
    settings = Settings.read(SignalCase(rest, URL).settings() | {name: value})
    with pytest.raises(SettingsError) as refused:
        build(REGISTERED, settings)
    assert name in str(refused.value) and value not in str(refused.value)
