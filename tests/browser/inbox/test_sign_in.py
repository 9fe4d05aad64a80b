"""Signing in: the key is made in the browser, and nothing of it is sent."""

from __future__ import annotations

import base64
import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Guard
from tests.browser.inbox.reader import PASSPHRASE, REFUSED, Reader
from tests.browser.inbox_server import LiveWorld
from tests.inbox.world import FocalPoint
from vault.encoding import to_text
from vault.wrapping import derive, unwrap

pytestmark = pytest.mark.browser


def spellings(secret: bytes) -> set[str]:
    """How a secret could stand in a request: plain, hex, JSON list, base64 at any place."""
    numbers = json.dumps(list(secret))[1:-1]
    found = {secret.hex(), numbers, numbers.replace(" ", ""), secret.decode("utf-8", "replace")}
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + secret).decode()
        # The signs at both ends mix with their neighbours.
        middle = whole[-(-shift * 8 // 6) + 1 : len(whole) - 4]
        found |= {middle, middle.replace("+", "-").replace("/", "_")}
    return found


def carries(text: str, secret: bytes) -> bool:
    return any(spelling in text for spelling in spellings(secret))


def test_the_first_sign_in_makes_the_key_in_the_browser(world: LiveWorld, reader: Reader) -> None:
    code = world.accounts.invite("amina", ["unv-office"])
    reader.opens().makes_a_key(code)
    reader.reads("There is no case yet.")

    salt, has_key = world.accounts.begin("amina")
    assert has_key
    derived = derive(PASSPHRASE, salt)
    account = world.accounts.sign_in("amina", derived.sign_in)
    assert account is not None
    private = unwrap(account.wrapped, derived.wrap)
    assert private.public() == account.public_key

    told = world.case("unv-office", account="He waits at my door.")
    reader.presses("Look for new reports")
    reader.opens_case()
    reader.reads("He waits at my door.")
    reader.fills("Your answer", "You are not alone.")
    reader.presses("Send the answer")
    reader.presses("Yes, send it")
    reader.reads("Sent. The reporter can read it")
    assert world.replies(told) == ["You are not alone."]

    sent = reader.bodies()
    assert carries(sent, derived.sign_in), "the search does not find what was sent"
    for secret in (private.raw, derived.wrap, PASSPHRASE.encode(), b"You are not alone."):
        assert not carries(sent, secret)
        assert not any(carries(request.url, secret) for request in reader.sent)
    assert not any(told.case_id in request.url for request in reader.sent)


def test_the_search_for_secrets_finds_them(world: LiveWorld) -> None:
    secret = bytes(range(200, 232))
    for shift in range(3):
        around = base64.urlsafe_b64encode(b"x" * shift + secret + b"tail").decode()
        assert carries(f'{{"body":"{around}"}}', secret)
    for plain in (secret.hex(), json.dumps(list(secret)), to_text(secret)):
        assert carries(f"before {plain} after", secret)
    assert carries(json.dumps(PASSPHRASE, ensure_ascii=False), PASSPHRASE.encode())
    assert not carries("nothing of the kind", secret)


def test_a_wrong_passphrase_and_an_unknown_name_get_the_same_words(
    reader: Reader, guard: Guard, amina: FocalPoint
) -> None:
    guard.expect_error(REFUSED)
    reader.opens()
    notice = reader.page.locator("#notice")
    for name in (amina.name, "nobody"):
        reader.signs_in(name, "not the right passphrase")
        expect(notice).to_contain_text("That did not work.")
        expect(notice).to_have_class("wrong")


def test_a_weak_or_mistyped_passphrase_is_stopped_before_anything_is_sent(
    world: LiveWorld, reader: Reader
) -> None:
    code = world.accounts.invite("amina", ["unv-office"])
    reader.opens()
    reader.presses("First time here? Use your setup code")
    reader.fills("Sign-in name", "amina")
    reader.fills("Setup code", code)
    for first, again, problem in (
        ("short", "short", "too short"),
        ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "too easy to guess"),
        (PASSPHRASE, PASSPHRASE + "x", "not the same"),
        (PASSPHRASE, PASSPHRASE, "tick this box"),
    ):
        reader.fills("New passphrase", first)
        reader.fills("The same passphrase again", again)
        reader.presses("Make my key and sign in")
        reader.reads(re.compile(problem))
    assert reader.bodies().strip() == ""
    assert not world.accounts.begin("amina")[1]


def test_a_suggested_passphrase_is_strong_and_different_each_time(reader: Reader) -> None:
    reader.opens()
    reader.presses("First time here? Use your setup code")
    box = reader.page.get_by_label("New passphrase")
    found = set()
    for _ in range(5):
        reader.presses("Suggest a passphrase")
        expect(box).to_have_attribute("type", "text")
        reader.reads(re.compile("Strength: (good|fair)"))
        found.add(box.input_value())
    assert len(found) == 5
    assert all(re.fullmatch(r"[a-z]{6}( [a-z]{6}){3}", one) for one in found)


def test_a_used_setup_code_is_refused_in_words(
    world: LiveWorld, reader: Reader, guard: Guard, amina: FocalPoint
) -> None:
    guard.expect_error(REFUSED)
    reader.opens()
    reader.presses("First time here? Use your setup code")
    reader.fills("Sign-in name", "amina")
    reader.fills("Setup code", "ABCD-EFGH-JKLM-NPQR")
    reader.fills("New passphrase", PASSPHRASE)
    reader.fills("The same passphrase again", PASSPHRASE)
    reader.page.get_by_label("I have kept my passphrase in a safe place").check()
    reader.presses("Make my key and sign in")
    reader.reads("That setup code did not work.")
