"""Histories that hypothesis makes up, told one after another to a bot that is at work, until there were steps enough.

Where one shows something that is wrong, hypothesis looks for the shortest that does.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from .chance import Draws
from .proof import Tally, Trial

PARTS, FEW_PARTS = 16, 8
"""Of how many parts a history is made: each of some five steps, any of which can be left out to find a shorter one."""

MOST_HISTORIES, FEW_HISTORIES = 1000, 50
"""Hypothesis makes up no more, and begins with a tenth of it that are short; it is stopped once there were steps enough."""

SHORTEN_FOR = 60.0
"""Real seconds in which a shorter history is looked for that shows the same, once one shows something."""

NUMBER = st.integers(0, 11)
Step = tuple[str, Draws]


class _Enough(BaseException):
    """There were histories enough; hypothesis would go on, and catches every `Exception`."""


class Difference(AssertionError):
    """A history after which something is not as it should be: the sentences that say what, and what was done."""

    def __init__(self, sentences: list[str], log: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences, self.log = sentences, log


@dataclass(slots=True)
class Telling:
    """Tells histories from hypothesis's thread to the loop in which Slack lives.

    `go_through` takes the steps of one, counts those that were really taken in the tally, and raises `Difference`. `kinds`:
    what a step may be, each as often as it comes up. `wanted`: how many steps there must be.
    """

    trial: Trial
    tally: Tally
    loop: asyncio.AbstractEventLoop
    kinds: tuple[str, ...]
    go_through: Callable[[list[Step]], Awaitable[None]]
    wanted: int
    shorten_for: float = SHORTEN_FOR
    histories: int = 0
    found: list[Difference] = field(default_factory=list)
    shorten_until: float = math.inf

    def tell(self) -> None:
        """Until there were steps enough, or a difference was found; it is told in the tally."""
        try:
            self._tell_all()
        except (Difference, _Enough):
            pass
        except Flaky:  # what did not show a second time did show once; but what broke off once ends it all the same
            if not self.found:
                raise
        if self.found:
            shortest = min(self.found, key=lambda one: len(one.log))
            self.tally.wrong += [*shortest.sentences, f"The shortest history that shows it: {'; '.join(shortest.log)}."]
        elif self.tally.tried < self.wanted:  # hypothesis may end before, or what is told may find nothing to do
            self.tally.wrong.append(f"Of {self.wanted} steps only {self.tally.tried} were taken.")
        self.tally.notes.append(f"{self.histories} histories")

    def _tell_all(self) -> None:
        step = st.tuples(st.sampled_from(self.kinds), st.tuples(NUMBER, NUMBER, NUMBER))
        part = st.lists(step, max_size=10)
        parts = st.tuples(*[part] * (FEW_PARTS if self.trial.short else PARTS))

        @hypothesis.seed(self.trial.seed)
        @hypothesis.settings(
            max_examples=FEW_HISTORIES if self.trial.short else MOST_HISTORIES,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            print_blob=False,
            report_multiple_bugs=False,
        )
        @hypothesis.given(parts)
        def agree(parts: tuple[list[Step], ...]) -> None:
            if time.monotonic() > self.shorten_until or (not self.found and self.tally.tried >= self.wanted):
                raise _Enough
            self._go_through([step for part in parts for step in part])

        agree()

    def _go_through(self, steps: list[Step]) -> None:
        self.histories += 1
        try:
            asyncio.run_coroutine_threadsafe(self._awaited(steps), self.loop).result()
        except Difference as found:
            self.found.append(found)
            self.shorten_until = min(self.shorten_until, time.monotonic() + self.shorten_for)
            raise
        self.trial.advance(min(1.0, self.tally.tried / self.wanted))

    async def _awaited(self, steps: list[Step]) -> None:
        await self.go_through(steps)
