"""What a learning said before a lead changed it; and which of its words a curator left out of what waits for a yes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learnings", sa.Column("cut", sa.Text(), nullable=True))
    op.create_table(
        "earlier",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "learning", name=op.f("pk_earlier")),
        sa.ForeignKeyConstraint(
            ["workspace", "learning"],
            ["learnings.workspace", "learnings.id"],
            name=op.f("fk_earlier_workspace_learning_learnings"),
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("earlier")
    with op.batch_alter_table("learnings") as table:
        table.drop_column("cut")
