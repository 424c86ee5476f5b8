"""What kind of channel a pocket is now: archived, shared, deleted, or in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FLAGS = (("is_shared", sa.false()), ("is_archived", sa.false()), ("is_deleted", sa.false()), ("is_known", sa.true()))


def upgrade() -> None:
    for name, default in FLAGS:
        op.add_column("channels", sa.Column(name, sa.Boolean(), server_default=default, nullable=False))
    op.add_column("channels", sa.Column("checked_at", sa.Double(), nullable=True))
    op.add_column("pockets", sa.Column("started_ts", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("pockets", "started_ts")
    op.drop_column("channels", "checked_at")
    for name, _ in reversed(FLAGS):
        op.drop_column("channels", name)
