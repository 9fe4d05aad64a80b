"""The first tables: reports, the people who read them, the survey."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("setup_hash", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("sign_in_hash", sa.Text(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_key", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("locator", sa.LargeBinary(), nullable=False),
        sa.Column("reporter_key", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("unread_by_focal_point", sa.Boolean(), nullable=False),
        sa.Column("unread_by_reporter", sa.Boolean(), nullable=False),
        sa.Column("survey_offer_spent", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('received', 'opened', 'in_review', 'closed')", name=op.f("ck_cases_status")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint("locator", name=op.f("uq_cases_locator")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "role_keys",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_role_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rounds",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("admission", sa.Text(), nullable=False),
        sa.Column("task_force_key", sa.LargeBinary(), nullable=False),
        sa.Column("opened_month", sa.Text(), nullable=False),
        sa.Column("closed_month", sa.Text(), nullable=True),
        sa.CheckConstraint("admission IN ('open', 'invited')", name=op.f("ck_rounds_admission")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("number", name=op.f("uq_rounds_number")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account_offices",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_account_offices_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "office", name=op.f("pk_account_offices")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_account_offices_office"), "account_offices", ["office"])

    op.create_table(
        "box",
        sa.Column("row_key", sa.LargeBinary(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.round_id"], name=op.f("fk_box_round_id")),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_box")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_box_round_id"), "box", ["round_id"])

    op.create_table(
        "case_entries",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "author IN ('reporter', 'focal_point')", name=op.f("ck_case_entries_author")
        ),
        sa.CheckConstraint(
            "purpose IN ('report', 'addition', 'reply')", name=op.f("ck_case_entries_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_case_entries_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_entries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_offices",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_case_offices_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "office", name=op.f("pk_case_offices")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_case_offices_office"), "case_offices", ["office"])


def downgrade() -> None:
    op.drop_index(op.f("ix_case_offices_office"), "case_offices")
    op.drop_table("case_offices")
    op.drop_table("case_entries")
    op.drop_index(op.f("ix_box_round_id"), "box")
    op.drop_table("box")
    op.drop_index(op.f("ix_account_offices_office"), "account_offices")
    op.drop_table("account_offices")
    op.drop_table("rounds")
    op.drop_table("role_keys")
    op.drop_table("invitations")
    op.drop_table("cases")
    op.drop_table("accounts")
