"""Accounts, registered keys and rounds: who may read, and what tells nothing to others."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.vault.at_once import at_once
from vault.database import Database
from vault.errors import MixedAccount, NoSuchRound, RoundError, SetupRefused, StorageError
from vault.keys import PrivateKey, PublicKey
from vault.stores import Account, AccountStore, KeyStore, RoundStore
from vault.stores.owners import owned, owner_of
from vault.tables import accounts as accounts_table

PEPPER = b"a" * 32
SALT = b"0123456789abcdef"
SECRET = b"s" * 32


@pytest.fixture
def store(database: Database) -> AccountStore:
    return AccountStore(database, PEPPER)


def _set_up(store: AccountStore, name: str, *offices: str) -> Account:
    code = store.invite(name, offices)
    key = PrivateKey.new().public()
    return store.finish_setup(name, code, SALT, SECRET, key, '{"iv":"","ct":""}')


# -- setting up and signing in ---------------------------------------------------------------


def test_an_account_is_set_up_and_signed_in_to(store: AccountStore) -> None:
    code = store.invite("Ana", ["b", "a"])
    key = PrivateKey.new().public()
    account = store.finish_setup(" ANA ", code.lower(), SALT, SECRET, key, "wrapped")
    assert (account.name, account.offices, account.public_key) == ("ana", ("a", "b"), key)
    assert store.begin("ana") == (SALT, True)
    assert store.sign_in("Ana", SECRET) == account
    assert store.sign_in("ana", b"another") is None
    assert "wrapped" not in repr(account)


def test_a_set_up_code_works_once_and_for_one_name(store: AccountStore) -> None:
    code = store.invite("ana", ["a"])
    store.invite("ben", ["a"])
    key = PrivateKey.new().public()
    for name, given in [("ben", code), ("nobody", code), ("ana", code[:-1]), ("ana", "")]:
        with pytest.raises(SetupRefused):
            store.finish_setup(name, given, SALT, SECRET, key, "wrapped")
    store.finish_setup("ana", code, SALT, SECRET, key, "wrapped")
    with pytest.raises(SetupRefused):
        store.finish_setup("ana", code, SALT, b"thief", key, "wrapped")
    assert store.sign_in("ana", SECRET) is not None


def test_a_set_up_code_used_at_once_works_once(database_url: str, store: AccountStore) -> None:
    code = store.invite("ana", ["a"])

    def finish(database: Database) -> bool:
        mine, key = AccountStore(database, PEPPER), PrivateKey.new().public()
        try:
            mine.finish_setup("ana", code, SALT, SECRET, key, "wrapped")
        except SetupRefused:
            return False
        return True

    assert sum(at_once(database_url, [finish] * 3)) == 1


def test_a_new_invitation_replaces_the_last_one(store: AccountStore) -> None:
    first = store.invite("ana", ["a"])
    second = store.invite("ana", ["b"])
    key = PrivateKey.new().public()
    with pytest.raises(SetupRefused):
        store.finish_setup("ana", first, SALT, SECRET, key, "wrapped")
    assert store.finish_setup("ana", second, SALT, SECRET, key, "wrapped").offices == ("b",)


def test_who_lost_her_passphrase_keeps_her_key_until_she_made_another(store: AccountStore) -> None:
    before = _set_up(store, "ana", "a")
    code = store.invite("ana", ["a"])
    assert store.public_keys(["a"]) == [before.public_key]
    assert store.sign_in("ana", SECRET) == before
    key = PrivateKey.new().public()
    after = store.finish_setup("ana", code, SALT, b"another", key, "wrapped")
    assert after.account_id == before.account_id
    assert store.public_keys(["a"]) == [key]
    assert store.sign_in("ana", SECRET) is None


def test_an_invited_account_cannot_be_signed_in_to(store: AccountStore) -> None:
    store.invite("ana", ["a"])
    assert store.sign_in("ana", SECRET) is None
    assert store.sign_in("ana", b"") is None


@pytest.mark.parametrize(("name", "offices"), [("", ["a"]), ("  ", ["a"]), ("ana", [])])
def test_an_account_needs_a_name_and_an_office(
    store: AccountStore, name: str, offices: list[str]
) -> None:
    with pytest.raises(ValueError, match="name and at least one office"):
        store.invite(name, offices)


def test_only_hashes_are_kept(database: Database, store: AccountStore) -> None:
    code = store.invite("ana", ["a"])
    with database.read() as connection:
        (row,) = connection.execute(accounts_table.select()).all()
    assert len(row.setup_hash) == 32 and code.encode() not in row.setup_hash
    store.finish_setup("ana", code, SALT, SECRET, PrivateKey.new().public(), "wrapped")
    with database.read() as connection:
        (row,) = connection.execute(accounts_table.select()).all()
    assert row.setup_hash is None
    assert row.sign_in_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert AccountStore(database, b"x" * 32).sign_in("ana", SECRET) is None


# -- what a stranger learns ------------------------------------------------------------------


def test_an_unknown_name_looks_like_a_known_one(database: Database, store: AccountStore) -> None:
    _set_up(store, "ana", "a")
    salt, has_key = store.begin("nobody")
    assert has_key and len(salt) == len(SALT)
    assert store.begin("Nobody ") == (salt, True)
    assert store.begin("somebody")[0] != salt
    assert AccountStore(database, b"x" * 32).begin("nobody")[0] != salt


@pytest.mark.parametrize("name", ["known", "invited", "nobody"])
def test_signing_in_is_the_same_work_for_every_name(
    store: AccountStore, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _set_up(store, "known", "a")
    store.invite("invited", ["a"])
    work: list[str] = []
    verify = Argon2id.verify_phc_encoded

    class Recording:
        @staticmethod
        def verify_phc_encoded(given: bytes, stored: str, secret: bytes) -> None:
            work.append(stored.rsplit("$", 2)[0])
            verify(given, stored, secret)

    monkeypatch.setattr("vault.stores.accounts.Argon2id", Recording)
    assert store.sign_in(name, b"wrong") is None
    assert work == ["$argon2id$v=19$m=19456,t=2,p=1"]


@pytest.mark.parametrize("name", ["invited", "nobody"])
def test_setting_up_is_the_same_work_for_every_name(
    store: AccountStore, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    store.invite("invited", ["a"])
    hashed: list[bytes] = []
    real = store._hash

    def recording(secret: bytes) -> str:
        hashed.append(secret)
        return real(secret)

    monkeypatch.setattr(store, "_hash", recording)
    with pytest.raises(SetupRefused):
        store.finish_setup(name, "wrong", SALT, SECRET, PrivateKey.new().public(), "wrapped")
    assert hashed == [SECRET]


# -- whom reports are sealed to --------------------------------------------------------------


def test_the_keys_of_offices(store: AccountStore) -> None:
    ana, ben, eve = (
        _set_up(store, "ana", "a"),
        _set_up(store, "ben", "a", "b"),
        _set_up(store, "eve", "c"),
    )
    store.invite("new", ["a", "d"])

    def keys(*offices: str) -> set[PublicKey]:
        found = store.public_keys(offices)
        assert len(found) == len(set(found))
        return set(found)

    assert keys("a", "b") == {ana.public_key, ben.public_key}
    assert keys("b") == {ben.public_key}
    assert keys("c") == {eve.public_key}
    assert keys("d") == keys() == set()
    assert store.offices_with_keys() == {"a", "b", "c"}


def test_the_newest_key_of_a_role_counts(database: Database) -> None:
    store = KeyStore(database)
    assert store.newest("recovery") is None
    first, second, other = (PrivateKey.new().public() for _ in range(3))
    store.add("recovery", first)
    store.add("task-force", other)
    store.add("recovery", second)
    assert store.newest("recovery") == second
    assert store.all("recovery") == (first, second)
    assert store.newest("task-force") == other
    with pytest.raises(StorageError):
        store.add("recovery", first)


# -- rounds ----------------------------------------------------------------------------------


def test_rounds_follow_each_other(database: Database) -> None:
    store = RoundStore(database)
    key = PrivateKey.new().public()
    assert store.current() is None
    first = store.open("victim-experience-1", "open", key, date(2026, 3, 31))
    assert (first.round_id, first.number, first.state) == ("r1", 1, "open")
    assert (first.instrument, first.admission) == ("victim-experience-1", "open")
    assert (first.opened, first.closed, first.task_force) == ("2026-03", None, key)
    assert store.current() == store.get("r1") == first
    with pytest.raises(RoundError, match="close it first"):
        store.open("victim-experience-1", "open", key)
    closed = store.close("r1", date(2026, 5, 1))
    assert (closed.state, closed.closed) == ("closed", "2026-05")
    assert store.close("r1", date(2026, 9, 9)) == closed
    assert store.current() is None
    second = store.open("victim-experience-2", "invited", key)
    assert (second.round_id, second.admission) == ("r2", "invited")
    assert store.list() == (closed, second)


def test_an_unknown_round_is_refused(database: Database) -> None:
    store = RoundStore(database)
    with pytest.raises(NoSuchRound):
        store.get("r1")
    with pytest.raises(NoSuchRound):
        store.close("r1")


def test_opening_at_once_opens_one(database: Database, database_url: str) -> None:
    key = PrivateKey.new().public()

    def open_round(mine: Database) -> bool:
        try:
            RoundStore(mine).open("victim-experience-1", "open", key)
        except RoundError:
            return False
        return True

    assert sum(at_once(database_url, [open_round] * 3)) == 1
    assert len(RoundStore(database).list()) == 1


def test_an_account_is_for_cases_or_for_the_trail(store: AccountStore) -> None:
    store.invite("odile", [owner_of("a"), owner_of("b")])
    store.invite("amina", ["a"])
    for name, offices in (
        ("odile", ["a"]),
        ("amina", [owner_of("a")]),
        ("somebody", ["a", owner_of("b")]),
    ):
        with pytest.raises(MixedAccount):
            store.invite(name, offices)
    people = {one.name: one.offices for one in store.people()}
    assert people == {"odile": ("owner:a", "owner:b"), "amina": ("a",)}
    assert owned(people["odile"]) == ("a", "b") and owned(people["amina"]) == ()
