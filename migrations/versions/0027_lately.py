"""Who shared lately, in which channel, is read off an index."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

COLUMNS = ["workspace", "channel", "state", "without_name", "said_at", "author"]
STATE = "ix_learnings_workspace_channel_state"


def upgrade() -> None:
    op.create_index("ix_learnings_lately", "learnings", COLUMNS)
    op.drop_index(STATE, table_name="learnings")  # the new one begins so


def downgrade() -> None:
    op.create_index(STATE, "learnings", COLUMNS[:3])
    op.drop_index("ix_learnings_lately", table_name="learnings")
