"""The files of a case: sealed parts, for whoever may read the case and for nobody else."""

from __future__ import annotations

from tests.inbox.world import TODAY, FocalPoint, Page, Told, World
from tests.vault.rows import wait
from vault.files import FileKey, open_file

PHOTO = b"\xff\xd8\xff" + b"planted photo " * 40_000


def with_file(world: World) -> tuple[Told, FileKey]:
    """A case with a file, as an addition brings one."""
    told = world.case("unv-office")
    key = wait(world.database, PHOTO, told.case_id, TODAY)
    world.cases.add_entry(told.case_id, "reporter", b"{}", TODAY, (key.id,))
    return told, key


async def test_a_reader_gets_the_parts_and_opens_them(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    told, key = with_file(world)
    parts: list[bytes] = []
    of = 1
    while len(parts) < of:
        answer = await amina_page.post(
            "/inbox/api/file", case_id=told.case_id, file=key.id, number=len(parts)
        )
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        of = int(answer.headers["speaksafe-parts"])
        parts.append(answer.content)
        assert b"planted photo" not in answer.content
    assert open_file(parts, key) == PHOTO


async def test_nobody_else_gets_a_part(world: World, amina: FocalPoint, amina_page: Page) -> None:
    told, key = with_file(world)
    other = world.case("unv-office")
    stranger = world.focal_point("Somebody of elsewhere", "wfp-office")
    page = Page(world)
    assert (await page.sign_in(stranger)).status_code == 200
    asked = {"case_id": told.case_id, "file": key.id, "number": 0}
    assert (await page.post("/inbox/api/file", **asked)).status_code == 404
    assert (await Page(world).post("/inbox/api/file", **asked)).status_code == 401
    for wrong in ({"case_id": other.case_id}, {"file": FileKey.new().id}, {"number": 90}):
        answer = await amina_page.post("/inbox/api/file", **asked | wrong)
        assert answer.status_code == 404
    assert (await amina_page.post("/inbox/api/file", **asked | {"file": "x"})).status_code == 422


async def test_who_stepped_aside_gets_none(
    world: World, amina: FocalPoint, amina_page: Page
) -> None:
    world.focal_point("Bao Bao", "unv-office")
    told = world.case("unv-office")
    key = wait(world.database, PHOTO, told.case_id, TODAY)
    case = world.cases.entries(told.case_id)[0]
    world.cases.add_entry(told.case_id, "reporter", case.envelope, TODAY, (key.id,))
    asked = {"case_id": told.case_id, "file": key.id, "number": 0}
    assert (await amina_page.post("/inbox/api/file", **asked)).status_code == 200
    answer = await amina_page.post("/inbox/api/recuse", case_id=told.case_id)
    assert answer.status_code == 200
    assert (await amina_page.post("/inbox/api/file", **asked)).status_code == 404
