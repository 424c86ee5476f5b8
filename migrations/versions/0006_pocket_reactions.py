"""Each pocket has reactions of its own: which keep, help and endorse, and which once kept."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = (
    ("keep_emoji", "'bulb'"),
    ("helped_emoji", "'key'"),
    ("endorse_emoji", "'mortar_board'"),
    ("once_kept", "''"),
)


def upgrade() -> None:
    for name, default in COLUMNS:
        op.add_column("pockets", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text(default)))


def downgrade() -> None:
    for name, _ in reversed(COLUMNS):
        op.drop_column("pockets", name)
