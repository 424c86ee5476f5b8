"""Eyes on a running Outloud: what it tells of its work. Here is whom it tells; `figures` counts it for Prometheus.

Handlers and storage know nothing of it. What is told holds no words and no ids of people, conversations or workspaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.wiring import Outloud


class Watch:
    """Is told of everything, and looks away: what runs unwatched pays nothing for it. All durations are in seconds."""

    def opened(self, outloud: Outloud) -> None:
        """It begins to work: what it stands on may be looked at from now on."""

    def answered(self, what: str, outcome: str, seconds: float) -> None:
        """A delivery has its answer. `what` it was is in `envelope.check`'s words; `outcome` one of `reception.OUTCOMES`."""

    def ended(self, kind: str, method: str, outcome: str, *, owed_for: float, took: float) -> None:
        """A try at an errand has ended: so long after it was owed, and after so long in hand."""

    def waited(self, method: str, seconds: float) -> None:
        """An errand that was due has waited so long for its turn at Slack's pace, and has it now."""

    def did(self, chore: str, late: float) -> None:
        """What had fallen due by itself was begun, so long after its time."""
