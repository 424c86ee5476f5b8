"""Shown here: somebody shows a channel what they found. It may hold only what every member of that channel may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy.orm import Session

from storage import deliveries
from storage.ids import ChannelId, LearningId, Person, Place, Ts, WorkspaceId
from storage.owed import outbox
from storage.places import pockets
from storage.refusals import ShownHere

MOST_LOOKED_AT = 50
"""People of a channel who are looked at: each may cost a question to Slack, and somebody waits."""

Reason = Literal["gone", "not for all", "too many", "closed"]
"""Why it is not posted in the end: it was taken back; not all who are there may see it, or Slack did not say so in time; they are
more than are looked at; the channel takes no post.
"""


def show(session: Session, learning: LearningId, place: Place, thread: Ts | None, *, by: Person, at: float) -> None:
    """Owe it to this pocket, or to a thread there, once. Whether all may see it is looked at when it is posted.

    Raises `ShownHere` where it was lately, and what `pockets.require_share` raises.
    """
    pockets.require_share(session, place, by)
    body = {"learning": learning, "channel": place.channel, "thread": thread or "", "person": by.id}
    if not deliveries.first(session, place.workspace, _key(body), at=at):
        raise ShownHere
    outbox.owe(session, place.workspace, "show found", lane=place.channel, body=body, at=at)


def withdraw(session: Session, workspace: WorkspaceId, body: Mapping[str, Any], *, reason: Reason, at: float) -> None:
    """What was owed by `show` is not posted: whoever wanted it is to hear why, and may try again."""
    deliveries.forget(session, workspace, _key(body))
    told = {"channel": ChannelId(body["channel"]), "person": body["person"], "reason": reason}
    outbox.owe(session, workspace, "tell not shown", lane=body["person"], body=told, slot=f"not {_key(body)}", at=at)


def _key(body: Mapping[str, Any]) -> str:
    return f"shown:{body['channel']}:{body['thread']}:{body['learning']}"
