"""The tables, alike on SQLite and PostgreSQL.

Rules that the tests hold every table to:

- Every primary key is a random id, a keyed hash, or begins with one: no counter tells an order.
- On SQLite the tables are WITHOUT ROWID: a row id would tell in which order rows came.
- Nothing is finer than a day; answers and invitations carry no time at all.
- Whatever a person wrote is an envelope, which the server cannot open.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *items: SchemaItem) -> Table:
    return Table(name, metadata, *items, sqlite_with_rowid=False)


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _bytes(name: str, nullable: bool = False, unique: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=nullable, unique=unique or None)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _of(table: str, column: str) -> Column[str]:
    key = f"{table}.{column}"
    return Column(column, Text, ForeignKey(key, ondelete="CASCADE"), primary_key=True)


def _listed(name: str) -> tuple[SchemaItem, ...]:
    """A place in a list of an office, and the index that has that list in order."""
    # By byte, whatever language the database was set up in: pages are merged in Python.
    kind = Text().with_variant(Text(collation="C"), "postgresql")
    there, index = text(f"{name} IS NOT NULL"), f"ix_case_offices_{name}"
    return (
        Column(name, kind, nullable=True),
        Index(index, "office", name, sqlite_where=there, postgresql_where=there),
    )


# -- reports ---------------------------------------------------------------------------------

cases = _table(
    "cases",
    _key("case_id"),
    _bytes("locator", unique=True),
    _bytes("reporter_key"),
    _text("status"),
    _text("lang"),
    Column("opened_on", Date, nullable=False),
    _flag("unread_by_focal_point"),
    _flag("unread_by_reporter"),
    _flag("survey_offer_spent"),
    _text("standby", nullable=True),
    _text("handler", nullable=True),
    Column("closed_on", Date, nullable=True),
    _text("hold", nullable=True),
    Column("no_follow_up_since", Date, nullable=True),
    Column("deletion_asked_on", Date, nullable=True),
    _text("deletion_refused", nullable=True),
    # The two that are looked for without anybody asking, every few seconds.
    Index(
        "ix_cases_unread",
        "opened_on",
        sqlite_where=text("unread_by_focal_point = 1"),
        postgresql_where=text("unread_by_focal_point"),
    ),
    Index("ix_cases_status_closed_on", "status", "closed_on"),
    CheckConstraint("status IN ('received', 'opened', 'in_review', 'closed')", "status"),
)

case_offices = _table(
    "case_offices",
    _of("cases", "case_id"),
    Column("office", Text, primary_key=True, index=True),
    Column("place", Integer, nullable=False),
    # Written by triggers of the migrations, read by vault.stores.listing. A migration that makes
    # cases, case_offices or case_entries anew must make their triggers anew, too.
    *_listed("listed"),
    *_listed("listed_new"),
    *_listed("listed_closed"),
)

case_entries = _table(
    "case_entries",
    _of("cases", "case_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("purpose"),
    _text("author"),
    _bytes("envelope"),
    Column("entered_on", Date, nullable=False),
    _bytes("mark", nullable=True),
    # Who waits for an answer, for a whole list of cases, without reading an envelope.
    Index("ix_case_entries_without_words", "case_id", "author", "purpose", "number", "entered_on"),
    CheckConstraint("purpose IN ('report', 'addition', 'reply', 'note')", "purpose"),
    CheckConstraint("author IN ('reporter', 'focal_point')", "author"),
)

held_keys = _table(
    "held_keys",
    _of("cases", "case_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("recipients"),
)

attachments = _table(
    "attachments",
    _key("attachment_id"),
    Column("case_id", Text, ForeignKey("cases.case_id", ondelete="CASCADE"), index=True),
    Column("waiting", Text, index=True),
    Column("parts", Integer, nullable=False),
    Column("put_on", Date, nullable=False),
    CheckConstraint("(case_id IS NULL) <> (waiting IS NULL)", "one_owner"),
)

attachment_parts = _table(
    "attachment_parts",
    _of("attachments", "attachment_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _bytes("sealed"),
)

# -- the people who read, and the keys -------------------------------------------------------

accounts = _table(
    "accounts",
    _key("account_id"),
    Column("name", Text, nullable=False, unique=True),
    _bytes("setup_hash", nullable=True),
    _bytes("salt", nullable=True),
    _text("sign_in_hash", nullable=True),
    _bytes("public_key", nullable=True),
    _text("wrapped_key", nullable=True),
    _bytes("address", nullable=True),
    _text("lang", nullable=True),
    _text("notice_channel", nullable=True),
    _bytes("notice_address", nullable=True),
)

account_offices = _table(
    "account_offices",
    _of("accounts", "account_id"),
    Column("office", Text, primary_key=True, index=True),
)

second_factors = _table(
    "second_factors",
    _of("accounts", "account_id"),
    _bytes("secret", nullable=True),
    _bytes("pending", nullable=True),
)

recovery_codes = _table(
    "recovery_codes",
    Column("code_hash", LargeBinary, primary_key=True),
    Column(
        "account_id",
        Text,
        ForeignKey("accounts.account_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)

spent_codes = _table(
    "spent_codes",
    Column("code_hash", LargeBinary, primary_key=True),
    Column("spent_on", Date, nullable=False),
)

case_recusals = _table(
    "case_recusals",
    _of("cases", "case_id"),
    _of("accounts", "account_id"),
    Index("ix_case_recusals_account_id", "account_id"),
)

role_keys = _table(
    "role_keys",
    _key("key_id"),
    _text("role"),
    Column("number", Integer, nullable=False),
    _bytes("public_key"),
)

case_exclusions = _table(
    "case_exclusions",
    _of("cases", "case_id"),
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Index("ix_case_exclusions_name", "name"),
    CheckConstraint("kind IN ('office', 'level')", "kind"),
)

# -- what remains when cases have gone ---------------------------------------------------------

totals = _table("totals", _key("name"), Column("many", Integer, nullable=False))

audit = _table(
    "audit",
    _key("link"),
    Column("number", Integer, nullable=False, unique=True),
    _text("previous"),
    Column("done_on", Date, nullable=False),
    _text("who"),
    _text("action"),
    _text("offices"),
    _text("case_id"),
    _text("closed", nullable=True),
    Index("ix_audit_case_id_done_on", "case_id", "done_on"),
)

onboarding = _table(
    "onboarding",
    _key("office"),
    _text("case_id", nullable=True),
    Column("live_on", Date, nullable=True),
)

# -- notices to the people who read ----------------------------------------------------------

outbox = _table(
    "outbox",
    _key("notice_id"),
    Column("case_id", Text, ForeignKey("cases.case_id", ondelete="CASCADE"), nullable=False),
    Column(
        "account_id", Text, ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False
    ),
    _text("kind"),
    Column("due_on", Date, nullable=False),
    _text("state"),
    Column("tries", Integer, nullable=False),
    # As notices are taken: the next one is the first of the index, however many wait.
    Index("ix_outbox_next", "state", "due_on", "tries", "notice_id"),
    Index("ix_outbox_case_id", "case_id"),
    Index("ix_outbox_account_id", "account_id"),
    CheckConstraint(
        "kind IN ('new', 'addition', 'reminder', 'escalation', 'repeat', 'deletion')", "kind"
    ),
    CheckConstraint(
        "state IN ('waiting', 'sent', 'doubt', 'refused', 'unaddressed', 'spared')", "state"
    ),
)

outbox_marks = _table("outbox_marks", _of("outbox", "notice_id"))

# -- the survey ------------------------------------------------------------------------------

rounds = _table(
    "rounds",
    _key("round_id"),
    Column("number", Integer, nullable=False, unique=True),
    _text("instrument"),
    _text("admission"),
    _bytes("task_force_key"),
    _text("opened_month"),
    _text("closed_month", nullable=True),
    CheckConstraint("admission IN ('open', 'invited')", "admission"),
)

box = _table(
    "box",
    Column("row_key", LargeBinary, primary_key=True),
    Column("round_id", Text, ForeignKey("rounds.round_id"), nullable=False),
    _flag("settled"),
    _bytes("wrapped"),
    # The pool that is written anew with every answer, among all that are settled.
    Index("ix_box_round_id_settled", "round_id", "settled"),
)

invitations = _table(
    "invitations",
    Column("token_hash", LargeBinary, primary_key=True),
)
