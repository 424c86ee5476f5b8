"""Earlier: what a learning said before leads changed it. Its author may bring it back; nobody else sees it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from storage.ids import LearningId, Person, WorkspaceId
from storage.refusals import NothingToBringBack
from storage.tables import Earlier

from . import learnings
from .entries import NewLearning
from .learnings import LearningView

HELD_FOR = 30 * 86400.0
"""Seconds, from a lead's last edit on, that an author has to bring back what they wrote."""


@dataclass(frozen=True, slots=True)
class Before:
    """What its author had written. `words` is empty of what was kept: they are its message's, and no lead changes them."""

    words: str
    why: str
    kind: str
    topics: tuple[str, ...]


def hold(session: Session, found: LearningView, *, at: float) -> None:
    """A lead is about to change it. Only what its author wrote is held, and not what leads did."""
    one = (Earlier.workspace == found.place.workspace, Earlier.learning == found.id)
    if found.edited_by is not None:
        session.execute(update(Earlier).where(*one).values(at=at))
        return
    session.execute(delete(Earlier).where(*one))
    words = "" if found.source_ts is not None else found.words
    row = {"words": words, "why": found.why, "kind": found.kind, "topics": list(found.topics), "at": at}
    session.execute(insert(Earlier), row | {"workspace": found.place.workspace, "learning": found.id})


def of(session: Session, workspace: WorkspaceId, id: LearningId) -> Before | None:
    """What it said before leads changed it; None where none did, its author wrote it anew since, or it was long ago."""
    found = select(Earlier.words, Earlier.why, Earlier.kind, Earlier.topics)
    row = session.execute(found.where(Earlier.workspace == workspace, Earlier.learning == id)).one_or_none()
    return Before(row.words, row.why, row.kind, tuple(row.topics)) if row else None


def bring_back(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """Its author lets it say again what they had written. Raises `Gone`, `NotYours`, `NothingToBringBack`."""
    found = learnings.own(session, id, by=by)
    before = of(session, by.workspace, id)
    if before is None:
        raise NothingToBringBack
    new = NewLearning(
        key="",
        place=found.place,
        words=found.words if found.source_ts is not None else before.words,
        why=before.why,
        kind=before.kind,
        topics=before.topics,
        without_name=found.without_name,
    )
    learnings.change(session, found, new, at=at)


def forget_old(session: Session, *, at: float) -> None:
    """Forget what nobody brought back for long: of all workspaces."""
    session.execute(delete(Earlier).where(Earlier.at < at - HELD_FOR))
