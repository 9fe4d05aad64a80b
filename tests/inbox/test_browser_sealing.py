"""What Python seals, the browser opens, and the other way round, byte for byte."""

from __future__ import annotations

import subprocess

import pytest

from tests.inbox.javascript import HERE, ask, run_unit_tests
from vault.encoding import to_text
from vault.keys import PrivateKey, PublicKey
from vault.sealing import Context, key_ids, open_envelope, seal
from vault.wrapping import derive, unwrap, wrap

WORDS = "Elle a dit « non » — 他听见了 — سمعت 🕊️"
PASSPHRASE = "une phrase à elle, assez longue"
SALT = bytes(range(16))


def test_the_modules_own_tests_pass() -> None:
    done = run_unit_tests(HERE / "sealing.test.mjs")
    assert done.returncode == 0, done.stdout[-4000:]
    assert "# pass 0" not in done.stdout


@pytest.mark.parametrize("length", [0, 1020, 1021, 70_000])
def test_python_seals_and_the_browser_opens(length: int) -> None:
    key = PrivateKey.new()
    plaintext = WORDS + "x" * length
    envelope = seal(
        plaintext.encode(), [PrivateKey.new().public(), key.public()], Context("report", "case")
    )
    given = {"envelope": envelope.decode(), "key": to_text(key.raw), "binding": "case"}
    assert ask("open", purpose="report", **given) == plaintext
    with pytest.raises(subprocess.CalledProcessError):
        ask("open", purpose="reply", **given)


def test_the_browser_seals_and_python_opens() -> None:
    keys = [PrivateKey.new() for _ in range(3)]
    envelope = ask(
        "seal",
        plaintext=WORDS,
        recipients=[key.public().to_text() for key in keys],
        purpose="reply",
        binding="case",
    ).encode()
    assert set(key_ids(envelope)) == {key.public().key_id for key in keys}
    for key in keys:
        assert open_envelope(envelope, key, Context("reply", "case")).decode() == WORDS


def test_both_name_the_recipients_alike() -> None:
    envelope = seal(b"x", [PrivateKey.new().public()], Context("reply", "case"))
    assert ask("keyIds", envelope=envelope.decode()) == list(key_ids(envelope))


def test_a_passphrase_derives_the_same_in_both() -> None:
    signed = ask("derive", passphrase=PASSPHRASE, salt=to_text(SALT))
    assert signed == to_text(derive(PASSPHRASE, SALT).sign_in)


def test_a_key_wrapped_in_python_is_unwrapped_in_the_browser() -> None:
    key = PrivateKey.new()
    wrapped = wrap(key, derive(PASSPHRASE, SALT).wrap)
    public = ask("unwrap", passphrase=PASSPHRASE, salt=to_text(SALT), wrapped=wrapped)
    assert public == key.public().to_text()


def test_a_key_made_in_the_browser_is_unwrapped_in_python() -> None:
    made = ask("newWrappedKey", passphrase=PASSPHRASE, salt=to_text(SALT))
    key = unwrap(made["wrapped"], derive(PASSPHRASE, SALT).wrap)
    assert key.public() == PublicKey.from_text(made["publicKey"])
