"""How much there is in a workspace is counted no more: words are weighed by what their reader may see (docs/decisions/0185)."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("many", "length"):
        op.drop_column("corpora", name)


def downgrade() -> None:
    """They are counted again, as they would be by now."""
    op.add_column("corpora", sa.Column("many", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("corpora", sa.Column("length", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    counted = "FROM documents d WHERE d.workspace = corpora.workspace AND d.counted"
    op.execute(
        f"UPDATE corpora SET many = (SELECT count(*) {counted}), length = (SELECT coalesce(sum(d.length), 0) {counted})"  # noqa: S608 -- our own words
    )
