"""year: when the clock may go on from one moment to the next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.engine import URL

from bench.program import MANIFEST
from bench.prove import quiet
from sandbox.manifest import read_manifest
from sandbox.slack import Slack
from storage.tables import Owed, Workspace

NOON = 1_767_614_400.0


@pytest.fixture
def connection(database_url: URL) -> Iterator[Connection]:
    """The bot's database, where a workspace is."""
    engine = create_engine(database_url)
    installed = {"id": "T1", "name": "Acme", "url": "", "bot_user": "U1", "bot": "B1", "installed_at": NOON}
    with engine.connect() as connection:
        connection.execute(insert(Workspace).values(installed))
        connection.commit()
        yield connection
    engine.dispose()


@pytest.fixture
def slack() -> Slack:
    """One in which it is noon."""
    return Slack(read_manifest(MANIFEST), now=NOON)


def _owe(connection: Connection, *, due: float, lease: str | None = None) -> None:
    owed = {"workspace": "T1", "id": f"at {due}", "kind": "ask first", "lane": "U2", "body": {}}
    connection.execute(insert(Owed).values(owed | {"due": due, "lease": lease, "owed_at": NOON}))
    connection.commit()


async def test_what_is_owed_for_later_is_not_waited_for(connection: Connection, slack: Slack) -> None:
    """The clock has to come to it first."""
    _owe(connection, due=NOON + 3600)
    assert await quiet.done(slack, connection, patience=0)


@pytest.mark.parametrize(("due", "lease"), [(NOON - 1, None), (NOON + 30, "in hand")])
async def test_what_is_due_or_in_hand_is_waited_for(
    connection: Connection, slack: Slack, due: float, lease: str | None
) -> None:
    """Until it is done: what is in hand is so until its lease ends, which is when it is due."""
    _owe(connection, due=due, lease=lease)
    waiting = asyncio.create_task(quiet.done(slack, connection, patience=60))
    await asyncio.sleep(5 * quiet.DUE_LOOK)
    assert not waiting.done()
    connection.execute(text("DELETE FROM outbox"))
    connection.commit()
    assert await waiting


async def test_what_is_never_done_is_not_waited_for_for_ever(connection: Connection, slack: Slack) -> None:
    """Where nothing changes any more, that is said."""
    _owe(connection, due=NOON - 1)
    assert not await quiet.done(slack, connection, patience=3 * quiet.DUE_LOOK)
