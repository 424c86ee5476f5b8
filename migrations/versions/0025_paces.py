"""How near Slack's limits all processes are together."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("calls", sa.JSON(), nullable=False),
        sa.Column("ready", sa.Double(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("touched_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "name", name=op.f("pk_paces")),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_paces_workspace_workspaces")),
    )


def downgrade() -> None:
    op.drop_table("paces")
