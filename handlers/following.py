"""Following: what becomes of a kept message when it is edited or deleted in Slack."""

from __future__ import annotations

from storage import sources

from .desk import Call
from .payloads import ChangeEvent
from .showing import DELETED, words_of


async def written(call: Call) -> None:
    """Something was written in a channel, and nobody has kept it yet: nothing is remembered of it."""
    await call.ack()


async def changed(call: Call) -> None:
    """A message was edited or deleted; that of a message which nobody keeps changes nothing."""
    await _follow(call, ChangeEvent.of(call))
    await call.ack()


async def _follow(call: Call, event: ChangeEvent) -> None:
    now = event.message
    if now is None or now.get("subtype") == DELETED:
        await call.desk.db.write(sources.deleted, event.ref, at=call.desk.now())
    elif now.get("user") != call.bot and event.is_edit:
        words = words_of(now)
        await call.desk.db.write(sources.edited, event.ref, words, event_ts=event.event_ts, at=call.desk.now())
