"""Addressed: somebody asked Outloud something, by its name in a channel or in the direct message with it. An answer is owed.

What they wrote is not remembered: it stands in Slack. One message is answered once, whatever Slack tells of it.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from storage import deliveries
from storage.ids import MessageRef, Person, Ts

from . import outbox


def in_channel(session: Session, message: MessageRef, thread: Ts | None, *, by: Person, at: float) -> None:
    """Somebody named Outloud in a channel: they alone are to hear what there is, there, or in the thread that they wrote in."""
    if _is_new(session, message, at=at):
        outbox.owe(session, by.workspace, "answer mention", lane=by.id, body=_body(message, thread, by), at=at)


def directly(session: Session, message: MessageRef, thread: Ts | None, *, by: Person, at: float) -> None:
    """Somebody wrote to Outloud itself: it answers there, in their thread where it is one."""
    if _is_new(session, message, at=at):
        outbox.owe(session, by.workspace, "answer directly", lane=by.id, body=_body(message, thread, by), at=at)


def _is_new(session: Session, message: MessageRef, *, at: float) -> bool:
    key = f"addressed:{message.place.channel}:{message.ts}"
    return deliveries.first(session, message.place.workspace, key, at=at)


def _body(message: MessageRef, thread: Ts | None, by: Person) -> dict[str, str]:
    return {"channel": message.place.channel, "ts": message.ts, "thread": thread or "", "person": by.id}
