"""The time of day, and what is done at its ticks."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY_HOUR = 3600
EVERY_MINUTE = 60


def now() -> float:
    """Seconds since 1970, UTC. Rules never read it: it is handed to them."""
    return time.time()


class Clock:
    """Ticks, on APScheduler 3, which keeps nothing: what is due is a row in the database."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def every(self, seconds: float, do: Callable[[], Awaitable[object]], *, name: str) -> None:
        """Call `do` every so many seconds. A tick that was late is made up once, not for each that was missed."""
        self._scheduler.add_job(
            do, "interval", seconds=seconds, id=name, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin to tick, on the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
