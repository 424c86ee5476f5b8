"""The quiet rule: what people are owed unasked waits in a table of its own, and what was said unasked is counted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OUTBOX = sa.table(
    "outbox",
    sa.column("workspace", sa.Text()),
    sa.column("kind", sa.Text()),
    sa.column("body", sa.JSON()),
    sa.column("owed_at", sa.Double()),
)


def upgrade() -> None:
    notices = op.create_table(
        "notices",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("owed_at", sa.Double(), nullable=False),
        sa.Column("due", sa.Double(), nullable=False),
        sa.Column("errand", sa.Text(), nullable=True),
        sa.Column("again", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "person", "kind", "about", name="pk_notices"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_notices_workspace"),
        sa.ForeignKeyConstraint(
            ["workspace", "errand"],
            ["outbox.workspace", "outbox.id"],
            name="fk_notices_workspace_errand",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_notices_due", "notices", ["due"])
    op.create_index("ix_notices_workspace_errand", "notices", ["workspace", "errand"])
    op.create_table(
        "unasked",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("errand", sa.Text(), nullable=False),
        sa.Column("said_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "lane", "errand", name="pk_unasked"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_unasked_workspace"),
    )
    _move(notices)


def downgrade() -> None:
    op.drop_table("unasked")
    op.drop_table("notices")


def _move(notices: sa.Table) -> None:
    """What the outbox owed of this kind waits in the new place from now on."""
    found = sa.select(OUTBOX).where(OUTBOX.c.kind.in_(("tell author", "tell of gap"))).order_by(OUTBOX.c.owed_at)
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in op.get_bind().execute(found):
        of_gap = row.kind == "tell of gap"
        kind, about = (
            ("missed hours", f"{row.body['channel']}:{row.body['since']:.0f}") if of_gap else ("first kept", "")
        )
        new = {"body": row.body, "owed_at": row.owed_at, "due": row.owed_at, "errand": None, "again": None}
        rows.setdefault((row.workspace, row.body["person"], kind, about), new)
    names = ("workspace", "person", "kind", "about")
    if rows:
        op.bulk_insert(notices, [dict(zip(names, key, strict=True)) | row for key, row in rows.items()])
    op.execute(sa.delete(OUTBOX).where(OUTBOX.c.kind.in_(("tell author", "tell of gap"))))
