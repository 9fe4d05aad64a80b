"""The second factor: codes as RFC 6238 makes them, each good once, and nothing readable kept."""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.vault.at_once import at_once
from tests.vault.rows import focal_point
from vault.database import Database
from vault.errors import NoSuchAccount
from vault.stores import AccountStore, Leaving, SecondFactors
from vault.tables import recovery_codes, second_factors, spent_codes

NOW = datetime(2026, 5, 4, 9, 0, 10, tzinfo=UTC)
KEY = b"f" * 32


def code_at(secret: bytes, now: datetime, digits: int = 6) -> str:
    """RFC 6238 and RFC 4226, written down once more: the judge of the library."""
    counter = int(now.timestamp()) // 30
    mac = hmac.digest(secret, counter.to_bytes(8, "big"), "sha1")
    at = mac[-1] & 0x0F
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def code(secret: str, now: datetime = NOW) -> str:
    """What a phone with this secret shows."""
    return code_at(base64.b32decode(secret), now)


def step(**delta: float) -> datetime:
    """Another time."""
    return NOW + timedelta(**delta)


@pytest.fixture
def factors(database: Database) -> SecondFactors:
    return SecondFactors(database, KEY)


@pytest.fixture
def amina(database: Database) -> str:
    accounts = AccountStore(database, b"a" * 32)
    focal_point(accounts, "amina", "office")
    who = accounts.sign_in("amina", bytes(32))
    assert who is not None
    return who.account_id


@pytest.fixture
def secret(factors: SecondFactors, amina: str) -> str:
    """Amina's second factor is on; the code of a minute before was spent by that."""
    secret = factors.begin(amina)
    assert factors.confirm(amina, code(secret, step(minutes=-5)), step(minutes=-5))
    return secret


def test_the_judge_fits_the_values_of_the_rfc() -> None:
    published = {59: "94287082", 1111111109: "07081804", 20000000000: "65353130"}
    for seconds, value in published.items():
        at = datetime.fromtimestamp(seconds, UTC)
        assert code_at(b"12345678901234567890", at, digits=8) == value


def test_without_a_second_factor_any_code_lets_in(factors: SecondFactors, amina: str) -> None:
    assert factors.check(amina, "", NOW) and factors.check(amina, "123456", NOW)
    assert not factors.check(None, "", NOW)
    assert not factors.of(amina).on


def test_it_counts_only_after_the_phone_has_shown_a_right_code(
    factors: SecondFactors, amina: str
) -> None:
    secret = factors.begin(amina)
    assert factors.check(amina, "", NOW)
    assert factors.confirm(amina, code(secret, step(minutes=5)), NOW) is None
    recovery = factors.confirm(amina, code(secret), NOW)
    assert recovery is not None and len(set(recovery)) == 10
    assert not factors.check(amina, "", NOW)
    found = factors.of(amina)
    assert found.on and found.recovery_left == 10


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_clock_may_be_half_a_minute_wrong(
    factors: SecondFactors, amina: str, secret: str, seconds: int
) -> None:
    assert factors.check(amina, code(secret, step(seconds=seconds)), NOW)


@pytest.mark.parametrize("seconds", [-90, -60, 60, 90])
def test_and_not_more(factors: SecondFactors, amina: str, secret: str, seconds: int) -> None:
    assert not factors.check(amina, code(secret, step(seconds=seconds)), NOW)


def test_digits_of_every_script_and_spaces_are_taken(
    factors: SecondFactors, amina: str, secret: str
) -> None:
    shown = code(secret)
    arabic = "".join(chr(ord("٠") + int(sign)) for sign in shown)
    assert factors.check(amina, f" {arabic[:3]} {arabic[3:]} ", NOW)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "½½½½½½", "١٢٣", "x" * 5000])
def test_what_is_no_code_is_refused(
    factors: SecondFactors, amina: str, secret: str, typed: str
) -> None:
    assert not factors.check(amina, typed, NOW)


def test_a_code_is_good_once_in_its_whole_window_and_after_a_restart(
    database: Database, factors: SecondFactors, amina: str, secret: str
) -> None:
    assert factors.check(amina, code(secret), NOW)
    for seconds in (0, 20, 30):
        again = SecondFactors(database, KEY)
        assert not again.check(amina, code(secret), step(seconds=seconds))
    assert factors.check(amina, code(secret, step(seconds=60)), step(seconds=60))


def test_the_code_that_switched_it_on_is_spent(factors: SecondFactors, amina: str) -> None:
    secret = factors.begin(amina)
    assert factors.confirm(amina, code(secret), NOW)
    assert not factors.check(amina, code(secret), NOW)


def test_of_many_at_once_one_gets_in(
    factors: SecondFactors, amina: str, secret: str, database_url: str
) -> None:
    let_in: list[bool] = []

    def enter(mine: Database) -> None:
        let_in.append(SecondFactors(mine, KEY).check(amina, code(secret), NOW))

    at_once(database_url, [partial(enter) for _ in range(6)])
    assert sorted(let_in) == [False] * 5 + [True]


def test_a_recovery_code_is_good_once_and_for_her_only(
    database: Database, factors: SecondFactors, amina: str
) -> None:
    accounts = AccountStore(database, b"a" * 32)
    focal_point(accounts, "bao", "office")
    bao = accounts.sign_in("bao", bytes(32))
    assert bao is not None
    made = {}
    for who in (amina, bao.account_id):
        made[who] = factors.confirm(who, code(factors.begin(who)), NOW) or []
    first = made[amina][0]
    assert not factors.check(bao.account_id, first, NOW)
    assert factors.check(amina, f" {first.lower().replace('-', ' ')} ", NOW)
    assert not factors.check(amina, first, NOW)
    assert factors.of(amina).recovery_left == 9


def test_a_new_phone_replaces_phone_and_recovery_codes(factors: SecondFactors, amina: str) -> None:
    old = factors.begin(amina)
    codes = factors.confirm(amina, code(old), NOW) or []
    new = factors.begin(amina)
    assert factors.check(amina, code(old, step(seconds=30)), NOW)
    assert factors.confirm(amina, code(new), NOW)
    later = step(minutes=5)
    assert not factors.check(amina, code(old, later), later)
    assert not factors.check(amina, codes[0], later)
    assert factors.check(amina, code(new, later), later)
    assert factors.of(amina).recovery_left == 10


def test_an_operator_resets_it_by_name(factors: SecondFactors, amina: str, secret: str) -> None:
    assert factors.reset(" AMINA ") == (True, "amina")
    assert factors.check(amina, "", NOW) and not factors.of(amina).on
    assert factors.reset("amina") == (False, "amina")
    with pytest.raises(NoSuchAccount):
        factors.reset("nobody")


def test_with_another_server_secret_nobody_gets_in(
    database: Database, amina: str, secret: str
) -> None:
    assert not SecondFactors(database, b"o" * 32).check(amina, code(secret), NOW)


def test_nothing_of_it_lies_readable(
    database: Database, factors: SecondFactors, amina: str
) -> None:
    secret = factors.begin(amina)
    recovery = factors.confirm(amina, code(secret), NOW) or []
    factors.begin(amina)
    with database.read() as connection:
        (row,) = connection.execute(select(second_factors)).all()
        hashes = connection.execute(select(recovery_codes.c.code_hash)).scalars().all()
    lies = row.secret + row.pending + b"".join(hashes)
    assert secret.encode() not in lies and base64.b32decode(secret) not in lies
    assert len(hashes) == 10 and all(one.replace("-", "").encode() not in lies for one in recovery)


def test_spent_codes_go_after_a_day_and_tell_no_time(
    database: Database, factors: SecondFactors, amina: str, secret: str
) -> None:
    for days in range(4):
        assert factors.check(amina, code(secret, step(days=days)), step(days=days))
    with database.read() as connection:
        kept = connection.execute(select(spent_codes.c.spent_on)).scalars().all()
    assert sorted(kept) == [date(2026, 5, 6), date(2026, 5, 7)]


def test_it_goes_with_its_account(
    database: Database, factors: SecondFactors, amina: str, secret: str
) -> None:
    Leaving(database).remove("amina", NOW.date())
    with database.read() as connection:
        for table in (second_factors, recovery_codes):
            assert connection.execute(select(table)).all() == []
