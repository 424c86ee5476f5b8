"""What can be made to go wrong over HTTP, and what cannot: the names that each kind of fault can have."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from .acts import Act
from .api.table import METHODS
from .faults import ANY, ASK_KINDS, CALL_KINDS, HELLO_KINDS, SOCKET_KINDS, Fault, Kind

if TYPE_CHECKING:
    from .manifest import Manifest
    from .records import Json
    from .slack import Slack

ASKED = frozenset(
    {
        "block_actions",
        "block_suggestion",
        "command",
        "message_action",
        "shortcut",
        "view_closed",
        "view_submission",
    }
)
"""The types of what people do with the app."""


class Fails(Act):
    """Let calls or deliveries go wrong from now on; with a `seed`, all draws begin anew from it."""

    method: str
    kind: Kind
    rate: float = 1.0
    times: int | None = None
    seconds: float | None = None
    status: int | None = None
    seed: int | None = None

    async def carry_out(self, slack: Slack) -> Json:
        """The faults in force."""
        slack.fails(**self.model_dump(exclude={"seed"}))
        if self.seed is not None:
            slack.world.faults.begin(self.seed)
        return faults_json(slack)


class Mends(Act):
    """End all faults."""

    async def carry_out(self, slack: Slack) -> Json:
        """How often each kind struck."""
        slack.mends()
        return faults_json(slack)


def faults_json(slack: Slack) -> Json:
    """The faults in force, and how often each kind struck."""
    faults = slack.world.faults
    return {"in_force": [asdict(fault) for fault in faults.in_force], "struck": dict(faults.struck)}


def check_name(fault: Fault, manifest: Manifest) -> None:
    """Raise `ValueError` where nothing of its name can meet this fault."""
    events = {event.partition(".")[0] for event in manifest.bot_events}
    if fault.kind in CALL_KINDS:
        possible, what = METHODS.keys() | set(), "method of the Web API"
    elif fault.kind in SOCKET_KINDS:
        possible, what = events | ASKED, "event that the manifest names, or interaction"
        possible |= {"hello"} if fault.kind in HELLO_KINDS else set()
    elif fault.kind in ASK_KINDS:
        possible, what = events | ASKED, "event that the manifest names, or interaction"
    else:
        possible, what = events, "event that the manifest names"
    if fault.method not in {ANY, *possible}:
        raise ValueError(f"“{fault.kind}” cannot strike “{fault.method}”: that is no {what}.")
