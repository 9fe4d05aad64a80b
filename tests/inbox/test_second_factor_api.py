"""The second factor at sign-in: one answer for every wrong part, and guesses come to an end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
import segno

from inbox.second_guard import LOCKED_SECONDS, MOST_WRONG
from tests.inbox.test_accounts_api import WRONG, told
from tests.inbox.world import FocalPoint, Page, World
from vault.encoding import to_text


@dataclass
class Phone:
    """Her phone, with what it was given and what she keeps for its loss."""

    world: World
    codes: pyotp.TOTP
    recovery: list[str]

    def shows(self) -> str:
        """The code of now; time goes on, because each is good once."""
        self.world.time.passes(seconds=30)
        return self.codes.at(self.world.time.now)


async def switch_on(world: World, page: Page, **given: Any) -> Phone:
    """Do what the page does."""
    begun = (await page.post("/inbox/api/second-factor/begin", **given)).json()
    phone = Phone(world, pyotp.TOTP(begun["secret"]), [])
    done = await page.post("/inbox/api/second-factor/confirm", code=phone.shows())
    assert done.status_code == 200
    phone.recovery = done.json()["recovery_codes"]
    return phone


@pytest.fixture
async def phone(world: World, amina_page: Page) -> Phone:
    """Amina has switched hers on, and is signed in."""
    return await switch_on(world, amina_page)


async def test_from_then_on_a_code_is_needed_and_each_is_good_once(
    world: World, page: Page, amina: FocalPoint, phone: Phone
) -> None:
    assert (await page.sign_in(amina)).status_code == 403
    code = phone.shows()
    answer = await page.sign_in(amina, code)
    assert (answer.status_code, answer.json()["second_factor"]) == (200, "on")
    assert (await page.sign_in(amina, code)).status_code == 403
    assert (await page.sign_in(amina, phone.recovery[0])).status_code == 200
    assert (await page.sign_in(amina, phone.recovery[0])).status_code == 403
    state = await page.post("/inbox/api/second-factor")
    assert state.json() == {"second_factor": "on", "recovery_left": 9, "wanted": False}


async def test_no_answer_tells_which_part_was_wrong(
    world: World, page: Page, amina: FocalPoint, phone: Phone
) -> None:
    bao = world.focal_point("Bao Li", "unv-office")
    right, code = to_text(amina.secrets.sign_in), phone.shows()
    tries = [
        ("Amina", right, "000000"),
        ("Amina", right, ""),
        ("Amina", WRONG, code),
        ("Amina", WRONG, ""),
        ("Nobody", WRONG, "000000"),
        (bao.name, WRONG, ""),
        ("Amina", right, "no code at all"),
    ]
    answers = []
    for name, sign_in, typed in tries:
        world.client_name = f"{name} {typed}"
        answers.append(
            await page.post("/inbox/api/sign-in", name=name, sign_in=sign_in, code=typed)
        )
    assert {answer.status_code for answer in answers} == {403}
    assert len({str(told(answer)) for answer in answers}) == 1


async def test_the_same_is_done_for_every_try(
    world: World, page: Page, amina: FocalPoint, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could be told from the time: the hashes, the codes, and what is written."""
    work: list[str] = []

    def count(target: Any, name: str) -> None:
        real = getattr(target, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            work.append(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(target, name, counted)

    count(world.accounts, "_verify")
    count(pyotp.TOTP, "generate_otp")
    count(world.factors, "_hash")
    count(world.database, "read")
    count(world.database, "write")
    right = to_text(amina.secrets.sign_in)
    done = []
    for name, sign_in, typed in (
        ("Amina", right, "000000"),
        ("Amina", right, "ABCD-EFGH-JKLM-NPQR"),
        ("Amina", WRONG, "000000"),
        ("Nobody", WRONG, ""),
    ):
        work.clear()
        await page.post("/inbox/api/sign-in", name=name, sign_in=sign_in, code=typed)
        done.append(sorted(work))
    assert done[0].count("generate_otp") == 3 and "write" not in done[0]
    assert all(one == done[0] for one in done)


async def test_guessing_with_the_right_passphrase_ends_and_is_in_the_trail(
    world: World, page: Page, amina: FocalPoint, phone: Phone
) -> None:
    refused = [await page.sign_in(amina, "000000") for _ in range(MOST_WRONG)]
    locked = await page.sign_in(amina, phone.shows())
    assert locked.status_code == 403 and told(locked) == told(refused[0])
    assert (await page.sign_in(amina, phone.recovery[0])).status_code == 403
    await asyncio.sleep(0.05)
    assert [one.action for one in world.audit.entries()].count("lock-second-factor") == 1
    world.time.passes(seconds=LOCKED_SECONDS + 1)
    assert (await page.sign_in(amina, phone.recovery[0])).status_code == 200


async def test_many_guesses_at_once_count_each(
    world: World, amina: FocalPoint, phone: Phone, page: Page
) -> None:
    await asyncio.gather(*(page.sign_in(amina, f"00000{n}") for n in range(9)))
    assert (await page.sign_in(amina, phone.shows())).status_code == 403


async def test_a_stranger_without_the_passphrase_shuts_nobody_out(
    world: World, page: Page, amina: FocalPoint, phone: Phone
) -> None:
    for _ in range(3 * MOST_WRONG):
        await page.post("/inbox/api/sign-in", name="Amina", sign_in=WRONG, code="000000")
    assert (await page.sign_in(amina, phone.shows())).status_code == 200


async def test_an_office_that_wants_one_lets_nobody_at_its_cases_without(
    world: World, page: Page, amina: FocalPoint
) -> None:
    told_case = world.case("unv-office")
    world.strict.add("unv-office")
    assert (await page.sign_in(amina)).json()["second_factor"] == "needed"
    for path, body in (
        ("cases", {}),
        ("case", {"case_id": told_case.case_id}),
        ("kept", {"case_id": told_case.case_id}),
        ("colleagues", {"case_id": told_case.case_id}),
    ):
        answer = await page.post(f"/inbox/api/{path}", **body)
        assert (answer.status_code, answer.json()["title"]) == (403, "Second factor needed"), path
    assert (await page.post("/taskforce/api/rounds")).status_code == 403
    phone = await switch_on(world, page)
    assert (await page.post("/inbox/api/cases")).status_code == 200
    off = await page.post("/inbox/api/second-factor/off", code=phone.shows())
    assert off.status_code == 409
    assert (await page.post("/inbox/api/second-factor")).json()["second_factor"] == "on"


async def test_a_sign_in_from_before_the_office_wanted_one_is_stopped_too(
    world: World, amina_page: Page
) -> None:
    assert (await amina_page.post("/inbox/api/cases")).status_code == 200
    world.strict.add("unv-office")
    assert (await amina_page.post("/inbox/api/cases")).status_code == 403


async def test_switching_off_or_over_to_another_phone_takes_a_code(
    world: World, page: Page, amina: FocalPoint, phone: Phone
) -> None:
    for path in ("begin", "off"):
        assert (await page.post(f"/inbox/api/second-factor/{path}")).status_code == 403
    other = await switch_on(world, page, code=phone.shows())
    assert (await page.sign_in(amina, phone.recovery[1])).status_code == 403
    assert (await page.sign_in(amina, other.shows())).status_code == 200
    gone = await page.post("/inbox/api/second-factor/off", code=other.recovery[0])
    assert gone.status_code == 204
    assert (await page.sign_in(amina)).json()["second_factor"] == "off"
    done = [one.action for one in world.audit.entries() if one.case_id == ""]
    assert done == ["second-factor-on", "second-factor-on", "second-factor-off"]


async def test_a_wrong_first_code_switches_nothing_on(
    world: World, amina_page: Page, amina: FocalPoint
) -> None:
    await amina_page.post("/inbox/api/second-factor/begin")
    wrong = await amina_page.post("/inbox/api/second-factor/confirm", code="000000")
    assert wrong.status_code == 403
    assert (await amina_page.sign_in(amina)).status_code == 200


async def test_the_picture_is_the_address_that_the_phone_reads(amina_page: Page) -> None:
    begun = (await amina_page.post("/inbox/api/second-factor/begin")).json()
    made = segno.make(begun["address"], error="m", micro=False).matrix
    assert begun["picture"] == ["".join("1" if dark else "0" for dark in row) for row in made]
    read = pyotp.parse_uri(begun["address"])
    assert (read.secret, read.name, read.issuer) == (begun["secret"], "amina", "Speaksafe")


async def test_nobody_gets_near_it_without_signing_in(page: Page) -> None:
    for path in ("", "/begin", "/confirm", "/off"):
        assert (await page.post(f"/inbox/api/second-factor{path}")).status_code == 401
