"""disorder: hypothesis makes up histories in which Slack tells everything in any order, twice, or much later.

The real bot, as a program, and a plain model (`model`) go through each step. At the end of each history they, the database
and Slack must agree. Where they don't, hypothesis looks for the shortest history that shows it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from sqlalchemy import Connection

from bench.program import MANIFEST, migrate, reading, running
from sandbox.companion import Companion
from sandbox.slack import Slack

from . import databases, steps
from .differences import differences
from .history import Draws
from .proof import Proof, Tally, Trial

STEPS, FEW_STEPS = 10_000, 200
"""Steps that are really taken, at least: one for which there is nothing to do it with counts for nothing."""

PARTS, FEW_PARTS = 16, 8
"""Of how many parts a history is made: each of some five steps, any of which can be left out to find a shorter one."""

MOST_HISTORIES, FEW_HISTORIES = 1000, 50
"""Hypothesis makes up no more, and begins with a tenth of it that are short; it is stopped once there were steps enough."""

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

NUMBER = st.integers(0, 11)
Step = tuple[str, Draws]
STEP = st.tuples(st.sampled_from(KINDS), st.tuples(NUMBER, NUMBER, NUMBER))


SHORTEN_FOR = 60.0
"""Real seconds in which a shorter history is looked for that shows the same, once one shows something."""


class _Enough(BaseException):
    """There were histories enough; hypothesis would go on, and catches every `Exception`."""


class Difference(AssertionError):
    """A history after which something is not as it should be: the sentences that say what, and what was done."""

    def __init__(self, sentences: list[str], log: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences, self.log = sentences, log


async def prove(trial: Trial) -> Tally:
    """As many histories as it takes."""
    tally = Tally("steps")
    with databases.fresh(trial.engine, trial.folder) as url:
        environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
        await migrate(environment)
        slack = Slack(MANIFEST, speed=SPEED)
        async with slack, Companion(slack, running(trial.folder / "outloud.log"), environment) as outloud:
            with reading(url) as connection:
                telling = _Telling(slack, connection, trial, tally, asyncio.get_running_loop())
                await asyncio.to_thread(telling.tell)
            outloud.check()
    tally.notes.append(f"{telling.histories} histories")
    return tally


@dataclass(slots=True)
class _Telling:
    """Tells histories, one after another, from hypothesis's thread to the loop in which Slack lives."""

    slack: Slack
    connection: Connection
    trial: Trial
    tally: Tally
    loop: asyncio.AbstractEventLoop
    histories: int = 0
    found: list[Difference] = field(default_factory=list)
    shorten_until: float = math.inf

    @property
    def wanted(self) -> int:
        """How many steps there must be."""
        return FEW_STEPS if self.trial.short else STEPS

    def tell(self) -> None:
        """Until there were steps enough, or a difference was found."""
        with suppress(Difference, _Enough):
            self._tell_all()
        if self.found:
            shortest = min(self.found, key=lambda one: len(one.log))
            self.tally.wrong += [*shortest.sentences, f"The shortest history that shows it: {'; '.join(shortest.log)}."]

    def _tell_all(self) -> None:
        part = st.lists(STEP, max_size=10)
        parts = st.tuples(*[part] * (FEW_PARTS if self.trial.short else PARTS))

        @hypothesis.seed(self.trial.seed)
        @hypothesis.settings(
            max_examples=FEW_HISTORIES if self.trial.short else MOST_HISTORIES,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        @hypothesis.given(parts)
        def agree(parts: tuple[list[Step], ...]) -> None:
            if time.monotonic() > self.shorten_until or (not self.found and self.tally.tried >= self.wanted):
                raise _Enough
            self._wait(self._go_through([step for part in parts for step in part]))

        agree()

    def _wait(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    async def _go_through(self, taken: list[Step]) -> None:
        self.histories += 1
        history = await steps.begin(self.slack, self.connection, self.histories)
        for kind, draws in taken:
            self.tally.tried += await steps.take(history, kind, draws)
        await history.end()
        self.trial.advance(min(1.0, self.tally.tried / self.wanted))
        if found := differences(history):
            self.found.append(Difference(found, history.log))
            self.shorten_until = min(self.shorten_until, time.monotonic() + SHORTEN_FOR)
            raise self.found[-1]


DISORDER = Proof("disorder", prove)
