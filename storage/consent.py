"""Consent: what an author decides about words of theirs that others keep."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import curators, kept_errands, learnings, people
from .ids import LearningId, MessageRef, Person
from .learnings import LearningView
from .refusals import AlreadyUndone, Gone, NotYours
from .tables import Learning


def withhold(session: Session, id: LearningId, *, by: Person, at: float) -> None:
    """An author wants this message of theirs kept by nobody, though it may be taken back already.

    Raises `Gone`, `NotYours`; `AlreadyUndone` when they said so before.
    """
    found = learnings.find(session, by.workspace, id, lock=True)
    if found is None or found.source_ts is None:
        raise Gone
    if found.author != by.id:
        raise NotYours
    if found.state == "withheld":
        raise AlreadyUndone
    if found.state == "deleted":
        raise Gone
    _withhold(session, found, at=at)


def never_keep(session: Session, id: LearningId, *, by: Person, at: float) -> int:
    """An author wants no words of theirs kept from now on, this message's included.

    Returns how many that were kept before still are. Raises `Gone`, `NotYours`.
    """
    found = learnings.find(session, by.workspace, id, lock=True)
    if found is None or found.source_ts is None:
        raise Gone
    if found.author != by.id:
        raise NotYours
    people.set_never_keep(session, by, never=True)
    if found.state not in ("withheld", "deleted"):
        _withhold(session, found, at=at)
    return len(_kept_of(session, by))


def withhold_all(session: Session, *, by: Person, at: float) -> int:
    """Take back all that was ever kept of an author's words. Returns how many."""
    kept = _kept_of(session, by)
    for id in kept:
        found = learnings.find(session, by.workspace, id, lock=True)
        if found is not None:
            _withhold(session, found, at=at)
    return len(kept)


def keep_again(session: Session, *, by: Person) -> None:
    """An author lets words of theirs be kept again."""
    people.set_never_keep(session, by, never=False)


def _withhold(session: Session, found: LearningView, *, at: float) -> None:
    learnings.forget_words(session, found.place.workspace, found.id, state="withheld", at=at)
    kept_errands.owe_mark(session, found, at=at)
    # What stood until now keeps nothing any more: only the author's own may, from here on.
    if found.source_ts is not None:
        curators.refuse(session, MessageRef(found.place, found.source_ts))


def _kept_of(session: Session, author: Person) -> list[LearningId]:
    found = select(Learning.id).where(
        Learning.workspace == author.workspace,
        Learning.author == author.id,
        Learning.source_ts.is_not(None),
        Learning.state == "live",
    )
    return [LearningId(id) for id in session.scalars(found)]
