"""The pace of several processes together: a turn is one process's, whoever asks, and nobody waits for a lock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bot.pace import POST, TIERS, limits
from storage.db.database import Database
from storage.ids import WorkspaceId
from storage.owed import outbox, pacing
from storage.owed.limits import Pace, Turn
from storage.owed.outbox import Due, Errand
from tests.memory import Memory
from tests.storage.rows import open_workspace

OURS = WorkspaceId("T1")
ONE, OTHER = Pace("one"), Pace("other")


@pytest.fixture
async def two(database_url: URL) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes on one database, which has a workspace."""
    both = Database(database_url), Database(database_url)
    await both[0].write(open_workspace)
    yield both
    for each in both:
        await each.close()


def owe(session: Session, kind: str, many: int, lane: str = "C1") -> None:
    """Owe some of a kind, which is called as the method that it needs."""
    for _ in range(many):
        outbox.owe(session, OURS, kind, lane=lane, body={}, at=0.0)


def turn_of(one: Due) -> Turn:
    """The turn that it needs."""
    return Turn(one.workspace, limits(one.kind, one.lane))


def claim(session: Session, pace: Pace) -> list[Errand]:
    """Take all whose turn it is."""
    due = outbox.due(session, at=1.0)
    return pacing.claim(session, due, at=1.0, lease=30.0, turn_of=turn_of, pace=pace)


async def test_a_channels_turn_is_one_processs(two: tuple[Database, Database]) -> None:
    """Four wait for one channel; both ask at once: one post goes, and the next not before that is answered, a second ago."""
    await two[0].write(owe, POST, 4)
    taken = await asyncio.gather(two[0].write(claim, ONE), two[1].write(claim, OTHER))
    (first,) = [errand for each in taken for errand in each]
    assert await two[1].write(claim, OTHER) == []
    await two[1].write(pacing.release, first, limits(POST, "C1"), ago=1.5, pace=ONE)
    assert len(await two[1].write(claim, OTHER)) == 1


async def test_a_minutes_calls_are_counted_over_all_processes(two: tuple[Database, Database]) -> None:
    """Of sixty, half a minute's calls go at once, by whomever; then they are spread."""
    await two[0].write(owe, "chat.update", 60)
    many = 0
    for _ in range(8):
        taken = await asyncio.gather(two[0].write(claim, ONE), two[1].write(claim, OTHER))
        many += sum(map(len, taken))
    assert many == TIERS[3] // 2


async def test_what_slack_asked_for_holds_for_all_processes(two: tuple[Database, Database]) -> None:
    """One was told 429; the other keeps to it."""
    await two[0].write(owe, "chat.update", 1)
    await two[0].write(pacing.rest, OURS, "chat.update", seconds=30.0, pace=ONE)
    due, books = await two[1].read(pacing.look, at=1.0, turn_of=turn_of, pace=OTHER)
    assert books.wait(turn_of(due[0])) > 29
    assert await two[1].write(claim, OTHER) == []


async def test_a_turn_that_another_takes_just_now_is_left_to_it(postgres_url: URL) -> None:
    """Nobody waits for its lock: what has another limit goes meanwhile."""
    db = Database(postgres_url)
    await db.write(open_workspace)
    await db.write(owe, "chat.update", 1)
    await db.write(claim, ONE)
    await db.write(owe, "chat.update", 1)
    await db.write(owe, "reactions.add", 1)
    with db.engine.connect() as elsewhere:
        elsewhere.execute(text("SELECT 1 FROM paces FOR UPDATE"))
        assert [errand.kind for errand in await db.write(claim, ONE)] == ["reactions.add"]
    assert [errand.kind for errand in await db.write(claim, ONE)] == ["chat.update"]
    await db.close()


async def test_who_was_held_up_asks_for_its_turn_anew(two: tuple[Database, Database]) -> None:
    """It counts as another call, and its channel is its still; whose lease another has gets none."""
    await two[0].write(owe, POST, 1)
    (errand,) = await two[0].write(claim, ONE)
    turn = Turn(OURS, limits(POST, "C1"))
    assert await two[0].write(pacing.again, turn, lease=errand.lease, pace=ONE)
    assert not await two[1].write(pacing.again, turn, lease="another", pace=OTHER)
    await two[0].write(owe, POST, 1)
    _, books = await two[1].read(pacing.look, at=1.0, turn_of=turn_of, pace=OTHER)
    assert len(books[OURS, POST].calls) == 2


async def test_tidying_forgets_what_nobody_came_near(two: tuple[Database, Database], memory: Memory) -> None:
    """A channel that was just spoken in stays."""
    await two[0].write(owe, POST, 1)
    await two[0].write(owe, POST, 1, "C2")
    await two[0].write(claim, ONE)
    memory.run("UPDATE paces SET touched_at = 0 WHERE name LIKE '%C2'")
    await two[0].write(pacing.forget_old)
    assert [row["name"] for row in memory.rows("SELECT name FROM paces ORDER BY name")] == [POST, f"{POST} C1"]
