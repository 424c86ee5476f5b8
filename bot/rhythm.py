"""The rhythm: what is due at a time is done at that time, and nobody looks at what is not.

A tick of the clock does what is due, looks ahead, and sleeps until the next is due: at most until the clock ticks anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers.desk import Desk
from storage.experts import private_endings
from storage.owed import causes
from storage.prompts import claiming, closing, digests, opening
from storage.refusals import Unavailable

from .watching import Watch

log = logging.getLogger(__name__)

LOOK_EVERY = 30.0
"""Seconds between two looks when nothing is known to be due: another process may have scheduled something."""

TRY_AGAIN = 1.0
"""Seconds until what failed is tried again."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that falls due by rows, by its `name`. `next_due`: when, seconds since 1970, UTC; None: never, as things are.

    `do` does what is due at a moment, and says whether there may be more.
    """

    name: str
    next_due: Callable[[Session], float | None]
    do: Callable[[Session, float], bool]


def chores(desk: Desk) -> tuple[Chore, ...]:
    """All that falls due by itself: schedules, the rounds that they open, digests, and questions that nobody answered."""

    def claim(session: Session, at: float) -> bool:
        taken = claiming.claim_due(session, opening.opens, opening.asks_first, at=at)
        return taken == claiming.AT_ONCE

    def close(session: Session, at: float) -> bool:
        return closing.tick(session, at=at, heard=desk.heard.of_all())

    def digest(session: Session, at: float) -> bool:
        return digests.tick(session, at=at)

    def unanswered(session: Session, at: float) -> bool:
        return private_endings.tick(session, at=at)

    return (
        Chore("schedules", claiming.next_due, claim),
        Chore("rounds' ends", closing.next_due, close),
        Chore("digests", digests.next_due, digest),
        Chore("private questions", private_endings.next_due, unanswered),
    )


class Rhythm:
    """Does chores when they are due. Wakes with the commit that changed when that is."""

    def __init__(
        self, desk: Desk, chores: Sequence[Chore], *, look_every: float = LOOK_EVERY, watch: Watch | None = None
    ) -> None:
        self._desk = desk
        self._watch = watch or Watch()
        self._chores = chores
        self._look_every = look_every
        self._wake = asyncio.Event()
        self._stopping = False
        self._ticking = asyncio.Lock()
        desk.db.on_due(self._wake.set)

    async def tick(self) -> bool:
        """Do what is due, and what falls due until the clock ticks anew. False: it is not to.

        Time is the loop's: the wall's may be set back.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._look_every
        async with self._ticking:
            while not self._stopping and (left := until - loop.time()) > 0:
                self._wake.clear()
                wait = await self.beat()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), min(wait, left))
        return not self._stopping

    def wake(self) -> None:
        """Look anew at what is due: the clock was moved."""
        self._wake.set()

    async def beat(self) -> float:
        """Do what is due now. Returns in how many seconds there is more, at most as long as the clock takes to tick.

        No chore waits for another that fails: that is tried again a little later.
        """
        waits = [await self._tried(chore) for chore in self._chores]
        return min(waits, default=self._look_every)

    async def stop(self) -> None:
        """Do nothing new, and wait for what is under way."""
        self._stopping = True
        self._wake.set()
        async with self._ticking:
            pass

    async def _tried(self, chore: Chore) -> float:
        try:
            return await self._do(chore)
        except Unavailable:
            return TRY_AGAIN
        except Exception:
            log.exception("the rhythm stumbled, and goes on")
            return TRY_AGAIN

    async def _do(self, chore: Chore) -> float:
        """Asking when the next is due is a look at one index; the writer is troubled only where something is."""
        more = True
        while (due := await self._desk.db.read(chore.next_due)) is not None and not self._stopping:
            if due > self._desk.now():
                return due - self._desk.now()
            if not more:  # another process has it in hand
                return TRY_AGAIN
            self._watch.did(chore.name, self._desk.now() - due)
            with causes.because_of(causes.new()):
                more = await self._desk.db.write(chore.do, self._desk.now())
        return self._look_every
