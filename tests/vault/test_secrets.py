"""The files that hold keys and the server's secret, and the passphrase's derivations."""

from __future__ import annotations

import hashlib
import hmac
import json
import stat
from pathlib import Path

import pytest

from vault import keyfiles
from vault.encoding import to_text
from vault.errors import KeyFileError, SealingError, SecretsError
from vault.keys import PrivateKey
from vault.secrets import Secrets
from vault.wrapping import derive, new_salt, unwrap, wrap

# -- the server's secret ---------------------------------------------------------------------


def test_a_secret_is_made_once_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "pepper"
    made = Secrets.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().strip()) == 64
    assert Secrets.load(path) == made
    with pytest.raises(SecretsError, match="exists already"):
        Secrets.create(path)
    assert Secrets.load(path) == made


def test_the_derived_secrets_differ(tmp_path: Path) -> None:
    made = Secrets.create(tmp_path / "pepper")
    derived = {made.receipts, made.invitations, made.accounts, made.box}
    assert len(derived) == 4 and all(len(secret) == 32 for secret in derived)


def test_the_derived_secrets_never_change() -> None:
    """Another derivation would orphan every receipt, invitation and account."""
    made = Secrets.from_root(bytes(range(32)))
    # HKDF-Expand (RFC 5869) of one block, written out.
    info = b"speaksafe/1/pepper/receipts"
    assert made.receipts == hmac.digest(bytes(range(32)), info + b"\1", "sha256")


def test_secrets_do_not_show(tmp_path: Path) -> None:
    assert repr(Secrets.create(tmp_path / "pepper")) == "Secrets()"


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o666, 0o601])
def test_an_open_secret_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "pepper"
    Secrets.create(path)
    path.chmod(mode)
    with pytest.raises(SecretsError, match="chmod 600"):
        Secrets.load(path)


@pytest.mark.parametrize("text", ["", "ab" * 31, "ab" * 33, "zz" * 32, "é" * 64])
def test_a_damaged_secret_is_refused_without_quoting_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pepper"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(SecretsError, match="64 hexadecimal digits") as caught:
        Secrets.load(path)
    assert not text or text not in str(caught.value)


def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretsError, match="pepper can't be read"):
        Secrets.load(tmp_path / "pepper")
    with pytest.raises(SecretsError, match="can't be written"):
        Secrets.create(tmp_path / "none" / "pepper")


# -- key files -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", keyfiles.ROLES)
def test_a_key_file_is_written_and_read(tmp_path: Path, role: str) -> None:
    path = tmp_path / "new.key"
    made = keyfiles.new(path, role)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keyfiles.read(path) == made
    assert keyfiles.read_private(path).public() == made.public
    published = keyfiles.read(keyfiles.public_path(path))
    assert (published.role, published.public, published.private) == (role, made.public, None)


def test_the_public_file_has_no_private_half(tmp_path: Path) -> None:
    path = tmp_path / "new.key"
    private = to_text(_written(path).raw)
    assert private in path.read_text()
    assert private not in keyfiles.public_path(path).read_text()
    assert list(json.loads(path.read_text())) == [
        "speaksafe_key",
        "role",
        "suite",
        "key_id",
        "public",
        "private",
    ]
    with pytest.raises(KeyFileError, match=r"without \.pub"):
        keyfiles.read_private(keyfiles.public_path(path))


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "new.key"
    private = _written(path)
    with pytest.raises(KeyFileError, match="exists already"):
        keyfiles.new(path, "recovery")
    path.unlink()
    with pytest.raises(KeyFileError, match="exists already"):
        keyfiles.new(path, "recovery")
    assert not path.exists()
    assert keyfiles.read(keyfiles.public_path(path)).public == private.public()


def test_an_unknown_role_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="task-force, recovery, focal-point"):
        keyfiles.new(tmp_path / "new.key", "boss")
    with pytest.raises(KeyFileError, match="can't be written"):
        keyfiles.new(tmp_path / "none" / "new.key", "recovery")
    with pytest.raises(KeyFileError, match="can't be read"):
        keyfiles.read(tmp_path / "none.key")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"speaksafe_key": 2}, "not a key file"),
        ({"role": "boss"}, "'role'"),
        ({"suite": "other"}, "'suite'"),
        ({"public": "AAAA"}, "damaged"),
        ({"private": 7}, "damaged"),
        ({"key_id": "AAAA"}, "do not belong together"),
        ({"private": to_text(b"\x07" * 32)}, "do not belong together"),
    ],
)
def test_a_damaged_key_file_is_refused_without_quoting_it(
    tmp_path: Path, change: dict[str, object], problem: str
) -> None:
    path = tmp_path / "new.key"
    private = to_text(_written(path).raw)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(KeyFileError, match=problem) as caught:
        keyfiles.read(path)
    assert private not in str(caught.value) and path.name in str(caught.value)


@pytest.mark.parametrize("junk", [b"", b"null", b"[1]", b"\xff", b"[" * 100_000])
def test_junk_is_no_key_file(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "new.key"
    path.write_bytes(junk)
    with pytest.raises(KeyFileError, match="not a key file"):
        keyfiles.read(path)


def _written(path: Path) -> PrivateKey:
    private = PrivateKey.new()
    keyfiles.write(path, "task-force", private)
    return private


# -- what a passphrase derives ---------------------------------------------------------------


def test_the_derivation_is_the_agreed_one() -> None:
    """Written out with the standard library; browsers compute the same."""
    derived = derive("une phrase à elle", b"0123456789abcdef")
    root = hashlib.pbkdf2_hmac("sha256", "une phrase à elle".encode(), b"0123456789abcdef", 600_000)
    extracted = hmac.digest(bytes(32), root, "sha256")
    assert derived.sign_in == hmac.digest(extracted, b"speaksafe/1/sign-in\1", "sha256")
    assert derived.wrap == hmac.digest(extracted, b"speaksafe/1/wrap\1", "sha256")


def test_one_passphrase_on_two_keyboards() -> None:
    salt = new_salt()
    assert derive("e\u0301tage", salt) == derive("\u00e9tage", salt)


def test_a_wrapped_key_is_unwrapped_by_its_passphrase_only() -> None:
    private = PrivateKey.new()
    wrap_key, other = bytes(range(32)), bytes(32)
    wrapped = wrap(private, wrap_key)
    assert unwrap(wrapped, wrap_key) == private
    assert list(json.loads(wrapped)) == ["iv", "ct"]
    with pytest.raises(SealingError):
        unwrap(wrapped, other)


@pytest.mark.parametrize("junk", ["", "{}", "[]", "null", '{"iv":"","ct":""}', '{"iv":1,"ct":2}'])
def test_junk_is_no_wrapped_key(junk: str) -> None:
    with pytest.raises(SealingError):
        unwrap(junk, bytes(32))


def test_a_wrapped_key_with_one_changed_letter_is_refused() -> None:
    wrapped = wrap(PrivateKey.new(), bytes(32))
    for at in range(len(wrapped)):
        changed = wrapped[:at] + chr(ord(wrapped[at]) ^ 1) + wrapped[at + 1 :]
        with pytest.raises(SealingError):
            unwrap(changed, bytes(32))


def test_derived_secrets_do_not_show() -> None:
    assert repr(derive("x", new_salt())) == "Derived()"
