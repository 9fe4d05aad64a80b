"""What focal points note for each other lies among a case's envelopes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NAME = "ck_case_entries_purpose"
_BEFORE = "purpose IN ('report', 'addition', 'reply')"
_NOW = "purpose IN ('report', 'addition', 'reply', 'note')"


def upgrade() -> None:
    _allow(_BEFORE, _NOW)


def downgrade() -> None:
    op.execute("DELETE FROM case_entries WHERE purpose = 'note'")
    _allow(_NOW, _BEFORE)


def _allow(before: str, now: str) -> None:
    # SQLite makes the table anew for this; without a row id, as it was.
    entries = sa.Table(
        "case_entries",
        sa.MetaData(),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.CheckConstraint(before, name=op.f(_NAME)),
        sa.CheckConstraint(
            "author IN ('reporter', 'focal_point')", name=op.f("ck_case_entries_author")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_case_entries_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_entries")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("case_entries", copy_from=entries) as table:
        table.drop_constraint(op.f(_NAME), type_="check")
        table.create_check_constraint(op.f(_NAME), now)
