"""The suite of new keys, as an operator sets, sees and changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.cli import main
from service.commands.doctor import examine
from service.settings import Settings
from service.storage import Storage
from tests.vault.rows import focal_point
from vault import keyfiles
from vault.keys import PrivateKey
from vault.stores.owners import owner_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and the setting that new keys are X-Wing's."""
    monkeypatch.setenv("SPEAKSAFE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SPEAKSAFE_SUITE", "x-wing")
    return tmp_path


def new(folder: Path, name: str, *more: str) -> keyfiles.KeyFile:
    path = folder / name
    assert main(["keys", "new", "--role", "recovery", "--out", str(path), *more]) == 0
    return keyfiles.read(path)


def test_an_older_recovery_key_is_retired_but_never_the_only_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = new(folder, "old.key", "--suite", "x25519").public
    assert main(["keys", "retire", old.key_id]) == 1
    young = new(folder, "new.key").public
    assert (old.kem, young.kem) == ("x25519", "x-wing")
    assert main(["keys", "retire", "nobody"]) == 1
    assert main(["keys", "retire", old.key_id]) == 0
    assert "Keep it all the same" in capsys.readouterr().err
    storage = Storage.open(Settings.read({"SPEAKSAFE_DATA_DIR": str(folder)}))
    try:
        assert storage.keys.all("recovery") == (young,)
        storage.keys.add("recovery", PrivateKey.new().public())
        assert storage.keys.all("recovery")[0] == young
    finally:
        storage.close()


def test_a_key_whose_name_begins_with_a_hyphen_is_retired_too(folder: Path) -> None:
    made = (PrivateKey.new().public() for _ in range(10_000))
    old = next(key for key in made if key.key_id.startswith("-"))
    storage = Storage.open(Settings.read({"SPEAKSAFE_DATA_DIR": str(folder)}))
    try:
        storage.keys.add("recovery", old)
        storage.keys.add("recovery", PrivateKey.new().public())
        assert main(["keys", "retire", old.key_id]) == 0
        assert old not in storage.keys.all("recovery")
    finally:
        storage.close()


def test_doctor_counts_the_keys_that_have_not_changed(folder: Path) -> None:
    def found(suite: str) -> tuple[str, str]:
        settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(folder), "SPEAKSAFE_SUITE": suite})
        return next((f.state, f.detail) for f in examine(settings) if f.part == "suite")

    new(folder, "old.key", "--suite", "x25519")
    assert found("x25519")[0] == "ok"
    state, detail = found("x-wing")
    assert state == "warn" and "1 of 1 are not" in detail
    new(folder, "new.key")
    assert "1 of 2 are not" in found("x-wing")[1]
    assert found("x25519")[0] == "ok"


def test_doctor_counts_no_key_that_nothing_is_sealed_to(folder: Path) -> None:
    """An owner sees a trail and no case: her older key makes no report weaker."""
    new(folder, "new.key")
    settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(folder), "SPEAKSAFE_SUITE": "x-wing"})
    storage = Storage.open(settings)
    try:
        focal_point(storage.accounts, "odile", owner_of("wfp-oig"))
    finally:
        storage.close()
    (found,) = (one for one in examine(settings) if one.part == "suite")
    assert found.state == "ok" and "all of 1 are" in found.detail
