"""The owner's room: her office's trail and nothing else; and nobody else's way into it."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from tests.inbox.world import TODAY, FocalPoint, Page, World
from vault.stores.exclusions import shut
from vault.stores.owners import owner_of
from vault.tables import audit, cases

OFFICE = "unv-office"


def an_owner(world: World, *offices: str) -> FocalPoint:
    return world.focal_point("Odile", *(owner_of(one) for one in offices or (OFFICE,)))


async def lines(page: Page, office: str = OFFICE) -> list[dict[str, str]]:
    answer = await page.post("/owner/api/trail", office=office)
    assert answer.status_code == 200
    found: list[dict[str, str]] = answer.json()["lines"]
    return found


async def test_she_sees_who_opened_what_on_which_day(
    world: World, page: Page, amina: FocalPoint
) -> None:
    told = world.case(OFFICE)
    await page.sign_in(amina)
    await page.post("/inbox/api/case", case_id=told.case_id)
    await page.sign_in(an_owner(world))
    read, trail = await lines(page)
    assert (read["on"], read["who"], read["action"]) == (TODAY.isoformat(), "amina", "read")
    assert read["case"] == told.case_id[:8] and len(told.case_id) > 2 * 8
    assert (trail["who"], trail["action"], trail["case"]) == ("odile", "trail", "")
    assert await lines(page) == [read, trail], "looking again on the same day is not written anew"


async def test_she_sees_nothing_of_a_case(world: World, page: Page, amina: FocalPoint) -> None:
    owner = an_owner(world)
    told = world.case(OFFICE)
    assert world.accounts.public_keys([OFFICE]) == [amina.key.public()]
    assert (
        b"".join(e.envelope for e in world.cases.entries(told.case_id)).find(
            owner.key.public().key_id.encode()
        )
        < 0
    ), "nothing is sealed to her"
    await page.sign_in(owner)
    assert (await page.post("/inbox/api/cases")).json()["cases"] == []
    never = await page.post("/inbox/api/case", case_id="no-such-case")
    asked = await page.post("/inbox/api/case", case_id=told.case_id)
    assert asked.status_code == 404 and asked.text == never.text
    await page.sign_in(amina)
    found = await page.post("/inbox/api/colleagues", case_id=told.case_id)
    assert found.json() == {"colleagues": []}, "a case cannot be handed to her"


async def test_another_offices_trail_is_refused_like_one_that_does_not_exist(
    world: World, page: Page
) -> None:
    world.audit.add(TODAY, "bilal", "read", ["who-office"], "case")
    await page.sign_in(an_owner(world))
    said = set()
    for office in ("who-office", "no-such-office", "owner", "-", "task-force"):
        answer = await page.post("/owner/api/trail", office=office)
        assert answer.status_code == 403
        said.add(answer.text)
    assert len(said) == 1
    for office in (f"owner:{OFFICE}", "", "%", "a b", OFFICE.upper(), None):
        assert (await page.post("/owner/api/trail", office=office)).status_code == 422
    assert "bilal" not in str(await lines(page))


async def test_what_happens_elsewhere_leaves_no_gap(world: World, page: Page) -> None:
    """A number or link that moves would tell of a case that goes around her office."""
    world.audit.add(TODAY, "amina", "read", [OFFICE], "case")
    await page.sign_in(an_owner(world))
    before = (await page.post("/owner/api/trail", office=OFFICE)).text
    world.audit.add(TODAY, "bilal", "read", ["unv-head"], "another")
    assert (await page.post("/owner/api/trail", office=OFFICE)).text == before


async def test_nobody_else_sees_a_trail(world: World, page: Page, amina: FocalPoint) -> None:
    for who in (amina, world.focal_point("Tash", "task-force")):
        await page.sign_in(who)
        assert (await page.post("/owner/api/offices")).json() == {"offices": []}
        assert (await page.post("/owner/api/trail", office=OFFICE)).status_code == 403
        assert (await page.post("/owner/api/trail", office="task-force")).status_code == 403
    assert world.audit.entries() == []


async def test_an_owner_of_two_sees_each_by_itself(world: World, page: Page) -> None:
    world.audit.add(TODAY, "amina", "read", [OFFICE], "one")
    world.audit.add(TODAY, "bilal", "read", ["who-office"], "two")
    await page.sign_in(an_owner(world, OFFICE, "who-office"))
    offices = (await page.post("/owner/api/offices", lang="fr")).json()["offices"]
    assert [one["id"] for one in offices] == [OFFICE, "who-office"]
    assert [one["who"] for one in await lines(page, OFFICE)] == ["amina", "odile"]
    assert (await lines(page, "who-office"))[0]["who"] == "bilal"


async def test_an_owner_of_two_sees_nothing_of_a_case_that_goes_around_one(
    world: World, page: Page
) -> None:
    told = world.case(OFFICE)
    with world.database.write() as connection:
        shut(connection, told.case_id, ["who-office"], [])
    world.audit.add(TODAY, "amina", "read", [OFFICE], told.case_id)
    world.audit.add(TODAY, "amina", "read", [OFFICE], "another")
    await page.sign_in(an_owner(world, OFFICE, "who-office"))
    assert [one["case"] for one in await lines(page)] == ["another", ""]
    await page.sign_in(world.focal_point("Olga", owner_of(OFFICE)))
    assert (await lines(page))[0]["case"] == told.case_id[:8], "whoever owns it alone sees it"


async def test_what_she_was_shown_stays_the_same_when_a_case_is_shut_out_or_gone(
    world: World, page: Page
) -> None:
    """Lines that come or go would tell of the case, and what she noted would not fit any more."""
    told, later = world.case(OFFICE), world.case(OFFICE)
    world.audit.add(TODAY, "amina", "read", [OFFICE], later.case_id)
    with world.database.write() as connection:
        shut(connection, told.case_id, ["who-office"], [])
        shut(connection, later.case_id, ["who-office"], [])
    world.audit.add(TODAY, "amina", "read", [OFFICE], told.case_id)
    world.audit.add(TODAY, "amina", "reply", [OFFICE], later.case_id)
    await page.sign_in(an_owner(world, OFFICE, "who-office"))
    before = await lines(page)
    assert [one["case"] for one in before] == [later.case_id[:8], ""]
    with world.database.write() as connection:
        connection.execute(delete(cases))
    world.audit.add(TODAY, "service", "delete", [OFFICE], told.case_id)
    assert await lines(page) == before
    with world.database.read() as connection:
        kept = " ".join(connection.execute(select(audit.c.closed)).scalars())
    assert kept and "office" not in kept, "which office it was is nobody's to read"
    assert world.audit.verify().whole


async def test_entries_of_an_older_version_go_by_the_case(world: World, page: Page) -> None:
    told = world.case(OFFICE)
    world.audit.add(TODAY, "amina", "read", [OFFICE], told.case_id)
    with world.database.write() as connection:
        shut(connection, told.case_id, ["who-office"], [])
        connection.execute(update(audit).values(closed=None))
    await page.sign_in(an_owner(world, OFFICE, "who-office"))
    assert [one["case"] for one in await lines(page)] == [""]


async def test_the_service_tells_that_something_was_changed(world: World, page: Page) -> None:
    world.audit.add(TODAY, "amina", "read", [OFFICE], "case")
    world.audit.add(TODAY, "amina", "reply", [OFFICE], "case")
    await page.sign_in(an_owner(world))
    assert (await page.post("/owner/api/trail", office=OFFICE)).json()["whole"] is True
    with world.database.write() as connection:
        connection.execute(update(audit).where(audit.c.number == 1).values(who="somebody"))
    assert (await page.post("/owner/api/trail", office=OFFICE)).json()["whole"] is False


async def test_an_office_that_wants_a_second_factor_wants_it_of_her(
    world: World, page: Page
) -> None:
    world.strict.add(owner_of(OFFICE))
    await page.sign_in(an_owner(world))
    for path in ("/owner/api/offices", "/owner/api/trail"):
        body = {"office": OFFICE} if path.endswith("trail") else {}
        assert (await page.post(path, **body)).status_code == 403
