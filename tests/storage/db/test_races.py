"""Races with another process, and connections that die: what is run again, and what never is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from storage.db import engines
from storage.db.database import Database, reachable
from storage.db.writer import LET_PASS
from storage.refusals import Busy, Unavailable, Unsure
from tests.memory import Memory
from tests.storage.db.test_group_commit import grouped, writing
from tests.storage.rows import Gate, found, install


@pytest.fixture
def other(postgres_url: URL) -> Iterator[Engine]:
    """Another process's way to the same PostgreSQL database."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


class Loses:
    """Meets a violated constraint in its first `times` runs, as when another process was quicker."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.runs = 0

    def __call__(self, session: Session) -> str:
        """Write a workspace, unless this run is one to lose."""
        self.runs += 1
        install(session, "LOSER")
        if self.runs <= self.times:
            install(session, "LOSER")
        return "won"


@pytest.mark.parametrize("neighbours", [0, 2])
async def test_a_lost_race_is_run_again_once(db: Database, gate: Gate, neighbours: int) -> None:
    """The second run sees what the quicker one wrote, and its neighbours are not run again."""
    race = Loses(1)
    good = [f"T{number}" for number in range(neighbours)]
    ended = await grouped(db, gate, race, *map(writing, good))
    assert ended == ["won", *good]
    assert race.runs == 2
    assert await db.read(found) == {"LOSER", *good}


async def test_a_race_that_is_lost_twice_is_none(db: Database) -> None:
    """It is a defect then, and its waiter hears it as one; nothing of it stays."""
    race = Loses(9)
    with pytest.raises(IntegrityError):
        await db.write(race)
    assert race.runs == 2
    assert await db.read(found) == set()


async def test_two_processes_that_write_the_same_agree(postgres_url: URL, other: Engine) -> None:
    """Between the look and the insert another process commits the same row: it is found at the second look."""
    db, looked = Database(postgres_url), list[bool]()

    def look_then_insert(session: Session) -> str:
        looked.append("T1" in found(session))
        if looked[-1]:
            return "found"
        with other.connect() as elsewhere:
            elsewhere.execute(text("INSERT INTO workspaces VALUES ('T1', NULL, '', '', '', '', 0)"))
        return install(session, "T1")

    assert await db.write(look_then_insert) == "found"
    assert looked == [False, True]
    await db.close()


async def test_of_two_processes_in_a_deadlock_both_get_their_turn(postgres_url: URL) -> None:
    """PostgreSQL ends one of them; that one runs again, and nobody hears of it."""
    one, two = Database(postgres_url), Database(postgres_url)
    await one.write(install, "A")
    await one.write(install, "B")
    both, begun = threading.Barrier(2, timeout=5), set[str]()

    def crosswise(session: Session, first: str, second: str) -> str:
        lock = text("UPDATE workspaces SET name = name || :me WHERE id = :id")
        session.execute(lock, {"id": first, "me": first})
        if first not in begun:
            begun.add(first)
            both.wait()
        session.execute(lock, {"id": second, "me": first})
        return first

    ended = list(await asyncio.gather(one.write(crosswise, "A", "B"), two.write(crosswise, "B", "A")))
    assert ended == ["A", "B"]
    names = await one.read(lambda session: set(session.scalars(text("SELECT name FROM workspaces"))))
    assert names <= {"AB", "BA"}
    await one.close()
    await two.close()


async def test_what_gave_way_in_a_deadlock_lets_the_other_pass_and_keeps_nobody_waiting(
    db: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits before it runs again, or both would meet once more; what was committed with it is answered meanwhile."""
    runs, waits, answered = list[str](), list[float](), threading.Event()

    def loses(_session: Session) -> str:
        runs.append("run")
        if len(runs) == 1:
            raise OperationalError("UPDATE", None, DeadlockDetected())
        return "won"

    def wait(seconds: float) -> None:
        waits.append(seconds)
        runs.append("wait")
        assert answered.wait(5), "who was committed hears of it only after the wait"

    monkeypatch.setattr("storage.db.writer.time.sleep", wait)
    held = asyncio.create_task(db.write(gate.hold))
    await gate.held()
    loser, good = asyncio.create_task(db.write(loses)), asyncio.create_task(db.write(writing("T1")))
    good.add_done_callback(lambda _: answered.set())
    await asyncio.sleep(0)
    gate.open()
    assert (await loser, await good) == ("won", "T1")
    await held
    assert (runs, waits) == (["run", "wait", "run"], [LET_PASS])


async def test_a_row_that_another_process_locks_is_busy_and_the_rest_of_the_group_is_not(
    postgres_url: URL, gate: Gate
) -> None:
    """One waits for its lock as long as `lock_timeout` says; what it stood together with is committed."""
    db, admin = Database(postgres_url), create_engine(postgres_url)
    await db.write(install, "T1")
    touch: Callable[[Session], object] = lambda session: session.execute(text("UPDATE workspaces SET name = 'x'"))  # noqa: E731
    with admin.connect() as locks:
        locks.execute(text("SELECT id FROM workspaces FOR UPDATE"))
        async with asyncio.timeout(4):
            ended = await grouped(db, gate, writing("T2"), touch)
        assert [type(one) for one in ended] == [str, Busy]
    assert await db.read(found) == {"T1", "T2"}
    admin.dispose()
    await db.close()


LATE = "CREATE TABLE late (id INTEGER PRIMARY KEY, of INTEGER REFERENCES late (id) DEFERRABLE INITIALLY DEFERRED)"


@pytest.fixture
def late(memory: Memory) -> Iterator[None]:
    """A table whose constraint is looked at only in COMMIT."""
    memory.run(LATE)
    yield
    memory.run("DROP TABLE late")


@pytest.mark.usefixtures("late")
async def test_a_commit_that_fails_costs_only_who_made_it_fail(db: Database, gate: Gate, memory: Memory) -> None:
    """The group is run again one by one: the good ones are committed, the bad one hears why, and no lock stays."""
    runs = list[int]()

    def insert(id: int, of: int | None) -> Callable[[Session], int]:
        def run(session: Session) -> int:
            runs.append(id)
            session.execute(text("INSERT INTO late VALUES (:id, :of)"), {"id": id, "of": of})
            return id

        return run

    ended = await grouped(db, gate, insert(1, None), insert(2, 99), insert(3, None))
    assert [ended[0], type(ended[1]), ended[2]] == [1, IntegrityError, 3]
    assert runs == [1, 2, 3, 1, 2, 3]
    assert [row["id"] for row in memory.rows("SELECT id FROM late ORDER BY id")] == [1, 3]
    assert await db.write(install, "AFTER") == "AFTER"


def kill(other: Engine, session: Session | Connection) -> None:
    """Let the server end this very connection."""
    pid = session.execute(text("SELECT pg_backend_pid()")).scalar()
    with other.connect() as elsewhere:
        elsewhere.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


async def test_a_connection_that_dies_before_the_commit_costs_nobody_anything(
    postgres_url: URL, other: Engine, gate: Gate
) -> None:
    """Nothing of the group has happened, so all of it is run again on a new connection."""
    db, deaths = Database(postgres_url), list[int]()

    def dies_once(session: Session) -> str:
        if not deaths:
            deaths.append(1)
            kill(other, session)
        return install(session, "T2")

    ended = await grouped(db, gate, writing("T1"), dies_once, writing("T3"))
    assert ended == ["T1", "T2", "T3"]
    assert await db.read(found) == {"T1", "T2", "T3"}
    await db.close()


@pytest.mark.parametrize("count", [1, 3])
async def test_a_connection_that_dies_in_the_commit_leaves_all_unsure_and_replays_nobody(
    postgres_url: URL, other: Engine, gate: Gate, count: int
) -> None:
    """Whether it is saved nobody knows, so nobody may do it twice, and nobody is told that it is not."""
    db, runs, wakes = Database(postgres_url), list[str](), list[int]()
    await db.write(install, "T0")

    def run(session: Session) -> str:
        runs.append("run")
        return install(session, f"T{len(runs)}")

    def die(connection: Connection) -> None:
        if runs:
            event.remove(db.engine, "commit", die)
            kill(other, connection)

    event.listen(db.engine, "commit", die)
    db.on_owed(lambda: wakes.append(1))
    ended = await grouped(db, gate, *[run] * count)
    assert [type(one) for one in ended] == [Unsure] * count
    assert len(runs) == count
    assert wakes, "what may be owed is looked for"
    assert await db.write(install, "AFTER") == "AFTER"
    await db.close()


async def test_a_reader_whose_connection_died_reads_on_a_new_one(postgres_url: URL, other: Engine) -> None:
    """A restart of the database between two reads is nobody's trouble."""
    db = Database(postgres_url, readers=1)
    assert await db.read(reachable)
    with other.connect() as elsewhere:
        elsewhere.execute(
            text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
                 " AND pid <> pg_backend_pid()")
        )  # fmt: skip
    assert await db.read(reachable)
    await db.close()


NOWHERE = [
    URL.create("postgresql", username="nobody", host="127.0.0.1", port=1, database="nothing"),
    URL.create("sqlite", database="/nonexistent/folder/outloud.db"),
]


@pytest.mark.parametrize("url", NOWHERE, ids=lambda url: url.get_backend_name())
async def test_a_database_that_is_away_is_said_to_all_at_the_first_try(url: URL) -> None:
    """Reads and writes are refused in words, and a group tries to connect once, not once for each."""
    db, tries, entered = Database(url), list[int](), list[int]()
    event.listen(db.engine, "do_connect", lambda *_: tries.append(1))
    with pytest.raises(Unavailable):
        await db.read(reachable)
    assert len(tries) == 1
    tasks = [asyncio.create_task(db.write(lambda _session: entered.append(1))) for _ in range(50)]
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(one) for one in ended} == {Unavailable}
    assert len(tries) <= 3
    assert not entered
    await db.close()


async def test_a_defect_in_a_read_is_no_outage(db: Database) -> None:
    """A wrong statement is not said to be a database out of reach, or nobody would ever look for it."""
    with pytest.raises(Exception, match="nonsense") as caught:
        await db.read(lambda session: session.execute(text("SELECT nonsense")))
    assert not isinstance(caught.value, Unavailable)
    assert isinstance(caught.value, ProgrammingError) or "no such column" in str(caught.value)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 1500)],
)
async def test_sqlite_is_opened_durable_strict_and_patient(sqlite_url: URL, pragma: str, value: object) -> None:
    """Each connection, the writer's and the readers', has every pragma that the design relies on."""
    db = Database(sqlite_url, readers=2)
    ask = text(f"PRAGMA {pragma}")
    said = await asyncio.gather(
        db.write(lambda session: session.scalar(ask)),
        *[db.read(lambda session: session.scalar(ask)) for _ in range(8)],
    )
    assert set(said) == {value}
    await db.close()


async def test_a_process_that_stands_still_in_a_transaction_holds_nobody_up(
    postgres_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine may be gone: PostgreSQL ends its transaction, and what it had locked is free."""
    db, options = Database(postgres_url), engines.POSTGRESQL_OPTIONS
    await db.write(install, "T1")
    monkeypatch.setattr(engines, "POSTGRESQL_OPTIONS", options.replace("session_timeout=2000", "session_timeout=50"))
    frozen = engines.connect(postgres_url)

    def rename(session: Session) -> None:
        session.execute(text("UPDATE workspaces SET name = 'Going on'"))

    with frozen.connect() as standing:
        standing.execute(text("UPDATE workspaces SET name = 'Frozen'"))
        await db.write(rename)
        with pytest.raises(DBAPIError):
            standing.commit()
    with frozen.connect() as again:
        assert again.scalar(text("SELECT name FROM workspaces")) == "Going on"
    frozen.dispose()
    await db.close()
