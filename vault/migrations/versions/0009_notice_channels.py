"""Where focal points get notices who do not want them by e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("notice_channel", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("notice_address", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("accounts", "notice_address")
    op.drop_column("accounts", "notice_channel")
