"""How long a case is kept, what its reporter asks for, the trail of who read it, onboarding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("hold", sa.Text(), nullable=True),
        sa.Column("no_follow_up_since", sa.Date(), nullable=True),
        sa.Column("deletion_asked_on", sa.Date(), nullable=True),
        sa.Column("deletion_refused", sa.Text(), nullable=True),
    ):
        op.add_column("cases", column)
    op.create_table(
        "totals",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_totals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit",
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("offices", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("link", name=op.f("pk_audit")),
        sa.UniqueConstraint("number", name=op.f("uq_audit_number")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "onboarding",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("live_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_onboarding")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("onboarding")
    op.drop_table("audit")
    op.drop_table("totals")
    for name in (
        "deletion_refused",
        "deletion_asked_on",
        "no_follow_up_since",
        "hold",
        "closed_on",
    ):
        op.drop_column("cases", name)
