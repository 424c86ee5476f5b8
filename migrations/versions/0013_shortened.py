"""What a curator left of a message's words, and the files that it had."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = ("shortened_by", "shortened_from")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("learnings", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("learnings", sa.Column("files", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    op.drop_column("learnings", "files")
    for name in reversed(COLUMNS):
        op.drop_column("learnings", name)
