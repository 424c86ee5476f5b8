"""What stands in a form that is open, or was closed just now: held in this process's memory alone, and not for long.

Slack does not tell what stood in a form that is closed, so it is told while somebody types (docs/decisions/0043).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.ids import Person
from storage.learned import entries
from storage.learned.drafts import NewDraft

HOLD_FOR = 1800.0
"""Seconds: as long as what one reads under a closed form is fresh."""

MAX_HELD = 1000
"""Forms; of more, the oldest are let go. Each holds two fields of up to 3,000 characters."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What stood in a form that is no draft's: the form's name, and what its button carries, so that it can be opened again.

    `written`: what was written in it since it was opened; `values`: all that stood in it, as Slack tells it. `saw`: a sign of
    what it showed then, of each field, where it carried one.
    """

    key: str
    form: str
    opened_by: str
    written: str
    values: Mapping[str, Mapping[str, Mapping[str, Any]]]
    saw: Mapping[str, str] | None = None

    @property
    def has_words(self) -> bool:
        """Whether anything was written."""
        return entries.has_words(self.written)


Entered = NewDraft | Unfinished


@dataclass(slots=True)
class Unsaved:
    """What somebody entered last, by their form's key."""

    _held: dict[tuple[Person, str], tuple[Entered, asyncio.TimerHandle]] = field(default_factory=dict)

    def hold(self, person: Person, entered: Entered) -> None:
        """Instead of what they had entered before. It is let go by itself."""
        self.drop(person, entered.key)
        while len(self._held) >= MAX_HELD:
            self.drop(*next(iter(self._held)))
        timer = asyncio.get_running_loop().call_later(HOLD_FOR, self.drop, person, entered.key)
        self._held[person, entered.key] = (entered, timer)

    def of(self, person: Person, key: str) -> Entered | None:
        """None: nothing is held of this form."""
        held = self._held.get((person, key))
        return held[0] if held else None

    def drop(self, person: Person, key: str) -> None:
        """It is saved, shared or thrown away; or its time is over."""
        held = self._held.pop((person, key), None)
        if held:
            held[1].cancel()
