"""A sandbox's clock in place of this machine's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import aiohttp

from .clock import now

ASK_EVERY = 0.1
"""Real seconds between two looks at a sandbox's clock."""

ASK_FOR = 10.0
"""Seconds that its answer is waited for."""

JUMP = 1.0
"""Seconds by which it is out of step when it was moved."""


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

    async def follow(self, jumped: Callable[[], object]) -> None:
        """Go by it until this is cancelled.

        It has connections of its own: aiohttp takes the one that was used longest ago, and who asks without end, however little,
        would keep all open that calls of Slack ever needed at once.
        """
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ASK_FOR)) as session:
            while True:
                if await self.look(session):
                    jumped()
                await asyncio.sleep(ASK_EVERY)
