"""What somebody asks people who know, privately: the question, and who was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STATES = "state IN ('open', 'answered', 'unanswered', 'passed on', 'taken back')"
PEOPLE = "state IN ('next', 'asked', 'answered', 'declined', 'released')"
MAY = "may_share IN ('no', 'with name', 'without name')"


def upgrade() -> None:
    op.create_table(
        "asked_questions",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("workspace", "id", "asker", "channel", "words")),
        sa.Column("without_name", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("to_pocket", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("answer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("may_share", sa.Text(), server_default=sa.text("'no'"), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("learning", sa.Text(), nullable=True),
        sa.Column("helped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_asked_questions")),
        _refers("asked_questions", "asker", "people", "id"),
        _refers("asked_questions", "channel", "pockets", "channel"),
        _refers("asked_questions", "question", "learnings", "id"),
        _refers("asked_questions", "learning", "learnings", "id"),
        sa.CheckConstraint(STATES, name=op.f("ck_asked_questions_state")),
        sa.CheckConstraint(MAY, name=op.f("ck_asked_questions_may_share")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_asked_questions_open", "asked_questions", ["due_at"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index(op.f("ix_asked_questions_ended_at"), "asked_questions", ["ended_at"])
    op.create_table(
        "asked_people",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("workspace", "question", "person")),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "question", "person", name=op.f("pk_asked_people")),
        _refers("asked_people", "question", "asked_questions", "id", ondelete="CASCADE"),
        _refers("asked_people", "person", "people", "id"),
        sa.CheckConstraint(PEOPLE, name=op.f("ck_asked_people_state")),
    )
    op.create_index(
        op.f("ix_asked_people_workspace_person_asked_at"), "asked_people", ["workspace", "person", "asked_at"]
    )


def downgrade() -> None:
    op.drop_table("asked_people")
    op.drop_table("asked_questions")


def _refers(
    table: str, column: str, other: str, id: str, *, ondelete: str | None = None
) -> sa.schema.ForeignKeyConstraint:
    """What a column names, in the same workspace."""
    return sa.ForeignKeyConstraint(
        ["workspace", column],
        [f"{other}.workspace", f"{other}.{id}"],
        name=op.f(f"fk_{table}_workspace_{column}"),
        ondelete=ondelete,
    )
