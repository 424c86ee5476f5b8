"""What a schedule's time brings about: a round opens; the working day before, its lead is asked for the first answer.

Or its prompt never stands, because Slack refuses it or is away for too long: then it was not asked, which its lead hears.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, tuple_, update
from sqlalchemy.orm import Session

from storage.ids import Person
from storage.owed import notices
from storage.places import channels, leads, pockets
from storage.tables import Occurrence, Round, Schedule

from . import asking, first_answers, resting, rounds
from .asking import Turn
from .rounds import RoundView


def opens(session: Session, turn: Turn, at: float) -> None:
    """It is asked now."""
    rounds.open(session, _round(session, turn, at=at), at=at)


def asks_first(session: Session, turn: Turn, at: float) -> None:
    """It is asked soon: its lead may write the first answer until then. Where none is there, nobody is asked."""
    round = _round(session, turn, at=at)
    if leads.may(session, turn.place, Person(turn.place.workspace, round.lead)):
        first_answers.ask(session, round, opens_at=turn.time.at, at=at)


def refused(session: Session, round: RoundView, code: str, *, for_good: bool, at: float) -> None:
    """Slack takes no prompt in its channel, and says why by its `code`: it was not asked, and on its day it still can be.

    Its lead hears so, and the channel is looked at. `for_good`: Outloud is there and may not post, so what is scheduled pauses.
    """
    place = round.place
    _end(session, round, at=at)
    _note_missed(session, round)
    lead = Person(place.workspace, leads.instead_of(session, place, round.lead, at=at))
    channels.changed(session, place, in_doubt=False, at=at)
    was_refused = resting.REFUSED in resting.resting(session, place)
    if for_good:
        resting.rest(session, place, resting.REFUSED, at=at, told=lead.id)
    if was_refused:
        return  # two of the same hour: all leads hear of the first
    body = {"channel": place.channel, "code": code, "paused": for_good}
    notices.tell(session, lead, "prompt refused", body, about=place.channel, at=at)


def is_too_late(session: Session, round: RoundView, *, at: float) -> bool:
    """Whether its prompt, which does not stand yet, would stand later than its schedule's grace allows."""
    its = (Schedule.workspace == Occurrence.workspace) & (Schedule.id == Occurrence.schedule)
    latest = select(Occurrence.at + Schedule.grace).join(Schedule, its).where(*_is_of(round))
    until = None if round.schedule is None else session.scalar(latest)
    return until is not None and at > until


def lapsed(session: Session, round: RoundView, *, at: float) -> None:
    """Its prompt would stand too late by now: it is over before it began, as `never_asked` says. Once that is so, nothing."""
    if _end(session, round, at=at):
        never_asked(session, round, at=at)


def never_asked(session: Session, round: RoundView, *, at: float) -> None:
    """Its prompt never stood, and will not: it is noted as missed, what was drawn for it comes next, and its lead hears so."""
    place = round.place
    if round.schedule is None or not pockets.is_live(session, place) or channels.is_archived(session, place):
        return
    _note_missed(session, round)
    lead, on = leads.instead_of(session, place, round.lead, at=at), rounds.date_of(round)
    body = {"schedule": round.schedule, "first": on, "count": 1}
    about = f"{round.schedule}:{on}"
    notices.tell(session, Person(place.workspace, lead), "prompt missed", body, about=about, at=at)


def hold_schedules(session: Session, them: Collection[RoundView]) -> None:
    """Lock the schedules of several rounds before anybody is told of one: claiming holds a schedule first, and then tells."""
    keys = sorted({(one.place.workspace, one.schedule) for one in them if one.schedule is not None})
    if keys:
        held = select(Schedule.id).where(tuple_(Schedule.workspace, Schedule.id).in_(keys))
        session.execute(held.order_by(Schedule.workspace, Schedule.id).with_for_update()).all()


def _end(session: Session, round: RoundView, *, at: float) -> bool:
    """It is over before it began. False: it was over already. Another may have its key: asked now, on the same day."""
    this = (Round.workspace == round.place.workspace, Round.id == round.id)
    ended = {"closed_at": at, "key": f"{round.key}:refused:{round.id}"}
    gone = session.execute(update(Round).where(*this, Round.closed_at.is_(None)).values(ended).returning(Round.id))
    first_answers.unasked(session, round.place.workspace, round.key, at=at)
    return gone.one_or_none() is not None


def _note_missed(session: Session, round: RoundView) -> None:
    """Of a schedule's round: what was drawn for it lies on top of the deck again."""
    if round.schedule is None:
        return
    hold_schedules(session, [round])
    missed = update(Occurrence).where(*_is_of(round), Occurrence.state == "opened").values(state="missed")
    drawn = session.execute(missed.returning(Occurrence.question, Occurrence.prompt)).one_or_none()
    its = (Schedule.workspace == round.place.workspace, Schedule.id == round.schedule, Schedule.source != "question")
    row = session.execute(select(Schedule.workspace, Schedule.id, Schedule.deck).where(*its)).one_or_none()
    if drawn and drawn.question and row:
        asking.put_back(session, row, [drawn.prompt or drawn.question])


def _is_of(round: RoundView) -> tuple[ColumnElement[bool], ...]:
    """The time of its schedule that opened it: its key says both."""
    return (
        Occurrence.workspace == round.place.workspace,
        Occurrence.schedule == round.schedule,
        Occurrence.local_date == rounds.date_of(round),
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
