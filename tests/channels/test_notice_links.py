"""A focal point links her Telegram for notices, and gets them there; the real library."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import select

from bot.channels.linking import read_line
from service.caretaker import caretaker
from service.tellers import tellers
from tests.channels.cases.telegram import TelegramCase
from tests.channels.conftest import House, Person
from tests.vault.rows import new_case
from vault.tables import accounts

DAY = date(2026, 11, 20)


@pytest.fixture
def house(with_telegram: House) -> House:
    """The service with Telegram, and no mail server."""
    return with_telegram


@pytest.fixture
def she(house: House) -> Person:
    """The demo's focal point, with her phone."""
    return house.person(7)


def _account(house: House) -> str:
    here = select(accounts.c.account_id).where(accounts.c.name == "demo-focal-point")
    with house.parts.storage.database.read() as connection:
        return str(connection.execute(here).scalar_one())


async def _linked(house: House, she: Person) -> str:
    account = _account(house)
    line = await house.parts.links.issue(account, "telegram", "fr")
    await she.says(line.lower())
    assert [one.text for one in she.messages] == [house.parts.messages.text("fr", "notice.linked")]
    return account


async def test_her_line_is_heard_at_the_door_and_by_nobody_else(house: House, she: Person) -> None:
    asked = len(house.engine.asked)
    account = await _linked(house, she)
    assert len(house.engine.asked) == asked
    reach = house.parts.storage.addresses.reach(account, ["telegram"])
    assert reach is not None and isinstance(house.case, TelegramCase)
    assert reach.address == str(house.case.chat(7))
    assert not any(reach.address.encode() in blob for blob in house.remembered())


async def test_a_line_that_was_used_or_made_up_links_nobody(house: House, she: Person) -> None:
    account = _account(house)
    line = await house.parts.links.issue(account, "telegram", "en")
    await she.says(line)
    other = house.person(8)
    for typed in (line, "NOTICE ABCD-EFGH-JKLM-NPQR"):
        await other.says(typed)
        wrong = house.parts.messages.text("en", "notice.link_wrong")
        assert [one.text for one in other.messages] == [wrong]
    reach = house.parts.storage.addresses.reach(account, ["telegram"])
    assert reach is not None and isinstance(house.case, TelegramCase)
    assert reach.address == str(house.case.chat(7))


async def test_her_notice_comes_there_and_tells_nothing(house: House, she: Person) -> None:
    await _linked(house, she)
    storage, settings = house.parts.storage, house.parts.settings
    storage.cases.add(new_case(offices=("demo-office",), opened_on=DAY))
    worker = caretaker(settings, storage, house.parts.keeping, house.parts.messages)
    assert list(tellers(settings)) == ["telegram"]
    assert isinstance(house.case, TelegramCase)
    chat = house.case.provider.chats[house.case.chat(7)]
    before = len(chat)
    assert await asyncio.to_thread(worker.notifier.send_all, DAY) == 1
    assert await asyncio.to_thread(worker.notifier.send_all, DAY) == 0
    written = list(chat.values())[before:]
    link = f"{settings.public_url}/inbox"
    assert [one.text for one in written] == [
        house.parts.messages.text("fr", "notice.new", link=link)
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NOTICE ABCD-EFGH-JKLM-NPQR", "ABCDEFGHJKLMNPQR"),
        (" notice abcd efgh jklm npqr ", "ABCDEFGHJKLMNPQR"),
        ("NOTICE ABCD-EFGH-JKLM-NPQ", None),
        ("I got a NOTICE ABCD-EFGH-JKLM-NPQR", None),
        ("notice", None),
        ("", None),
    ],
)
def test_only_the_whole_line_is_one(text: str, code: str | None) -> None:
    assert read_line(text) == code
