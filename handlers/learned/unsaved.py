"""What stands in a form that is open, or was closed just now: held in this process's memory alone, and not for long.

Slack does not tell what stood in a form that is closed, so it is told while somebody types (docs/decisions/0043).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from storage.ids import Person
from storage.learned.drafts import NewDraft

HOLD_FOR = 1800.0
"""Seconds: as long as what one reads under a closed form is fresh."""

MAX_HELD = 1000
"""Forms; of more, the oldest are let go. Each holds two fields of up to 3,000 characters."""


@dataclass(slots=True)
class Unsaved:
    """What somebody entered last, by their form's key."""

    _held: dict[tuple[Person, str], tuple[NewDraft, asyncio.TimerHandle]] = field(default_factory=dict)

    def hold(self, person: Person, entered: NewDraft) -> None:
        """Instead of what they had entered before. It is let go by itself."""
        self.drop(person, entered.key)
        while len(self._held) >= MAX_HELD:
            self.drop(*next(iter(self._held)))
        timer = asyncio.get_running_loop().call_later(HOLD_FOR, self.drop, person, entered.key)
        self._held[person, entered.key] = (entered, timer)

    def of(self, person: Person, key: str) -> NewDraft | None:
        """None: nothing is held of this form."""
        held = self._held.get((person, key))
        return held[0] if held else None

    def drop(self, person: Person, key: str) -> None:
        """It is saved, shared or thrown away; or its time is over."""
        held = self._held.pop((person, key), None)
        if held:
            held[1].cancel()
