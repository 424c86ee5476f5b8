"""What Slack brings to an app, what the app answers, and what a way to the app is: over HTTP or over sockets."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from .alarms import Alarms
    from .clock import Clock
    from .records import Json

DEADLINE = 3.0
"""Seconds (`Clock.lived`) that an app has to answer: https://docs.slack.dev/interactivity/handling-user-interaction"""

SUCCESS = range(200, 300)

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"

Kind = Literal["events_api", "slash_commands", "interactive"]
"""Slack's own names (https://docs.slack.dev/apis/events-api/using-socket-mode)."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A payload, and what kind it is."""

    kind: Kind
    payload: Json

    @classmethod
    def of_event(cls, payload: Json) -> Parcel:
        """An event."""
        return cls("events_api", payload)

    @classmethod
    def of_command(cls, fields: dict[str, str]) -> Parcel:
        """A slash command."""
        return cls("slash_commands", dict(fields))

    @classmethod
    def of_interaction(cls, payload: Json) -> Parcel:
        """An action, form, shortcut or suggestion."""
        return cls("interactive", payload)

    @property
    def body(self) -> str:
        """As HTTP carries it: an event is JSON, a command a form, the rest a form with one field, `payload`, in JSON."""
        if self.kind == "events_api":
            return json.dumps(self.payload)
        return urlencode(self.payload if self.kind == "slash_commands" else {"payload": json.dumps(self.payload)})

    @property
    def content_type(self) -> str:
        """What HTTP calls that body."""
        return JSON_TYPE if self.kind == "events_api" else FORM_TYPE


@dataclass(frozen=True, slots=True)
class Reply:
    """What the app answered; or, with a status of 0, why it did not, by Slack's names for it (`reason`)."""

    status: int = 0
    reason: str = ""
    body: str = ""
    content_type: str = ""
    wants_retry: bool = True

    @property
    def is_ack(self) -> bool:
        """Whether Slack takes this for an acknowledgement: any 2xx in time."""
        return self.status in SUCCESS

    @property
    def is_json(self) -> bool:
        """Whether the app calls the body JSON."""
        return self.content_type == JSON_TYPE

    def json(self) -> Json | None:
        """The body as a JSON object, or None if it is none, or not sent as JSON."""
        if not self.is_json:
            return None
        try:
            content = json.loads(self.body)
        except ValueError:
            return None
        return content if isinstance(content, dict) else None


class Door(Protocol):
    """A way to the app."""

    url: str
    """Where the app listens. By sockets it only says that an app is expected; empty where none is."""

    @property
    def leads_somewhere(self) -> bool:
        """Whether there is an app to be told at all, within reach or not."""

    async def start(self) -> None:
        """Be ready to bring."""

    async def stop(self) -> None:
        """Close all connections."""

    async def bring(self, name: str, parcel: Parcel, *, retry: int = 0, retry_reason: str = "") -> Reply:
        """Bring it, once, and wait for the answer until the deadline. `name` is what faults know it by."""


async def in_time(answering: Coroutine[Any, Any, Reply], clock: Clock, deadlines: Alarms) -> Reply:
    """The app's answer, or `http_timeout` once `DEADLINE` has passed."""
    asking = asyncio.create_task(answering)
    deadline = deadlines.at(clock.lived() + DEADLINE)
    try:
        both: set[asyncio.Future[Any]] = {asking, deadline}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else Reply(reason="http_timeout")
    finally:
        deadline.cancel()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
