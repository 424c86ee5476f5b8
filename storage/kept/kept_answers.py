"""What people answer who were asked about something that is kept: its author for a yes, its curator whether it shall stay."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from storage import people
from storage.ids import LearningId, MessageRef, Person
from storage.learned import learnings
from storage.learned.learnings import LearningView
from storage.places import pockets
from storage.refusals import AlreadyUndone, Gone, KeptAgain, NotKeptAnyMore, NotYours
from storage.tables import Learning

from . import curators, keeps, kept_errands


def allow(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """An author says yes to their message, older than its pocket, being kept. Raises `Gone`, `NotYours`.

    Whoever wanted to keep it and does so no more wants nothing, nor does a pocket that has ended: `NotKeptAnyMore`. A second
    yes changes nothing.
    """
    found = _own(session, id, by=by)
    if found.state in ("pending", "live"):
        return
    if found.state != "asked" or found.source_ts is None or not pockets.is_live(session, found.place):
        raise NotKeptAnyMore
    session.execute(
        update(Learning).where(Learning.workspace == by.workspace, Learning.id == id).values(allowed_at=at, told_at=at)
    )
    if not people.heard(session, by, "kept"):
        people.hears(session, by, "kept", at=at)
    keeps.look_again(session, found, at=at)


def stay(session: Session, id: LearningId, *, by: Person) -> None:
    """It stays, though nobody's reaction keeps it. Raises `Gone` where it does not."""
    found = learnings.find(session, by.workspace, id)
    if found is None or not found.is_live:
        raise Gone


def let_go(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """Nobody's reaction keeps it, but it stayed; one who did keep it wants it taken back.

    Raises `Gone`, also where its message was deleted, `AlreadyUndone`, `NotYours` for anybody who never kept it, and `KeptAgain`
    where somebody keeps it again.
    """
    found = learnings.find(session, by.workspace, id, lock=True)
    if found is None or found.source_ts is None or found.state == "deleted":  # then nobody knows any more who kept it
        raise Gone
    message = MessageRef(found.place, found.source_ts)
    if not curators.ever_kept(session, message, by.id):
        raise NotYours
    if not found.is_live:
        raise AlreadyUndone
    if keeps.is_kept(session, message):
        raise KeptAgain
    learnings.forget_words(session, by.workspace, id, state="taken back", at=at)
    kept_errands.owe_mark(session, found, at=at)


def _own(session: Session, id: LearningId, *, by: Person) -> LearningView:
    found = learnings.find(session, by.workspace, id, lock=True)
    if found is None or found.source_ts is None:
        raise Gone
    if found.author != by.id:
        raise NotYours
    return found
