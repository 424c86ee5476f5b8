"""What a schedule's time brings about: a round opens; the working day before, its lead is asked for the first answer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from storage import leads
from storage.ids import Person

from . import first_answers, rounds
from .asking import Turn


def opens(session: Session, turn: Turn, at: float) -> None:
    """It is asked now."""
    rounds.open(session, _round(session, turn), at=at)


def asks_first(session: Session, turn: Turn, at: float) -> None:
    """It is asked soon: its lead may write the first answer until then. Where none is there, nobody is asked."""
    asking = _round(session, turn)
    if leads.may(session, turn.place, Person(turn.place.workspace, asking.lead)):
        first_answers.ask(session, asking, opens_at=turn.time.at, at=at)


def _round(session: Session, turn: Turn) -> rounds.Asking:
    return rounds.Asking(
        key=rounds.key_of(turn.schedule, turn.time.on.isoformat()),
        place=turn.place,
        question=turn.question,
        lead=leads.instead_of(session, turn.place, turn.lead),
        closes_at=turn.closes_at,
        schedule=turn.schedule,
        nudges_at=turn.nudges_at,
    )
