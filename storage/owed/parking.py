"""The operator's side of the outbox: what waits, what is parked, and what becomes of that. Of all workspaces."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from storage.ids import WorkspaceId
from storage.tables import Owed

from . import notices
from .outbox import has_successor


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as an operator sees it. Times are seconds since 1970, UTC; `cause` is what the log calls `request`."""

    workspace: WorkspaceId
    id: str
    kind: str
    lane: str
    state: str
    due: float
    tries: int
    owed_at: float
    reason: str | None
    cause: str | None


def entries(session: Session, *, state: str | None = None) -> list[Entry]:
    """All that waits or is parked, oldest first."""
    found = select(Owed.__table__).order_by(Owed.owed_at, Owed.id)
    if state is not None:
        found = found.where(Owed.state == state)
    return [
        Entry(
            WorkspaceId(row.workspace),
            row.id,
            row.kind,
            row.lane,
            row.state,
            row.due,
            row.tries,
            row.owed_at,
            row.reason,
            row.cause,
        )
        for row in session.execute(found)
    ]


@dataclass(frozen=True, slots=True)
class Tally:
    """How much is parked and how much waits; and since when that waits which is due for longest (None: nothing waits)."""

    parked: int
    waiting: int
    due_since: float | None


def tally(session: Session) -> Tally:
    """Of the whole outbox."""
    counted = select(Owed.state, func.count().label("many"), func.min(Owed.due).label("first")).group_by(Owed.state)
    found = {row.state: row for row in session.execute(counted)}
    parked, waiting = found.get("parked"), found.get("waiting")
    return Tally(parked.many if parked else 0, waiting.many if waiting else 0, waiting.first if waiting else None)


def retry(session: Session, ids: list[str] | None, *, at: float) -> list[str]:
    """Let parked errands be tried again: those of `ids`, or all. Returns which."""
    parked = select(Owed.workspace, Owed.id).where(Owed.state == "parked", *_among(ids)).order_by(Owed.owed_at, Owed.id)
    rows = session.execute(parked.with_for_update()).all()
    for row in rows:
        one = (Owed.workspace == row.workspace, Owed.id == row.id)
        if has_successor(session, WorkspaceId(row.workspace), row.id):
            session.execute(delete(Owed).where(*one))
        else:
            session.execute(update(Owed).where(*one).values(state="waiting", due=at, tries=0, reason=None))
    session.info["owed"] = True
    return [row.id for row in rows]


def drop(session: Session, ids: list[str] | None) -> list[str]:
    """Forget parked errands: those of `ids`, or all. They are never sent, nor are the notices that they hold. Returns which."""
    notices.dropped(session, select(Owed.workspace, Owed.id).where(Owed.state == "parked", *_among(ids)))
    gone = delete(Owed).where(Owed.state == "parked", *_among(ids)).returning(Owed.id)
    return list(session.scalars(gone))


def _among(ids: list[str] | None) -> tuple[ColumnElement[bool], ...]:
    return () if ids is None else (Owed.id.in_(ids),)
