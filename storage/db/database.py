"""The one way to the database: readers in threads, one writer that commits in groups."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from .direct import Direct
from .engines import connect, empty_wal
from .outages import is_outage, refusal
from .writer import Writer

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class Database:
    """Takes synchronous storage functions off the event loop.

    `readers` is how many may read at once; `patience` how long a write may wait before it is refused as busy, in
    seconds; one that would have to wait longer, by what writing lately took, is refused at once; `waiting` is how many may
    wait at the very most.
    """

    def __init__(self, url: str | URL, *, readers: int = 4, patience: float = 2.0, waiting: int = 2000) -> None:
        self.engine = connect(url, connections=readers + 1)
        self._readers = ThreadPoolExecutor(readers, "reader")
        self._writer = Writer(self.engine.execution_options(write=True), patience=patience, waiting=waiting)
        self._was_read: Callable[[str, float], None] | None = None

    def on_owed(self, wake: Callable[[], None]) -> None:
        """Call `wake` on the event loop, right after each commit that put something into the outbox."""
        self._writer.owed = wake

    def on_due(self, wake: Callable[[], None]) -> None:
        """Call `wake` on the event loop, right after each commit that changed when something is due next."""
        self._writer.due = wake

    def on_settled(self, tell: Callable[[int, int, float], None]) -> None:
        """Call `tell`, in the writer's thread, after each group: its size, how many wait behind it, the seconds that it took."""
        self._writer.settled = tell

    def on_read(self, tell: Callable[[str, float], None]) -> None:
        """Call `tell` on the event loop after each reading: the module of its function, the seconds that its reader waited."""
        self._was_read = tell

    @property
    def writing_for(self) -> float:
        """Seconds for which what is being written has been so: long ones tell that nothing can be written any more."""
        return self._writer.busy_for

    async def read(self, f: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `f` in a reader's thread. Raises what `f` raises; `Unavailable` where the database can't be reached."""
        loop, began = asyncio.get_running_loop(), time.perf_counter()
        context = contextvars.copy_context()
        try:
            return await loop.run_in_executor(self._readers, context.run, self._read, _bound(f, *args, **kwargs))
        finally:
            if self._was_read is not None:
                self._was_read(getattr(f, "__module__", ""), time.perf_counter() - began)

    def _read(self, f: Callable[[Session], R], *, again: bool = False) -> R:
        try:
            with Direct(self.engine) as session:
                return f(session)
        except DBAPIError as error:
            if not is_outage(error):
                raise
            if error.connection_invalidated and not again:
                return self._read(f, again=True)  # the pool's connection was stale: a new one may do
            log.exception("nothing can be read")
            raise refusal(error) from error

    async def write(self, f: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `f` in a transaction; when this returns, what it wrote is on disk.

        Raises what `f` raises; `Busy` when too much waits; `Unavailable` when the database can't be reached; `Unsure`
        when a commit's end is unknown. A waiter who is cancelled takes the write back, unless it has begun.
        """
        return await self._writer.write(_bound(f, *args, **kwargs))

    async def empty_wal(self) -> None:
        """Let what was deleted stand nowhere in SQLite's files: see `engines.empty_wal`."""
        await asyncio.get_running_loop().run_in_executor(self._readers, empty_wal, self.engine)

    async def close(self) -> None:
        """Commit what waits, then end. Call it after the front doors, the clock and the worker have stopped."""
        self._writer.end()
        await asyncio.to_thread(self._writer.join)
        await asyncio.to_thread(self._readers.shutdown)
        self.engine.dispose()


def reachable(session: Session) -> bool:
    """Whether the database answers at all; it raises otherwise."""
    return bool(session.scalar(text("SELECT 1")) == 1)


def revision(session: Session) -> str | None:
    """The revision of the schema that the database is at, as Alembic notes it; None where it is empty of that, too."""
    found = session.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def _bound(f: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> Callable[[Session], R]:
    """`f` with all its arguments but the session: functools.partial loses their types."""

    def bound(session: Session) -> R:
        return f(session, *args, **kwargs)

    return bound
