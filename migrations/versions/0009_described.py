"""When Slack last said of what kind a channel is, beside when it was last to be asked."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channels", sa.Column("described_at", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("channels", "described_at")
