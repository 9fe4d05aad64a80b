"""One small store for each thing that is kept, all on one :class:`vault.database.Database`.

The drop box and the invitations share nothing: no column, no transaction, no time.
"""

from vault.stores.accounts import Account, AccountStore
from vault.stores.addresses import Address, AddressBook
from vault.stores.attachments import AttachmentStore
from vault.stores.audit import AuditTrail
from vault.stores.cases import Case, CaseStore, Entry, NewCase, new_case_id
from vault.stores.drop_box import DropBox
from vault.stores.exclusions import Exclusions
from vault.stores.invitations import InvitationStore
from vault.stores.keeping import Keeping, Term
from vault.stores.keys import KeyStore
from vault.stores.leaving import Leaving
from vault.stores.listing import CaseList
from vault.stores.onboarding import Onboarding
from vault.stores.outbox import Outbox
from vault.stores.readers import Readers
from vault.stores.rounds import Round, RoundStore
from vault.stores.second_factors import SecondFactors

__all__ = [
    "Account",
    "AccountStore",
    "Address",
    "AddressBook",
    "AttachmentStore",
    "AuditTrail",
    "Case",
    "CaseList",
    "CaseStore",
    "DropBox",
    "Entry",
    "Exclusions",
    "InvitationStore",
    "Keeping",
    "KeyStore",
    "Leaving",
    "NewCase",
    "Onboarding",
    "Outbox",
    "Readers",
    "Round",
    "RoundStore",
    "SecondFactors",
    "Term",
    "new_case_id",
]
