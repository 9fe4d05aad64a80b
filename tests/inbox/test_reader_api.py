"""Standing aside and handing over, as the page asks for it."""

from __future__ import annotations

import pytest

from tests.inbox.world import FocalPoint, Page, World
from vault.sealing import Context, open_envelope, seal, share


async def page_of(world: World, person: FocalPoint) -> Page:
    page = Page(world)
    assert (await page.sign_in(person)).status_code == 200
    return page


async def listed(page: Page) -> list[str]:
    answer = await page.post("/inbox/api/cases")
    return [line["case_id"] for line in answer.json()["cases"]]


async def test_who_steps_aside_finds_no_such_case(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    bao = world.focal_point("Bao Bao", "unv-office")
    told = world.case("unv-office")
    answer = await amina_page.post("/inbox/api/recuse", case_id=told.case_id)
    assert (answer.status_code, answer.json()) == (200, {"passed_to": "colleagues"})
    assert await listed(amina_page) == []
    for call in ("case", "opened", "recuse", "colleagues"):
        gone = await amina_page.post(f"/inbox/api/{call}", case_id=told.case_id)
        never = await amina_page.post(f"/inbox/api/{call}", case_id="nothing")
        assert (gone.status_code, gone.content) == (never.status_code, never.content)
        assert gone.status_code == 404
    assert await listed(await page_of(world, bao)) == [told.case_id]


async def test_the_alternate_sees_a_case_only_when_it_is_passed_on(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    head = world.focal_point("The head", "unv-head")
    told = world.case("unv-office", standby="unv-head")
    head_page = await page_of(world, head)
    assert await listed(head_page) == []
    unseen = await head_page.post("/inbox/api/case", case_id=told.case_id)
    assert unseen.status_code == 404
    answer = await amina_page.post("/inbox/api/recuse", case_id=told.case_id)
    assert answer.json() == {"passed_to": "alternate"}
    case = (await head_page.post("/inbox/api/case", case_id=told.case_id)).json()
    envelope = case["entries"][0]["envelope"].encode()
    assert b"every evening" in open_envelope(envelope, head.key, Context("report", told.case_id))


async def test_replies_are_sealed_to_the_standby_but_held_back(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    head = world.focal_point("The head", "unv-head")
    told = world.case("unv-office", standby="unv-head")
    case = (await amina_page.post("/inbox/api/case", case_id=told.case_id)).json()
    assert head.key.public().to_text() in case["recipients"]
    keys = [type(head.key.public()).from_text(text) for text in case["recipients"]]
    envelope = seal(b'{"v":1,"text":"I am here."}', keys, Context("reply", told.case_id))
    sent = {"case_id": told.case_id, "envelope": envelope.decode()}
    first = await amina_page.post("/inbox/api/reply", **sent)
    assert (await amina_page.post("/inbox/api/reply", **sent)).json() == first.json()
    assert head.key.public().key_id.encode() not in world.cases.entries(told.case_id)[1].envelope
    assert world.replies(told) == ["I am here."]


async def test_a_newcomer_gets_a_case_from_a_colleagues_browser(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told = world.case("unv-office")
    carla = world.focal_point("Carla", "unv-office")
    found = await amina_page.post("/inbox/api/colleagues", case_id=told.case_id)
    key = carla.key.public()
    assert found.json() == {"colleagues": [{"name": "carla", "key": key.to_text(), "reads": False}]}
    body = {"case_id": told.case_id, "to": "carla"}
    assert (await amina_page.post("/inbox/api/hand-over", **body)).status_code == 409
    (entry,) = world.cases.entries(told.case_id)
    context = Context("report", told.case_id)
    shared = {"number": 0, **share(entry.envelope, amina.key, key, context)}
    answer = await amina_page.post("/inbox/api/hand-over", **body, sealed=[shared])
    assert (answer.status_code, answer.json()) == (200, {"handler": "carla"})
    (entry,) = world.cases.entries(told.case_id)
    assert b"every evening" in open_envelope(entry.envelope, carla.key, context)


@pytest.mark.parametrize("call", ["recuse", "colleagues", "hand-over"])
async def test_others_cannot_even_ask(world: World, page: Page, call: str) -> None:
    world.focal_point("Amina", "unv-office")
    told = world.case("unv-office")
    body = {"case_id": told.case_id} | ({"to": "amina"} if call == "hand-over" else {})
    assert (await page.post(f"/inbox/api/{call}", **body)).status_code == 401
    await page.sign_in(world.focal_point("Elsewhere", "who-office"))
    assert (await page.post(f"/inbox/api/{call}", **body)).status_code == 404
