"""Cards: where one stands in Slack, whether it is still to be posted, and what is left where it can't be."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from storage.ids import LearningId, Ts, WorkspaceId
from storage.owed import outbox
from storage.tables import Learning

from . import learnings
from .learnings import LearningView

_STANDS = (
    update(Learning)
    .where(Learning.workspace == bindparam("of_workspace"), Learning.id == bindparam("of_id"))
    .values(card_ts=bindparam("new_ts"))
    .returning(Learning.state)
)


def stands(session: Session, workspace: WorkspaceId, id: LearningId, *, ts: Ts | None, at: float) -> None:
    """Its card stands in Slack at `ts`, or (None) no longer. What changed while it was posted is owed to it."""
    one = {"of_workspace": workspace, "of_id": id, "new_ts": ts}
    state = session.scalar(_STANDS, one)
    if ts is None or state is None or state == "live":
        return
    found = learnings.find(session, workspace, id)
    if found is not None:
        learnings.owe_card_refresh(session, found, at=at)


def turn_away(session: Session, workspace: WorkspaceId, id: LearningId, *, at: float) -> None:
    """No colleague shared it: it is forgotten before its card stands. Told again, it is so already."""
    found = learnings.find(session, workspace, id, lock=True)
    if found is not None and found.is_live:
        learnings.forget_words(session, workspace, id, state="taken back", at=at)


def is_owed(session: Session, learning: LearningView) -> bool:
    """Whether its card is still to be posted, or was while nobody looked: then a refresh has to wait for it."""
    place = learning.place
    if outbox.waits(session, place.workspace, "post card", lane=place.channel, key="learning", value=learning.id):
        return True
    now = learnings.find(session, place.workspace, learning.id)
    return now is not None and now.card_ts != learning.card_ts


def owe_words_back(session: Session, learning: LearningView, *, reason: str, at: float) -> None:
    """Its author is to get the words back: its pocket takes no card. `reason` is Slack's name for why."""
    if learning.author is not None:
        body = {"learning": learning.id, "person": learning.author, "reason": reason}
        outbox.owe(session, learning.place.workspace, "give words back", lane=learning.author, body=body, at=at)
