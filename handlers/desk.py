"""What every handler has at hand, and the shape of a handler."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from storage.db.database import Database
from storage.ids import ChannelId, PersonId, WorkspaceId

from .addressed import Addressed
from .late import Late
from .learned.unsaved import Unsaved
from .slack.heard import Heard

if TYPE_CHECKING:
    from .slack.viewing import Viewers

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Desk:
    """The memory; the time of day (seconds since 1970, UTC); who people are; and Slack's time, as far as it was heard."""

    db: Database
    now: Callable[[], float]
    viewers: Viewers
    heard: Heard = field(default_factory=Heard)
    unsaved: Unsaved = field(default_factory=Unsaved)
    addressed: Addressed = field(default_factory=Addressed)
    late: Late = field(default_factory=Late)


@dataclass(frozen=True, slots=True)
class Call:
    """One delivery from Slack: its payload, whose it is, who Outloud is there, and the ways to answer it.

    `until` is the handler's deadline, in the event loop's time. `slack` is for opening forms and for short looks only:
    everything else said to Slack goes through the outbox. `stands_in`: whoever did it stands in for a pocket's leads.
    `saved`: something of it stands, whatever goes wrong afterwards.
    `checked`: the channels that Slack said meanwhile they may read. `typed`: what a form that is opened again begins with;
    `saw`: a sign of what it showed when it was first opened, by field.
    """

    body: dict[str, Any]
    workspace: WorkspaceId
    bot: PersonId
    until: float
    ack: AsyncAck
    respond: AsyncRespond
    slack: AsyncWebClient
    desk: Desk
    stands_in: bool = False
    saved: asyncio.Event = field(default_factory=asyncio.Event)
    checked: frozenset[ChannelId] = frozenset()
    typed: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    saw: Mapping[str, str] | None = None

    async def write(self, f: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """As `Database.write`, of what was asked for: from then on nobody is told that nothing was saved."""
        result = await self.desk.db.write(f, *args, **kwargs)
        self.saved.set()
        return result


Handler = Callable[[Call], Awaitable[None]]
