"""Fading: what somebody said of themselves a year ago, and has not touched since, they are asked about; once."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import Session

from storage import people
from storage.ids import Person, PersonId, WorkspaceId
from storage.owed import notices
from storage.tables import ExpertTag, ExpertWish, NoticeRow, PersonRow

from . import names

YEAR = 365 * 86400.0

AT_ONCE = 200
"""People who are told in one go: the writer is everybody's."""


def bring(session: Session, *, at: float) -> None:
    """Owe the question to those whose tags have grown old: of all workspaces.

    Whoever waits for it already, or can't be written to, is passed over: they would keep all others from their turn.
    """
    mine = (NoticeRow.workspace == ExpertTag.workspace, NoticeRow.person == ExpertTag.person)
    waits = exists().where(*mine, NoticeRow.kind == "old tags")
    theirs = (PersonRow.workspace == ExpertTag.workspace, PersonRow.id == ExpertTag.person)
    is_lost = exists().where(*theirs, people.lost_by(at))
    found = (
        select(ExpertTag.workspace, ExpertTag.person)
        .where(_is_old(at), ~waits, ~is_lost, ~_is_hidden())
        .distinct()
        .order_by(ExpertTag.workspace, ExpertTag.person)
        .limit(AT_ONCE)
    )
    for workspace, person in session.execute(found).all():
        one = Person(WorkspaceId(workspace), PersonId(person))
        notices.tell(session, one, "old tags", {}, at=at)


def old(session: Session, person: Person, *, at: float) -> list[str]:
    """What they are to be asked about, as it is called."""
    found = select(ExpertTag.topic).where(*_of(person), _is_old(at), ~_is_hidden()).order_by(ExpertTag.topic)
    written = list(session.scalars(found))
    called = names.called(session, person.workspace, written)
    return list(dict.fromkeys(called[topic] for topic in written))


def asked(session: Session, person: Person, *, at: float) -> None:
    """They were asked about all that was old at `at`."""
    session.execute(update(ExpertTag).where(*_of(person), _is_old(at)).values(asked_at=at))


def still(session: Session, *, by: Person, at: float) -> None:
    """*Yes, still*: of all that they were asked about last."""
    last = select(func.max(ExpertTag.asked_at)).where(*_of(by)).scalar_subquery()
    session.execute(update(ExpertTag).where(*_of(by), ExpertTag.asked_at == last).values(touched_at=at))


def _of(person: Person) -> tuple[ColumnElement[bool], ...]:
    return ExpertTag.workspace == person.workspace, ExpertTag.person == person.id


def _is_hidden() -> ColumnElement[bool]:
    """Nobody is found by what they hide: it is asked about once they are found again."""
    theirs = (ExpertWish.workspace == ExpertTag.workspace, ExpertWish.person == ExpertTag.person)
    return exists(select(ExpertWish.person).where(*theirs, ExpertWish.hidden))


def _is_old(at: float) -> ColumnElement[bool]:
    claimed = (ExpertTag.claimed_at.is_not(None), ExpertTag.off_at.is_(None))
    return and_(*claimed, ExpertTag.touched_at < at - YEAR, ExpertTag.asked_at.is_(None))
