"""Whom what was shared lately helped is looked up by ids: the index that says who shared lately holds these, too."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NAME = "ix_learnings_lately"
COLUMNS = ["workspace", "channel", "state", "without_name", "said_at", "author"]


def upgrade() -> None:
    op.drop_index(NAME, table_name="learnings")
    op.create_index(NAME, "learnings", [*COLUMNS, "id", "source_ts"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="learnings")
    op.create_index(NAME, "learnings", COLUMNS)
