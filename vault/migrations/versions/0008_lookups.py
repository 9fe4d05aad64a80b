"""Indexes for what is looked up often: no table is read from end to end for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_cases_unread",
        "cases",
        ["opened_on"],
        sqlite_where=sa.text("unread_by_focal_point = 1"),
        postgresql_where=sa.text("unread_by_focal_point"),
    )
    op.create_index("ix_cases_status_closed_on", "cases", ["status", "closed_on"])
    op.create_index(
        "ix_case_entries_without_words",
        "case_entries",
        ["case_id", "author", "purpose", "number", "entered_on"],
    )
    op.create_index("ix_case_recusals_account_id", "case_recusals", ["account_id"])
    op.create_index("ix_audit_case_id_done_on", "audit", ["case_id", "done_on"])
    op.create_index("ix_outbox_next", "outbox", ["state", "due_on", "tries", "notice_id"])
    op.drop_index("ix_outbox_state_due_on", "outbox")
    op.create_index("ix_outbox_case_id", "outbox", ["case_id"])
    op.create_index("ix_outbox_account_id", "outbox", ["account_id"])
    op.create_index("ix_box_round_id_settled", "box", ["round_id", "settled"])
    op.drop_index("ix_box_round_id", "box")


def downgrade() -> None:
    op.create_index("ix_box_round_id", "box", ["round_id"])
    op.drop_index("ix_box_round_id_settled", "box")
    op.drop_index("ix_outbox_account_id", "outbox")
    op.drop_index("ix_outbox_case_id", "outbox")
    op.create_index("ix_outbox_state_due_on", "outbox", ["state", "due_on"])
    op.drop_index("ix_outbox_next", "outbox")
    op.drop_index("ix_audit_case_id_done_on", "audit")
    op.drop_index("ix_case_recusals_account_id", "case_recusals")
    op.drop_index("ix_case_entries_without_words", "case_entries")
    op.drop_index("ix_cases_status_closed_on", "cases")
    op.drop_index("ix_cases_unread", "cases")
