"""By what an addition is known that is sent once more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_entries", sa.Column("mark", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("case_entries", "mark")
