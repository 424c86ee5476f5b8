"""Failpoints: places between two instructions at which a proof kills the process, stops it, or breaks it.

`OUTLOUD_FAILPOINTS="after-commit=kill@17,before-send=stop"` names points and what happens at them. `bot.hooks` hooks them in
from outside when the command line starts with that variable set. Without it neither module is imported, and nothing on
the ordinary path knows of them (docs/decisions/0015-failpoints-hook-from-outside.md).
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

from .commands.failing import Failure

POINTS = {
    "before-commit": "a writing transaction is about to be committed",
    "after-commit": "it is committed, and nobody was answered yet",
    "before-ack": "the handler has returned, and its answer has not left",
    "after-claim": "errands are leased, and nothing was done about them",
    "before-send": "the outbox's worker is about to call the Web API",
    "after-send": "Slack has answered that call, and nothing was noted of it",
    "before-settle": "how an errand ended is about to be written",
    "after-settle": "how it ended is committed, and nobody was told yet",
    "in-migration": "a statement of a migration has changed something, and is not committed",
    "after-migration": "the migration is committed",
}
"""Where something may happen, and what is true there."""

FULL = "sqlite-full"
"""`sqlite-full=FILE`: while FILE exists, the SQLite database can't grow, as on a disk that is full."""

HURRY = "hurry"
"""`hurry=5`: leases, calls, and the waits before a look are a fifth as long, all of them alike: for proofs that have no time."""

MOST_HURRY = 10
"""A call needs a second, even on a machine that has much else to do."""

_HURRIES = {f"{HURRY}={times}": times for times in range(2, MOST_HURRY + 1)}
_ITEM = re.compile(r"(?P<point>[a-z-]+)=(?P<action>[a-z]+)(?:@(?P<nth>[1-9][0-9]{0,8})(?P<on>\+)?)?")


class Fault(Exception):
    """An error that nobody thought of."""


def _kill(_point: str, _nth: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _stop(_point: str, _nth: int) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _raise(point: str, _nth: int) -> NoReturn:
    raise Fault(point)


def _tell(point: str, nth: int) -> None:
    os.write(2, f"failpoint {point} {nth}\n".encode())


ACTIONS: dict[str, Callable[[str, int], None]] = {"kill": _kill, "stop": _stop, "raise": _raise, "tell": _tell}
"""What may happen there: SIGKILL or SIGSTOP to the process itself, an exception, or a line on stderr."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens at the `nth` passing of a point, the first being 1; with `on`, at each later one, too."""

    point: str
    action: str
    nth: int = 1
    on: bool = False

    def covers(self, nth: int) -> bool:
        """Whether it happens at this passing."""
        return nth >= self.nth if self.on else nth == self.nth


class Failpoints:
    """Counts the passings of each point, in whatever thread, and does what is planned there."""

    def __init__(self, plans: list[Plan]) -> None:
        self._plans = plans
        self._passed: Counter[str] = Counter()
        self._lock = threading.Lock()

    def reach(self, point: str) -> None:
        """Come to a point."""
        with self._lock:
            self._passed[point] += 1
            nth = self._passed[point]
        for plan in self._plans:
            if plan.point == point and plan.covers(nth):
                ACTIONS[plan.action](point, nth)


class Wanted(NamedTuple):
    """What the variable asks for."""

    plans: list[Plan]
    full: Path | None = None
    """The file while which exists SQLite is full."""
    hurry: int = 1
    """By how much leases and waits are shortened."""


def parse(text: str) -> Wanted:
    """What is wanted. Raises `Failure` with all that may be said."""
    plans, full, hurry = list[Plan](), None, 1
    for item in filter(None, map(str.strip, text.split(","))):
        found = _ITEM.fullmatch(item)
        if item.startswith(f"{FULL}=") and len(item) > len(FULL) + 1:
            full = Path(item.removeprefix(f"{FULL}="))
        elif item in _HURRIES:
            hurry = _HURRIES[item]
        elif found and found["point"] in POINTS and found["action"] in ACTIONS:
            plans.append(Plan(found["point"], found["action"], int(found["nth"] or 1), bool(found["on"])))
        else:
            raise Failure(
                f"OUTLOUD_FAILPOINTS does not say what it wants with «{item}». Give point=action, point=action@3 for the "
                "third passing, or point=action@3+ for each from the third on, with commas between several.\n"
                f"Points: {', '.join(POINTS)}.\nActions: {', '.join(ACTIONS)}. And {FULL}=FILE, "
                f"{HURRY}=2 to {HURRY}={MOST_HURRY}."
            )
    return Wanted(plans, full, hurry)
