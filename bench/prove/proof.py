"""What a proof is, what it is given, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.program import DOORS, MANIFEST
from sandbox.manifest import read_manifest
from sandbox.slack import Slack

ENGINES = ("sqlite", "postgresql")

HURRY = "hurry=5"
"""For the short forms (bot/failpoints.py): a lease of 6 seconds instead of 30, and all that hangs together with it alike."""


class CantProve(Exception):
    """This machine lacks what the proof needs; the text says what. It is no success."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a proof, on one engine.

    `seed` decides every choice that is made by chance. `short` is the form for the tests: a few seconds.
    """

    engine: str
    folder: Path
    """A folder of its own, empty, gone afterwards."""
    export: Path
    """The Slack export that is played."""
    seed: int
    short: bool
    advance: Callable[[float], None]
    """Say how far it is: 0 at the beginning, 1 at the end."""
    door: str = "http"
    """By which door the bot hears: one of `DOORS`."""

    def slack(self, *, speed: float, now: float | None = None) -> Slack:
        """A Slack, as yet without anybody, whose app comes by this trial's door."""
        return Slack(read_manifest(MANIFEST), speed=speed, now=now, socket_mode=self.door == "socket")

    def failpoints(self, *items: str, hurry: bool = False) -> dict[str, str]:
        """What the bot needs in its environment for these failpoints; with `hurry`, also that the short form has no time."""
        wanted = [*items, *([HURRY] if hurry and self.short else [])]
        return {"OUTLOUD_FAILPOINTS": ",".join(wanted)} if wanted else {}


@dataclass(slots=True)
class Tally:
    """What was tried, and what did not hold, a sentence each.

    `lost`: acknowledged, and not there. `doubled`: there more than once. `wrong`: anything else that may not be.
    """

    what: str
    """What was tried, in words that follow a number."""
    tried: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What else is worth knowing; no fault."""

    @property
    def faults(self) -> list[str]:
        """All that did not hold."""
        return [*self.lost, *self.doubled, *self.wrong]


@dataclass(frozen=True, slots=True)
class Proof:
    """One of the things that `make prove` proves. `run` raises `CantProve`; any other exception is a failure, too."""

    name: str
    run: Callable[[Trial], Coroutine[Any, Any, Tally]]
    doors: tuple[str, ...] = DOORS
    """The doors at which it can be tried."""
    engines: tuple[str, ...] = ENGINES
    """The engines on which it can be tried."""
