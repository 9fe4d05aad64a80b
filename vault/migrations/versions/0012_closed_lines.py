"""Which lines of the trail an owner of several offices is not shown, also when a case has gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit", sa.Column("closed", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("audit", "closed")
