"""Schedules as they stand: one of them, for whom may change it; or all of a pocket's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from storage import zones
from storage.ids import ChannelId, Person, PersonId, Place, WorkspaceId
from storage.places import leads, pockets
from storage.refusals import UnknownZone
from storage.tables import Occurrence, Schedule

from .plans import Plan, ScheduleId, Source
from .recurrence import DAY, Rule, Time, next_times
from .refusals import NoSuchSchedule

UNREADABLE = "unreadable"
"""Why a schedule rests whose row says nothing that can be: of a timezone that there is not, say."""

NEXT = 3
"""How many of its next times are shown."""


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule as it stands. `next`: its next times, as they will be; none while it rests, or when it is over.

    `rests` says why it asks nothing for now: "archived", "removed" (Outloud, from its channel), "deleted", "stopped" (its
    pocket), "back" (whatever it was is over), "refused" (Slack lets Outloud post nothing there), "empty" (its
    theme has no prompt left), "unreadable" (its timezone is none), or "paused", by a lead; else it is
    empty. `paused_until`: the date on which it
    goes on. `by`: who changed it last.
    """

    id: ScheduleId
    place: Place
    lead: PersonId
    plan: Plan
    rests: str
    paused_until: date | None
    next: tuple[Time, ...]
    version: int
    by: PersonId
    is_removed: bool = False
    left_out: tuple[date, ...] = ()
    """Dates to come that a lead skipped, the first one first."""


def find(session: Session, id: ScheduleId, *, by: Person, at: float, removed: bool = False) -> ScheduleView:
    """A schedule, for a lead of its pocket. Raises `NoSuchSchedule`, `NotALead`."""
    row = led(session, id, by, removed=removed)
    return of_row(row, at=at, skipped=skipped(session, row.workspace, row.id, at=at)[row.id])


def glance(session: Session, workspace: WorkspaceId, id: ScheduleId, *, at: float) -> ScheduleView | None:
    """A schedule, whatever became of it."""
    found = select(Schedule.__table__).where(Schedule.workspace == workspace, Schedule.id == id)
    row = session.execute(found).one_or_none()
    return of_row(row, at=at, skipped=skipped(session, workspace, id, at=at)[id]) if row else None


def of_pocket(session: Session, place: Place, *, at: float) -> list[ScheduleView]:
    """A pocket's schedules: the next to ask first, then those that rest or are over."""
    found = (
        select(Schedule.__table__)
        .where(Schedule.workspace == place.workspace, Schedule.channel == place.channel, Schedule.state != "removed")
        .order_by(Schedule.due.is_(None), Schedule.next_at, Schedule.created_at, Schedule.id)
    )
    rows = session.execute(found).all()
    left_out = skipped(session, place.workspace, *(row.id for row in rows), at=at)
    return [of_row(row, at=at, skipped=left_out[row.id]) for row in rows]


def led(session: Session, id: ScheduleId, by: Person, *, removed: bool = False) -> Row[Any]:
    """A schedule's row, for whoever may change it; nobody else changes it before this transaction ends."""
    found = select(Schedule.__table__).where(Schedule.workspace == by.workspace, Schedule.id == id).with_for_update()
    row = session.execute(found).one_or_none()
    if row is None or (row.state == "removed" and not removed):
        raise NoSuchSchedule
    place = Place(by.workspace, ChannelId(row.channel))
    pockets.require(session, place)
    leads.require(session, place, by)
    return row


def preview(plan: Plan, *, at: float, count: int = NEXT) -> tuple[Time, ...]:
    """The times at which a plan would ask, were it a schedule now."""
    return tuple(next_times(plan.rule, after=at, count=count))


def beyond(asked_on: str | None, paused_until: str | None) -> date | None:
    """Only on local dates after this one it may ask: one that came up already does not come up again."""
    asked = date.fromisoformat(asked_on) if asked_on else None
    paused = date.fromisoformat(paused_until) - DAY if paused_until else None
    return max(asked, paused) if asked and paused else asked or paused


def skipped(session: Session, workspace: WorkspaceId, *schedules: str, at: float) -> dict[str, frozenset[date]]:
    """Of each of these, the dates still to come that a lead left out."""
    found = select(Occurrence.schedule, Occurrence.local_date).where(
        Occurrence.workspace == workspace,
        Occurrence.schedule.in_(schedules),
        Occurrence.state == "skipped",
        Occurrence.at > at,
    )
    rows = session.execute(found).all()
    return {id: frozenset(date.fromisoformat(row.local_date) for row in rows if row.schedule == id) for id in schedules}


def of_row(row: Row[Any], *, at: float, skipped: Collection[date] = ()) -> ScheduleView:
    """A row of the table, frozen. `skipped`: dates to come that a lead left out."""
    rule = Rule.of_row(row.rule, row.zone)
    source = Source(row.source, tuple(row.questions), row.theme, row.shuffled)
    until = date.fromisoformat(row.paused_until) if row.paused_until else None
    rests, times = row.rests or ("" if is_readable(row) else UNREADABLE), list[Time]()
    if row.state == "live" and not rests:
        only = beyond(row.asked_on, row.paused_until)
        times = next_times(rule, after=before_due(row, at), count=NEXT, beyond=only, without=skipped)
    return ScheduleView(
        id=ScheduleId(row.id),
        place=Place(row.workspace, ChannelId(row.channel)),
        lead=PersonId(row.lead),
        plan=Plan(rule, source, row.open_days, row.nudge, round(row.grace / 3600)),
        rests=rests,
        paused_until=until if until and is_readable(row) and until > today(row, at) else None,
        next=tuple(times),
        version=row.version,
        by=PersonId(row.changed_by),
        is_removed=row.state == "removed",
        left_out=tuple(sorted(skipped)),
    )


def before_due(row: Row[Any], at: float) -> float:
    """A moment after which to look for its next time: what is due since a second, and not claimed yet, is still to come."""
    return min(at, row.next_at - 1) if row.due is not None and row.next_at is not None else at


def is_readable(row: Row[Any]) -> bool:
    """Whether its timezone is one: what a host knows may change below a row."""
    try:
        zones.of(row.zone)
    except UnknownZone:
        return False
    return True


def today(row: Row[Any], at: float) -> date:
    """The date where a schedule asks. Raises `UnknownZone`."""
    return datetime.fromtimestamp(at, zones.of(row.zone)).date()
