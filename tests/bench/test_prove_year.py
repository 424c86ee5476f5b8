"""year: when the clock may go on from one moment to the next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import time

import pytest
from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.engine import URL

from bench.program import MANIFEST
from bench.prove import quiet
from bench.prove.proof import Tally
from bench.prove.timetable import Entry, Habit
from bench.prove.year import LATE, WEEK, _compare, _Year
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


FIRST, SECOND = 60.0, 60.0 + WEEK
"""When it is to be asked, in seconds after noon."""


@pytest.mark.parametrize(
    ("asked", "lost", "doubled", "wrong"),
    [
        ([FIRST, SECOND + LATE - 9], 0, 0, 0),
        ([FIRST], 1, 0, 0),
        ([FIRST, SECOND + LATE], 1, 0, 1),
        ([FIRST, SECOND, SECOND + 1], 0, 1, 0),
        ([FIRST - 9, FIRST, SECOND], 0, 0, 1),
        ([FIRST, SECOND, SECOND + WEEK], 0, 0, 1),
    ],
    ids=["each once, one of them late", "not asked", "too late", "asked twice", "asked before", "asked besides"],
)
async def test_what_is_asked_otherwise_than_by_the_timetable_is_found(
    slack: Slack, asked: list[float], lost: int, doubled: int, wrong: int
) -> None:
    """Twice, a week apart; other people's words do not count, nor what stands in a thread."""
    lead = slack.person("lead")
    channel = slack.channel("pocket", members=(lead,))
    entry = Entry(channel.id, "UTC", "What about it?", Habit("weekly mon", lambda _day, _start: True), time(12, 1))
    for after_noon in asked:
        slack.clock.move(NOON + after_noon - slack.clock.now())
        slack.world.post(channel.id, lead.id, entry.question)
        prompt = slack.world.post(channel.id, slack.app.id, entry.question)
        slack.world.post(channel.id, slack.app.id, entry.question, thread_ts=prompt.ts)
    tally, due = Tally("prompts"), {NOON + FIRST: [entry], NOON + SECOND: [entry]}
    _compare(_Year(slack, slack.clock, "", [entry], due), tally)
    assert [len(found) for found in (tally.lost, tally.doubled, tally.wrong)] == [lost, doubled, wrong]
    assert tally.tried == len(due)
