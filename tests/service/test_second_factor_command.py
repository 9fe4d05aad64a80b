"""A lost phone: an operator resets the second factor, and the trail tells of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from service.cli import main
from service.settings import Settings
from service.storage import Storage
from tests.vault.rows import focal_point

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def test_a_reset_is_done_once_and_stands_in_the_trail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SPEAKSAFE_DATA_DIR", str(tmp_path))
    settings = Settings.read({"SPEAKSAFE_DATA_DIR": str(tmp_path)})
    storage = Storage.open(settings)
    focal_point(storage.accounts, "Amina", "demo-office")
    who = storage.accounts.sign_in("amina", bytes(32))
    assert who is not None
    codes = pyotp.TOTP(storage.factors.begin(who.account_id))
    assert storage.factors.confirm(who.account_id, codes.at(NOW), NOW)
    assert not storage.factors.check(who.account_id, "", NOW)
    reset = ["focal-points", "second-factor", "reset"]
    assert main([*reset, "Nobody"]) == 1
    assert [main([*reset, "Amina"]) for _ in range(2)] == [0, 0]
    said = capsys.readouterr()
    assert "reset: " in said.out and "nothing changed" in said.out and "no account" in said.err
    assert storage.factors.check(who.account_id, "", NOW)
    (trace,) = storage.audit.entries("demo-office")
    assert (trace.who, trace.action) == ("operator", "second-factor-reset")
    assert storage.audit.verify().whole
    storage.close()
