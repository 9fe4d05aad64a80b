"""Sending and coming back on real databases, with real envelopes."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import Any

import pytest

from reports.cases import Cases
from reports.destination import Destination
from reports.errors import NoRecipient, NotStored, OutOfReach
from reports.report import Report, addition
from vault.database import Database
from vault.keys import PrivateKey
from vault.receipts import Receipts, check_digit, is_well_formed
from vault.sealing import Context, SealingError, key_ids, open_envelope, seal
from vault.stores.accounts import AccountStore
from vault.stores.attachments import AttachmentStore
from vault.stores.cases import CaseStore
from vault.stores.keeping import Keeping, Term
from vault.stores.keys import KeyStore
from vault.stores.readers import Readers

DAY = date(2026, 11, 20)
REPORT = Report(
    relation="self",
    entity_code="WFP",
    entity_name="World Food Programme (WFP)",
    conflict=False,
    account="لمسني المدير 💔\n\n  He said: {stop}.",
    when_where=None,
    who="my supervisor",
    wish=None,
    danger_now=None,
    contact=None,
    lang="en",
)


class World:
    """The stores, an office with focal points, another office, and a recovery key."""

    def __init__(self, database: Database) -> None:
        self.store = CaseStore(database)
        self.accounts = AccountStore(database, b"p" * 32)
        keys = KeyStore(database)
        self.readers = Readers(database)
        self.keeping = Keeping(database, Term(90, {}))
        self.cases = Cases(
            self.store,
            self.accounts,
            keys,
            self.readers,
            self.keeping,
            Receipts(b"r" * 32),
            AttachmentStore(database),
            lambda: DAY,
        )
        self.anna = self.focal_point("anna", "wfp-oig")
        self.other = self.focal_point("otto", "wfp-head")
        self.recovery = PrivateKey.new()
        keys.add("recovery", self.recovery.public())

    def focal_point(self, name: str, office: str) -> PrivateKey:
        key = PrivateKey.new()
        code = self.accounts.invite(name, [office])
        self.accounts.finish_setup(name, code, b"s" * 16, b"i" * 32, key.public(), "{}")
        return key

    def replies(self, case_id: str, text: str, **more: object) -> None:
        case = self.store.get(case_id)
        assert case is not None
        document = json.dumps({"v": 1, "text": text, **more}).encode()
        context = Context("reply", case_id)
        envelope = seal(document, [case.reporter_key, self.anna.public()], context)
        self.store.add_entry(case_id, "focal_point", envelope, DAY)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def test_a_report_reaches_the_chosen_office_and_the_recovery_key_only(world: World) -> None:
    ticket = world.cases.ticket()
    receipt = await world.cases.send(REPORT, Destination("wfp-oig"), ticket)
    assert receipt == ticket.receipt and is_well_formed(receipt)
    (case,) = world.store.for_offices(["wfp-oig"])
    assert world.store.for_offices(["wfp-head"]) == []
    assert (case.case_id, case.opened_on, case.lang) == (ticket.case_id, DAY, "en")
    (entry,) = world.store.entries(case.case_id)
    context = Context("report", case.case_id)
    expected = {world.anna.public().key_id, world.recovery.public().key_id}
    assert set(key_ids(entry.envelope)) == expected
    for key in (world.anna, world.recovery):
        document: Any = json.loads(open_envelope(entry.envelope, key, context))
        assert document == {
            "v": 1,
            "relation": "self",
            "entity": {"code": "WFP", "name": "World Food Programme (WFP)"},
            "conflict": False,
            "account": REPORT.account,
            "when_where": None,
            "who": "my supervisor",
            "wish": None,
            "danger_now": None,
            "contact": None,
            "lang": "en",
        }
    with pytest.raises(SealingError):
        open_envelope(entry.envelope, world.other, context)


async def test_sending_twice_with_one_ticket_makes_one_case(world: World) -> None:
    ticket = world.cases.ticket()
    sends = (world.cases.send(REPORT, Destination("wfp-oig"), ticket) for _ in range(3))
    assert set(await asyncio.gather(*sends)) == {ticket.receipt}
    assert await world.cases.send(REPORT, Destination("wfp-oig"), ticket) == ticket.receipt
    assert len(world.store.for_offices(["wfp-oig"])) == 1


async def test_nothing_is_sent_where_nobody_could_open_it(world: World) -> None:
    assert await world.cases.keys_by_office(["wfp-oig", "ilo-iao"]) == {"wfp-oig": 1, "ilo-iao": 0}
    assert await world.cases.reachable("wfp-oig")
    assert not await world.cases.reachable("ilo-iao")
    with pytest.raises(NoRecipient):
        await world.cases.send(REPORT, Destination("ilo-iao"), world.cases.ticket())
    assert world.store.for_offices(["ilo-iao"]) == []


async def test_the_receipt_leads_back_and_a_wrong_one_does_not(world: World) -> None:
    receipt = await world.cases.send(REPORT, Destination("wfp-oig"), world.cases.ticket())
    view = await world.cases.find(receipt)
    assert view is not None
    assert (view.status, view.unread, view.offer, view.replies) == ("received", False, False, ())
    assert receipt not in repr(view) and view.access.key not in repr(view)
    assert await world.cases.find("9" * 23 + check_digit("9" * 23)) is None
    assert await world.cases.find(receipt[:-1] + str((int(receipt[-1]) + 1) % 10)) is None


async def test_replies_are_opened_with_the_reporters_key(world: World) -> None:
    ticket = world.cases.ticket()
    receipt = await world.cases.send(REPORT, Destination("wfp-oig"), ticket)
    world.replies(ticket.case_id, "Thank you 💚")
    world.store.add_entry(ticket.case_id, "focal_point", b"{}", DAY)
    view = await world.cases.find(receipt)
    assert view is not None and view.unread
    assert [reply.text for reply in view.replies] == ["Thank you 💚", None]
    await world.cases.mark_read(view.access)
    again = await world.cases.look(view.access)
    assert again is not None and not again.unread and again.replies == view.replies


async def test_an_addition_is_sealed_to_those_who_have_the_case_now(world: World) -> None:
    receipt = await world.cases.send(REPORT, Destination("wfp-oig"), world.cases.ticket())
    view = await world.cases.find(receipt)
    assert view is not None
    newcomer = world.focal_point("bea", "wfp-oig")
    world.store.mark_read(view.access.case_id, "focal_point")
    await world.cases.add(view.access, addition("He did it again.", "en"))
    entry = world.store.entries(view.access.case_id)[-1]
    assert (entry.purpose, entry.author) == ("addition", "reporter")
    for key in (world.anna, newcomer, world.recovery):
        opened = open_envelope(entry.envelope, key, Context("addition", view.access.case_id))
        assert json.loads(opened) == {"v": 1, "text": "He did it again.", "lang": "en"}
    case = world.store.get(view.access.case_id)
    assert case is not None and case.unread_by_focal_point


async def test_the_offer_of_the_survey_is_spent_once_and_only_when_closed(world: World) -> None:
    receipt = await world.cases.send(REPORT, Destination("wfp-oig"), world.cases.ticket())
    view = await world.cases.find(receipt)
    assert view is not None and not view.offer
    assert not await world.cases.spend_offer(view.access)
    world.store.set_status(view.access.case_id, "closed")
    closed = await world.cases.look(view.access)
    assert closed is not None and closed.offer
    assert await world.cases.spend_offer(view.access)
    assert not await world.cases.spend_offer(view.access)


async def test_a_broken_database_acknowledges_nothing_and_says_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = world.cases.ticket()
    receipt = await world.cases.send(REPORT, Destination("wfp-oig"), ticket)
    view = await world.cases.find(receipt)
    assert view is not None

    def refuse(*_: object) -> None:
        raise RuntimeError("row quoted: my supervisor")

    for name in ("add", "add_entry", "by_locator", "spend_survey_offer"):
        monkeypatch.setattr(world.store, name, refuse)
    with pytest.raises(NotStored) as unsent:
        await world.cases.send(REPORT, Destination("wfp-oig"), world.cases.ticket())
    with pytest.raises(NotStored):
        await world.cases.add(view.access, addition("more", "en"))
    with pytest.raises(OutOfReach):
        await world.cases.find(receipt)
    with pytest.raises(OutOfReach):
        await world.cases.spend_offer(view.access)
    assert "supervisor" not in str(unsent.value)
    assert unsent.value.__cause__ is None and unsent.value.__suppress_context__


async def test_a_send_whose_answer_was_lost_is_a_success_when_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = world.cases.ticket()
    add = world.store.add

    def stores_and_breaks(new: Any) -> None:
        add(new)
        raise ConnectionError

    monkeypatch.setattr(world.store, "add", stores_and_breaks)
    assert await world.cases.send(REPORT, Destination("wfp-oig"), ticket) == ticket.receipt
    assert len(world.store.for_offices(["wfp-oig"])) == 1


async def test_half_an_emoji_does_not_cost_the_report(world: World) -> None:
    ticket = world.cases.ticket()
    half = Report(**{**{n: getattr(REPORT, n) for n in REPORT.__slots__}, "account": "a\ud83d b"})
    await world.cases.send(half, Destination("wfp-oig"), ticket)
    (entry,) = world.store.entries(ticket.case_id)
    opened = open_envelope(entry.envelope, world.anna, Context("report", ticket.case_id))
    assert json.loads(opened)["account"] == "a? b"
