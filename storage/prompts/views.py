"""Schedules as they stand: one of them, for whom may change it; or all of a pocket's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Text, bindparam, cast, exists, select
from sqlalchemy.orm import Session

from storage import zones
from storage.ids import ChannelId, Person, PersonId, Place, WorkspaceId
from storage.places import leads, pockets
from storage.refusals import UnknownZone
from storage.tables import Occurrence, Schedule

from .plans import Plan, ScheduleId, Source
from .recurrence import DAY, Rule, Time, moment, next_times
from .refusals import CantBeRead, NoSuchSchedule

UNREADABLE = "unreadable"
"""Why a schedule rests whose row says nothing that can be: of a timezone that there is not, say."""

READABLE = "readable"
"""Why one rests that was unreadable, and is no longer: until a lead resumes it."""

NEXT = 3
"""How many of its next times are shown."""


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule as it stands. `next`: its next times, as they will be; none while it rests, or when it is over.

    `rests` says why it asks nothing for now: "archived", "removed" (Outloud, from its channel), "deleted", "stopped" (its
    pocket), "back" (whatever it was is over), "refused" (Slack lets Outloud post nothing there), "empty" (its
    theme has no prompt left), "unreadable" (its timezone is none), "readable" (it was so), or "paused", by a lead; else it is
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


@dataclass(frozen=True, slots=True)
class Unread:
    """A schedule of which this version can't read when or what it asks: a newer one may have written it, or a hand."""

    id: ScheduleId
    place: Place
    is_removed: bool = False


AnySchedule = ScheduleView | Unread

_ROW = select(*(cast(one, Text).label(one.name) if one.name == "rule" else one for one in Schedule.__table__.c))
"""A row of the table. Its rule is text: what is no JSON would else hide all the rows that are read with it."""


def find(session: Session, id: ScheduleId, *, by: Person, at: float) -> ScheduleView:
    """A schedule, for a lead of its pocket. Raises `NoSuchSchedule`, `NotALead`, `CantBeRead`."""
    row = led(session, id, by)
    return of_row(row, at=at, skipped=skipped(session, row.workspace, row.id, at=at)[row.id])


def glance(session: Session, workspace: WorkspaceId, id: ScheduleId, *, at: float) -> AnySchedule | None:
    """A schedule, whatever became of it."""
    row = session.execute(_ROW.where(Schedule.workspace == workspace, Schedule.id == id)).one_or_none()
    return _seen(row, at=at, skipped=skipped(session, workspace, id, at=at)[id]) if row else None


def of_pocket(session: Session, place: Place, *, at: float) -> list[AnySchedule]:
    """A pocket's schedules: the next to ask first, then those that rest or are over."""
    found = _ROW.where(
        Schedule.workspace == place.workspace, Schedule.channel == place.channel, Schedule.state != "removed"
    ).order_by(Schedule.due.is_(None), Schedule.next_at, Schedule.created_at, Schedule.id)
    rows = session.execute(found).all()
    left_out = skipped(session, place.workspace, *(row.id for row in rows), at=at)
    return [_seen(row, at=at, skipped=left_out[row.id]) for row in rows]


def led(session: Session, id: ScheduleId, by: Person, *, removed: bool = False, unread: bool = False) -> Row[Any]:
    """A schedule's row, for whoever may change it; nobody else changes it before this transaction ends.

    Also one that can't be read, where it may be `unread`. Raises `NoSuchSchedule`, `NotAPocket`, `NotALead`, `CantBeRead`.
    """
    found = _ROW.where(Schedule.workspace == by.workspace, Schedule.id == id).with_for_update(of=Schedule.__table__)
    row = session.execute(found).one_or_none()
    if row is None or (row.state == "removed" and not removed):
        raise NoSuchSchedule
    place = Place(by.workspace, ChannelId(row.channel))
    pockets.require(session, place)
    leads.require(session, place, by)
    if not unread:
        require_readable(row)
    return row


def preview(plan: Plan, *, at: float, count: int = NEXT) -> tuple[Time, ...]:
    """The times at which a plan would ask, were it a schedule now."""
    return tuple(next_times(plan.rule, after=at, count=count))


def beyond(asked_on: str | None, paused_until: str | None) -> date | None:
    """Only on local dates after this one it may ask: one that came up already does not come up again."""
    asked = date.fromisoformat(asked_on) if asked_on else None
    paused = date.fromisoformat(paused_until) - DAY if paused_until else None
    return max(asked, paused) if asked and paused else asked or paused


_IS_LEFT_OUT = (Occurrence.state == "skipped", Occurrence.local_date >= bindparam("earliest"))

LEFT_OUT = exists().where(Occurrence.workspace == Schedule.workspace, Occurrence.schedule == Schedule.id, *_IS_LEFT_OUT)
"""Whether a lead left out any date of a schedule that is still to come, or of today; from `earliest` on."""


def earliest(at: float) -> str:
    """The date that it is, at a moment, where it is earliest (ISO 8601)."""
    return (datetime.fromtimestamp(at, UTC).date() - DAY).isoformat()


def skipped(session: Session, workspace: WorkspaceId, *schedules: str, at: float) -> dict[str, frozenset[date]]:
    """Of each of these, the dates still to come, or of today, that a lead left out."""
    found = select(Occurrence.schedule, Occurrence.local_date).where(
        Occurrence.workspace == workspace, Occurrence.schedule.in_(schedules), *_IS_LEFT_OUT
    )
    rows = session.execute(found, {"earliest": earliest(at)}).all()
    return {id: frozenset(date.fromisoformat(row.local_date) for row in rows if row.schedule == id) for id in schedules}


def _seen(row: Row[Any], *, at: float, skipped: Collection[date]) -> AnySchedule:
    try:
        return of_row(row, at=at, skipped=skipped)
    except CantBeRead:
        place = Place(WorkspaceId(row.workspace), ChannelId(row.channel))
        return Unread(ScheduleId(row.id), place, row.state == "removed")


def require_readable(row: Row[Any]) -> Rule:
    """Its rule. Raises `CantBeRead` unless this version knows when and what it asks; its timezone may be none."""
    rule = Rule.read(row.rule, row.zone)
    asks = isinstance(row.questions, list) and all(isinstance(one, str) for one in row.questions)
    if not asks or not (row.questions or row.source == "theme"):
        raise CantBeRead
    return rule


NO_SENSE = (ArithmeticError, LookupError, NotImplementedError, TypeError, ValueError)
"""What is raised where a row says what can't be reckoned with."""


@contextmanager
def reading() -> Iterator[None]:
    """What a row says that can't be reckoned with is no schedule's. Raises `CantBeRead`."""
    try:
        yield
    except NO_SENSE as error:
        raise CantBeRead from error


def of_row(row: Row[Any], *, at: float, skipped: Collection[date] = ()) -> ScheduleView:
    """A row of the table, frozen. `skipped`: dates to come that a lead left out. Raises `CantBeRead`."""
    rule, rests, times = require_readable(row), _rests(row), list[Time]()
    source = Source(row.source, tuple(row.questions), row.theme, row.shuffled)
    with reading():
        until = date.fromisoformat(row.paused_until) if row.paused_until else None
        if row.state == "live" and not rests:
            only = beyond(row.asked_on, row.paused_until)
            times = next_times(rule, after=before_due(row, at), count=NEXT, beyond=only, without=skipped)
    return ScheduleView(
        id=ScheduleId(row.id),
        place=Place(row.workspace, ChannelId(row.channel)),
        lead=PersonId(row.lead),
        plan=Plan(rule, source, row.open_days, row.nudge, round(row.grace / 3600)),
        rests=rests,
        paused_until=until if until and has_zone(row) and until > today(row, at) else None,
        next=tuple(times),
        version=row.version,
        by=PersonId(row.changed_by),
        is_removed=row.state == "removed",
        left_out=tuple(
            sorted(on for on in skipped if has_zone(row) and moment(on, rule.time, zones.of(row.zone)) > at)
        ),
    )


def before_due(row: Row[Any], at: float) -> float:
    """A moment after which to look for its next time: what is due since a second, and not claimed yet, is still to come."""
    return min(at, row.next_at - 1) if row.due is not None and row.next_at is not None else at


def _rests(row: Row[Any]) -> str:
    """Why it asks nothing for now, though it can be read; empty, where it does."""
    if not has_zone(row):
        return row.rests or UNREADABLE
    return READABLE if row.rests == UNREADABLE else str(row.rests)


def has_zone(row: Row[Any]) -> bool:
    """Whether its timezone is one: what a host knows may change below a row."""
    try:
        zones.of(row.zone)
    except UnknownZone:
        return False
    return True


def today(row: Row[Any], at: float) -> date:
    """The date where a schedule asks. Raises `UnknownZone`."""
    return datetime.fromtimestamp(at, zones.of(row.zone)).date()
