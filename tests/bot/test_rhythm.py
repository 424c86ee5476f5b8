"""The rhythm: what is due is done at its time, and a look that finds nothing troubles nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bot.rhythm import Chore, Rhythm, chores
from handlers.desk import Desk
from handlers.slack.viewing import Viewers
from storage.db.database import Database
from storage.refusals import Unavailable


@dataclass
class Bell:
    """A chore that is due at a moment, and does it."""

    due: float | None = None
    rung: list[float] = field(default_factory=list)
    looks: int = 0
    fails: list[Exception] = field(default_factory=list)
    stuck: bool = False

    def next_due(self, _session: Session) -> float | None:
        """When it rings next."""
        self.looks += 1
        if self.fails:
            raise self.fails.pop()
        return self.due

    def do(self, _session: Session, at: float) -> bool:
        """Ring."""
        self.rung.append(at)
        if not self.stuck:
            self.due = None
        return False


@dataclass
class Stage:
    """A rhythm whose clock stands where it is put."""

    desk: Desk
    bell: Bell
    now: list[float]
    rhythm: Rhythm


@pytest.fixture
async def stage(database_url: URL) -> AsyncIterator[Stage]:
    """It looks once in a minute, unless it is woken."""
    db, now, bell = Database(database_url), [1000.0], Bell()
    desk = Desk(db, lambda: now[0], Viewers(db, AsyncWebClient(), now=lambda: now[0]))
    yield Stage(desk, bell, now, Rhythm(desk, [Chore("bell", bell.next_due, bell.do)], look_every=60.0))
    await db.close()


async def ticking(stage: Stage) -> asyncio.Task[bool]:
    """It has looked once."""
    task = asyncio.create_task(stage.rhythm.tick())
    async with asyncio.timeout(10):
        while not stage.bell.looks:
            await asyncio.sleep(0.005)
    return task


async def test_what_is_due_is_done_once(stage: Stage) -> None:
    """And what is not, is not."""
    stage.bell.due = 1000.0
    assert await stage.rhythm.beat() == 60.0
    assert stage.bell.rung == [1000.0]
    stage.bell.due = 1010.0
    assert await stage.rhythm.beat() == 10.0
    assert stage.bell.rung == [1000.0]


async def test_a_commit_that_changes_what_is_due_wakes_it(stage: Stage) -> None:
    """Otherwise it would sleep for a minute."""

    def schedule(session: Session) -> None:
        session.info["due"] = True
        stage.bell.due = 900.0

    task = await ticking(stage)
    await stage.desk.db.write(schedule)
    async with asyncio.timeout(10):
        while not stage.bell.rung:
            await asyncio.sleep(0.005)
    await stage.rhythm.stop()
    await task


async def test_what_is_due_waits_for_no_other_that_fails(stage: Stage) -> None:
    """Each is tried by itself, in whatever order they stand; what failed is tried again soon."""
    broken = Bell(fails=[RuntimeError("a defect")])
    stage.bell.due = 1000.0
    both = Rhythm(
        stage.desk,
        [Chore(str(number), one.next_due, one.do) for number, one in enumerate((broken, stage.bell))],
        look_every=60.0,
    )
    assert await both.beat() == 1.0
    assert stage.bell.rung == [1000.0]


async def test_what_another_process_has_in_hand_is_not_asked_for_in_a_hurry(stage: Stage) -> None:
    """It stays due until that one has committed: a second later is soon enough."""
    stage.bell.due, stage.bell.stuck = 900.0, True
    assert await stage.rhythm.beat() == 1.0
    assert len(stage.bell.rung) == 1


@pytest.mark.parametrize("error", [Unavailable(), RuntimeError("a defect")])
async def test_a_look_that_fails_is_made_again(stage: Stage, error: Exception) -> None:
    """The database is away, or nobody thought of it: the clock goes on."""
    stage.bell.fails = [error]
    task = await ticking(stage)
    assert not task.done()
    await stage.rhythm.stop()
    await task
    assert task.exception() is None


async def test_a_look_that_finds_nothing_reads_indexes_alone(stage: Stage, database_url: URL) -> None:
    """Whatever a chore asks to know when it is next due: no table is gone through, however much there is in it.

    Nothing is given to its statements: of an index of some rows PostgreSQL would know only while it plans anew each time.
    """
    engine = create_engine(database_url)
    for chore in chores(stage.desk):
        asked = _asked(engine, chore)
        assert asked
        for statement, given in asked:
            assert not given, f"{chore.name}: {statement}"
            assert _goes_by_index(engine, statement), f"{chore.name}: {statement}"
    engine.dispose()


def _asked(engine: Engine, chore: Chore) -> list[tuple[str, object]]:
    """The statements by which a chore finds out when it is due, with what they are given."""
    asked = list[tuple[str, object]]()

    def note(_connection: object, _cursor: object, statement: str, given: object, *_rest: object) -> None:
        asked.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    with Session(engine) as session:
        chore.next_due(session)
    event.remove(engine, "before_cursor_execute", note)
    return asked


def _goes_by_index(engine: Engine, statement: str) -> bool:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            return all("INDEX" in step for step in plan if step.startswith(("SCAN", "SEARCH")))
        connection.exec_driver_sql("SET enable_seqscan = off")  # of an empty table it would be the quickest way
        plan = [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}")]
        return any("Index" in step for step in plan) and not any("Seq Scan" in step or "Sort" in step for step in plan)
