"""A channel has another id: whatever table has rows of it, they move."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from storage.ids import ChannelId, Place, Ts, WorkspaceId
from storage.places import channel_ids
from storage.tables import Base
from tests.migrations.test_revisions import ROWS

OLD, NEW = Place(WorkspaceId("T1"), ChannelId("C1")), ChannelId("C2NEW")

MORE = (
    (
        "INSERT INTO learnings (workspace, id, key, channel, author, words, state, link, said_at, changed_at)"
        " VALUES ('T1', 'LKEPT', 'message:C1:1.0', 'C1', 'U1', 'w', 'live', 'https://a.slack.com/archives/C1/p10', 1, 1)"
    ),
    (
        "INSERT INTO outbox (workspace, id, kind, lane, body, slot, due, owed_at)"
        """ VALUES ('T1', 'E2', 'look at channel', 'C1', '{"channel": "C1"}', 'channel:C1', 1, 1)"""
    ),
    (
        "INSERT INTO outbox (workspace, id, kind, lane, body, due, owed_at)"
        """ VALUES ('T1', 'E3', 'give words back', 'U1', '{"channel": "C1", "person": "U1"}', 1, 1)"""
    ),
    (
        "INSERT INTO notices (workspace, person, kind, about, body, again, owed_at, due)"
        """ VALUES ('T1', 'U1', 'missed hours', 'C1:5', '{"channel": "C1"}', '{"channel": "C1"}', 1, 1)"""
    ),
    "INSERT INTO unasked (workspace, lane, errand, said_at) VALUES ('T1', 'C1', 'E3', 1)",
    "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at) VALUES ('T2', 'Other', '', 'U0', 'B0', 1)",
    "INSERT INTO channels (workspace, id, name) VALUES ('T2', 'C1', 'same id elsewhere')",
)


def fill(session: Session, *rows: str) -> None:
    """A row in every table, and more."""
    for row in rows:
        session.execute(
            text(row.replace("{", "{").replace(':"', ': "').replace(":1.0", "\\:1.0").replace(":C1", "\\:C1"))
        )


def names_of(session: Session, channel: str) -> set[str]:
    """The tables in which any value of this workspace speaks of a channel, but for what was delivered."""
    found = set()
    for table in Base.metadata.sorted_tables:
        if "workspace" not in table.c:
            continue
        rows = session.execute(select(table).where(table.c.workspace == OLD.workspace)).mappings()
        spoken = [json.dumps(value) for row in rows for value in row.values()]
        if any(f'"{channel}"' in one or f":{channel}" in one or f"/{channel}/" in one for one in spoken):
            found.add(table.name)
    return found


def test_nothing_is_left_under_the_old_id(engine: Engine) -> None:
    """In whatever table: each has a row of this channel, whenever it was made."""
    with Session(engine) as session:
        fill(session, *ROWS, *MORE)
        before = names_of(session, "C1")
        assert before >= {
            "channels",
            "memberships",
            "pockets",
            "leads",
            "learnings",
            "keeps",
            "outbox",
            "notices",
            "unasked",
        }
        many = {table.name: len(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables}
        channel_ids.changed(session, OLD, NEW, event_ts=Ts("5.0"), at=9.0)
        session.flush()
        session.expire_all()
        assert names_of(session, "C1") == {"deliveries"}, "for two days it is remembered what became of it"
        assert channel_ids.moved(session, OLD.workspace, [OLD.channel, NEW]) == {OLD.channel: NEW}
        assert names_of(session, NEW) >= before
        now = {table.name: len(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables}
        for counts in (many, now):
            del counts["outbox"], counts["deliveries"]
        assert now == many
        others = session.execute(text("SELECT name FROM channels WHERE workspace = 'T2' AND id = 'C1'")).scalars()
        assert others.all() == ["same id elsewhere"]


def test_told_again_it_changes_nothing(engine: Engine) -> None:
    """Nor does it for a channel that nobody knows."""
    with Session(engine) as session:
        fill(session, *ROWS)
        for _ in range(2):
            channel_ids.changed(session, OLD, NEW, event_ts=Ts("5.0"), at=9.0)
        assert len(session.execute(text("SELECT * FROM channels")).all()) == 1
        unknown = Place(OLD.workspace, ChannelId("CNONE"))
        channel_ids.changed(session, unknown, ChannelId("CNEXT"), event_ts=Ts("5.0"), at=9.0)
        assert names_of(session, "CNEXT") == set()


def test_where_the_new_id_is_known_already_both_become_one(engine: Engine) -> None:
    """Somebody started the pocket anew before the event came: what was learned in either stays."""
    started = [row.replace("'C1'", f"'{NEW}'") for row in ROWS if "INTO channels" in row or "INTO pockets" in row]
    both = [row.replace("'C1'", f"'{NEW}'") for row in ROWS if "INTO memberships" in row or "INTO keeps" in row]
    with Session(engine) as session:
        fill(session, *ROWS, *started, *both, *MORE[:1])
        channel_ids.changed(session, OLD, NEW, event_ts=Ts("5.0"), at=9.0)
        assert len(session.execute(text("SELECT * FROM pockets")).all()) == 1
        assert len(session.execute(text("SELECT * FROM learnings")).all()) == 3
        assert names_of(session, "C1") == {"deliveries"}


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_a_channels_id_stands_in_a_column_of_one_name(table: object) -> None:
    """By that it is found: whatever refers to a channel, or to what is named by one, calls the column `channel`."""
    channels = Base.metadata.tables["channels"].c.id
    for key in table.foreign_keys:  # type: ignore[attr-defined]
        target = key.column
        if target is channels or target.name == channel_ids.COLUMN:
            assert key.parent.name == channel_ids.COLUMN, f"{table}.{key.parent.name}"
    odd = {column.name for column in table.c if "channel" in column.name} - {channel_ids.COLUMN}  # type: ignore[attr-defined]
    assert odd == set(), "a column that holds a channel's id is called `channel`"
