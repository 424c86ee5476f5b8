"""The time of day, and what is done at its ticks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY_HOUR = 3600
EVERY_MINUTE = 60

ASK_EVERY = 0.1
"""Real seconds between two looks at a sandbox's clock."""

JUMP = 1.0
"""Seconds by which it is out of step when it was moved."""


def now() -> float:
    """Seconds since 1970, UTC. Rules never read it: it is handed to them."""
    return time.time()


class Borrowed:
    """A sandbox's clock, which may be moved: it is asked for the time over and over. `jumped` is called after it was."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970, UTC, by that clock."""
        return now() + self._ahead

    async def look(self, session: aiohttp.ClientSession) -> bool:
        """Ask it for the time. Whether it was moved since. While it does not answer, time goes on as it was."""
        ahead = self._ahead
        with suppress(TimeoutError, OSError, aiohttp.ClientError, KeyError, ValueError):
            async with session.get(self._url) as answer:
                self._ahead = float((await answer.json())["now"]) - now()
        return abs(ahead - self._ahead) > JUMP

    async def follow(self, session: aiohttp.ClientSession, jumped: Callable[[], object]) -> None:
        """Go by it until this is cancelled."""
        while True:
            if await self.look(session):
                jumped()
            await asyncio.sleep(ASK_EVERY)


class Clock:
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
