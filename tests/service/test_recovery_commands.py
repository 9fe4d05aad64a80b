"""The recovery drill as its holder does it: key on paper, bundle on a stick, passing put in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.cli import main
from tests.vault.rows import focal_point, new_case
from vault import keyfiles
from vault.database import Database
from vault.sealing import Context, open_envelope, seal
from vault.secrets import Secrets
from vault.stores import AccountStore, AuditTrail, CaseStore


def test_from_a_printed_key_to_a_case_that_can_be_read_again(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pepper = tmp_path / "pepper"
    secrets = Secrets.create(pepper)
    for name, value in (
        ("DATABASE_URL", sqlite_url),
        ("PEPPER_FILE", str(pepper)),
        ("DATA_DIR", str(tmp_path)),
    ):
        monkeypatch.setenv(f"SPEAKSAFE_{name}", value)
    database = Database.open(sqlite_url)
    key, bundle, passing = (tmp_path / name for name in ("recovery.key", "cases", "passing"))
    printed = tmp_path / "paper"
    assert main(["keys", "new", "--role", "recovery", "--out", str(key), "--offline"]) == 0
    capsys.readouterr()
    assert main(["keys", "print", str(key)]) == 0
    printed.write_text(capsys.readouterr().out)

    accounts = AccountStore(database, secrets.accounts)
    focal_point(accounts, "gone", "wfp-oig")
    new = new_case(offices=("wfp-oig",))
    publics = [*accounts.public_keys(["wfp-oig"]), keyfiles.read(key).public]
    envelope = seal(b'{"account":"He did it."}', publics, Context("report", new.case_id))
    CaseStore(database).add(replace(new, envelope=envelope))
    head = focal_point(accounts, "head", "wfp-head")

    assert main(["focal-points", "remove", "--name", "gone"]) == 0
    assert "nobody can read" in capsys.readouterr().err
    assert main(["recovery", "export", "--to", "wfp-head", "--out", str(bundle)]) == 0
    assert b"He did it" not in bundle.read_bytes()
    with_key = ["--key", str(printed), "--bundle", str(bundle)]
    assert main(["recovery", "drill", *with_key]) == 0
    assert "opens 1 of 1" in capsys.readouterr().out
    assert main(["recovery", "open", *with_key]) == 0
    assert "He did it." in capsys.readouterr().out
    assert main(["recovery", "reseal", *with_key, "--out", str(passing)]) == 0
    assert main(["recovery", "import", str(passing)]) == 0
    trail = AuditTrail(database, secrets.audit).entries()
    assert [one.action for one in trail] == ["remove-account", "recover"]
    (entry,) = CaseStore(database).entries(new.case_id)
    assert b"He did it" in open_envelope(entry.envelope, head, Context("report", new.case_id))
    database.close()
