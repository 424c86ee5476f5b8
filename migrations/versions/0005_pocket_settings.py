"""What a pocket's leads decide: its purpose, its noun, its timezone, and whether names may be left out."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = (("purpose", "''"), ("noun", "'learning'"), ("timezone", "'UTC'"))


def upgrade() -> None:
    for name, default in COLUMNS:
        op.add_column("pockets", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text(default)))
    op.add_column("pockets", sa.Column("names_optional", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("pockets", "names_optional")
    for name, _ in reversed(COLUMNS):
        op.drop_column("pockets", name)
