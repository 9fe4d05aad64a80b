"""The list in pages: whole, in order, and a way into nobody else's cases."""

from __future__ import annotations

import itertools
import json
import secrets

import pytest

from inbox import list_api
from tests.inbox.world import FocalPoint, Page, World
from vault.encoding import from_text, to_text
from vault.stores.listing import Reader

LIST = "/inbox/api/cases"


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_api, "PAGE", 2)


async def pages(page: Page, **asked: str) -> list[list[str]]:
    """The ids of each page, from a place on."""
    found = []
    while True:
        answer = (await page.post(LIST, **asked)).json()
        found.append([line["case_id"] for line in answer["cases"]])
        if answer["older"] is None:
            return found
        asked["after"] = answer["older"]


async def test_older_cases_come_page_by_page(world: World, amina_page: Page) -> None:
    days = [4, 9, 0, 2, 7]
    made = {days_ago: world.case("unv-office", days_ago=days_ago).case_id for days_ago in days}
    for _ in range(3):
        world.case("who-office")
    found = await pages(amina_page)
    assert found == [[made[9], made[7]], [made[4], made[2]], [made[0]]]


async def test_a_full_last_page_is_the_last(world: World, amina_page: Page) -> None:
    for _ in range(4):
        world.case("unv-office")
    assert [len(one) for one in await pages(amina_page)] == [2, 2]


async def test_the_counts_stand_for_all_pages(world: World, amina_page: Page) -> None:
    made = [world.case("unv-office", days_ago=days_ago) for days_ago in (0, 1, 3, 5, 8)]
    world.case("who-office", days_ago=8)
    world.cases.mark_read(made[4].case_id, "focal_point")
    asked: dict[str, str] = {}
    for _ in range(3):
        answer = (await amina_page.post(LIST, **asked)).json()
        assert (answer["unread"], answer["due"]) == (4, 3)
        asked = {"after": answer["older"]}
    assert answer["older"] is None


async def test_each_choice_of_cases_has_its_own_pages(world: World, amina_page: Page) -> None:
    made = [world.case("unv-office", days_ago=days_ago).case_id for days_ago in range(6)]
    for case_id in made[:3]:
        world.cases.mark_read(case_id, "focal_point")
        world.cases.set_status(case_id, "closed")
    newest_last = made[:2:-1]
    assert await pages(amina_page, show="new") == [newest_last[:2], newest_last[2:]]
    assert await pages(amina_page, show="waiting") == [newest_last[:2], newest_last[2:]]
    assert await pages(amina_page, show="closed") == [made[:2], made[2:3]]
    assert (await amina_page.post(LIST, show="mine")).status_code == 422


async def test_a_place_tells_nothing_and_is_never_the_same(world: World, amina_page: Page) -> None:
    ids = [world.case("unv-office", days_ago=3).case_id for _ in range(3)]
    places = [(await amina_page.post(LIST)).json()["older"] for _ in range(5)]
    assert len(set(places)) == 5
    for place in places:
        raw = from_text(place)
        assert not any(one.encode() in raw or one in place for one in ids)
        assert b"2026" not in raw and b"20261118" not in raw


async def test_a_forged_place_leads_nowhere(world: World, amina_page: Page) -> None:
    for _ in range(3):
        world.case("unv-office")
    hers = [one.case_id for one in world.cases.for_offices(["unv-office"])]
    theirs = world.case("who-office", days_ago=1)
    (line,) = world.deps.listing.page(Reader("nobody", ("who-office",)), 1).cases
    good = (await amina_page.post(LIST)).json()["older"]
    raw = from_text(good)
    flipped = [to_text(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]) for at in range(len(raw))]
    bad = [
        *flipped,
        good[:-4],
        good + "AAAA",
        line.place,
        theirs.case_id,
        hers[0],
        *("AAAA", "A", "0", "-1", "99999999"),
        to_text(line.place.encode()),
        to_text(json.dumps({"after": ""}).encode()),
        *(to_text(secrets.token_bytes(many)) for many in (12, 28, 29, len(raw))),
    ]
    for after in bad:
        answer = await amina_page.post(LIST, after=after)
        assert answer.status_code == 409, after
        assert theirs.case_id not in answer.text
    for after in ("", "a b", "../x", "A" * 257, "é"):
        assert (await amina_page.post(LIST, after=after)).status_code == 422
    assert (await amina_page.post(LIST, after=good)).status_code == 200


async def test_a_place_is_good_for_one_list_of_one_sign_in(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    bilal = world.focal_point("Bilal B", "who-office")
    for office in ("unv-office", "who-office"):
        for _ in range(3):
            world.case(office)
    good = (await amina_page.post(LIST)).json()["older"]
    assert (await amina_page.post(LIST, after=good, show="new")).status_code == 409
    other, again = Page(world), Page(world)
    await other.sign_in(bilal)
    await again.sign_in(amina)
    for stranger in (other, again):
        assert (await stranger.post(LIST, after=good)).status_code == 409
        await stranger.http.aclose()
    nobody = Page(world)
    assert (await nobody.post(LIST, after=good)).status_code == 401
    await nobody.http.aclose()


async def test_walking_all_pages_finds_each_persons_own_cases(world: World) -> None:
    people = [
        world.focal_point("Amina", "a"),
        world.focal_point("Bilal B", "b"),
        world.focal_point("Chloé Ch", "a", "b"),
    ]
    made = {offices: [] for offices in (("a",), ("b",), ("b", "a"))}
    for offices, days_ago in itertools.product(made, range(3)):
        made[offices].append(world.case(*offices, days_ago=days_ago).case_id)
    for person, not_hers in zip(people, (("b",), ("a",), ()), strict=True):
        page = Page(world)
        await page.sign_in(person)
        found = list(itertools.chain(*await pages(page)))
        expected = {one for offices in made if offices != not_hers for one in made[offices]}
        assert len(found) == len(set(found)) and set(found) == expected
        await page.http.aclose()


async def test_what_left_in_between_does_not_stop_the_list(world: World, amina_page: Page) -> None:
    made = [world.case("unv-office", days_ago=days_ago).case_id for days_ago in (5, 4, 3, 2)]
    older = (await amina_page.post(LIST)).json()["older"]
    world.keeping.delete(made[1])
    world.keeping.delete(made[2])
    answer = (await amina_page.post(LIST, after=older)).json()
    assert [line["case_id"] for line in answer["cases"]] == [made[3]]
