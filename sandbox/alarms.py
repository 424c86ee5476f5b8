"""Waiting for a reading of the sandbox's clock, which tests may move while others wait."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_EVERY = 0.005
"""Real seconds between two looks at the clock: it can be moved, so it has to be looked at."""


class Alarms:
    """Futures that are done once `reading()` (seconds) has reached their time."""

    def __init__(self, reading: Callable[[], float]) -> None:
        self._reading = reading
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()
        self._looking: asyncio.Task[None] | None = None

    def at(self, time: float) -> asyncio.Future[None]:
        """A future that is done when the reading is `time`. Whoever needs it no longer cancels it."""
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (time, next(self._count), future))
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return future

    async def _look(self) -> None:
        while self._waiting:
            time, _, future = self._waiting[0]
            if future.done() or self._reading() >= time:
                heapq.heappop(self._waiting)
                if not future.done():
                    future.set_result(None)
            else:
                await asyncio.sleep(LOOK_EVERY)

    async def stop(self) -> None:
        """Give up waiting; what still waits is cancelled."""
        for _, _, future in self._waiting:
            future.cancel()
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
