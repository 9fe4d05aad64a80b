"""The database and its stores, opened once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.cases import Cases
from reports.routes import Routes, RouteState
from service.settings import Settings
from survey.bundle import bundle_lines
from survey.rounds import carried
from survey.tables import LEAST
from vault.database import Database
from vault.errors import SecretsError
from vault.receipts import Receipts
from vault.secrets import Secrets
from vault.stores.accounts import AccountStore
from vault.stores.addresses import AddressBook
from vault.stores.attachments import AttachmentStore
from vault.stores.audit import AuditTrail
from vault.stores.cases import CaseStore
from vault.stores.drop_box import DropBox
from vault.stores.invitations import InvitationStore
from vault.stores.keeping import Keeping, Term
from vault.stores.keys import KeyStore
from vault.stores.leaving import Leaving
from vault.stores.onboarding import Onboarding
from vault.stores.outbox import Outbox
from vault.stores.readers import Readers
from vault.stores.rounds import RoundStore
from vault.stores.second_factors import SecondFactors


@dataclass(frozen=True, slots=True)
class Storage:
    """Everything that lasts."""

    database: Database
    accounts: AccountStore
    addresses: AddressBook
    attachments: AttachmentStore
    audit: AuditTrail
    cases: CaseStore
    drop_box: DropBox
    factors: SecondFactors
    invitations: InvitationStore
    keys: KeyStore
    leaving: Leaving
    onboarding: Onboarding
    outbox: Outbox
    readers: Readers
    rounds: RoundStore
    receipts: Receipts

    @classmethod
    def open(cls, settings: Settings) -> Storage:
        """Open the database, bring it up to date, and read the secrets.

        The demo makes its secret itself, once; anybody else brings one from outside.

        Raises:
            SecretsError: the pepper file is missing, open to others or malformed.
            StorageError: the database cannot be opened or brought up to date.
        """
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if settings.demo and not settings.pepper_file.exists():
            secrets = Secrets.create(settings.pepper_file)
        else:
            secrets = _load(settings)
        database = Database.open(settings.database_url)
        database.migrate()
        return cls(
            database=database,
            accounts=AccountStore(database, secrets.accounts),
            addresses=AddressBook(database, secrets.addresses),
            attachments=AttachmentStore(database),
            audit=AuditTrail(database, secrets.audit),
            cases=CaseStore(database),
            drop_box=DropBox(database, secrets.box),
            factors=SecondFactors(database, secrets.second_factors),
            invitations=InvitationStore(database, secrets.invitations),
            keys=KeyStore(database),
            leaving=Leaving(database),
            onboarding=Onboarding(database),
            outbox=Outbox(database),
            readers=Readers(database),
            rounds=RoundStore(database),
            receipts=Receipts(secrets.receipts, settings.suite),
        )

    def keeping(self, routes: Routes, settings: Settings) -> Keeping:
        """How long cases stay.

        Args:
            routes: some offices have a term of their own there.
            settings: the term of all others.
        """
        own = {office.id: office.keep_days for office in routes.offices if office.keep_days}
        return Keeping(self.database, Term(settings.keep_days, own))

    def cases_with(self, keeping: Keeping) -> Cases:
        """What sends reports and answers who comes back.

        Args:
            keeping: from `keeping`.
        """
        return Cases(
            self.cases,
            self.accounts,
            self.keys,
            self.readers,
            keeping,
            self.receipts,
            self.attachments,
        )

    def keeping_deleted(self) -> int:
        """How many cases were ever deleted: the one number that remains of them."""
        return Keeping(self.database, Term(1, {})).deleted()

    def route_states(self, routes: Routes) -> list[RouteState]:
        """Whom each route reaches today.

        Args:
            routes: as they were read from the content.
        """
        offices = [office.id for office in routes.offices]
        return routes.check({o: len(self.accounts.public_keys([o])) for o in offices})

    def bundle(self, round_id: str) -> bytes:
        """The sealed answers of a closed round, and of those before it that had too few.

        Raises:
            NoSuchRound, RoundStillOpen: it cannot be had, or not yet.
        """
        return b"".join(self.bundle_lines(round_id))

    def bundle_lines(self, round_id: str) -> Iterator[bytes]:
        """As :meth:`bundle`, line by line.

        Raises:
            NoSuchRound, RoundStillOpen: it cannot be had, or not yet.
        """
        round_ = self.rounds.get(round_id)
        earlier = carried(round_, self.rounds.list(), lambda one: self.drop_box.few(one, LEAST))
        return bundle_lines(round_, self.drop_box.take_all(round_id), earlier)

    def close(self) -> None:
        """Let everything go."""
        self.receipts.close()
        self.database.close()


def _load(settings: Settings) -> Secrets:
    try:
        return Secrets.load(settings.pepper_file)
    except SecretsError as error:
        raise SecretsError(f"SPEAKSAFE_PEPPER_FILE: {error}") from None
