"""What a proof is, what it is given, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


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
