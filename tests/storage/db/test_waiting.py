"""How long a write waits, and what becomes of one that nobody waits for any more."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from storage.db.database import Database
from storage.refusals import Busy, Unsure
from tests.storage.rows import Gate, found, install


class Ran:
    """A write that notes that it ran, and may signal it to the event loop."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, session: Session) -> str:
        """Write a workspace."""
        self.count += 1
        return install(session, "T1")


@pytest.fixture
async def hasty(database_url: URL) -> AsyncIterator[Database]:
    """A database where a write waits for half a second (opening a connection may take as long), and two may wait."""
    db = Database(database_url, patience=0.5, waiting=3)
    yield db
    await db.close()


async def held(db: Database, gate: Gate) -> asyncio.Task[None]:
    """The writer, busy until the gate opens."""
    task = asyncio.create_task(db.write(gate.hold))
    await gate.held()
    return task


async def test_a_write_that_waited_too_long_is_busy_and_does_not_happen_later(hasty: Database, gate: Gate) -> None:
    """Its waiter hears so while the writer is still stuck, and the write is skipped when it is not any more."""
    stuck, ran = await held(hasty, gate), Ran()
    with pytest.raises(Busy):
        await hasty.write(ran)
    assert not stuck.done()
    gate.open()
    await stuck
    assert await hasty.write(found) == set()
    assert ran.count == 0


async def test_a_write_that_has_begun_is_waited_for(hasty: Database, gate: Gate) -> None:
    """Patience is for the turn to come, not for the work: what may have been written is never called refused."""
    stuck = await held(hasty, gate)
    with pytest.raises(Busy):
        await hasty.write(Ran())
    gate.open()
    await stuck


async def test_a_waiter_that_gives_up_takes_its_write_back(db: Database, gate: Gate) -> None:
    """Cancelled before its turn: it never happens."""
    stuck, ran = await held(db, gate), Ran()
    waiter = asyncio.create_task(db.write(ran))
    await asyncio.sleep(0)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    gate.open()
    await stuck
    assert await db.write(found) == set()
    assert ran.count == 0


async def test_a_waiter_that_gives_up_too_late_is_told_that_it_is_unsure(db: Database, gate: Gate) -> None:
    """Cancelled during its turn: it may happen, so nobody says that it did not. Here it does."""

    def writes(session: Session) -> None:
        install(session, "T1")
        gate.hold(session)

    waiter = asyncio.create_task(db.write(writes))
    await gate.held()
    waiter.cancel()
    with pytest.raises(Unsure):
        await waiter
    gate.open()
    assert await db.write(found) == {"T1"}


async def test_a_deadline_around_a_write_that_has_begun_says_unsure_and_not_too_slow(db: Database, gate: Gate) -> None:
    """A handler's `asyncio.timeout` must not turn "may be saved" into "nothing was saved"."""

    async def write(deadline: asyncio.Timeout) -> None:
        async with deadline:
            await db.write(gate.hold)

    deadline = asyncio.timeout(None)
    writing = asyncio.create_task(write(deadline))
    await gate.held()
    deadline.reschedule(0)
    with pytest.raises(Unsure):
        await writing
    gate.open()


async def test_too_many_waiting_writes_are_busy_at_once(hasty: Database, gate: Gate) -> None:
    """The queue has an end; places in it come free again."""
    stuck = await held(hasty, gate)
    waiting = [asyncio.create_task(hasty.write(install, f"T{number}")) for number in range(2)]
    await asyncio.sleep(0)
    ran = Ran()
    with pytest.raises(Busy):
        await hasty.write(ran)
    gate.open()
    await asyncio.gather(stuck, *waiting)
    assert ran.count == 0
    assert await hasty.write(found) == {"T0", "T1"}


async def test_a_locked_sqlite_file_is_busy_for_all_in_time_and_recovers(sqlite_url: URL) -> None:
    """Another program holds the file's lock: all that wait hear so within Slack's three seconds, not one by one."""
    db = Database(sqlite_url)
    await db.write(install, "BEFORE")
    intruder = sqlite3.connect(str(sqlite_url.database), isolation_level=None)
    intruder.execute("BEGIN IMMEDIATE")
    ran = Ran()
    async with asyncio.timeout(2.5):
        ended = await asyncio.gather(*[db.write(ran) for _ in range(20)], return_exceptions=True)
    assert {type(one) for one in ended} == {Busy}
    assert ran.count == 0
    assert await db.read(found) == {"BEFORE"}
    intruder.execute("ROLLBACK")
    intruder.close()
    assert await db.write(install, "AFTER") == "AFTER"
    assert await db.read(found) == {"BEFORE", "AFTER"}
    await db.close()
