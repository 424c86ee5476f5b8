"""Resting: schedules pause whose channel is no place to ask now. Leads hear so once; when it is one again, they are asked.

Whoever changes a channel or a pocket calls `look`. A schedule that comes due is looked at, too: news may be lost. One
that has nothing to ask is set aside by itself, until a lead resumes it.
"""

from __future__ import annotations

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from storage.ids import Person, PersonId, Place
from storage.owed import notices
from storage.places import leads
from storage.tables import Channel, Lead, Pocket, Schedule

from .plans import ScheduleId

BACK = "back"
"""Why a schedule rests that has reason to no more: until a lead resumes it."""

EMPTY = "empty"
"""Why one rests that has no question left: all prompts of its theme were retired."""

REFUSED = "refused"
"""Why a channel's rest to which Slack lets Outloud post nothing, though it is there."""

REASONS = ("stopped", "deleted", "archived", "removed")

WHY = case(
    (Channel.is_deleted, "deleted"),
    (Pocket.stopped_at.is_not(None), "stopped"),
    (Channel.is_archived, "archived"),
    (Channel.has_bot.is_(False), "removed"),
    else_="",
)
"""Why a channel is no place to ask now; empty, where it is one."""


def why(session: Session, place: Place) -> str | None:
    """The same, of a channel that is a pocket or was one; None for any other."""
    found = (
        select(WHY)
        .select_from(Pocket)
        .join(Channel, (Channel.workspace == Pocket.workspace) & (Channel.id == Pocket.channel))
        .where(Pocket.workspace == place.workspace, Pocket.channel == place.channel)
    )
    return session.scalar(found)


def look(session: Session, place: Place, *, at: float) -> None:
    """Something became of a channel or its pocket: its schedules pause, or their leads are offered to resume them."""
    reason = why(session, place)
    if reason:
        rest(session, place, reason, at=at)
    elif reason == "":
        _offer(session, place, at=at)


def rest(
    session: Session, place: Place, reason: str, *, at: float, told: PersonId | None = None, among_others: bool = False
) -> None:
    """A pocket's schedules pause, for a reason. Its leads are told once, where one of them asked anything still.

    `told`: the lead who hears of it otherwise. `among_others`: those that another process holds are left to it, which claims
    what is due as this one does: each would wait for the other's.
    """
    here = select(Schedule.id).where(*_here(place), Schedule.state == "live", Schedule.due.is_not(None))
    ids = session.scalars(here.order_by(Schedule.id).with_for_update(skip_locked=among_others)).all()
    paused = session.connection().execute(
        update(Schedule)
        .where(Schedule.workspace == place.workspace, Schedule.id.in_(ids))
        .values(state="resting", rests=reason, due=None)
    )
    _mark(session, place, (BACK, REFUSED), reason)
    if paused.rowcount:
        body = {"channel": place.channel, "why": reason}
        for lead in [one for one in _leads(session, place) if one.id != told]:
            notices.tell(session, lead, "schedules rest", body, about=f"{place.channel}:{reason}", at=at)


def set_aside(
    session: Session, place: Place, schedule: ScheduleId, why: str, *, lead: PersonId | None, at: float
) -> None:
    """One schedule pauses for a reason of its own, until a lead resumes it. Its lead hears so: once, as it asks no more.

    `lead`: None where nobody is told.
    """
    one = (Schedule.workspace == place.workspace, Schedule.id == schedule)
    session.execute(update(Schedule).where(*one).values(state="resting", rests=why, due=None))
    if lead is not None:
        hearer = Person(place.workspace, leads.instead_of(session, place, lead, at=at))
        body = {"schedule": schedule, "why": why}
        notices.tell(session, hearer, "schedule set aside", body, about=f"{schedule}:{why}", at=at)


def resting(session: Session, place: Place) -> list[str]:
    """Why a pocket's schedules rest that no lead paused."""
    found = select(Schedule.rests).where(
        *_here(place), Schedule.state == "resting", Schedule.rests.in_((*REASONS, REFUSED, BACK))
    )
    return list(session.scalars(found))


def _offer(session: Session, place: Place, *, at: float) -> None:
    if _mark(session, place, REASONS, BACK):
        for lead in _leads(session, place):
            notices.tell(session, lead, "schedules back", {"channel": place.channel}, about=place.channel, at=at)


def _mark(session: Session, place: Place, before: tuple[str, ...], now: str) -> bool:
    changed = session.connection().execute(
        update(Schedule).where(*_here(place), Schedule.state == "resting", Schedule.rests.in_(before)).values(rests=now)
    )
    return changed.rowcount > 0


def _leads(session: Session, place: Place) -> list[Person]:
    found = select(Lead.person).where(Lead.workspace == place.workspace, Lead.channel == place.channel)
    return [Person(place.workspace, PersonId(lead)) for lead in sorted(session.scalars(found))]


def _here(place: Place):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- two conditions
    return Schedule.workspace == place.workspace, Schedule.channel == place.channel
