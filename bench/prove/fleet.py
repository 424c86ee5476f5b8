"""Several processes of the bot on one database, behind one address; and somebody who kills one and pauses another."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from sandbox.companion import Companion
from sandbox.slack import Slack

NOTICED_WITHIN = 0.3
"""Real seconds in which whoever shares out what comes in notices that one does not answer."""

AT_LEAST = 2
"""So many stand where one is killed or paused: the other goes on."""

TURN_EVERY = 0.02
"""Real seconds for which one of them gets what Slack brings, before it is the next one's turn."""


@dataclass(slots=True)
class Fleet:
    """`standing` are those that Slack is led to, by turns."""

    slack: Slack
    all: list[Companion]
    chance: random.Random
    standing: list[Companion] = field(default_factory=list)
    done: int = 0
    """How many were killed or paused."""
    _chosen: list[Companion] = field(default_factory=list)

    def check(self) -> None:
        """Raise `AppFailed` where one has ended by itself."""
        for each in self.all:
            each.check()

    async def disturb(
        self, times: int, every: tuple[float, float], pauses: Sequence[float], done: Callable[[], None]
    ) -> None:
        """Kill and pause by turns, `times` each: one pause for each of `pauses` (real seconds), over and over."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._again(times, every, lambda _: self._kill(), done))
            both.create_task(self._again(times, every, lambda nth: self._pause(pauses[nth % len(pauses)]), done))

    async def share_out(self) -> None:
        """Lead Slack to one after another, for as long as this runs."""
        while True:
            for each in list(self.standing):
                self.slack.app_url = f"http://127.0.0.1:{each.port}/slack/events"
                await asyncio.sleep(TURN_EVERY)
            await asyncio.sleep(TURN_EVERY)

    async def _again(
        self, times: int, every: tuple[float, float], act: Callable[[int], object], done: Callable[[], None]
    ) -> None:
        for nth in range(times):
            await asyncio.sleep(self.chance.uniform(*every))
            await act(nth)  # type: ignore[misc]  # one of the two below
            self.done += 1
            done()

    async def _kill(self) -> None:
        victim = await self._victim()
        await victim.kill()
        await self._notice(victim)
        await victim.start()
        self.standing.append(victim)

    async def _pause(self, seconds: float) -> None:
        victim = await self._victim()
        victim.pause()
        await self._notice(victim)
        await asyncio.sleep(seconds)
        victim.resume()
        self.standing.append(victim)

    async def _victim(self) -> Companion:
        """One of those that stand, where another one does, too; nobody else takes it."""
        while len(self.standing) - len(self._chosen) < AT_LEAST:  # noqa: ASYNC110 -- no event
            await asyncio.sleep(TURN_EVERY)
        victim = self.chance.choice([each for each in self.standing if each not in self._chosen])
        self._chosen.append(victim)
        return victim

    async def _notice(self, victim: Companion) -> None:
        await asyncio.sleep(NOTICED_WITHIN)
        self.standing.remove(victim)
        self._chosen.remove(victim)


@asynccontextmanager
async def fleet(
    slack: Slack, many: int, command: Sequence[str], environment: Mapping[str, str], chance: random.Random
) -> AsyncIterator[Fleet]:
    """So many of them, all ready."""
    async with AsyncExitStack() as stack:
        every = [await stack.enter_async_context(Companion(slack, command, environment)) for _ in range(many)]
        made = Fleet(slack, every, chance, list(every))
        sharing = asyncio.create_task(made.share_out())
        try:
            yield made
        finally:
            sharing.cancel()
            await asyncio.gather(sharing, return_exceptions=True)
