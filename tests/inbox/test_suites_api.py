"""Which suite new keys get is a setting; the inbox keeps to it, and takes entries of both."""

from __future__ import annotations

import json

import pytest

from service.settings import Settings, SettingsError
from tests.inbox.world import Page, World
from vault.database import Database
from vault.encoding import from_text, to_text
from vault.errors import SealingError
from vault.keys import PrivateKey, PublicKey
from vault.sealing import SUITE_NAME, X_WING_NAME, Context, open_envelope, seal, share
from vault.wrapping import derive, unwrap, wrap


@pytest.fixture
def world(database: Database) -> World:
    """An inbox whose new keys are X-Wing's."""
    return World(database, "x-wing")


def body(world: World, name: str, key: PrivateKey) -> dict[str, str]:
    return {
        "name": name,
        "setup_code": world.accounts.invite(name, ["unv-office"]),
        "salt": to_text(bytes(16)),
        "sign_in": to_text(bytes(32)),
        "public_key": key.public().to_text(),
        "wrapped": wrap(key, bytes(32)),
    }


async def test_the_page_is_told_the_suite_and_held_to_it(world: World, page: Page) -> None:
    assert (await page.post("/inbox/api/begin", name="Amina")).json()["suite"] == X_WING_NAME
    given = body(world, "Amina", PrivateKey.new())
    assert (await page.post("/inbox/api/setup", **given)).status_code == 409
    key = PrivateKey.new("x-wing")
    given |= {"public_key": key.public().to_text(), "wrapped": wrap(key, bytes(32))}
    assert (await page.post("/inbox/api/setup", **given)).status_code == 204
    assert world.accounts.public_keys(["unv-office"]) == [key.public()]


async def test_a_key_that_is_none_is_refused(world: World, page: Page) -> None:
    given = body(world, "Amina", PrivateKey.new("x-wing"))
    raw = from_text(given["public_key"])
    low = raw[:-32] + bytes(32)
    for bad in (raw[:-1], raw[:100], b"\xff" * 1184 + raw[-32:], low):
        refused = await page.post("/inbox/api/setup", **given | {"public_key": to_text(bad)})
        assert refused.status_code == 422


async def test_a_case_is_handed_to_a_key_of_the_other_suite(world: World) -> None:
    world.kem = "x25519"
    before = world.focal_point("Amina", "unv-office")
    told = world.case("unv-office")
    world.kem = "x-wing"
    after = world.focal_point("Bao Bao", "unv-office")
    page = Page(world)
    await page.sign_in(before)
    context = Context("report", told.case_id)
    case = (await page.post("/inbox/api/case", case_id=told.case_id)).json()
    envelope = case["entries"][0]["envelope"].encode()
    entry = share(envelope, before.key, after.key.public(), context)
    assert entry["suite"] == X_WING_NAME
    given = {"case_id": told.case_id, "to": "bao bao"}
    bare = {name: value for name, value in entry.items() if name != "suite"}
    for wrong in (bare, entry | {"suite": SUITE_NAME}, entry | {"suite": "none"}):
        sealed = [{"number": 0, **wrong}]
        refused = await page.post("/inbox/api/hand-over", **given, sealed=sealed)
        assert refused.status_code == 409
    sealed = [{"number": 0, **entry}]
    done = await page.post("/inbox/api/hand-over", **given, sealed=sealed)
    assert done.status_code == 200
    stored = world.cases.entries(told.case_id)[0].envelope
    for person in (before, after):
        assert json.loads(open_envelope(stored, person.key, context))["v"] == 1
    with pytest.raises(SealingError):
        open_envelope(stored, PrivateKey(after.key.raw), context)
    await page.http.aclose()


async def test_a_reply_goes_to_a_reporter_whose_key_is_x_wing(world: World) -> None:
    amina = world.focal_point("Amina", "unv-office")
    told = world.case("unv-office")
    page = Page(world)
    await page.sign_in(amina)
    case = (await page.post("/inbox/api/case", case_id=told.case_id)).json()
    keys = [PublicKey.from_text(one) for one in case["recipients"]]
    assert {key.kem for key in keys} == {"x-wing"}
    document = json.dumps({"v": 1, "text": "You are not alone."}).encode()
    envelope = seal(document, keys, Context("reply", told.case_id)).decode()
    sent = await page.post("/inbox/api/reply", case_id=told.case_id, envelope=envelope)
    assert sent.is_success
    assert world.replies(told) == ["You are not alone."]
    await page.http.aclose()


def test_a_wrapped_key_says_of_which_kind_it_is() -> None:
    secrets = derive("a long enough passphrase", bytes(16))
    for key in (PrivateKey.new(), PrivateKey.new("x-wing")):
        assert unwrap(wrap(key, secrets.wrap), secrets.wrap) == key
    with pytest.raises(SealingError):
        unwrap(wrap(PrivateKey.new("x-wing"), secrets.wrap), secrets.sign_in)


def test_an_unknown_suite_is_refused_at_the_start() -> None:
    assert Settings.read({}).suite == "x25519"
    assert Settings.read({"SPEAKSAFE_SUITE": "x-wing"}).suite == "x-wing"
    with pytest.raises(SettingsError, match=r"SPEAKSAFE_SUITE .* use x25519 or x-wing") as told:
        Settings.read({"SPEAKSAFE_SUITE": "kyber-secret"})
    assert "kyber" not in str(told.value)
