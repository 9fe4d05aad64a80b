"""A whole inbox with a real database, and a client that asks as the page does."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from fastapi import FastAPI, Request

from catalogue.messages import Messages
from inbox import api, owner, taskforce
from inbox.ports import InboxDeps
from inbox.second_guard import SecondGuard
from service.page_results import PageResults
from vault.database import Database
from vault.encoding import to_text
from vault.errors import RoundStillOpen
from vault.keys import Kem, PrivateKey
from vault.release_log import FILE_NAME, ReleaseLog
from vault.sealing import Context, open_envelope, seal
from vault.state import MemoryShelf, StateStore
from vault.stores import (
    AccountStore,
    AddressBook,
    AttachmentStore,
    AuditTrail,
    CaseList,
    CaseStore,
    DropBox,
    Keeping,
    KeyStore,
    NewCase,
    Readers,
    RoundStore,
    SecondFactors,
    Term,
    new_case_id,
)
from vault.wrapping import Derived, derive, wrap

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 21)
SALT = bytes(16)

REPORT = {
    "v": 1,
    "relation": "self",
    "entity": {"code": "unv", "name": "United Nations Volunteers"},
    "conflict": False,
    "account": "He waits at my door every evening.",
    "when_where": "Since September, in the guesthouse",
    "who": None,
    "wish": "That it stops",
    "danger_now": False,
    "contact": None,
    "lang": "fr",
}


@functools.cache
def messages() -> Messages:
    """The real words, read once."""
    return Messages.load(ROOT / "content")


def secrets_of(number: int) -> Derived:
    """Sign-in and wrap secrets without the slow derivation, which the pages do and other tests."""
    return Derived(sign_in=bytes([number]) * 32, wrap=bytes([number + 100]) * 32)


@dataclass
class Time:
    """A clock that stands still, and a sleep that only takes note."""

    now: datetime = datetime(2026, 11, 21, 9, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def passes(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass(frozen=True)
class FocalPoint:
    """Somebody with an account."""

    name: str
    key: PrivateKey
    secrets: Derived


@dataclass(frozen=True)
class Told:
    """A case as its reporter knows it."""

    case_id: str
    key: PrivateKey


class World:
    """Everything behind the inbox, and the application that serves it."""

    def __init__(self, database: Database, suite: Kem = "x25519") -> None:
        #: Of which kind new keys are; browsers are told when the world begins.
        self.kem: Kem = suite
        self.time = Time()
        self.database = database
        self.accounts = AccountStore(database, b"p" * 32)
        self.addresses = AddressBook(database, b"d" * 32)
        self.cases = CaseStore(database)
        self.attachments = AttachmentStore(database)
        self.keys = KeyStore(database)
        self.readers = Readers(database)
        self.keeping = Keeping(database, Term(90, {}))
        self.audit = AuditTrail(database, b"t" * 32)
        self.factors = SecondFactors(database, b"f" * 32)
        self.strict: set[str] = set()
        self.rounds = RoundStore(database)
        self.recovery = PrivateKey.new(suite)
        self.keys.add("recovery", self.recovery.public())
        self.bundles: dict[str, bytes] = {}
        self.drop_box = DropBox(database, b"b" * 32)
        self.folder = TemporaryDirectory()
        self.log = ReleaseLog(Path(self.folder.name) / FILE_NAME)
        self.client_name = "somewhere"
        self.today = TODAY
        shelf = MemoryShelf()
        self.deps = InboxDeps(
            accounts=self.accounts,
            addresses=self.addresses,
            cases=self.cases,
            listing=CaseList(database),
            attachments=self.attachments,
            keys=self.keys,
            readers=self.readers,
            keeping=self.keeping,
            audit=self.audit,
            factors=self.factors,
            needs_second_factor=lambda offices: not self.strict.isdisjoint(offices),
            sign_ins=StateStore(shelf, b"k" * 32, "sign-in", 20 * 60),
            attempts=StateStore(shelf, b"k" * 32, "attempts"),
            messages=messages(),
            clock=self.time,
            client=self._client,
            sleep=self.time.sleep,
            suite=suite,
        )
        self.app = FastAPI()
        self.app.include_router(api.router(self.deps))
        self.app.include_router(owner.router(self.deps))
        room = taskforce.TaskForceDeps(
            rounds=self.rounds,
            bundle=self.bundle,
            maker=PageResults(self, ROOT / "content", messages(), self.log),
            sign_ins=self.deps.sign_ins,
            accounts=self.accounts,
            audit=self.audit,
            clock=self.time,
            admits=SecondGuard(self.deps).admits,
        )
        self.app.include_router(taskforce.router(room))

    def _client(self, _: Request) -> str:
        return self.client_name

    def bundle(self, round_id: str) -> bytes:
        """Stands for the survey's export, with its errors."""
        if self.rounds.get(round_id).state == "open":
            raise RoundStillOpen
        return self.bundles[round_id]

    def focal_point(self, name: str, *offices: str, passphrase: str | None = None) -> FocalPoint:
        """Invite somebody and set up her account; a passphrase takes its time to derive."""
        secrets = derive(passphrase, SALT) if passphrase else secrets_of(len(name))
        key = PrivateKey.new(self.kem)
        code = self.accounts.invite(name, offices)
        wrapped = wrap(key, secrets.wrap)
        self.accounts.finish_setup(name, code, SALT, secrets.sign_in, key.public(), wrapped)
        return FocalPoint(name, key, secrets)

    def case(
        self, *offices: str, days_ago: int = 0, standby: str | None = None, **fields: Any
    ) -> Told:
        """A report, sealed as the reports are."""
        told = Told(new_case_id(), PrivateKey.new(self.kem))
        both = [*offices, *([standby] if standby else [])]
        recipients = [*self.accounts.public_keys(both), self.recovery.public()]
        document = json.dumps({**REPORT, **fields}, ensure_ascii=False).encode()
        self.cases.add(
            NewCase(
                case_id=told.case_id,
                locator=told.key.public().raw,
                reporter_key=told.key.public(),
                offices=offices,
                envelope=seal(document, recipients, Context("report", told.case_id)),
                lang=fields.get("lang", "fr"),
                opened_on=self.today - timedelta(days=days_ago),
                standby=standby,
            )
        )
        return told

    def addition(self, told: Told, text: str, *readers: FocalPoint) -> None:
        """The reporter writes again."""
        document = json.dumps({"v": 1, "text": text}, ensure_ascii=False).encode()
        keys = [reader.key.public() for reader in readers]
        envelope = seal(document, keys, Context("addition", told.case_id))
        self.cases.add_entry(told.case_id, "reporter", envelope, self.today)

    def replies(self, told: Told) -> list[str]:
        """What the reporter reads with her key."""
        context = Context("reply", told.case_id)
        return [
            json.loads(open_envelope(entry.envelope, told.key, context))["text"]
            for entry in self.cases.entries(told.case_id)
            if entry.purpose == "reply"
        ]


class Page:
    """Asks as the page does."""

    def __init__(self, world: World) -> None:
        transport = httpx.ASGITransport(app=world.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://test")
        self.token: str | None = None

    async def post(self, path: str, **body: Any) -> httpx.Response:
        """POST, with the token if there is one."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return await self.http.post(path, json=body, headers=headers)

    async def sign_in(self, who: FocalPoint, code: str = "") -> httpx.Response:
        """Sign in as somebody; the token is used from then on."""
        sign_in = to_text(who.secrets.sign_in)
        answer = await self.post("/inbox/api/sign-in", name=who.name, sign_in=sign_in, code=code)
        if answer.status_code == 200:
            self.token = answer.json()["token"]
        return answer
