"""Weekly digests: where they are posted, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "channel", name="pk_digests"),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["pockets.workspace", "pockets.channel"],
            name="fk_digests_workspace_channel",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )
    op.create_index("ix_digests_next_at", "digests", ["next_at"])


def downgrade() -> None:
    op.drop_table("digests")
