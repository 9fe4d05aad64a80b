"""At least one row in every table, written through the stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pyotp
from sqlalchemy import func, select

from vault.database import Database
from vault.files import FileKey, seal_file
from vault.keys import PrivateKey
from vault.sealing import Context, seal
from vault.stores import (
    AccountStore,
    AttachmentStore,
    AuditTrail,
    CaseStore,
    DropBox,
    InvitationStore,
    Keeping,
    KeyStore,
    NewCase,
    Onboarding,
    Outbox,
    Readers,
    RoundStore,
    SecondFactors,
    Term,
    new_case_id,
)
from vault.stores.attachments import Part
from vault.tables import metadata


def new_case(
    locator: bytes = b"zzlocator",
    offices: tuple[str, ...] = ("office", "alternate"),
    opened_on: date = date(2026, 1, 2),
) -> NewCase:
    """A case that can be stored."""
    return NewCase(
        case_id=new_case_id(),
        locator=locator,
        reporter_key=PrivateKey.new().public(),
        offices=offices,
        envelope=b"the report",
        lang="fr",
        opened_on=opened_on,
    )


def focal_point(accounts: AccountStore, name: str, *offices: str) -> PrivateKey:
    """Invite somebody and set up her account; the offices' readers from now on."""
    key = PrivateKey.new()
    code = accounts.invite(name, offices)
    accounts.finish_setup(name, code, bytes(16), bytes(32), key.public(), "wrapped")
    return key


def wait(database: Database, content: bytes, waiting: str, on: date) -> FileKey:
    """Seal a file and let it wait for its report."""
    key = FileKey.new()
    parts = list(seal_file(content, key))
    for number, sealed in enumerate(parts):
        AttachmentStore(database).put(waiting, Part(key.id, number, len(parts), sealed), on)
    return key


def second_factor(database: Database, name: str, now: datetime) -> list[str]:
    """Give somebody a second factor; its recovery codes."""
    who = AccountStore(database, b"a" * 32).sign_in(name, bytes(32))
    assert who is not None
    factors = SecondFactors(database, b"f" * 32)
    codes = pyotp.TOTP(factors.begin(who.account_id))
    recovery = factors.confirm(who.account_id, codes.at(now), now)
    assert recovery is not None
    return recovery


def _stood_aside(database: Database, opened_on: date) -> None:
    """A case with a standby, that somebody stepped aside from while a colleague remained."""
    accounts, cases = AccountStore(database, b"a" * 32), CaseStore(database)
    keys = [focal_point(accounts, name, "elsewhere") for name in ("zzbao", "zzcarla")]
    standby = focal_point(accounts, "zzdina", "standby")
    new = new_case(locator=b"zzaside", offices=("elsewhere",), opened_on=opened_on)
    publics = [key.public() for key in (*keys, standby)]
    envelope = seal(b"report", publics, Context("report", new.case_id))
    shut = {"shut_out": ("zzshut",), "levels": ("regional",)}
    cases.add(replace(new, envelope=envelope, standby="standby", **shut))
    who = accounts.sign_in("zzbao", bytes(32))
    assert who is not None
    assert Readers(database).recuse(new.case_id, who.account_id, opened_on) == "colleagues"


def fill(database: Database, opened_on: date = date(2026, 1, 2)) -> None:
    """Write something into every table."""
    key = PrivateKey.new().public()
    focal_point(AccountStore(database, b"a" * 32), "zzname", "office")
    second_factor(database, "zzname", datetime(2026, 1, 2, tzinfo=UTC))
    _stood_aside(database, opened_on)
    CaseStore(database).add(new_case(opened_on=opened_on))
    wait(database, b"a file", "zzwaiting", opened_on)
    KeyStore(database).add("recovery", key)
    RoundStore(database).open("victim-experience-1", "open", key, opened_on)
    DropBox(database, b"b" * 32).put("r1", b"an answer")
    InvitationStore(database, b"i" * 32).new(2)
    AuditTrail(database, b"t" * 32).add(opened_on, "zzname", "read", ["office"], "zzcase")
    Onboarding(database).begin("office", "zzcase")
    keeping = Keeping(database, Term(1, {}))
    gone = new_case(locator=b"zzgone", offices=("elsewhere",), opened_on=opened_on)
    CaseStore(database).add(gone)
    assert keeping.delete(gone.case_id)
    with Outbox(database).take(opened_on) as taken:
        assert taken is not None
        taken.mark()
    with database.read() as connection:
        for table in metadata.sorted_tables:
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() > 0
