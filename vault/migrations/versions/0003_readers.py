"""Who may read a case besides its office, who stepped aside, and who has it in hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("standby", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("handler", sa.Text(), nullable=True))
    op.create_table(
        "held_keys",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_held_keys_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_held_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_recusals",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
            name=op.f("fk_case_recusals_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_case_recusals_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_case_recusals")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("case_recusals")
    op.drop_table("held_keys")
    op.drop_column("cases", "handler")
    op.drop_column("cases", "standby")
