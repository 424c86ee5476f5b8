"""Shown here: somebody shows a channel what they found. It may hold only what every member of that channel may see."""

from __future__ import annotations

from sqlalchemy.orm import Session

from . import deliveries, outbox, pockets
from .ids import LearningId, Person, Place, Ts
from .refusals import ShownHere


def show(session: Session, learning: LearningId, place: Place, thread: Ts | None, *, by: Person, at: float) -> None:
    """Owe it to this pocket, or to a thread there, once. Whether all may see it is looked at when it is posted.

    Raises `ShownHere` where it was lately, and what `pockets.require_share` raises.
    """
    pockets.require_share(session, place, by)
    if not deliveries.first(session, place.workspace, f"shown:{place.channel}:{thread or ''}:{learning}", at=at):
        raise ShownHere
    body = {"learning": learning, "channel": place.channel, "thread": thread or "", "person": by.id}
    outbox.owe(session, place.workspace, "show found", lane=place.channel, body=body, at=at)
