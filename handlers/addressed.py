"""What people wrote to Outloud just now, until it is answered: held in this process's memory alone.

What is owed holds ids, and no words (docs/decisions/0121): where they are not held here any more, Slack shows them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from storage.ids import MessageRef

HOLD_FOR = 120.0
"""Seconds: an answer takes one or two."""

MAX_HELD = 1000
"""Messages; of more, the oldest are let go."""


@dataclass(slots=True)
class Addressed:
    """The words of messages, by where they stand."""

    _held: dict[MessageRef, tuple[str, asyncio.TimerHandle]] = field(default_factory=dict)

    def hold(self, message: MessageRef, words: str) -> None:
        """They are let go by themselves."""
        self.drop(message)
        while len(self._held) >= MAX_HELD:
            self.drop(next(iter(self._held)))
        self._held[message] = (words, asyncio.get_running_loop().call_later(HOLD_FOR, self.drop, message))

    def of(self, message: MessageRef) -> str | None:
        """None: they are not held."""
        held = self._held.get(message)
        return held[0] if held else None

    def drop(self, message: MessageRef) -> None:
        """It is answered, or its time is over."""
        held = self._held.pop(message, None)
        if held:
            held[1].cancel()
