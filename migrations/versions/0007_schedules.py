"""Schedules, the occurrences that come of them, and a pocket's own prompts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompts",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("use", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.CheckConstraint("state IN ('suggested', 'live', 'retired')", name=op.f("ck_prompts_state")),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["pockets.workspace", "pockets.channel"],
            name=op.f("fk_prompts_workspace_channel"),
        ),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_prompts")),
    )
    op.create_index(op.f("ix_prompts_workspace_channel"), "prompts", ["workspace", "channel"], unique=False)
    op.create_table(
        "schedules",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("theme", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("shuffled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("deck", sa.JSON(), nullable=False),
        sa.Column("last_card", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("open_days", sa.Integer(), server_default=sa.text("2"), nullable=False),
        sa.Column("nudge", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("grace", sa.Double(), server_default=sa.text("43200"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'live'"), nullable=False),
        sa.Column("rests", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("paused_until", sa.Text(), nullable=True),
        sa.Column("next_at", sa.Double(), nullable=True),
        sa.Column("next_on", sa.Text(), nullable=True),
        sa.Column("first_at", sa.Double(), nullable=True),
        sa.Column("due", sa.Double(), nullable=True),
        sa.Column("asked_on", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.CheckConstraint("source IN ('question', 'list', 'theme')", name=op.f("ck_schedules_source")),
        sa.CheckConstraint("state = 'live' OR due IS NULL", name=op.f("ck_schedules_only_live_is_due")),
        sa.CheckConstraint("state IN ('live', 'resting', 'removed')", name=op.f("ck_schedules_state")),
        sa.CheckConstraint("(next_at IS NULL) = (next_on IS NULL)", name=op.f("ck_schedules_next_has_a_date")),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["pockets.workspace", "pockets.channel"],
            name=op.f("fk_schedules_workspace_channel"),
        ),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_schedules")),
    )
    op.create_index(
        "ix_schedules_due",
        "schedules",
        ["due"],
        unique=False,
        sqlite_where=sa.text("due IS NOT NULL"),
        postgresql_where=sa.text("due IS NOT NULL"),
    )
    op.create_index(op.f("ix_schedules_workspace_channel"), "schedules", ["workspace", "channel"], unique=False)
    op.create_table(
        "occurrences",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("local_date", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.Double(), nullable=False),
        sa.CheckConstraint("state IN ('announced', 'opened', 'missed', 'skipped')", name=op.f("ck_occurrences_state")),
        sa.ForeignKeyConstraint(
            ["workspace", "schedule"],
            ["schedules.workspace", "schedules.id"],
            name=op.f("fk_occurrences_workspace_schedule"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "schedule", "local_date", name=op.f("pk_occurrences")),
    )


def downgrade() -> None:
    op.drop_table("occurrences")
    op.drop_index(op.f("ix_schedules_workspace_channel"), table_name="schedules")
    op.drop_index(
        "ix_schedules_due",
        table_name="schedules",
        sqlite_where=sa.text("due IS NOT NULL"),
        postgresql_where=sa.text("due IS NOT NULL"),
    )
    op.drop_table("schedules")
    op.drop_index(op.f("ix_prompts_workspace_channel"), table_name="prompts")
    op.drop_table("prompts")
