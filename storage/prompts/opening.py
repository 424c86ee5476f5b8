"""What a schedule's time brings about: a round opens; the working day before, its lead is asked for the first answer.

Or Slack refuses its prompt: then it was not asked, which its lead hears.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from storage.ids import Person
from storage.owed import notices
from storage.places import channels, leads
from storage.tables import Occurrence, Round

from . import first_answers, resting, rounds
from .asking import Turn
from .rounds import RoundView


def opens(session: Session, turn: Turn, at: float) -> None:
    """It is asked now."""
    rounds.open(session, _round(session, turn, at=at), at=at)


def asks_first(session: Session, turn: Turn, at: float) -> None:
    """It is asked soon: its lead may write the first answer until then. Where none is there, nobody is asked."""
    asking = _round(session, turn, at=at)
    if leads.may(session, turn.place, Person(turn.place.workspace, asking.lead)):
        first_answers.ask(session, asking, opens_at=turn.time.at, at=at)


def refused(session: Session, round: RoundView, code: str, *, for_good: bool, at: float) -> None:
    """Slack takes no prompt in its channel, and says why by its `code`: it was not asked, and on its day it still can be.

    Its lead hears so, and the channel is looked at. `for_good`: Outloud is there and may not post, so what is scheduled pauses.
    """
    place = round.place
    first_answers.unasked(session, place.workspace, round.key, at=at)
    rounds.close(session, round, at=at)
    this = (Round.workspace == place.workspace, Round.id == round.id)
    session.execute(
        update(Round).where(*this).values(key=f"{round.key}:refused:{round.id}")
    )  # another may have that key
    if round.schedule is not None:
        session.execute(update(Occurrence).where(*_is_of(round), Occurrence.state == "opened").values(state="missed"))
    lead = Person(place.workspace, leads.instead_of(session, place, round.lead, at=at))
    channels.changed(session, place, in_doubt=False, at=at)
    was_refused = resting.REFUSED in resting.resting(session, place)
    if for_good:
        resting.rest(session, place, resting.REFUSED, at=at, told=lead.id)
    if was_refused:
        return  # two of the same hour: all leads hear of the first
    body = {"channel": place.channel, "code": code, "paused": for_good}
    notices.tell(session, lead, "prompt refused", body, about=place.channel, at=at)


def _is_of(round: RoundView) -> tuple[ColumnElement[bool], ...]:
    """The time of its schedule that opened it: its key says both."""
    date = round.key.rpartition(":")[2]
    return (
        Occurrence.workspace == round.place.workspace,
        Occurrence.schedule == round.schedule,
        Occurrence.local_date == date,
    )


def _round(session: Session, turn: Turn, *, at: float) -> rounds.Asking:
    return rounds.Asking(
        key=rounds.key_of(turn.schedule, turn.time.on.isoformat()),
        place=turn.place,
        question=turn.question,
        lead=leads.instead_of(session, turn.place, turn.lead, at=at),
        closes_at=turn.closes_at,
        schedule=turn.schedule,
        nudges_at=turn.nudges_at,
    )
