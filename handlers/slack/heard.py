"""Slack's time, as far as it was heard: whatever happens there from now on is later.

Slack's clock and ours are two. What Slack says in answer to us is compared with what it said before, and never with our
clock (docs/decisions/0017).
"""

from __future__ import annotations

import re
from typing import Any

from storage.ids import Ts, WorkspaceId

_MOMENT = re.compile(r"[0-9]{10}\.[0-9]{6}")


class Heard:
    """The newest `event_ts` of each workspace."""

    def __init__(self) -> None:
        self._newest: dict[WorkspaceId, Ts] = {}

    def newest(self, workspace: WorkspaceId) -> Ts | None:
        """None where nothing was heard."""
        return self._newest.get(workspace)

    def of_all(self) -> dict[WorkspaceId, Ts]:
        """Of each workspace that anything was heard of."""
        return dict(self._newest)

    def note(self, workspace: WorkspaceId, event_ts: Any) -> None:  # noqa: ANN401 -- whatever a payload holds
        """An event happened then. What is no time of Slack's is passed over."""
        if isinstance(event_ts, str) and _MOMENT.fullmatch(event_ts) and event_ts > self._newest.get(workspace, ""):
            self._newest[workspace] = Ts(event_ts)
