"""disorder: hypothesis makes up histories in which Slack tells everything in any order, twice, or much later.

The real bot, as a program, and a plain model (`model`) go through each step. At the end of each history they, the database
and Slack must agree. Where they don't, hypothesis looks for the shortest history that shows it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy import Connection

from bench.program import migrate, reading, running
from sandbox.companion import Companion
from sandbox.slack import Slack

from . import databases, steps
from .differences import differences
from .proof import Proof, Tally, Trial
from .telling import SHORTEN_FOR, Difference, Step, Telling

STEPS, FEW_STEPS = 10_000, 200
"""Steps that are really taken, at least: one for which there is nothing to do it with counts for nothing."""

SPEED = 50.0
"""Times Slack's pace: the sandbox's clock and the bot's own pace alike."""

KINDS = (
    "nothing",
    *("say", "reply", "edit", "edit", "delete", "delete"),
    *["react"] * 6,
    *["deliver"] * 7,
    *["deliver oldest"] * 3,
    *["repeat"] * 2,
    *["drain"] * 3,
    *("share", "share by form", "send again", "press on share"),
    *["press"] * 3,
)
"""What a step may be, each as often as it comes up."""


async def prove(trial: Trial) -> Tally:
    """As many histories as it takes."""
    tally = Tally("steps")
    with databases.fresh(trial.engine, trial.folder) as url:
        environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
        await migrate(environment)
        slack = trial.slack(speed=SPEED)
        async with slack, Companion(slack, running(trial.folder / "outloud.log"), environment) as outloud:
            with reading(url) as connection:
                histories = _Histories(slack, connection, tally)
                wanted = FEW_STEPS if trial.short else STEPS
                loop = asyncio.get_running_loop()
                telling = Telling(trial, tally, loop, KINDS, histories.go_through, wanted, SHORTEN_FOR)
                await asyncio.to_thread(telling.tell)
            outloud.check()
    return tally


@dataclass(slots=True)
class _Histories:
    """Goes through histories, each with a place of its own."""

    slack: Slack
    connection: Connection
    tally: Tally
    number: int = 0

    async def go_through(self, taken: list[Step]) -> None:
        """One, from its beginning to its end. Raises `Difference`."""
        self.number += 1
        history = await steps.begin(self.slack, self.connection, self.number)
        for kind, draws in taken:
            self.tally.tried += await steps.take(history, kind, draws)
        await history.end()
        if found := differences(history):
            raise Difference(found, history.log)


DISORDER = Proof("disorder", prove)
