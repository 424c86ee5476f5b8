"""How a memory goes away and comes back: each engine in its own ways."""

from __future__ import annotations

import asyncio
import random
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from . import databases
from .cluster import Cluster, cluster
from .proof import Trial
from .traffic import GivenKeep, Traffic


@dataclass(frozen=True, slots=True)
class Outage:
    """`befall`: the memory goes away, and has come back when it returns; it returns how often the server says that it did.

    Where nobody keeps such an account (`is_counted`), people must have felt it.
    """

    name: str
    befall: Callable[[random.Random], Coroutine[Any, Any, int]]
    is_counted: bool = False


FELT_WITHIN = 20.0
"""Real seconds beyond its own that an outage lasts at most until somebody feels it: what nobody felt proves nothing."""

STOPPED = (0.3, 3.0)
"""Real seconds that PostgreSQL is stopped."""

CUTS = 3
"""How often, in one go, all connections are cut."""

FULL = (1.0, 3.0)
"""Real seconds that SQLite is full."""

LOCKED, LOCKED_SHORT = 10.0, 3.0
"""Real seconds that SQLite is locked by another program: longer than the bot waits for it, which is 2."""

DEADLOCK_TRIES = 5
"""How often one deadlock is tried: PostgreSQL looks for it once, a second after the bot began to wait."""

BLOCKED_WITHIN = 5.0
"""Real seconds until the bot waits for the lock that a deadlock begins with."""

HELD_WITHIN = 20.0
"""Real seconds in which there is a kept message to provoke a deadlock with."""


class Memory(Protocol):
    """Where the bot remembers, and what may befall it."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def environment(self) -> dict[str, str]:
        """What the bot needs in its environment, for that."""

    def outages(self, traffic: Traffic) -> list[Outage]:
        """All that befalls it, while `traffic` runs."""


@asynccontextmanager
async def memory(trial: Trial) -> AsyncIterator[Memory]:
    """An empty database of the trial's engine, which may be maltreated. Raises `CantProve`."""
    if trial.engine == "sqlite":
        with databases.fresh("sqlite", trial.folder) as url:
            yield Sqlite(url, trial.folder, short=trial.short)
    else:
        async with cluster() as server:
            yield Postgres(server, short=trial.short)


@dataclass(frozen=True, slots=True)
class Sqlite:
    """A SQLite file in `folder`."""

    url: str
    folder: Path
    short: bool

    @property
    def environment(self) -> dict[str, str]:
        """While that file exists, the database can't grow."""
        return {"OUTLOUD_FAILPOINTS": f"sqlite-full={self._full}"}

    def outages(self, traffic: Traffic) -> list[Outage]:
        """Full, and locked."""

        async def fill(chance: random.Random) -> int:
            refused = traffic.refused()
            self._full.touch()
            await asyncio.sleep(chance.uniform(*FULL))
            await _until_felt(traffic, refused)
            self._full.unlink()
            return 0

        async def lock(_chance: random.Random) -> int:
            refused = traffic.refused()
            other = await asyncio.to_thread(self._locked)
            await asyncio.sleep(LOCKED_SHORT if self.short else LOCKED)
            await _until_felt(traffic, refused)
            await asyncio.to_thread(other.close)
            return 0

        full, locked = Outage("full", fill), Outage("locked", lock)
        return [full, locked] if self.short else [*[full] * 6, *[locked] * 2]

    @property
    def _full(self) -> Path:
        return self.folder / "full"

    def _locked(self) -> sqlite3.Connection:
        """What another program does that writes, and takes its time."""
        other = sqlite3.connect(
            self.url.removeprefix("sqlite:///"), timeout=30, isolation_level=None, check_same_thread=False
        )
        other.execute("BEGIN IMMEDIATE")
        return other


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL server of the proof's own."""

    server: Cluster
    short: bool

    @property
    def url(self) -> str:
        """The server's one database."""
        return self.server.url

    @property
    def environment(self) -> dict[str, str]:
        """Nothing."""
        return {}

    def outages(self, traffic: Traffic) -> list[Outage]:
        """Stopped, cut off, and in a deadlock."""

        async def stop(chance: random.Random) -> int:
            refused = traffic.refused()
            await self.server.stop(chance.choice(("fast", "immediate")))
            await asyncio.sleep(chance.uniform(*STOPPED))
            await _until_felt(traffic, refused)
            await self.server.start()
            return 0

        async def deadlock(_chance: random.Random) -> int:
            for _ in range(DEADLOCK_TRIES):
                with suppress(TimeoutError):  # it did not come about: the next try may do better
                    if found := await self._deadlock(traffic):
                        return found
            return 0

        kinds = [Outage("stopped", stop), Outage("cut off", self._cut, True), Outage("in a deadlock", deadlock, True)]  # noqa: FBT003
        return (
            kinds if self.short else [one for one, times in zip(kinds, (10, 10, 5), strict=True) for _ in range(times)]
        )

    @property
    def _log(self) -> str:
        return (self.server.folder / "server.log").read_text(errors="replace")

    async def _cut(self, chance: random.Random) -> int:
        """Returns how many connections were cut."""
        cut = 0
        for _ in range(CUTS):
            cut += await asyncio.to_thread(self._do, CUT_OFF)
            await asyncio.sleep(chance.uniform(0, 0.2))
        return cut

    async def _deadlock(self, traffic: Traffic) -> int:
        """Hold a keep, let the bot hold its learning and ask for the keep, and ask for that learning: against the bot's order.

        Returns how many deadlocks the server has found in which that was one of the two.
        """
        keep, other = await self._held(traffic)
        process = int(other.execute(text("SELECT pg_backend_pid()")).scalar_one())
        taking_back = asyncio.create_task(traffic.take_back(keep))
        try:
            await self._until_blocked()
            await asyncio.to_thread(other.execute, text(f"{THE_LEARNING} FOR UPDATE"), keep._asdict())
        finally:
            await asyncio.to_thread(other.close)
            await taking_back
        return deadlocks_of(process, self._log)

    async def _held(self, traffic: Traffic) -> tuple[GivenKeep, Connection]:
        """A 💡 that stands, and a connection that holds it."""
        other = await asyncio.to_thread(self._connect)
        try:
            async with asyncio.timeout(HELD_WITHIN):
                while True:
                    keep = traffic.some_keep()
                    if keep and (await asyncio.to_thread(other.execute, text(THE_LEARNING), keep._asdict())).first():
                        await asyncio.to_thread(other.execute, text(THE_KEEP), keep._asdict())
                        return keep, other
                    await asyncio.to_thread(other.rollback)
                    await asyncio.sleep(0.05)
        except TimeoutError:
            await asyncio.to_thread(other.close)
            raise

    async def _until_blocked(self) -> None:
        async with asyncio.timeout(BLOCKED_WITHIN):
            while not await asyncio.to_thread(self._do, BLOCKED):  # noqa: ASYNC110 -- the server announces nothing
                await asyncio.sleep(0.01)

    def _connect(self) -> Connection:
        """A connection that lets the other one be the deadlock's victim."""
        options = "-c deadlock_timeout=60s"
        return create_engine(self.url, poolclass=NullPool, connect_args={"options": options}).connect()

    def _do(self, statement: str) -> int:
        with self._connect() as connection:
            return int(connection.execute(text(statement)).scalar() or 0)


async def _until_felt(traffic: Traffic, refused: int) -> None:
    """Wait until more people were refused than these, or for as long as it may last."""
    with suppress(TimeoutError):
        async with asyncio.timeout(FELT_WITHIN):
            while traffic.refused() <= refused and not traffic.is_over:  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(0.05)


def deadlocks_of(process: int, log: str) -> int:
    """In how many of the deadlocks that a server's log tells of this process of its was one of the two."""
    return sum(bool(re.search(rf"\bProcess {process} waits", one)) for one in DEADLOCK.findall(log))


DEADLOCK = re.compile(r"deadlock detected\n[^\n]*DETAIL: [^\n]*\n[^\n]*")
"""What the log says of one: who waits for whom, in two lines."""

CUT_OFF = """
    SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid != pg_backend_pid()"""
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid != pg_backend_pid()"
THE_LEARNING = """
    SELECT id FROM learnings WHERE channel = :channel AND source_ts = :ts AND state = 'live'"""
THE_KEEP = """
    UPDATE keeps SET standing = standing WHERE channel = :channel AND message_ts = :ts AND person = :person"""
