"""Consent: what an author decides about words of theirs that others keep."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage import people
from storage.home import showing
from storage.ids import LearningId, MessageRef, Person, PersonId
from storage.learned import learnings
from storage.learned.learnings import LearningView
from storage.refusals import AlreadyUndone, Gone, NotYours
from storage.tables import Learning

from . import curators, kept_errands


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
    keep_no_more(session, found, at=at)


def never_keep(session: Session, id: LearningId, *, by: Person, at: float) -> int:
    """An author wants no words of theirs kept from now on, this message's included.

    Returns how many that were kept before still are. Raises `Gone`, `NotYours`.
    """
    found = learnings.find(session, by.workspace, id, lock=True)
    if found is None or found.source_ts is None:
        raise Gone
    if found.author != by.id:
        raise NotYours
    if found.state not in ("withheld", "deleted"):
        keep_no_more(session, found, at=at)
    _refuse_all(session, by=by, at=at)
    return len(_kept_of(session, by))


def never_keep_any(session: Session, *, by: Person, at: float) -> int:
    """Somebody wants no words of theirs kept from now on, before or after any was. Returns how many are kept still."""
    _refuse_all(session, by=by, at=at)
    return len(_kept_of(session, by))


def withhold_all(session: Session, *, by: Person, at: float) -> int:
    """Take back all that was ever kept of an author's words. Returns how many."""
    kept = _kept_of(session, by)
    for id in kept:
        found = learnings.find(session, by.workspace, id, lock=True)
        if found is not None:
            keep_no_more(session, found, at=at)
    return len(kept)


def keep_again(session: Session, *, by: Person, at: float) -> None:
    """An author lets words of theirs be kept again."""
    people.set_never_keep(session, by, never=False)
    showing.touch(session, by, at=at)


def leave_out(session: Session, found: LearningView, *, author: PersonId, at: float) -> None:
    """An author left an answer of theirs out. A pending one does not say yet whose it is."""
    here = (Learning.workspace == found.place.workspace, Learning.id == found.id)
    session.execute(update(Learning).where(*here).values(author=author))
    keep_no_more(session, found, at=at)


def keep_no_more(session: Session, found: LearningView, *, at: float) -> None:
    """A message is kept by nobody from now on, unless its author keeps it."""
    learnings.forget_words(session, found.place.workspace, found.id, state="withheld", at=at)
    kept_errands.owe_mark(session, found, at=at)
    # What stood until now keeps nothing any more: only the author's own may, from here on.
    if found.source_ts is not None:
        curators.refuse(session, MessageRef(found.place, found.source_ts))
    if found.author is not None:
        showing.touch(session, Person(found.place.workspace, found.author), at=at)


def _refuse_all(session: Session, *, by: Person, at: float) -> None:
    """They are asked for no yes any more, either: whoever tries again hears how it is, also once they have changed their mind."""
    people.set_never_keep(session, by, never=True)
    showing.touch(session, by, at=at)
    for id in _kept_of(session, by, state="asked"):
        found = learnings.find(session, by.workspace, id, lock=True)
        if found is not None and found.source_ts is not None:
            learnings.forget_words(session, by.workspace, id, state="taken back", at=at)
            curators.refuse(session, MessageRef(found.place, found.source_ts))


def _kept_of(session: Session, author: Person, *, state: str = "live") -> list[LearningId]:
    theirs = select(Learning.id).where(
        Learning.workspace == author.workspace,
        Learning.author == author.id,
        Learning.source_ts.is_not(None),
        Learning.state == state,
    )
    in_order = theirs.order_by(Learning.id)  # locks are taken in one
    return [LearningId(id) for id in session.scalars(in_order)]
