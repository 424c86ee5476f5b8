"""What another process of Outloud's writes into the same database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.records import Channel
from storage.db.database import Database
from storage.ids import ChannelId, Place, WorkspaceId
from tests.memory import Memory


def place_of(channel: Channel) -> Place:
    """The channel, as storage knows it."""
    return Place(WorkspaceId("T0SANDBOX"), ChannelId(channel.id))


async def write(memory: Memory, work: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Write as another of its processes would."""
    db = Database(memory.url)
    try:
        await db.write(work, *args, **kwargs)
    finally:
        await db.close()
