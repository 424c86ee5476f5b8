"""How long a write that comes now would wait for its turn, by what writing has lately taken."""

from __future__ import annotations

import time
from collections.abc import Callable

LATELY = 256
"""Writes over which the time that one takes is averaged."""

SLOWEST = 0.5
"""Seconds that a write counts for at most: one that waited for a lock, or a process that was paused, adds 2 ms to the average,
so that the hundreds who come right behind it are still taken."""

WEIGHT = 0.3
"""Of a new group's commit in the average: three groups make two thirds of it, so a slow disk shows soon, and so does its end."""


class Forecast:
    """A group of n writes takes `commit + n * each` seconds, both averages of what it lately took.

    `began`, `ran` and `ended` are called by the writer's thread, `wait` by the event loop. `group` is how many writes share
    a transaction at most; `now` gives seconds.
    """

    def __init__(self, group: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._group = group
        self._now = now
        self._commit = 0.0
        self._each = 0.0
        self._ran = 0.0
        self._present: tuple[float, int] | None = None
        """When the group under way began, and how many writes it has. One value, so that no thread sees half of it."""

    def began(self, writes: int) -> None:
        """A group is under way."""
        self._ran = 0.0
        self._present = self._now(), writes

    def ran(self, seconds: float) -> None:
        """Functions of it have run for so long; the rest of its time is the commit's."""
        self._ran += seconds

    def ended(self) -> None:
        """It is committed, or has failed."""
        if self._present is None:
            return
        since, writes = self._present
        self._commit += WEIGHT * (self._now() - since - self._ran - self._commit)
        self._each += writes / (writes + LATELY) * (min(self._ran / writes, SLOWEST) - self._each)
        self._present = None

    def wait(self, ahead: int) -> float:
        """Seconds until one begins that has `ahead` others before it in the queue. 0 where nothing is under way or waits."""
        groups, in_its_own = divmod(ahead, self._group)
        return self._rest() + groups * self._takes(self._group) + in_its_own * self._each

    def _takes(self, writes: int) -> float:
        return self._commit + writes * self._each

    def _rest(self) -> float:
        """What is left of the group under way. One that is overdue is expected to be late by as much again."""
        present = self._present
        if present is None:
            return 0.0
        since, writes = present
        return abs(self._takes(writes) - (self._now() - since))
