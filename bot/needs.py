"""What each errand needs: whose turn it takes, and what may not be under way beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.duties import Duty, Post
from storage.owed.limits import Turn
from storage.owed.outbox import Due, Errand

from .directs import Directs
from .pace import limits

OPEN = "conversations.open"
"""What a first post to somebody asks for."""


@dataclass(frozen=True, slots=True)
class Needs:
    """By its duty, and by what is remembered of direct messages."""

    duties: Mapping[str, Duty]
    directs: Directs

    def method(self, one: Due | Errand) -> str:
        """The method whose quota it mainly uses."""
        duty = self.duties.get(one.kind)
        return duty.method if duty else "chat.update"

    def methods(self, one: Due | Errand) -> tuple[str, ...]:
        """All that its turn is for: with the look for a direct message, where Slack is to be asked for it."""
        return (self.method(one), *([OPEN] if self._opens(one) else []))

    def turn(self, one: Due | Errand) -> Turn:
        """Whose turn it takes: of all its methods together, so that it waits for one without holding any other."""
        return Turn(one.workspace, tuple(limit for method in self.methods(one) for limit in limits(method, one.lane)))

    def one_at_a_time(self, one: Due | Errand) -> str:
        """What may be under way only once at a time: one post in a conversation, one change of one thing."""
        if self._is_post(one):
            return f"{one.workspace} {one.lane}"
        return f"{one.workspace} {one.slot or one.id}"

    def is_background(self, one: Due | Errand) -> bool:
        """Whether all others go first."""
        return getattr(self.duties.get(one.kind), "background", False)

    def _opens(self, one: Due | Errand) -> bool:
        return self._is_post(one) and self.directs.remembered(one.workspace, one.lane) is None

    def _is_post(self, one: Due | Errand) -> bool:
        return isinstance(self.duties.get(one.kind), Post)
