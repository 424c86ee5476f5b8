"""Consent: a learning may wait for its author's yes, and what its author was told, allowed and edited is remembered."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NEW = ("allowed_at", "told_at", "edited_at")
STATES = "state IN ('pending', 'asked', 'live', 'taken back', 'withheld', 'deleted')"
GONE = "state NOT IN ('asked', 'taken back', 'withheld', 'deleted') OR (words = '' AND why = '')"
OLD_STATES = "state IN ('pending', 'live', 'taken back', 'withheld', 'deleted')"
OLD_GONE = "state NOT IN ('taken back', 'withheld', 'deleted') OR (words = '' AND why = '')"


def upgrade() -> None:
    def columns(table: BatchOperations) -> None:
        for name in NEW:
            table.add_column(sa.Column(name, sa.Double(), nullable=True))

    _change(columns, states=STATES, gone=GONE)
    # Whoever heard that words of theirs are kept is told of later ones only.
    op.execute(
        "UPDATE learnings SET told_at = changed_at WHERE source_ts IS NOT NULL AND EXISTS (SELECT 1 FROM people"
        " WHERE people.workspace = learnings.workspace AND people.id = learnings.author AND told_kept_at IS NOT NULL)"
    )


def downgrade() -> None:
    def columns(table: BatchOperations) -> None:
        for name in NEW:
            table.drop_column(name)

    op.execute("UPDATE learnings SET state = 'taken back' WHERE state = 'asked'")
    _change(columns, states=OLD_STATES, gone=OLD_GONE)


def _change(columns: Callable[[BatchOperations], None], *, states: str, gone: str) -> None:
    with op.batch_alter_table("learnings") as table:
        columns(table)
        for name, rule in (("state", states), ("gone_has_no_words", gone)):
            table.drop_constraint(op.f(f"ck_learnings_{name}"), type_="check")
            table.create_check_constraint(op.f(f"ck_learnings_{name}"), rule)
