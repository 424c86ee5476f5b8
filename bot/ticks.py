"""What is done every so often, as long as Outloud runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY_HOUR = 3600
EVERY_MINUTE = 60


class Ticks:
    """Ticks, on APScheduler 3, which keeps nothing: what is due is a row in the database."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def every(self, seconds: float, do: Callable[[], Awaitable[object]], *, name: str) -> None:
        """Call `do` every so many seconds. A tick that was late is made up once, not for each that was missed."""
        self._scheduler.add_job(
            _ending_quietly(do),
            "interval",
            seconds=seconds,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def always(self, do: Callable[[], Awaitable[bool]], *, name: str) -> None:
        """Call `do` again as soon as it has ended, while it says so: it looks ahead by itself, and sleeps until there is more."""

        @_ending_quietly
        async def tick() -> None:
            if await do():
                again()

        def again() -> None:  # two at once, for a moment: the one that ends, and the next
            options = {"id": name, "replace_existing": True, "misfire_grace_time": None, "max_instances": 2}
            self._scheduler.add_job(tick, "date", **options)

        again()

    def hasten(self, name: str) -> None:
        """Do now what would be done by and by."""
        if self._scheduler.running:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        """Begin to tick, on the running event loop."""
        self._scheduler.start()

    async def pause(self) -> None:
        """Begin no tick any more; what is under way goes on. What was just begun is under way when this returns."""
        if self._scheduler.running:
            self._scheduler.pause()
            await asyncio.sleep(0)

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def _ending_quietly(do: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """What a stop cancels has not failed: APScheduler would log a traceback."""

    async def run() -> None:
        with suppress(asyncio.CancelledError):
            await do()

    return run
