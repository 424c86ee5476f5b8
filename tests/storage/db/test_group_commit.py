"""The writer's groups: what waits together is committed together, and what fails harms nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.db.database import Database
from storage.refusals import NothingToShare, Refusal
from storage.tables import Workspace
from tests.memory import Memory
from tests.storage.rows import Commits, Gate, found, install


async def grouped(db: Database, gate: Gate, *writes: Callable[[Session], object]) -> list[object]:
    """Let all of `writes` wait for the writer together; how each of them ended."""
    held = asyncio.create_task(db.write(gate.hold))
    await gate.held()
    waiting = [asyncio.create_task(db.write(write)) for write in writes]
    await asyncio.sleep(0)
    gate.open()
    await held
    return list(await asyncio.gather(*waiting, return_exceptions=True))


def writing(id: str) -> Callable[[Session], str]:
    """A write of one workspace."""
    return lambda session: install(session, id)


async def test_what_waits_together_is_committed_together(db: Database, gate: Gate) -> None:
    """A hundred writes behind a slow one: two transactions in all."""
    commits = Commits(db)
    ended = await grouped(db, gate, *[writing(f"T{number}") for number in range(100)])
    assert ended == [f"T{number}" for number in range(100)]
    assert await db.read(found) == set(ended)
    assert commits.count == 2


async def test_a_group_is_bounded(db: Database, gate: Gate) -> None:
    """What waits is cut into groups, so that the first of many is not kept waiting by the last."""
    commits = Commits(db)
    await grouped(db, gate, *[writing(f"T{number}") for number in range(300)])
    assert len(await db.read(found)) == 300
    assert commits.count == 4


def refuses_first(_session: Session) -> None:
    """Checks, and refuses."""
    raise NothingToShare


def refuses_late(session: Session) -> None:
    """Writes, and refuses afterwards."""
    install(session, "BAD")
    raise NothingToShare


def breaks_a_constraint(session: Session) -> None:
    """Writes something, and then what is there already, both times that it is run."""
    install(session, "BAD")
    install(session, "BAD")


def breaks_in_its_flush(session: Session) -> None:
    """Leaves a row that can't be written to the session's own flush, which then rolls back everything."""
    install(session, "BAD")
    session.add(Workspace(id="BAD", name="", url="", bot_user="", bot="", installed_at=0.0))


def stops_an_iteration(session: Session) -> None:
    """Raises what no coroutine may raise."""
    install(session, "BAD")
    next(_nothing())


def breaks_its_own_sql(session: Session) -> None:
    """Has a defect, which on PostgreSQL spoils the transaction up to the last savepoint."""
    install(session, "BAD")
    session.execute(text("SELECT nonsense"))


def _nothing() -> Iterator[None]:
    yield from ()


FAILURES = [
    (refuses_first, NothingToShare),
    (refuses_late, NothingToShare),
    (breaks_a_constraint, IntegrityError),
    (breaks_in_its_flush, IntegrityError),
    (stops_an_iteration, RuntimeError),
    (breaks_its_own_sql, Exception),
]


@pytest.mark.parametrize(("fails", "kind"), FAILURES, ids=lambda one: getattr(one, "__name__", str(one)))
@pytest.mark.parametrize("neighbours", [0, 2], ids=["alone", "among others"])
async def test_what_fails_harms_nobody_else_and_leaves_nothing_behind(
    db: Database, gate: Gate, fails: Callable[[Session], object], kind: type[Exception], neighbours: int
) -> None:
    """Those before and behind it in the group are committed; it alone hears why."""
    good = [f"T{number}" for number in range(neighbours)]
    writes: list[Callable[[Session], object]] = [writing(id) for id in good]
    writes.insert(neighbours // 2, fails)
    failed = (await grouped(db, gate, *writes))[neighbours // 2]
    assert isinstance(failed, kind)
    assert not isinstance(failed, Refusal) or kind is NothingToShare
    assert await db.read(found) == set(good)


async def test_the_writer_goes_on_after_a_failure(db: Database) -> None:
    """Each kind of failure in turn, and a good write after each."""
    for fails, kind in FAILURES:
        with pytest.raises(kind):
            await db.write(fails)
        assert await db.write(install, f"AFTER {fails.__name__}")
    assert len(await db.read(found)) == len(FAILURES)


async def test_what_a_write_returned_is_there_for_everybody(db: Database, memory: Memory) -> None:
    """The moment `write` returns, a connection of somebody else's finds it."""
    for number in range(20):
        await db.write(install, f"T{number}")
        assert memory.rows("SELECT id FROM workspaces WHERE id = :id", id=f"T{number}")


async def test_closing_commits_what_waits_and_takes_nothing_more(database_url: URL, gate: Gate, memory: Memory) -> None:
    """What was asked for before `close` is there after it; what is asked for later is refused at once."""
    db = Database(database_url)
    held = asyncio.create_task(db.write(gate.hold))
    await gate.held()
    waiting = [asyncio.create_task(db.write(install, f"T{number}")) for number in range(200)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(db.close())
    await asyncio.sleep(0)
    with pytest.raises(Refusal, match="nothing was saved"):
        await db.write(install, "LATE")
    gate.open()
    await asyncio.gather(held, closing, *waiting)
    assert {row["id"] for row in memory.rows("SELECT id FROM workspaces")} == {f"T{number}" for number in range(200)}
