"""Rounds: what was asked, who answered, what they left out, whom to remind, and leads' first answers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KIND = "kind IN ('learning', 'question', 'idea', 'story', 'working on')"


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=sa.text(default) if default else None)


def _time(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=nullable)


def _pocket(table: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", "channel"],
        ["pockets.workspace", "pockets.channel"],
        name=f"fk_{table}_workspace_channel",
        ondelete=ondelete,
    )


def upgrade() -> None:
    op.create_table(
        "rounds",
        _text("workspace"),
        _text("id"),
        _text("key"),
        _text("channel"),
        _text("schedule", nullable=True),
        _text("question"),
        _text("kind", default="'learning'"),
        _text("lead"),
        _time("opened_at"),
        _time("closes_at"),
        _time("nudges_at", nullable=True),
        _time("nudged_at", nullable=True),
        _time("closed_at", nullable=True),
        _text("closed_ts", nullable=True),
        _text("ts", nullable=True),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_rounds"),
        sa.UniqueConstraint("workspace", "key", name="uq_rounds_workspace_key"),
        _pocket("rounds"),
        sa.CheckConstraint(KIND, name="kind"),
        sa.CheckConstraint("question != ''", name="question"),
    )
    op.create_index("ix_rounds_workspace_channel_ts", "rounds", ["workspace", "channel", "ts"], unique=True)
    op.create_index("ix_rounds_workspace_schedule_opened_at", "rounds", ["workspace", "schedule", "opened_at"])
    for name, column, where in (
        ("ix_rounds_open", "closes_at", "closed_at IS NULL"),
        ("ix_rounds_nudging", "nudges_at", "nudged_at IS NULL AND closed_at IS NULL"),
    ):
        op.create_index(name, "rounds", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "answers",
        _text("workspace"),
        _text("round"),
        _text("person"),
        _text("channel"),
        _text("message_ts", nullable=True),
        _text("learning", nullable=True),
        _text("after_ts", default="'0'"),
        sa.PrimaryKeyConstraint("workspace", "round", "person", name="pk_answers"),
        sa.ForeignKeyConstraint(
            ["workspace", "round"],
            ["rounds.workspace", "rounds.id"],
            name="fk_answers_workspace_round",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace", "learning"], ["learnings.workspace", "learnings.id"], name="fk_answers_workspace_learning"
        ),
    )
    op.create_index("ix_answers_workspace_channel_message_ts", "answers", ["workspace", "channel", "message_ts"])
    op.create_index("ix_answers_workspace_learning", "answers", ["workspace", "learning"])
    op.create_index("ix_answers_workspace_channel_person", "answers", ["workspace", "channel", "person"])
    op.create_table(
        "left_out",
        _text("workspace"),
        _text("channel"),
        _text("message_ts"),
        _text("person"),
        _text("event_ts"),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "channel", "message_ts", "person", name="pk_left_out"),
        _pocket("left_out"),
    )
    op.create_table(
        "reminders",
        _text("workspace"),
        _text("channel"),
        _text("person"),
        _time("since"),
        sa.PrimaryKeyConstraint("workspace", "channel", "person", name="pk_reminders"),
        _pocket("reminders", ondelete="CASCADE"),
    )
    op.create_table(
        "first_answers",
        _text("workspace"),
        _text("key"),
        _text("channel"),
        _text("lead"),
        _text("question"),
        _text("kind", default="'learning'"),
        _time("opens_at"),
        _text("words", default="''"),
        sa.Column("unasked", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("workspace", "key", name="pk_first_answers"),
        _pocket("first_answers"),
    )
    op.create_index("ix_first_answers_opens_at", "first_answers", ["opens_at"])


def downgrade() -> None:
    for table in ("first_answers", "reminders", "left_out", "answers", "rounds"):
        op.drop_table(table)
