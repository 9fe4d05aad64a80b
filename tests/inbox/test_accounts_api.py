"""Signing in: nobody learns who has an account, nobody is locked out, a setup code works once."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from inbox.pacing import LONGEST_WAIT, MOST_WAITING, Pacing, wait
from inbox.problems import Problem
from tests.inbox.world import SALT, FocalPoint, Page, World, secrets_of
from vault.encoding import to_text
from vault.keys import PrivateKey
from vault.wrapping import wrap

WRONG = to_text(b"w" * 32)


def setup_body(name: str, code: str, number: int = 7) -> dict[str, str]:
    key, secrets = PrivateKey.new(), secrets_of(number)
    return {
        "name": name,
        "setup_code": code,
        "salt": to_text(SALT),
        "sign_in": to_text(secrets.sign_in),
        "public_key": key.public().to_text(),
        "wrapped": wrap(key, secrets.wrap),
    }


def told(answer: httpx.Response) -> tuple[int, str, object]:
    """All that an answer tells, but for the server's clock."""
    return answer.status_code, answer.text, sorted(set(answer.headers.items()))


async def test_the_first_sign_in_and_the_next(world: World, page: Page) -> None:
    code = world.accounts.invite("Amina", ["unv-office"])
    body = setup_body("Amina", code)
    done = await page.post("/inbox/api/setup", **body)
    assert (done.status_code, done.text) == (204, "")
    answer = await page.post("/inbox/api/sign-in", name=" AMINA ", sign_in=body["sign_in"])
    assert answer.status_code == 200
    assert answer.json()["offices"] == ["unv-office"]
    assert answer.json()["wrapped"] == body["wrapped"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "set-cookie" not in answer.headers


async def test_a_setup_code_works_once_and_for_its_name_only(world: World, page: Page) -> None:
    code = world.accounts.invite("Amina", ["unv-office"])
    world.accounts.invite("Bilal", ["who-office"])
    for body in (setup_body("Bilal", code), setup_body("Nobody", code), setup_body("Amina", "X")):
        assert (await page.post("/inbox/api/setup", **body)).status_code == 403
    assert (await page.post("/inbox/api/setup", **setup_body("Amina", code))).status_code == 204
    again = await page.post("/inbox/api/setup", **setup_body("Amina", code, number=9))
    assert again.status_code == 403
    first_secret = to_text(secrets_of(7).sign_in)
    answer = await page.post("/inbox/api/sign-in", name="Amina", sign_in=first_secret)
    assert answer.status_code == 200


async def test_an_unknown_name_an_invited_one_and_a_wrong_passphrase_look_alike(
    world: World, page: Page, amina: FocalPoint
) -> None:
    world.accounts.invite("Invited", ["unv-office"])
    answers = []
    for name in (amina.name, "Invited", "Nobody"):
        world.client_name = name
        answers.append(await page.post("/inbox/api/sign-in", name=name, sign_in=WRONG))
    assert answers[0].status_code == 403
    assert len({str(told(answer)) for answer in answers}) == 1


async def test_begin_tells_nothing_about_the_name(
    world: World, page: Page, amina: FocalPoint
) -> None:
    code = world.accounts.invite("Invited", ["unv-office"])
    salts = {}
    for name in (amina.name, "Invited", "Nobody"):
        first = await page.post("/inbox/api/begin", name=name)
        assert list(first.json()) == ["salt", "suite"]
        assert len(first.json()["salt"]) == 22
        assert (await page.post("/inbox/api/begin", name=name)).text == first.text
        salts[name] = first.json()["salt"]
    body = setup_body("Invited", code) | {"salt": salts["Invited"]}
    assert (await page.post("/inbox/api/setup", **body)).status_code == 204
    after = await page.post("/inbox/api/begin", name="Invited")
    assert after.json()["salt"] == salts["Invited"]


async def test_tries_take_longer_but_are_never_refused(
    world: World, page: Page, amina: FocalPoint
) -> None:
    for _ in range(12):
        assert (
            await page.post("/inbox/api/sign-in", name="Amina", sign_in=WRONG)
        ).status_code == 403
    assert world.time.slept[:7] == [0, 0, 0, 1, 2, 4, 8]
    assert max(world.time.slept) == LONGEST_WAIT
    assert (await page.sign_in(amina)).status_code == 200


async def test_tries_are_counted_for_the_name_and_for_the_place(
    world: World, page: Page, amina: FocalPoint
) -> None:
    for number in range(6):
        world.client_name = f"place {number}"
        await page.post("/inbox/api/sign-in", name=f"  aMINA{' ' * number}", sign_in=WRONG)
    assert world.time.slept[-1] == 4
    world.client_name = "one place"
    world.time.slept.clear()
    for number in range(6):
        await page.post("/inbox/api/sign-in", name=f"name {number}", sign_in=WRONG)
    assert world.time.slept[-1] == 4


async def test_an_own_account_does_not_help_to_guess_another(
    world: World, page: Page, amina: FocalPoint
) -> None:
    for _ in range(5):
        await page.post("/inbox/api/sign-in", name="Bilal", sign_in=WRONG)
        await page.sign_in(amina)
    world.time.slept.clear()
    await page.post("/inbox/api/sign-in", name="Other", sign_in=WRONG)
    assert world.time.slept == [4]


def test_the_wait_grows_and_has_an_end() -> None:
    assert [wait(before) for before in (0, 2, 3, 4, 6, 1_000_000)] == [0, 0, 1, 2, 8, 8]


async def test_a_crowd_of_tries_from_one_place_is_turned_away(world: World) -> None:
    gate = asyncio.Event()

    async def held(_: float) -> None:
        await gate.wait()

    pacing = Pacing(world.deps.attempts, held)

    async def one(client: str) -> None:
        async with pacing.one_try("Amina", client):
            pass

    waiting = [asyncio.create_task(one("here")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Problem, match="Too many tries"):
        await one("here")
    elsewhere = asyncio.create_task(one("there"))
    gate.set()
    await asyncio.gather(*waiting, elsewhere)
    await one("here")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a\0b"),
        ("name", "a\ud800"),
        ("name", "n" * 101),
        ("name", 7),
        ("salt", to_text(b"x" * 15)),
        ("sign_in", to_text(b"x" * 31)),
        ("sign_in", "not base64url!"),
        ("public_key", to_text(b"x" * 31)),
        ("public_key", to_text(bytes(32))),
        ("wrapped", "MARKER"),
        ("setup_code", "a\nb"),
        ("extra", "MARKER"),
    ],
)
async def test_what_is_malformed_is_refused_without_repeating_it(
    page: Page, field: str, value: object
) -> None:
    body = setup_body("MARKER", "MARKER") | {field: value}
    raw = json.dumps(body)
    answer = await page.http.post(
        "/inbox/api/setup", content=raw, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "MARKER" not in answer.text


async def test_signing_out_and_idling_end_a_sign_in(
    world: World, page: Page, amina: FocalPoint
) -> None:
    assert (await page.post("/inbox/api/cases")).status_code == 401
    await page.sign_in(amina)
    assert (await page.post("/inbox/api/cases")).status_code == 200
    world.time.passes(hours=11)
    ended = await page.post("/inbox/api/cases")
    assert (ended.status_code, ended.headers["WWW-Authenticate"]) == (401, "Bearer")
    await page.sign_in(amina)
    assert (await page.post("/inbox/api/sign-out")).status_code == 204
    assert (await page.post("/inbox/api/cases")).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic x", "Bearer nobody"])
async def test_without_a_right_token_there_is_nothing(page: Page, header: str) -> None:
    for path in ("cases", "case", "opened", "status", "reply"):
        body = {"case_id": "x", "status": "closed", "envelope": "x"}
        kept = {"cases": (), "status": ("case_id", "status"), "reply": ("case_id", "envelope")}
        fields = {name: body[name] for name in kept.get(path, ("case_id",))}
        answer = await page.http.post(
            f"/inbox/api/{path}", json=fields, headers={"Authorization": header}
        )
        assert answer.status_code == 401, path


async def test_the_words_come_in_the_language_asked_for(world: World, page: Page) -> None:
    french = (await page.http.get("/inbox/api/strings?lang=fr")).json()
    assert french["words"]["signin.button"] == "Se connecter"
    assert "{count}" in french["words"]["setup.hint"]
    unknown = (await page.http.get("/inbox/api/strings?lang=xx")).json()
    assert unknown["lang"] == "en"
    assert unknown["languages"] == list(world.deps.messages.languages)
    assert unknown["words"].keys() == french["words"].keys()


async def test_a_focal_point_sees_what_the_reporter_sees(world: World, page: Page) -> None:
    messages = world.deps.messages
    for lang in messages.languages:
        words = (await page.http.get(f"/inbox/api/strings?lang={lang}")).json()["words"]
        for status in ("received", "opened", "in_review", "closed"):
            assert words[f"seen.{status}"] == messages.text(lang, f"return.status.{status}")
