"""Who opened the app's Home; and what a pocket learned lately is found without looking at all that it ever did."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "homes",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "person", name=op.f("pk_homes")),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_homes_workspace_workspaces")),
    )
    op.create_index("ix_learnings_workspace_channel_said_at", "learnings", ["workspace", "channel", "said_at"])


def downgrade() -> None:
    op.drop_index("ix_learnings_workspace_channel_said_at", "learnings")
    op.drop_table("homes")
