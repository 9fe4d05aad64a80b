"""Notes among focal points: sealed to them, never to the reporter; and who waits how long."""

from __future__ import annotations

import json
from datetime import timedelta

from reports.cases import Cases
from tests.inbox.test_cases_api import recipients, reply_to
from tests.inbox.world import FocalPoint, Page, World
from vault.keys import PrivateKey, PublicKey
from vault.receipts import Receipts
from vault.sealing import Context, open_envelope, seal
from vault.stores import AttachmentStore


def note_in(case_id: str, keys: list[PublicKey], text: str = "Ask security.") -> str:
    document = json.dumps({"v": 1, "text": text}).encode()
    return seal(document, keys, Context("note", case_id)).decode()


async def test_a_note_is_for_colleagues_and_not_for_the_reporter(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told = world.case("unv-office")
    reporter, *others = await recipients(amina_page, told.case_id)
    assert reporter == told.key.public()
    note = note_in(told.case_id, others)
    answer = await amina_page.post("/inbox/api/note", case_id=told.case_id, envelope=note)
    assert answer.status_code == 201
    case = (await amina_page.post("/inbox/api/case", case_id=told.case_id)).json()
    entry = case["entries"][-1]
    assert (entry["purpose"], entry["author"]) == ("note", "focal_point")
    opened = open_envelope(entry["envelope"].encode(), amina.key, Context("note", told.case_id))
    assert json.loads(opened)["text"] == "Ask security."
    stored = world.cases.get(told.case_id)
    assert stored is not None
    assert not stored.unread_by_reporter


async def test_a_note_that_the_reporter_could_open_is_refused(
    world: World, amina_page: Page
) -> None:
    told = world.case("unv-office")
    everybody = await recipients(amina_page, told.case_id)
    for keys in (everybody, everybody[1:-1], [PrivateKey.new().public()]):
        note = note_in(told.case_id, keys)
        answer = await amina_page.post("/inbox/api/note", case_id=told.case_id, envelope=note)
        assert answer.status_code == 409
    assert len(world.cases.entries(told.case_id)) == 1


async def test_the_same_note_sent_again_is_stored_once(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    given = {"case_id": told.case_id}
    given["envelope"] = note_in(told.case_id, (await recipients(amina_page, told.case_id))[1:])
    first = await amina_page.post("/inbox/api/note", **given)
    again = await amina_page.post("/inbox/api/note", **given)
    assert first.json() == again.json()
    assert len(world.cases.entries(told.case_id)) == 2


async def test_the_reporter_sees_nothing_of_a_note(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    receipts = Receipts(b"p" * 32)
    files = AttachmentStore(world.database)
    cases = Cases(
        world.cases, world.accounts, world.keys, world.readers, world.keeping, receipts, files
    )
    note = note_in(told.case_id, (await recipients(amina_page, told.case_id))[1:])
    await amina_page.post("/inbox/api/note", case_id=told.case_id, envelope=note)
    stored = world.cases.get(told.case_id)
    assert stored is not None
    view = await cases._view(stored, told.key)
    assert view.replies == ()
    assert not view.unread
    receipts.close()


async def test_a_stranger_writes_no_note(world: World, amina_page: Page) -> None:
    told = world.case("who-office")
    note = note_in(told.case_id, [PrivateKey.new().public()])
    answer = await amina_page.post("/inbox/api/note", case_id=told.case_id, envelope=note)
    assert answer.status_code == 404


async def waiting(page: Page) -> list[int | None]:
    answer = await page.post("/inbox/api/cases")
    return [line["waiting"] for line in answer.json()["cases"]]


async def test_a_reporter_waits_until_somebody_answers(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told = world.case("unv-office", days_ago=5)
    assert await waiting(amina_page) == [5]
    keys = await recipients(amina_page, told.case_id)
    note = note_in(told.case_id, keys[1:])
    await amina_page.post("/inbox/api/note", case_id=told.case_id, envelope=note)
    assert await waiting(amina_page) == [5]  # a note is no answer
    reply = reply_to(told.case_id, keys)
    await amina_page.post("/inbox/api/reply", case_id=told.case_id, envelope=reply)
    assert await waiting(amina_page) == [None]
    world.today -= timedelta(days=2)
    world.addition(told, "He came back.", amina)
    world.today += timedelta(days=2)
    world.addition(told, "And again.", amina)
    assert await waiting(amina_page) == [2]


async def test_a_closed_case_waits_only_for_a_new_word(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told = world.case("unv-office", days_ago=5)
    await amina_page.post("/inbox/api/opened", case_id=told.case_id)
    await amina_page.post("/inbox/api/status", case_id=told.case_id, status="closed")
    assert await waiting(amina_page) == [None]
    # What lay unanswered when it was closed counts again, and so does the new word.
    world.addition(told, "He came back.", amina)
    assert await waiting(amina_page) == [5]
