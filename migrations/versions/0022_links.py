"""Which learnings say nearly the same, and lead to each other."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("workspace", "learning", "other", "linked_by")),
        sa.Column("linked_at", sa.Double(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["workspace", one],
                ["learnings.workspace", "learnings.id"],
                name=op.f(f"fk_links_workspace_{one}"),
                ondelete="CASCADE",
            )
            for one in ("learning", "other")
        ),
        sa.PrimaryKeyConstraint("workspace", "learning", "other", name=op.f("pk_links")),
        sa.CheckConstraint("learning != other", name=op.f("ck_links_are_two")),
    )
    op.create_index(op.f("ix_links_workspace_other"), "links", ["workspace", "other"])


def downgrade() -> None:
    op.drop_table("links")
