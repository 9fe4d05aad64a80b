"""Notices to focal points: where they go, and the outbox they wait in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("address", sa.LargeBinary(), nullable=True))
    op.add_column("accounts", sa.Column("lang", sa.Text(), nullable=True))
    op.create_table(
        "outbox",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('new', 'addition', 'reminder', 'escalation', 'repeat', 'deletion')",
            name=op.f("ck_outbox_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'doubt', 'refused', 'unaddressed', 'spared')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_outbox_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_outbox_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_outbox")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outbox_state_due_on", "outbox", ["state", "due_on"])
    op.create_table(
        "outbox_marks",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["outbox.notice_id"],
            name=op.f("fk_outbox_marks_notice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_outbox_marks")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("outbox_marks")
    op.drop_index("ix_outbox_state_due_on", "outbox")
    op.drop_table("outbox")
    op.drop_column("accounts", "lang")
    op.drop_column("accounts", "address")
