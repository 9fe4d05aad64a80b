"""What she sends once more, because something of ours died, is there once, and whole."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from reports.attaching import Waiting
from reports.brief_walk import BriefReport
from reports.case_view import Access
from reports.destination import Destination
from reports.errors import NotStored
from reports.report import addition
from tests.reports.chat import ENTITIES, MESSAGES, ROUTES, Chat, FakeArchive, FakeCases
from tests.reports.files.adding import to_agree
from tests.reports.files.test_left_behind import put
from tests.reports.test_cases import REPORT, World
from vault.database import Database
from vault.encoding import to_text
from vault.receipts import check_digit
from vault.stores.attachments import AttachmentStore

SHORT = ("opt:short", "opt:self", "WFP", "do:yes", "opt:clear", "opt:said", "do:skip", "do:skip")


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def archive() -> FakeArchive:
    digits = "12345678901234567890123"
    return FakeArchive(digits + check_digit(digits))


def by_text_message(cases: FakeCases) -> Chat:
    """A short report that only has to be agreed to."""
    walk = BriefReport(MESSAGES.on("sms"), ENTITIES, ROUTES, cases)  # type: ignore[arg-type]
    chat = Chat(walk)
    for turn in SHORT:
        chat = chat.chooses(turn) if ":" in turn else chat.says(turn)
    assert chat.at == "preview"
    return chat


class StoresWithoutSayingSo(FakeCases):
    """A database that dies after it stored and before it said so."""

    async def send(self, *given: Any, **more: Any) -> str:
        receipt = await super().send(*given, **more)
        if len(self.sent) == 1 and self.arrived == 0:
            self.arrived = 1
            raise NotStored
        return receipt


def test_a_short_report_of_a_service_that_died_is_there_once(cases: FakeCases) -> None:
    """It was stored; what became of the conversation was not."""
    chat = by_text_message(cases)
    before = chat.state
    chat.chooses("do:yes").hears("sent")
    chat.state = before
    chat.chooses("do:yes").hears("sent")
    assert len(cases.sent) == 1


def test_a_short_report_that_was_changed_since_is_another_one() -> None:
    """Else she would be told that what she changed is sent, and the office would have the old."""
    cases = StoresWithoutSayingSo()
    chat = by_text_message(cases).chooses("do:yes").hears("Nothing was sent")
    chat.chooses("do:no")
    assert chat.at == "danger"
    chat.chooses("do:yes").chooses("do:yes").hears("sent")
    assert [one[0].danger_now for one in cases.sent.values()] == [None, True]


async def told_later(world: World) -> Access:
    ticket = world.cases.ticket()
    await world.cases.send(REPORT, Destination("wfp-oig"), ticket)
    return Access(ticket.case_id, to_text(world.anna.raw))


async def test_what_she_adds_is_stored_once_with_its_file(world: World, database: Database) -> None:
    """It is stored, and the service dies; all comes again, the file too."""
    hers, ticket = await told_later(world), "1" * 32
    for tries in (1, 2):
        await world.cases.clear_uploads(hers)
        if tries == 1:
            put(AttachmentStore(database), hers.case_id, b"photo")
        await world.cases.add(hers, addition("Again.", "en"), files=Waiting((), 1), ticket=ticket)
    await world.cases.add(hers, addition("Again.", "en"), ticket="2" * 32)
    assert [one.purpose for one in world.store.entries(hers.case_id)] == [
        "report",
        "addition",
        "addition",
    ]


async def test_an_addition_that_comes_twice_at_once_is_stored_once(world: World) -> None:
    hers = await told_later(world)
    adds = (world.cases.add(hers, addition("Again.", "en"), ticket="1" * 32) for _ in range(3))
    await asyncio.gather(*adds)
    assert len(world.store.entries(hers.case_id)) == 2


async def test_an_addition_whose_answer_was_lost_is_acknowledged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers, add = await told_later(world), world.store.add_entry

    def stores_and_breaks(*given: Any) -> None:
        add(*given)
        raise ConnectionError

    monkeypatch.setattr(world.store, "add_entry", stores_and_breaks)
    await world.cases.add(hers, addition("Again.", "en"), ticket="1" * 32)
    assert len(world.store.entries(hers.case_id)) == 2


def test_an_addition_keeps_its_ticket_until_she_changes_it(archive: FakeArchive) -> None:
    chat = to_agree(archive, seals=False)
    before = chat.state
    chat.chooses("do:yes").hears("It is sent")
    assert "ticket" not in (chat.state or {})
    chat.state = before  # the service died before it kept where she is
    chat.chooses("do:yes")
    chat.state = before
    chat.chooses("do:no").says("It happened twice.").chooses("do:yes").hears("It is sent")
    first, second, third = archive.tickets
    assert first and first == second != third
