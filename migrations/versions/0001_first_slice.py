"""The first slice: workspaces, people, channels, pockets, learnings, keeps, the outbox, deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("bot_user", sa.Text(), nullable=False),
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "channels",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("has_bot", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("looked_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_channels_workspace")),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_channels")),
    )
    op.create_table(
        "deliveries",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_deliveries_workspace")),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_seen_at"), "deliveries", ["seen_at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("due", sa.Double(), nullable=False),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("unknown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("owed_at", sa.Double(), nullable=False),
        sa.Column("tried_at", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'parked')", name=op.f("ck_outbox_state")),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_outbox_workspace")),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_state_due"), "outbox", ["state", "due"], unique=False)
    op.create_index(
        "uq_outbox_open_slot",
        "outbox",
        ["workspace", "slot"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting' AND lease IS NULL"),
        postgresql_where=sa.text("state = 'waiting' AND lease IS NULL"),
    )

    op.create_table(
        "people",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("never_keep", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("told_keep_at", sa.Double(), nullable=True),
        sa.Column("told_kept_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name=op.f("fk_people_workspace")),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_people")),
    )
    op.create_table(
        "memberships",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("event_ts", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.Double(), nullable=False),
        sa.Column("standing", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["channels.workspace", "channels.id"],
            name=op.f("fk_memberships_workspace_channel"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", "person", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_workspace_person"), "memberships", ["workspace", "person"], unique=False)

    op.create_table(
        "pockets",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("stopped_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"], ["channels.workspace", "channels.id"], name=op.f("fk_pockets_workspace_channel")
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", name=op.f("pk_pockets")),
    )
    op.create_table(
        "keeps",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_ts", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("event_ts", sa.Text(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"], ["pockets.workspace", "pockets.channel"], name=op.f("fk_keeps_workspace_channel")
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", "message_ts", "person", "emoji", name=op.f("pk_keeps")),
    )
    op.create_index(op.f("ix_keeps_workspace_person"), "keeps", ["workspace", "person"], unique=False)

    op.create_table(
        "leads",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["pockets.workspace", "pockets.channel"],
            name=op.f("fk_leads_workspace_channel"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace", "person"], ["people.workspace", "people.id"], name=op.f("fk_leads_workspace_person")
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", "person", name=op.f("pk_leads")),
    )
    op.create_table(
        "learnings",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), server_default=sa.text("'learning'"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("without_name", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source_ts", sa.Text(), nullable=True),
        sa.Column("card_ts", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("said_at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('learning', 'question', 'idea', 'story', 'working on')", name=op.f("ck_learnings_kind")
        ),
        sa.CheckConstraint(
            "state != 'live' OR (author IS NOT NULL AND words != '')", name=op.f("ck_learnings_live_is_whole")
        ),
        sa.CheckConstraint("state IN ('pending', 'live', 'taken back', 'withheld')", name=op.f("ck_learnings_state")),
        sa.CheckConstraint(
            "state NOT IN ('taken back', 'withheld') OR (words = '' AND why = '')",
            name=op.f("ck_learnings_gone_has_no_words"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["pockets.workspace", "pockets.channel"],
            name=op.f("fk_learnings_workspace_channel"),
        ),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_learnings")),
        sa.UniqueConstraint("workspace", "key", name=op.f("uq_learnings_workspace_key")),
    )
    op.create_index(op.f("ix_learnings_workspace_author"), "learnings", ["workspace", "author"], unique=False)
    op.create_index(
        op.f("ix_learnings_workspace_channel_state"), "learnings", ["workspace", "channel", "state"], unique=False
    )

    op.create_table(
        "learning_topics",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "learning"],
            ["learnings.workspace", "learnings.id"],
            name=op.f("fk_learning_topics_workspace_learning"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "learning", "topic", name=op.f("pk_learning_topics")),
    )
    op.create_index(op.f("ix_learning_topics_workspace_topic"), "learning_topics", ["workspace", "topic"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_learning_topics_workspace_topic"), table_name="learning_topics")

    op.drop_table("learning_topics")
    op.drop_index(op.f("ix_learnings_workspace_channel_state"), table_name="learnings")
    op.drop_index(op.f("ix_learnings_workspace_author"), table_name="learnings")

    op.drop_table("learnings")
    op.drop_table("leads")
    op.drop_index(op.f("ix_keeps_workspace_person"), table_name="keeps")

    op.drop_table("keeps")
    op.drop_table("pockets")
    op.drop_index(op.f("ix_memberships_workspace_person"), table_name="memberships")

    op.drop_table("memberships")
    op.drop_table("people")
    op.drop_index(
        "uq_outbox_open_slot",
        table_name="outbox",
        sqlite_where=sa.text("state = 'waiting' AND lease IS NULL"),
        postgresql_where=sa.text("state = 'waiting' AND lease IS NULL"),
    )
    op.drop_index(op.f("ix_outbox_state_due"), table_name="outbox")

    op.drop_table("outbox")
    op.drop_index(op.f("ix_deliveries_seen_at"), table_name="deliveries")

    op.drop_table("deliveries")
    op.drop_table("channels")
    op.drop_table("workspaces")
