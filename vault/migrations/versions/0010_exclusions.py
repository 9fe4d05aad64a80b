"""Which offices and levels must not see a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_exclusions",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('office', 'level')", name=op.f("ck_case_exclusions_kind")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
            name=op.f("fk_case_exclusions_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", "kind", "name", name=op.f("pk_case_exclusions")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_exclusions_name", "case_exclusions", ["name"])


def downgrade() -> None:
    op.drop_table("case_exclusions")
