"""The writer: one thread that runs what waits in one transaction, commits once, and then answers each.

Each function runs behind a savepoint of its own, so that one that fails costs the others nothing (measured: one failing
of a group of 64 makes it 18 ms instead of 17; replaying the group singly, 72).
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import math
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from storage.refusals import Busy, Unavailable, Unsure

from .direct import Direct
from .forecast import Forecast
from .outages import is_deadlock, is_outage, refusal

log = logging.getLogger(__name__)

R = TypeVar("R")

GROUP = 128
"""How many writes share a transaction at most: it bounds how long the first of them waits."""

LET_PASS = 0.05
"""Seconds before what gave way in a deadlock runs again: whoever waited for its rows takes them first, or they meet again."""


class Write(Generic[R]):
    """A function that waits for its turn, in the context of whoever asked for it; and how it ended."""

    def __init__(self, run: Callable[[Session], R]) -> None:
        self.run = run
        self.context = contextvars.copy_context()
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[R] = self.loop.create_future()
        self.begun = False
        self.told = False
        self.result: R | None = None
        self.error: BaseException | None = None
        self._turn = threading.Lock()

    def take(self) -> bool:
        """Begin it, or take it back: whoever comes first, once."""
        return self._turn.acquire(blocking=False)

    def fail(self, error: BaseException) -> None:
        """It did not happen, because of `error`."""
        # A future refuses StopIteration: it would end the coroutine that awaits it.
        self.error = RuntimeError(repr(error)) if isinstance(error, StopIteration) else error

    def answer(self) -> None:
        """Tell the waiter, on the event loop."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]


class NotBegun(Exception):
    """The database gave no transaction, so that no function of the group has run in it."""


class RolledBack(Exception):
    """A function's failure undid the whole transaction, the work of the others, too."""


class Writer:
    """Owns the writing thread. See `Database` for the meaning of `patience` (seconds) and `waiting`."""

    def __init__(self, engine: Engine, *, patience: float, waiting: int) -> None:
        self.owed: Callable[[], None] = lambda: None
        self.due: Callable[[], None] = lambda: None
        self.settled: Callable[[int, int, float], None] = lambda _size, _waiting, _seconds: None
        self._since: float | None = None
        self._engine = engine
        self._patience = patience
        self._limit = waiting
        self._waiting = 0
        self._forecast = Forecast(GROUP)
        self._ending = False
        self._queue: queue.SimpleQueue[Write[Any] | None] = queue.SimpleQueue()
        # A daemon: nothing is acknowledged before it is committed, so a process that fails may end without it.
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def write(self, run: Callable[[Session], R]) -> R:
        """Wait for `run` to be committed. See `Database.write`."""
        if self._ending:
            raise Unavailable
        if self._waiting >= self._limit or self._forecast.wait(self._queue.qsize()) > self._patience:
            raise Busy  # at once: what can't begin in time would only use memory, and its asker's three seconds
        write = Write(run)
        self._waiting += 1
        self._queue.put(write)
        impatience = write.loop.call_later(self._patience, _lose_patience, write)
        try:
            return await write.future
        except asyncio.CancelledError:
            if not write.take():  # it has begun, and its end is not awaited any more
                raise Unsure from None
            raise  # it never will begin: what was answered "failed" must not happen later
        finally:
            impatience.cancel()

    @property
    def busy_for(self) -> float:
        """Seconds for which the group under way has been so; infinitely long where the thread has ended, and none ever ends."""
        since = self._since
        if not self._thread.is_alive():
            return math.inf
        return time.monotonic() - since if since is not None else 0.0

    def end(self) -> None:
        """Take nothing new. Call it on the event loop, then `join`."""
        self._ending = True
        self._queue.put(None)

    def join(self) -> None:
        """Wait until what waited is committed, and the thread has ended."""
        self._thread.join()

    # -- the writer's thread

    def _work(self) -> None:
        last = False
        while not last:
            group, last = self._next_group()
            if group:
                self._since = began = time.monotonic()
                self._forecast.began(len(group))
                owed = self._settle_all(group)
                self._forecast.ended()
                self._since = None
                self._tell(group, owed=owed)
                self.settled(len(group), self._queue.qsize(), time.monotonic() - began)

    def _next_group(self) -> tuple[list[Write[Any]], bool]:
        """What waits now, at least one; and whether the end was asked for."""
        group: list[Write[Any]] = []
        write = self._queue.get()
        while write is not None:
            group.append(write)
            if len(group) == GROUP:
                return group, False
            try:
                write = self._queue.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _tell(self, group: list[Write[Any]], *, owed: bool) -> None:
        """Let those of a group be answered that were not yet."""
        rest = [write for write in group if not write.told]
        for write in rest:
            write.told = True
        if rest:
            rest[0].loop.call_soon_threadsafe(self._answer, rest, owed)

    def _answer(self, group: list[Write[Any]], owed: bool) -> None:  # noqa: FBT001 -- called by the loop
        self._waiting -= len(group)
        if owed:
            self.owed()
        for write in group:
            write.answer()

    def _settle_all(self, group: list[Write[Any]]) -> bool:
        """Settle a group, whatever happens: an error that nobody thought of must not end the thread."""
        try:
            return self._settle(group)
        except Exception:
            log.exception("the writer stumbled, and goes on")
            _fail(group, Unsure)
            return True

    def _settle(self, group: list[Write[Any]], *, again: bool = False) -> bool:
        """Commit all of a group that can be. True when something is owed. No function runs more than three times."""
        try:
            owed, raced = self._commit(group)
        except NotBegun as error:
            return self._refuse(group, error.__cause__, again=again)
        except Unsure:
            _fail(group, Unsure)
            return True
        except (DBAPIError, RolledBack) as error:
            return self._after_a_loss(group, error, again=again)
        if raced and not again:
            self._tell([write for write in group if write not in raced], owed=owed)  # committed: they wait for nobody
            return self._run_again(raced)
        return owed

    def _run_again(self, raced: list[Write[Any]]) -> bool:
        """Whoever lost a race with another process sees, the second time, what that one wrote."""
        if any(not isinstance(write.error, IntegrityError) for write in raced):  # they gave way in a deadlock
            time.sleep(LET_PASS)
        owed = False
        for write in raced:
            write.error = None
            owed |= self._settle([write], again=True)
        return owed

    def _refuse(self, group: list[Write[Any]], error: BaseException | None, *, again: bool) -> bool:
        """There was no transaction to be had, for nobody of the group: trying each alone would only take longer."""
        if isinstance(error, DBAPIError) and error.connection_invalidated and not again:
            return self._settle(group, again=True)  # the pool's connection was stale: a new one may do
        log.error("nothing can be written", exc_info=error)
        for write in group:
            if _begin(write):
                write.fail(refusal(error))
        return False

    def _after_a_loss(self, group: list[Write[Any]], error: Exception, *, again: bool) -> bool:
        """The transaction was lost before its commit, so that nothing of it happened."""
        for write in group:
            write.error = None
        stale = isinstance(error, DBAPIError) and error.connection_invalidated
        if stale and not again:
            return self._settle(group, again=True)
        if len(group) > 1 and not stale:
            parts = [self._settle([write], again=True) for write in group]
            return any(parts)
        log.error("a write was lost", exc_info=error)
        for write in group:
            write.fail(refusal(error))
        return False

    def _commit(self, group: list[Write[Any]]) -> tuple[bool, list[Write[Any]]]:
        """Run and commit a group. Returns whether something is owed, and whom a race undid.

        Raises `NotBegun`; `DBAPIError` or `RolledBack` when the transaction is lost, `Unsure` when its end is unknown.
        """
        with Direct(self._engine, expire_on_commit=False) as session:
            try:
                session.connection()  # BEGIN
            except Exception as error:
                raise NotBegun from error
            began = time.monotonic()
            raced = [write for write in group if _begin(write) and not self._run(session, write, alone=len(group) == 1)]
            self._forecast.ran(time.monotonic() - began)
            try:
                session.commit()
            except DBAPIError as error:
                session.rollback()  # SQLite keeps the transaction, and its lock, after a COMMIT that failed
                if error.connection_invalidated:
                    log.exception("the connection died in a commit")
                    raise Unsure from error
                raise
            if session.info.get("due"):
                group[0].loop.call_soon_threadsafe(self.due)
            return bool(session.info.get("owed")), raced

    def _run(self, session: Session, write: Write[Any], *, alone: bool) -> bool:
        """Run one function; when it fails, undo what it wrote. False when a race with another process undid it."""
        connection = session.connection()
        if not alone:
            connection.exec_driver_sql("SAVEPOINT one")
        try:
            write.result = write.context.run(write.run, session)
            session.flush()
        except Exception as error:  # noqa: BLE001 -- whatever it is, its waiter hears it
            _undo(session, error, alone=alone)
            write.fail(refusal(error) if is_outage(error) else error)
            return not (isinstance(error, IntegrityError) or is_deadlock(error))
        if not alone:
            connection.exec_driver_sql("RELEASE SAVEPOINT one")
        session.expunge_all()
        return True


def _begin(write: Write[Any]) -> bool:
    """Begin it at the last moment: whoever waited too long for the transaction, or for the others, has gone by then."""
    write.begun = write.begun or write.take()
    return write.begun


def _undo(session: Session, error: Exception, *, alone: bool) -> None:
    """Take back what a function wrote before it failed. Raises where the others' work is lost with it."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        raise error
    session.expunge_all()
    if alone:
        session.rollback()
    elif not session.is_active:  # a flush that fails rolls back everything, savepoint or not
        session.rollback()
        raise RolledBack from error
    else:
        session.connection().exec_driver_sql("ROLLBACK TO SAVEPOINT one")


def _lose_patience(write: Write[Any]) -> None:
    """It waited too long. One that has begun already is waited for."""
    if write.take():
        write.fail(Busy())
        write.answer()


def _fail(group: list[Write[Any]], kind: type[Unavailable]) -> None:
    for write in group:
        if not write.told and (write.error is None or isinstance(write.error, IntegrityError)):  # a race not run again
            write.fail(kind())
