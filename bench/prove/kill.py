"""kill: SIGKILL, again and again, while a community is at work; the bot is started anew each time.

At each failpoint in turn, at several of its passings, and at random moments between; before that, in the midst of a migration,
and after it, of one of all that people then left. At the end everything that was acknowledged is there, every card, 📚 and notice
exactly once, and nothing is half done.
"""

from __future__ import annotations

import asyncio
import random
import signal
from dataclasses import dataclass, field

from bench.program import running
from sandbox.companion import AppFailed, Companion
from sandbox.replay import before_first

from . import checker, databases, migrating, traces
from .present import Present
from .proof import Proof, Tally, Trial
from .quiet import quiet
from .traffic import ROOM, SPEED, Traffic

POINTS = (
    "before-commit",
    "after-commit",
    "before-ack",
    "after-claim",
    "before-send",
    "after-send",
    "before-settle",
    "after-settle",
)
"""The failpoints that a running bot comes to (bot/failpoints.py)."""

PASSINGS = (1, 2, 5, 17)
"""At which of its passings a point kills."""

FEW = ("after-send=kill@2",)
"""The failpoint of the short form: the one after which a post's end is unknown."""

MOMENTS, FEW_MOMENTS = 100, 1
"""How many kills come at random moments."""

PAUSE = (0.05, 1.5)
"""Real seconds from a start to the next kill at a random moment."""

REACHED_WITHIN = 30.0
"""Real seconds in which a point must be passed, with people at work."""


async def prove(trial: Trial) -> Tally:
    """Let people work and the bot die; then hold Slack and the database to each other."""
    tally = Tally("kills")
    with databases.fresh(trial.engine, trial.folder) as url, Present(trial.export) as export:
        environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
        await migrating.kill_migrations(environment, few(migrating.EMPTY, trial), tally)
        slack = trial.slack(speed=SPEED, now=before_first(export, room=ROOM))
        log = trial.folder / "outloud.log"
        command, hurry = running(log), trial.failpoints(hurry=True)
        async with slack, Companion(slack, command, environment | hurry) as outloud:
            traffic = Traffic(slack, export, random.Random(trial.seed))  # noqa: S311 -- to be repeated
            killer = _killer(traffic, outloud, trial, tally)
            traffic.allowed = killer.part_done
            channels = await traffic.set_the_scene()
            await asyncio.gather(killer.run(), traffic.run())
            await quiet(slack, url)
            outloud.check()
            checker.check(slack, url, channels, traffic.shares, tally)
        await migrating.kill_later_migrations(environment, few(migrating.LATER, trial), tally)
    traces.judge_log(log, tally)
    tally.notes += [f"{traffic.said:,} messages", f"{traffic.keeps:,} 💡", f"{len(traffic.shares):,} shares"]
    return tally


def few(failpoints: tuple[str, ...], trial: Trial) -> tuple[str, ...]:
    """All of them; in the short form, one in the midst."""
    return failpoints[1:2] if trial.short else failpoints


def _killer(traffic: Traffic, outloud: Companion, trial: Trial, tally: Tally) -> Killer:
    if trial.short:
        return Killer(traffic, outloud, trial, tally, list(FEW), FEW_MOMENTS)
    every = [f"{point}=kill@{nth}" for nth in PASSINGS for point in POINTS]
    return Killer(traffic, outloud, trial, tally, every, MOMENTS)


@dataclass(slots=True)
class Killer:
    """Kills the bot at each failpoint and at so many random moments, by turns, and starts it again each time."""

    traffic: Traffic
    outloud: Companion
    trial: Trial
    tally: Tally
    failpoints: list[str]
    moments: int
    _done: int = 0
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(f"{self.trial.seed} kills")  # noqa: S311 -- to be repeated

    def part_done(self) -> float:
        """How much of the export may have been said, 0 to 1: people work until all is done."""
        return (self._done + 0.9) / (len(self.failpoints) + self.moments)

    async def run(self) -> None:
        """Kill and start, until all is done; the bot runs undisturbed then. Raises `AppFailed` where it does not start."""
        waiting = list(self.failpoints)
        await self._first_share()
        for _ in range(self.moments):
            await asyncio.sleep(self._chance.uniform(*PAUSE))
            self.outloud.check()  # a bot that crashed is none that was killed
            await self.outloud.kill()
            self._note()
            if waiting and await self._kill_at(waiting.pop(0)):
                self._note()
            await self.outloud.start()

    async def _first_share(self) -> None:
        """Wait until people are at work: on a slow machine the first kill would come before anything could be lost."""
        async with asyncio.timeout(REACHED_WITHIN):
            while not any(share.acknowledged for share in self.traffic.shares):  # noqa: ASYNC110 -- no event
                await asyncio.sleep(0.01)

    async def _kill_at(self, failpoint: str) -> bool:
        """Start it such that it kills itself there, and say whether it did; it may come there before it is ready."""
        try:
            await self.outloud.start(self.trial.failpoints(failpoint, hurry=True))
        except AppFailed:
            if await self.outloud.ended() != -signal.SIGKILL:
                raise
            return True
        try:
            async with asyncio.timeout(REACHED_WITHIN):
                code = await self.outloud.ended()
        except TimeoutError:
            self.tally.wrong.append(f"The bot never came to {failpoint}.")
            await self.outloud.kill()
            return False
        if code != -signal.SIGKILL:
            self.tally.wrong.append(f"The bot was to be killed at {failpoint}, and ended by itself with code {code}.")
        return code == -signal.SIGKILL

    def _note(self) -> None:
        self._done += 1
        self.tally.tried += 1
        self.trial.advance(self._done / (len(self.failpoints) + self.moments))


KILL = Proof("kill", prove)
