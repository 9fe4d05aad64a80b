"""Cases: only her own, only forward, and replies only to those who should read them."""

from __future__ import annotations

import itertools
import json
from datetime import date

import pytest

from inbox.case_api import NEXT
from tests.inbox.world import FocalPoint, Page, World
from vault.keys import PrivateKey, PublicKey
from vault.sealing import Context, open_envelope, seal
from vault.stores.cases import Status, new_case_id


def reply_to(case_id: str, keys: list[PublicKey], text: str = "I am here.") -> str:
    document = json.dumps({"v": 1, "text": text}).encode()
    return seal(document, keys, Context("reply", case_id)).decode()


async def recipients(page: Page, case_id: str) -> list[PublicKey]:
    answer = await page.post("/inbox/api/case", case_id=case_id)
    return [PublicKey.from_text(text) for text in answer.json()["recipients"]]


async def test_the_list_shows_days_and_what_is_new_first(world: World, amina_page: Page) -> None:
    old, new = world.case("unv-office", days_ago=40), world.case("unv-office", lang="en")
    world.case("who-office")
    await amina_page.post("/inbox/api/opened", case_id=new.case_id)
    answer = await amina_page.post("/inbox/api/cases")
    assert answer.json()["cases"] == [
        {
            "case_id": old.case_id,
            "status": "received",
            "opened_on": "2026-10-12",
            "days": 40,
            "unread": True,
            "lang": "fr",
            "waiting": 40,
            "mine": False,
        },
        {
            "case_id": new.case_id,
            "status": "opened",
            "opened_on": "2026-11-21",
            "days": 0,
            "unread": False,
            "lang": "en",
            "waiting": 0,
            "mine": False,
        },
    ]


async def test_a_case_comes_sealed_and_opens_with_her_key(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told = world.case("unv-office")
    world.addition(told, "He came back.", amina)
    answer = await amina_page.post("/inbox/api/case", case_id=told.case_id)
    assert "door every evening" not in answer.text
    report, addition = answer.json()["entries"]
    assert (report["purpose"], report["number"], report["on"]) == ("report", 0, "2026-11-21")
    opened = open_envelope(report["envelope"].encode(), amina.key, Context("report", told.case_id))
    assert json.loads(opened)["account"].startswith("He waits")
    context = Context("addition", told.case_id)
    assert b"came back" in open_envelope(addition["envelope"].encode(), amina.key, context)


async def test_times_are_days_and_nothing_finer(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    case = (await amina_page.post("/inbox/api/case", case_id=told.case_id)).json()
    assert {case["opened_on"], *(entry["on"] for entry in case["entries"])} == {"2026-11-21"}
    assert date.fromisoformat(case["opened_on"])


CALLS: dict[str, dict[str, str]] = {
    "case": {},
    "opened": {},
    "status": {"status": "opened"},
    "reply": {"envelope": "x"},
}


@pytest.mark.parametrize("path", CALLS)
async def test_a_case_of_another_office_is_no_case(
    world: World, amina_page: Page, path: str
) -> None:
    foreign = world.case("who-office")
    answers = [
        await amina_page.post(f"/inbox/api/{path}", case_id=case_id, **CALLS[path])
        for case_id in (foreign.case_id, new_case_id(), "x", "-")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    untouched = world.cases.get(foreign.case_id)
    assert untouched is not None
    assert (untouched.status, untouched.unread_by_focal_point) == ("received", True)
    assert len(world.cases.entries(foreign.case_id)) == 1


async def test_who_may_see_what(world: World, page: Page) -> None:
    people = {
        "Amina": world.focal_point("Amina", "a"),
        "Bilal B": world.focal_point("Bilal B", "b"),
        "Chloé Ch": world.focal_point("Chloé Ch", "a", "b"),
        "Dmitri D.": world.focal_point("Dmitri D.", "task-force"),
    }
    cases = {"a": world.case("a"), "b": world.case("b"), "a and b": world.case("b", "a")}
    may = {
        "Amina": {"a", "a and b"},
        "Bilal B": {"b", "a and b"},
        "Chloé Ch": {"a", "b", "a and b"},
        "Dmitri D.": set(),
    }
    for name, who in people.items():
        await page.sign_in(who)
        listed = (await page.post("/inbox/api/cases")).json()["cases"]
        expected = {cases[label].case_id for label in may[name]}
        assert {line["case_id"] for line in listed} == expected, name
        for label, told in cases.items():
            answer = await page.post("/inbox/api/case", case_id=told.case_id)
            assert answer.status_code == (200 if label in may[name] else 404), (name, label)


async def test_a_malformed_id_is_refused(amina_page: Page) -> None:
    for bad in ("", "../x", "a b", "a\0", "x" * 65):
        answer = await amina_page.post("/inbox/api/case", case_id=bad)
        assert answer.status_code == 422


async def test_a_reply_reaches_the_reporter(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told = world.case("unv-office")
    keys = await recipients(amina_page, told.case_id)
    assert keys[0] == told.key.public()
    assert set(keys) == {k.public() for k in (told.key, amina.key, world.recovery)}
    envelope = reply_to(told.case_id, keys, "You are heard.")
    answer = await amina_page.post("/inbox/api/reply", case_id=told.case_id, envelope=envelope)
    assert (answer.status_code, answer.json()) == (201, {"number": 1, "on": "2026-11-21"})
    assert world.replies(told) == ["You are heard."]
    stored = world.cases.get(told.case_id)
    assert stored is not None
    assert stored.unread_by_reporter


async def test_the_same_reply_sent_again_is_stored_once(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    envelope = reply_to(told.case_id, await recipients(amina_page, told.case_id))
    given = {"case_id": told.case_id, "envelope": envelope}
    first = await amina_page.post("/inbox/api/reply", **given)
    again = await amina_page.post("/inbox/api/reply", **given)
    assert first.json() == again.json()
    assert len(world.replies(told)) == 1


async def test_a_reply_to_other_recipients_is_refused(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    right = await recipients(amina_page, told.case_id)
    stranger = PrivateKey.new().public()
    for keys in (right[1:], right[:-1], [*right, stranger], [stranger], [*right[:-1], stranger]):
        envelope = reply_to(told.case_id, keys)
        answer = await amina_page.post("/inbox/api/reply", case_id=told.case_id, envelope=envelope)
        assert answer.status_code == 409
    named_twice = json.loads(reply_to(told.case_id, right))
    named_twice["to"].append(named_twice["to"][0])
    answer = await amina_page.post(
        "/inbox/api/reply", case_id=told.case_id, envelope=json.dumps(named_twice)
    )
    assert answer.status_code == 409
    assert world.replies(told) == []


async def test_what_is_no_envelope_is_refused(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    for bad in ("x", "{}", "[]", '"I am readable"', "a" * (128 * 1024 + 1)):
        answer = await amina_page.post("/inbox/api/reply", case_id=told.case_id, envelope=bad)
        assert answer.status_code == 422
    assert len(world.cases.entries(told.case_id)) == 1


async def test_the_largest_reply_of_the_page_fits(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    keys = await recipients(amina_page, told.case_id)
    document = json.dumps({"v": 1, "text": "😀" * 10_000}, ensure_ascii=False).encode()
    envelope = seal(document, keys, Context("reply", told.case_id)).decode()
    answer = await amina_page.post("/inbox/api/reply", case_id=told.case_id, envelope=envelope)
    assert answer.status_code == 201


STATUSES: tuple[Status, ...] = ("received", "opened", "in_review", "closed")


async def test_a_status_goes_forward_and_closing_is_final(world: World, amina_page: Page) -> None:
    told = world.case("unv-office")
    for before, after in itertools.product(STATUSES, STATUSES):
        world.cases.set_status(told.case_id, before)
        answer = await amina_page.post("/inbox/api/status", case_id=told.case_id, status=after)
        case = world.cases.get(told.case_id)
        assert case is not None
        if after == "received":
            assert answer.status_code == 422
        elif after == before or after in NEXT[before]:
            assert (answer.status_code, case.status) == (200, after)
        else:
            assert (answer.status_code, case.status) == (409, before)


def test_the_ways_between_statuses_are_these() -> None:
    assert {before: set(after) for before, after in NEXT.items()} == {
        "received": {"opened"},
        "opened": {"in_review", "closed"},
        "in_review": {"opened", "closed"},
        "closed": set(),
    }


async def test_opening_a_case_is_told_by_the_page_not_by_the_download(
    world: World, amina_page: Page
) -> None:
    told = world.case("unv-office")
    await amina_page.post("/inbox/api/case", case_id=told.case_id)
    case = world.cases.get(told.case_id)
    assert case is not None
    assert (case.status, case.unread_by_focal_point) == ("received", True)
    answer = await amina_page.post("/inbox/api/opened", case_id=told.case_id)
    assert answer.json() == {"status": "opened"}
    case = world.cases.get(told.case_id)
    assert case is not None
    assert (case.status, case.unread_by_focal_point) == ("opened", False)
    world.cases.set_status(told.case_id, "in_review")
    answer = await amina_page.post("/inbox/api/opened", case_id=told.case_id)
    assert answer.json() == {"status": "in_review"}


async def test_the_reporter_of_a_closed_case_is_still_answered(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told = world.case("unv-office")
    world.cases.set_status(told.case_id, "closed")
    world.addition(told, "One more thing.", amina)
    envelope = reply_to(told.case_id, await recipients(amina_page, told.case_id))
    answer = await amina_page.post("/inbox/api/reply", case_id=told.case_id, envelope=envelope)
    assert answer.status_code == 201
    case = world.cases.get(told.case_id)
    assert case is not None
    assert case.status == "closed"


@pytest.mark.postgres
async def test_the_whole_way_on_postgresql(postgres_world: World) -> None:
    amina = postgres_world.focal_point("Amina", "unv-office")
    page, told = Page(postgres_world), postgres_world.case("unv-office")
    assert (await page.sign_in(amina)).status_code == 200
    assert len((await page.post("/inbox/api/cases")).json()["cases"]) == 1
    await page.post("/inbox/api/opened", case_id=told.case_id)
    envelope = reply_to(told.case_id, await recipients(page, told.case_id))
    await page.post("/inbox/api/reply", case_id=told.case_id, envelope=envelope)
    answer = await page.post("/inbox/api/status", case_id=told.case_id, status="closed")
    assert answer.json() == {"status": "closed"}
    assert postgres_world.replies(told) == ["I am here."]
    await page.http.aclose()
