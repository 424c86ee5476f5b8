"""A round may be a question that somebody asked: a learning, whose card stands for it, and that closes by no time."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

HAS_WORDS = "question != ''"
EITHER = "(question = '') = (asked IS NOT NULL)"
CLOSES = "(closes_at IS NULL) = (asked IS NOT NULL)"
ASKED = "SELECT id FROM rounds WHERE rounds.workspace = answers.workspace AND asked IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("rounds") as table:
        table.add_column(sa.Column("asked", sa.Text(), nullable=True))
        table.add_column(sa.Column("opened_ts", sa.Text(), nullable=True))
        table.alter_column("closes_at", existing_type=sa.Double(), nullable=True)
        table.drop_constraint(op.f("ck_rounds_question"), type_="check")
        table.create_check_constraint("question", EITHER)
        table.create_check_constraint("closes_at", CLOSES)
        table.create_foreign_key("fk_rounds_workspace_asked", "learnings", ["workspace", "asked"], ["workspace", "id"])
    op.create_index("ix_rounds_workspace_asked", "rounds", ["workspace", "asked"])


def downgrade() -> None:
    op.execute(f"DELETE FROM answers WHERE round IN ({ASKED})")  # noqa: S608 -- a constant
    op.execute("DELETE FROM rounds WHERE asked IS NOT NULL")
    op.drop_index("ix_rounds_workspace_asked", "rounds")
    with op.batch_alter_table("rounds") as table:
        table.drop_constraint(op.f("fk_rounds_workspace_asked"), type_="foreignkey")
        table.drop_constraint(op.f("ck_rounds_closes_at"), type_="check")
        table.drop_constraint(op.f("ck_rounds_question"), type_="check")
        table.create_check_constraint("question", HAS_WORDS)
        table.alter_column("closes_at", existing_type=sa.Double(), nullable=False)
        table.drop_column("opened_ts")
        table.drop_column("asked")
