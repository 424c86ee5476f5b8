"""What was delivered: Slack may deliver one event more than once."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from .db.upserts import Upsert
from .ids import WorkspaceId
from .tables import Delivery

FORGET_AFTER = 2 * 86400.0
"""Seconds. Slack tries again for some six minutes; after a restart of its own it was seen to be hours late."""

_REMEMBER = Upsert(lambda insert: insert(Delivery).on_conflict_do_nothing())
_SEEN = select(Delivery.id).where(Delivery.workspace == bindparam("of_workspace"), Delivery.id == bindparam("of_id"))


def first(session: Session, workspace: WorkspaceId, id: str, *, at: float) -> bool:
    """Remember a delivery. False when it was seen before: its effect is there already."""
    return _REMEMBER.run(session, workspace=workspace, id=id, seen_at=at)


def seen(session: Session, workspace: WorkspaceId, id: str) -> bool:
    """Whether a delivery is remembered."""
    return session.scalar(_SEEN, {"of_workspace": workspace, "of_id": id}) is not None


def forget(session: Session, workspace: WorkspaceId, id: str) -> None:
    """What it was to bring about did not come about: it may be tried again."""
    session.execute(delete(Delivery).where(Delivery.workspace == workspace, Delivery.id == id))


def forget_old(session: Session, *, at: float) -> int:
    """Forget what Slack will not deliver again. Returns how many."""
    gone = session.connection().execute(delete(Delivery).where(Delivery.seen_at < at - FORGET_AFTER))
    return gone.rowcount
