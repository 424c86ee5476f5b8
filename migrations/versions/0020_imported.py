"""Learnings that come from an export, and what it calls people who are not in this workspace."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learnings", sa.Column("imported_at", sa.Double(), nullable=True))
    op.add_column("learnings", sa.Column("is_elsewhere", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("people", sa.Column("name", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("people") as table:
        table.drop_column("name")
    with op.batch_alter_table("learnings") as table:
        table.drop_column("is_elsewhere")
        table.drop_column("imported_at")
