"""More than can be committed in time is refused at once, and what is taken again as soon as it can be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import URL

from storage.db.database import Database
from storage.db.forecast import LATELY, SLOWEST, Forecast
from storage.refusals import Busy
from tests.storage.rows import Gate, found, install

GROUP = 100


class Watch:
    """A clock that a test moves, and a forecast that reads it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.forecast = Forecast(GROUP, now=lambda: self.now)

    def group(self, writes: int, *, each: float, commit: float) -> None:
        """A group that took so long."""
        self.forecast.began(writes)
        self.forecast.ran(writes * each)
        self.now += writes * each + commit
        self.forecast.ended()


@pytest.fixture
def watch() -> Watch:
    """A forecast that has seen nothing yet."""
    return Watch()


def test_a_slow_commit_is_paid_by_each_group_and_a_slow_function_by_each_write(watch: Watch) -> None:
    """What waits shares its commits: 250 behind others wait for two whole groups, and for half a group's functions."""
    for _ in range(100):
        watch.group(GROUP, each=0.01, commit=0.3)
    assert watch.forecast.wait(250) == pytest.approx(2 * (0.3 + 1.0) + 50 * 0.01, rel=0.01)
    assert watch.forecast.wait(99) == pytest.approx(0.99, rel=0.01)


def test_where_nothing_waits_nothing_is_waited_for(watch: Watch) -> None:
    """However slow it was."""
    for _ in range(100):
        watch.group(GROUP, each=1.0, commit=60.0)
    assert watch.forecast.wait(0) == 0.0


def test_a_group_that_is_overdue_is_expected_to_be_late_by_as_much_again(watch: Watch) -> None:
    """At first what is left of what one takes; a commit that hangs soon looks as if it would hang on."""
    for _ in range(100):
        watch.group(1, each=0.0, commit=1.0)
    watch.forecast.began(1)
    waits = []
    for _ in range(5):
        waits.append(watch.forecast.wait(0))
        watch.now += 1.0
    assert waits == pytest.approx([1.0, 0.0, 1.0, 2.0, 3.0], abs=0.01)


def test_a_slow_spell_is_forgotten_within_some_groups(watch: Watch) -> None:
    """A disk that took 3 s, and is quick again: after ten groups less than a tenth of a second is left of it."""
    for _ in range(20):
        watch.group(1, each=0.001, commit=3.0)
    assert watch.forecast.wait(GROUP) > 2.5
    for _ in range(10):
        watch.group(1, each=0.001, commit=0.01)
    assert watch.forecast.wait(GROUP) < 0.25


def test_one_write_that_took_long_does_not_turn_hundreds_away(watch: Watch) -> None:
    """It waited for a lock, or the process was stopped for a minute: those behind it would not."""
    watch.group(1, each=60.0, commit=0.0)
    assert watch.forecast.wait(300) <= 300 * SLOWEST / LATELY < 1.0


def slow(db: Database, seconds: Callable[[], float]) -> None:
    """Let each commit take so long."""
    event.listen(db.engine, "commit", lambda _connection: time.sleep(seconds()))


@pytest.fixture
async def hurried(database_url: URL) -> AsyncIterator[Database]:
    """A database where a write waits for 0.6 seconds."""
    db = Database(database_url, patience=0.6)
    yield db
    await db.close()


@pytest.fixture
async def patient(database_url: URL) -> AsyncIterator[Database]:
    """A database where a write waits as long as it does when people wait for it."""
    db = Database(database_url)
    yield db
    await db.close()


async def refused_at_once(write: Coroutine[Any, Any, object]) -> bool:
    """Whether a write is refused before it has waited for anything; it is taken back if not."""
    task = asyncio.create_task(write)
    await asyncio.sleep(0)
    if task.done():
        return isinstance(task.exception(), Busy)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return False


async def test_what_can_not_begin_in_time_is_refused_at_once_and_what_is_taken_is_done(patient: Database) -> None:
    """Of a thousand writes at half a second a commit, some are taken, and all others hear at once that it is too much."""
    pause = 0.5
    slow(patient, lambda: pause)
    for batch in range(3):
        await asyncio.gather(*[patient.write(install, f"BEFORE{batch}-{number}") for number in range(100)])
    tasks = [asyncio.create_task(patient.write(install, f"T{number}")) for number in range(1000)]
    await asyncio.sleep(0)
    refused = [task for task in tasks if task.done()]
    assert 0 < len(refused) < 1000
    assert all(isinstance(task.exception(), Busy) for task in refused)
    ended = await asyncio.gather(*[task for task in tasks if task not in refused], return_exceptions=True)
    done = [one for one in ended if not isinstance(one, BaseException)]
    assert done  # how many in time is the machine's business: a forecast may err, and what is late is withdrawn
    assert all(isinstance(one, Busy) for one in ended if isinstance(one, BaseException))
    assert len(await patient.read(found)) == 300 + len(done)
    pause = 0.0
    for number in range(10):
        await patient.write(install, f"QUICK{number}")
    assert await patient.write(install, "AGAIN") == "AGAIN"


async def test_a_writer_that_hangs_turns_away_at_once_and_takes_again_when_it_goes_on(
    hurried: Database, gate: Gate
) -> None:
    """After as long as anybody would wait: nobody waits in vain any more, and nothing piles up."""
    stuck = asyncio.create_task(hurried.write(gate.hold))
    await gate.held()
    assert not await refused_at_once(hurried.write(install, "EARLY"))
    await asyncio.sleep(0.7)
    assert await refused_at_once(hurried.write(install, "LATE"))
    gate.open()
    await stuck
    assert await hurried.write(install, "AFTER") == "AFTER"
    assert await hurried.read(found) == {"AFTER"}
