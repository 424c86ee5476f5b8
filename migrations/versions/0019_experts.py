"""Who may be asked about what, what they decided about being found, and what topics are called."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expert_tags",
        *_of_a_person("expert_tags", "topic"),
        sa.Column("claimed_at", sa.Double(), nullable=True),
        sa.Column("endorsed_at", sa.Double(), nullable=True),
        sa.Column("earned_at", sa.Double(), nullable=True),
        sa.Column("off_at", sa.Double(), nullable=True),
        sa.Column("declined_at", sa.Double(), nullable=True),
        sa.Column("touched_at", sa.Double(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=True),
    )
    op.create_index(op.f("ix_expert_tags_touched_at"), "expert_tags", ["touched_at"])
    op.create_index(op.f("ix_expert_tags_workspace_topic"), "expert_tags", ["workspace", "topic"])
    op.create_table(
        "expert_wishes",
        *_of_a_person("expert_wishes"),
        sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("a_week", sa.Integer(), nullable=True),
        sa.Column("stopped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=True),
    )
    op.create_table(
        "endorsements",
        *_of_a_person("endorsements", "topic", "giver"),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("event_ts", sa.Text(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("given_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "giver"], ["people.workspace", "people.id"], name=op.f("fk_endorsements_workspace_giver")
        ),
        sa.CheckConstraint("state IN ('waiting', 'yes', 'no', 'stopped')", name=op.f("ck_endorsements_state")),
    )
    op.create_index(op.f("ix_endorsements_workspace_giver_way"), "endorsements", ["workspace", "giver", "way"])
    op.create_table("approaches", *_of_a_person("approaches", "by"), sa.Column("at", sa.Double(), nullable=False))
    op.create_index(op.f("ix_approaches_at"), "approaches", ["at"])
    op.create_table(
        "topic_aliases",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("workspace", "alias", "into", "topic", "channel", "named_by")
        ),
        sa.Column("named_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["pockets.workspace", "pockets.channel"],
            name=op.f("fk_topic_aliases_workspace_channel"),
        ),
        sa.PrimaryKeyConstraint("workspace", "alias", name=op.f("pk_topic_aliases")),
        sa.CheckConstraint("alias != topic", name=op.f("ck_topic_aliases_is_another")),
    )
    op.create_index(op.f("ix_topic_aliases_workspace_topic"), "topic_aliases", ["workspace", "topic"])


def downgrade() -> None:
    for table in ("topic_aliases", "approaches", "endorsements", "expert_wishes", "expert_tags"):
        op.drop_table(table)


def _of_a_person(table: str, *more: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The keys of a table whose rows are about a person."""
    keys = ("workspace", "person", *more)
    return (
        *(sa.Column(name, sa.Text(), nullable=False) for name in keys),
        sa.ForeignKeyConstraint(
            ["workspace", "person"], ["people.workspace", "people.id"], name=op.f(f"fk_{table}_workspace_person")
        ),
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{table}")),
    )
