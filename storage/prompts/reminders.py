"""Reminders: one private word before a round closes, to those who asked for it and have not answered. To nobody else."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from storage.db.upserts import Upsert
from storage.ids import Person, PersonId, Place
from storage.owed import outbox
from storage.places import pockets
from storage.tables import Reminder

from . import answers
from .rounds import RoundView

_WANT = Upsert(lambda insert: insert(Reminder).on_conflict_do_nothing())


def want(session: Session, place: Place, person: Person, *, at: float) -> None:
    """They want to be reminded of this pocket's rounds from now on. Raises `NotAPocket`."""
    pockets.require(session, place)
    _WANT.run(session, workspace=place.workspace, channel=place.channel, person=person.id, since=at)


def end(session: Session, place: Place, person: Person) -> None:
    """They want it no more."""
    session.execute(delete(Reminder).where(*_in(place), Reminder.person == person.id))


def wanted(session: Session, place: Place, person: Person) -> bool:
    """Whether they want it."""
    return session.scalar(select(Reminder.since).where(*_in(place), Reminder.person == person.id)) is not None


def owe(session: Session, round: RoundView, *, at: float) -> None:
    """Owe them to everybody who asked for them, and has not answered."""
    for person in session.scalars(select(Reminder.person).where(*_in(round.place)).order_by(Reminder.since)).all():
        if not answers.has_answered(session, round, PersonId(person)):
            body = {"round": round.id, "person": person}
            outbox.owe(session, round.place.workspace, "remind", lane=person, body=body, at=at)


def _in(place: Place) -> tuple[ColumnElement[bool], ...]:
    return Reminder.workspace == place.workspace, Reminder.channel == place.channel
