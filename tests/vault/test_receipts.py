"""Receipts: what is noted down wrongly is noticed, and what is derived can't be searched for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from vault.receipts import Receipts, check_digit, grouped, is_well_formed, read_digits

PEPPER = bytes(range(32))
CODE = "572" + "0" * 20 + check_digit("572" + "0" * 20)


@pytest.fixture
def receipts() -> Iterator[Receipts]:
    made = Receipts(PEPPER)
    yield made
    made.close()


# -- the check digit -------------------------------------------------------------------------


def test_the_check_digit_is_damms() -> None:
    # The example that textbooks give for this quasigroup.
    assert check_digit("572") == "4"
    assert check_digit("5724") == "0"


def test_every_wrong_digit_is_noticed(receipts: Receipts) -> None:
    for code in (receipts.new() for _ in range(20)):
        for at, digit in enumerate(code):
            for other in set("0123456789") - {digit}:
                assert not is_well_formed(code[:at] + other + code[at + 1 :])


def test_every_swap_of_neighbours_is_noticed(receipts: Receipts) -> None:
    for code in (receipts.new() for _ in range(50)):
        for at in range(len(code) - 1):
            if code[at] != code[at + 1]:
                swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
                assert not is_well_formed(swapped)


def test_a_new_receipt_is_random_and_well_formed(receipts: Receipts) -> None:
    made = {receipts.new() for _ in range(200)}
    assert len(made) == 200
    assert all(len(code) == 24 and code.isascii() and is_well_formed(code) for code in made)
    # Each place takes each value somewhere: nothing in it is fixed.
    assert all(len({code[at] for code in made}) == 10 for at in range(24))


@pytest.mark.parametrize("code", ["", "0" * 23, "0" * 25, "٠" * 24, "0" * 23 + "x"])
def test_other_forms_are_not_well_formed(code: str) -> None:
    assert not is_well_formed(code)


# -- reading and showing ---------------------------------------------------------------------


def test_it_is_shown_in_groups_of_four() -> None:
    assert grouped("123456789012345678901234") == "1234 5678 9012 3456 7890 1234"


TYPED = "123456789012345678901234"


@pytest.mark.parametrize(
    "text",
    [
        TYPED,
        grouped(TYPED),
        "  1234-5678-9012-3456-7890-1234\n",
        "1234.5678.9012.3456.7890.1234.",
        "1234\u00a05678\u202f9012\u20113456–7890—1234",
        "1234\n5678\n9012\n3456\n7890\n1234",
        "My receipt: 1234 5678 9012 3456 7890 1234, thanks!",
        "\u20671234 5678 9012\u200f 3456 7890 1234\u2069",
        TYPED.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        TYPED.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        TYPED.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        TYPED.translate(str.maketrans("0123456789", "०१२३४५६७८९")),
        "١٢٣٤ 5678 ９０１２ 3456 ७८९० 1234",
    ],
)
def test_it_is_read_in_every_script(text: str) -> None:
    assert read_digits(text) == TYPED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        TYPED[:-1],
        TYPED + "5",
        "1234 5678 9012 and 3456 7890 1234",
        f"{TYPED} or {TYPED}",
        "²" * 24,
        "①" * 24,
        "一二三四" * 6,
    ],
)
def test_what_is_no_receipt_is_not_read(text: str) -> None:
    assert read_digits(text) is None


@given(st.text(max_size=60))
def test_reading_never_fails(text: str) -> None:
    code = read_digits(text)
    assert code is None or (len(code) == 24 and code.isascii() and code.isdigit())


# -- deriving --------------------------------------------------------------------------------


async def test_the_derivation_is_slow_and_peppered(
    receipts: Receipts, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[dict[str, Any]] = []
    real = Argon2id

    def recording(**parameters: Any) -> Any:
        used.append(parameters)
        return real(**parameters)

    monkeypatch.setattr("vault.receipts.Argon2id", recording)
    await receipts.derive(CODE)
    assert used == [
        {
            "salt": b"speaksafe/1/receipt",
            "length": 32,
            "iterations": 3,
            "lanes": 4,
            "memory_cost": 64 * 1024,
            "secret": PEPPER,
        }
    ]


async def test_locator_and_key_are_different_and_lasting(receipts: Receipts) -> None:
    derived, again = await asyncio.gather(receipts.derive(CODE), receipts.derive(CODE))
    assert derived == again
    assert len(derived.locator) == 32
    keys = derived.keys.values()
    assert {key.kem for key in keys} == {"x25519", "x-wing"}
    known = [derived.locator, *(key.raw for key in keys), *(key.public().raw for key in keys)]
    assert len({*known}) == 5


async def test_another_code_or_another_pepper_leads_elsewhere(receipts: Receipts) -> None:
    elsewhere = Receipts(bytes(32))
    here, other_code, other_pepper = await asyncio.gather(
        receipts.derive(CODE), receipts.derive("1" * 24), elsewhere.derive(CODE)
    )
    elsewhere.close()
    assert len({d.locator for d in (here, other_code, other_pepper)}) == 3
    assert len({d.keys["x25519"].raw for d in (here, other_code, other_pepper)}) == 3


async def test_a_wrong_receipt_is_derived_like_any_other(receipts: Receipts) -> None:
    wrong = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)
    assert not is_well_formed(wrong)
    assert len((await receipts.derive(wrong)).locator) == 32


@pytest.mark.parametrize("code", ["", "1" * 23, "٠" * 24, "1234 " * 6])
async def test_only_24_digits_are_derived(receipts: Receipts, code: str) -> None:
    with pytest.raises(ValueError, match="24 digits") as caught:
        await receipts.derive(code)
    assert not code or code not in str(caught.value)


class Counting:
    """Stands in for Argon2id, and sees how many are at work."""

    running, most = 0, 0

    def __init__(self, **_parameters: Any) -> None:
        pass

    def derive(self, _code: bytes) -> bytes:
        Counting.running += 1
        Counting.most = max(Counting.most, Counting.running)
        time.sleep(0.005)
        Counting.running -= 1
        return bytes(32)


async def test_one_is_derived_at_a_time(
    receipts: Receipts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two real ones at once would wait for each other's threads for ever."""
    monkeypatch.setattr("vault.receipts.Argon2id", Counting)
    others = Receipts(PEPPER)
    await asyncio.gather(*(of.derive(CODE) for of in (receipts, others) for _ in range(5)))
    others.close()
    assert Counting.most == 1


async def test_a_crowd_is_served(receipts: Receipts) -> None:
    others = Receipts(PEPPER)
    crowd = [of.derive(CODE) for of in (receipts, others) for _ in range(3)]
    assert len({derived.locator for derived in await asyncio.gather(*crowd)}) == 1
    others.close()


async def test_nothing_derived_shows(receipts: Receipts) -> None:
    assert repr(await receipts.derive(CODE)) == "Derived()"
