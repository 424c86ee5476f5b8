"""Slack's order for words, posts and Outloud's own coming and going; deleted messages; who was out of reach; the last pulse."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy.types import TypeEngine

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATES = "state IN ('pending', 'live', 'taken back', 'withheld')"
STATES_NOW = "state IN ('pending', 'live', 'taken back', 'withheld', 'deleted')"
GONE = "state NOT IN ('taken back', 'withheld') OR (words = '' AND why = '')"
GONE_NOW = "state NOT IN ('taken back', 'withheld', 'deleted') OR (words = '' AND why = '')"


COLUMNS: tuple[tuple[str, str, TypeEngine[Any]], ...] = (
    ("workspaces", "alive_at", sa.Double()),
    ("workspaces", "heard", sa.Text()),
    ("workspaces", "away_since", sa.Double()),
    ("workspaces", "away_until", sa.Double()),
    ("outbox", "after_ts", sa.Text()),
    ("channels", "bot_ts", sa.Text()),
    ("people", "lost_at", sa.Double()),
)
"""All may be null, so that both engines add and drop them without making the table anew."""


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.add_column("keeps", sa.Column("mere", sa.Boolean(), server_default=sa.false(), nullable=False))
    _learnings(STATES_NOW, GONE_NOW, before=lambda table: table.add_column(sa.Column("words_ts", sa.Text())))


def downgrade() -> None:
    op.execute("UPDATE learnings SET state = 'withheld' WHERE state = 'deleted'")
    _learnings(STATES, GONE, before=lambda table: table.drop_column("words_ts"))
    op.drop_column("keeps", "mere")
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name)


def _learnings(states: str, gone: str, *, before: Callable[[BatchOperations], None]) -> None:
    """Change the learnings' states and, in the same new table, what `before` says."""
    with op.batch_alter_table("learnings") as table:
        before(table)
        for name, rule in (("state", states), ("gone_has_no_words", gone)):
            table.drop_constraint(op.f(f"ck_learnings_{name}"), type_="check")
            table.create_check_constraint(op.f(f"ck_learnings_{name}"), rule)
