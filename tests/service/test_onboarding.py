"""One command brings an organization in, and each run of it says what is open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from service.cli import main
from tests.vault.rows import focal_point
from vault.database import Database
from vault.keys import PrivateKey
from vault.secrets import Secrets
from vault.stores import AccountStore, AuditTrail, CaseStore, KeyStore, Onboarding
from vault.stores.owners import owned


@pytest.fixture
def installed(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    pepper = tmp_path / "pepper"
    secrets = Secrets.create(pepper)
    for name, value in (
        ("DATABASE_URL", sqlite_url),
        ("PEPPER_FILE", str(pepper)),
        ("DATA_DIR", str(tmp_path)),
    ):
        monkeypatch.setenv(f"SPEAKSAFE_{name}", value)
    return secrets


def steps_of(printed: str) -> dict[str, str]:
    """The state of each step."""
    rows = (line.split("  ", 1) for line in printed.splitlines())
    return {row[0]: row[1].split()[0] for row in rows if len(row) == 2 and row[1].split()}


def test_from_the_invitation_to_the_opened_test_report(
    installed: Secrets, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database.open(sqlite_url)
    cases, box = CaseStore(database), Onboarding(database)
    people = ["--focal-point", "amina=amina@example.org", "--focal-point", "bao=bao@example.org"]
    assert main(["entities", "onboard", "World Food Programme", *people]) == 1
    printed = capsys.readouterr().out
    assert printed.count(", set-up code") == 2 and "wfp-oig" in printed
    steps = steps_of(printed)
    assert (steps["invited"], steps["told by e-mail"], steps["keys made"]) == (
        "done",
        "done",
        "open",
    )
    assert cases.for_offices(["wfp-oig"]) == []

    accounts = AccountStore(database, installed.accounts)
    focal_point(accounts, "amina", "wfp-oig")
    focal_point(accounts, "head", "wfp-head")
    KeyStore(database).add("recovery", PrivateKey.new().public())
    assert main(["entities", "onboard", "WFP"]) == 1
    assert main(["entities", "onboard", "WFP"]) == 1
    steps = steps_of(capsys.readouterr().out)
    assert (steps["alternate can read"], steps["test report opened"]) == ("done", "open")
    (test,) = cases.for_offices(["wfp-oig"])

    cases.mark_read(test.case_id, "focal_point")
    cases.set_status(test.case_id, "opened")
    main(["entities", "onboard", "WFP"])
    assert steps_of(capsys.readouterr().out)["test report opened"] == "done"
    assert cases.get(test.case_id) is None and set(box.live()) == {"wfp-oig"}
    main(["entities", "onboard", "WFP"])
    assert cases.for_offices(["wfp-oig"]) == []
    database.close()


def test_an_owner_of_one_office_more_keeps_what_she_owns(
    installed: Secrets, sqlite_url: str
) -> None:
    for organization, name in (("WFP", "Odile"), ("WHO", " odile"), ("WFP", "ODILE")):
        main(["entities", "onboard", organization, "--owner", name])
    database = Database.open(sqlite_url)
    (odile,) = AccountStore(database, installed.accounts).people()
    database.close()
    assert sorted(owned(odile.offices)) == ["wfp-oig", "who-ios"]


@pytest.mark.parametrize("typed", ["ZOÉ", " zoe\u0301 ", "\uff3a\uff4f\u00e9=zoe@example.org"])
def test_a_known_focal_point_keeps_her_offices_however_her_name_is_typed(
    installed: Secrets, sqlite_url: str, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    """In capitals, with a space, with the accent as a sign of its own, in full-width letters."""
    main(["entities", "onboard", "WFP", "--focal-point", "Zoé"])
    assert "account already" not in capsys.readouterr().err
    main(["entities", "onboard", "WHO", "--focal-point", typed])
    told = capsys.readouterr().err
    assert "zoé had an account already" in told and "choose another name" in told
    database = Database.open(sqlite_url)
    (zoe,) = AccountStore(database, installed.accounts).people()
    database.close()
    assert sorted(zoe.offices) == ["wfp-oig", "who-ios"]


def test_a_name_that_could_mean_another_is_refused(
    installed: Secrets, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["entities", "onboard", "the UN or so"]) == 1
    assert "exactly" in capsys.readouterr().err


def test_the_trail_is_shown_and_verified(
    installed: Secrets, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database.open(sqlite_url)
    trail = AuditTrail(database, installed.audit)
    trail.add(date(2026, 5, 4), "amina", "read", ["wfp-oig"], "abcdefghijkl")
    assert main(["audit", "show", "--office", "wfp-oig"]) == 0
    assert "amina" in capsys.readouterr().out
    assert main(["audit", "verify"]) == 0
    newest = trail.verify().newest
    assert newest in capsys.readouterr().out
    assert main(["audit", "verify", "--noted", newest]) == 0
    assert main(["audit", "verify", "--noted", "another"]) == 1
    AuditTrail(database, b"o" * 32).add(date(2026, 5, 5), "x", "read", ["wfp-oig"], "y")
    assert main(["audit", "verify"]) == 1
    database.close()
