"""Whom a learning helped, who wrote what it says now, and what became of it: out of date, or taken away by a lead."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("is_bot", sa.Boolean(), nullable=True))
    op.add_column("learnings", sa.Column("edited_by", sa.Text(), nullable=True))
    op.create_index("ix_learnings_workspace_channel_card_ts", "learnings", ["workspace", "channel", "card_ts"])
    op.create_table(
        "helps",
        *_of_a_learning("helps", "person", "message_ts", "emoji"),
        sa.Column("event_ts", sa.Text(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "person"], ["people.workspace", "people.id"], name=op.f("fk_helps_workspace_person")
        ),
    )
    op.create_index("ix_helps_workspace_person", "helps", ["workspace", "person"])
    op.create_table(
        "outdated",
        *_of_a_learning("outdated"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    )
    op.create_table(
        "removals",
        *_of_a_learning("removals"),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    )
    op.create_index("ix_removals_workspace_author", "removals", ["workspace", "author"])


def downgrade() -> None:
    for table in ("removals", "outdated", "helps"):
        op.drop_table(table)
    op.drop_index("ix_learnings_workspace_channel_card_ts", "learnings")
    op.drop_column("learnings", "edited_by")
    op.drop_column("people", "is_bot")


def _of_a_learning(table: str, *more: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The keys of a table whose rows are about a learning, and go with it."""
    keys = ("workspace", "learning", *more)
    return (
        *(sa.Column(name, sa.Text(), nullable=False) for name in keys),
        sa.ForeignKeyConstraint(
            ["workspace", "learning"],
            ["learnings.workspace", "learnings.id"],
            name=op.f(f"fk_{table}_workspace_learning"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{table}")),
    )
