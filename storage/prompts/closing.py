"""Closing: what falls due of rounds by itself. `tick` is called by the clock, and costs by what is due."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.ids import Person, Ts, WorkspaceId
from storage.owed import notices
from storage.places import channels, leads, pockets
from storage.tables import Round, Workspace

from . import answers, first_answers, opening, reminders, rounds
from .rounds import RoundView

AT_ONCE = 100
"""Rounds that are closed in one go: the writer is everybody's."""

_NEXT_END = select(func.min(Round.closes_at)).where(Round.closed_at.is_(None))
_NEXT_NUDGE = select(func.min(Round.nudges_at)).where(Round.nudged_at.is_(None), Round.closed_at.is_(None))


def tick(session: Session, *, at: float, heard: Mapping[WorkspaceId, Ts]) -> bool:
    """Close the rounds that are due; owe the reminders that are. Returns whether there may be more.

    `heard`: the newest of Slack's times that this process has heard, of each workspace.
    """
    due = _claim(session, Round.closes_at, Round.closed_at, at=at)
    opening.hold_schedules(session, [one for one in due if one.ts is None])
    for round in due:
        _closed(session, round, at=at, heard=heard.get(round.place.workspace))
    nudging = _claim(session, Round.nudges_at, Round.nudged_at, at=at)
    for round in nudging:
        if round.ts is not None and pockets.is_live(session, round.place):
            reminders.owe(session, round, at=at)
    first_answers.tick(session, at=at)
    return AT_ONCE in (len(due), len(nudging))


def next_due(session: Session) -> float | None:
    """When `tick` has something to do next (seconds since 1970, UTC); None: never, as things are."""
    times = [session.scalar(_NEXT_END), session.scalar(_NEXT_NUDGE), first_answers.next_due(session)]
    return min((time for time in times if time is not None), default=None)


def _claim(
    session: Session, due: InstrumentedAttribute[float] | InstrumentedAttribute[float | None],
    done: InstrumentedAttribute[float | None], *, at: float,
) -> list[RoundView]:  # fmt: skip
    """Those whose time has come: this process does it, and no other."""
    ready = (
        select(Round.workspace, Round.id)
        .where(due <= at, done.is_(None), Round.closed_at.is_(None))
        .order_by(due, Round.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)  # SQLite, which has one writer, leaves it out
    )
    rows = session.execute(
        update(Round)
        .where(tuple_(Round.workspace, Round.id).in_(ready), done.is_(None))
        .values({done.key: at})
        .returning(*Round.__table__.c),
        execution_options={"synchronize_session": False},
    ).all()
    return sorted((rounds.view(row) for row in rows), key=lambda one: (one.closes_at, one.id))


def _closed(session: Session, round: RoundView, *, at: float, heard: Ts | None) -> None:
    """Its prompt is to carry what came; its lead hears, alone, where that was nothing, or whose first it was."""
    remembered = session.scalar(select(Workspace.heard).where(Workspace.id == round.place.workspace))
    in_time = Ts(f"{round.closes_at:.6f}")  # Slack may tell of it later, and what was missed is read later
    rounds.close(session, round, at=at, closed_ts=max(heard or in_time, Ts(remembered or "0"), in_time))
    if round.ts is None:
        opening.never_asked(session, round, at=at)
        return
    rounds.owe_refresh(session, round, at=at)
    if not pockets.is_live(session, round.place) or channels.is_archived(session, round.place):
        return  # nobody could answer: that says nothing of the question
    if not answers.has_others(session, round):
        notices.tell(session, _lead(session, round, at=at), "silence", {"round": round.id}, about=round.id, at=at)
    elif answers.newcomers(session, round):
        notices.tell(session, _lead(session, round, at=at), "newcomers", {"round": round.id}, about=round.id, at=at)


def _lead(session: Session, round: RoundView, *, at: float) -> Person:
    """Who is told, which can wait for the next day (docs/decisions/0061): whoever asked; its first lead, where that was one."""
    return Person(round.place.workspace, leads.instead_of(session, round.place, round.lead, at=at))
