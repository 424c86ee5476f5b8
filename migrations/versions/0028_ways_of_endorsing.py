"""Each way in which somebody endorsed is a row: two reactions are two, and the endorsement ends with the last of them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

WAY = ("channel", "message_ts", "emoji")
KEY = ["workspace", "person", "topic", "giver"]


def upgrade() -> None:
    for name in WAY:
        op.add_column("endorsements", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    at = "instr" if op.get_bind().dialect.name == "sqlite" else "strpos"
    after = f"substr(way, {at}(way, ':') + 1)"  # "C1:1700000000.000100:mortar_board"
    parts = (
        f"channel = substr(way, 1, {at}(way, ':') - 1)",
        f"message_ts = substr({after}, 1, {at}({after}, ':') - 1)",
        f"emoji = substr({after}, {at}({after}, ':') + 1)",
    )
    op.execute(f"UPDATE endorsements SET {', '.join(parts)} WHERE way <> ''")  # noqa: S608 -- no word of theirs
    op.drop_index("ix_endorsements_workspace_giver_way", table_name="endorsements")
    with op.batch_alter_table("endorsements") as table:
        table.drop_constraint("pk_endorsements", type_="primary")
        table.create_primary_key("pk_endorsements", [*KEY, *WAY])
        table.drop_column("way")
    op.create_index(
        "ix_endorsements_workspace_channel_message_ts",
        "endorsements",
        ["workspace", "channel", "message_ts"],
    )


def downgrade() -> None:
    op.add_column("endorsements", sa.Column("way", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.execute("UPDATE endorsements SET way = channel || ':' || message_ts || ':' || emoji WHERE channel <> ''")
    op.execute(  # there is room for one: that which counts, and of several the first by name
        "DELETE FROM endorsements WHERE EXISTS (SELECT 1 FROM endorsements o WHERE o.workspace = endorsements.workspace"
        " AND o.person = endorsements.person AND o.topic = endorsements.topic AND o.giver = endorsements.giver"
        " AND (o.standing AND NOT endorsements.standing OR o.standing = endorsements.standing AND o.way < endorsements.way))"
    )
    op.drop_index("ix_endorsements_workspace_channel_message_ts", table_name="endorsements")
    with op.batch_alter_table("endorsements") as table:
        table.drop_constraint("pk_endorsements", type_="primary")
        table.create_primary_key("pk_endorsements", KEY)
        for name in WAY:
            table.drop_column(name)
        table.alter_column("way", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.create_index("ix_endorsements_workspace_giver_way", "endorsements", ["workspace", "giver", "way"])
