"""How soon what shows that somebody knows something weighs half: each pocket says so."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pockets", sa.Column("half_life", sa.Integer(), nullable=False, server_default=sa.text("182")))


def downgrade() -> None:
    op.drop_column("pockets", "half_life")
