"""When a pocket's digest is posted: a day and a time of the week, in the pocket's own timezone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.ids import Place
from storage.refusals import UnknownTime
from storage.tables import Digest

from . import clock
from .recurrence import Rule, next_times

DAYS = range(7)


@dataclass(frozen=True, slots=True)
class When:
    """When a digest is posted, in the pocket's local time. `weekday`: Monday is 0; `clock` as 09:30."""

    weekday: int
    clock: str


def next_after(when: When, zone: str, *, after: float) -> float:
    """When the next one after a moment is posted (both in seconds since 1970, UTC). Raises `UnknownTime`."""
    if when.weekday not in DAYS:
        raise UnknownTime(field="day")
    try:
        clock = time.fromisoformat(when.clock)
    except ValueError:
        raise UnknownTime(field="time") from None
    start: date = datetime.fromtimestamp(after, ZoneInfo(zone)).date()
    rule = Rule("weekly", start=start, time=clock.replace(tzinfo=None), zone=zone, weekdays=(when.weekday,))
    return next_times(rule, after=after)[0].at


def follow(session: Session, place: Place, zone: str, *, at: float) -> None:
    """The pocket is in timezone `zone` now: what is posted weekly is, at the same hour there. Nothing where nothing is."""
    here = (Digest.workspace == place.workspace, Digest.channel == place.channel)
    row = session.execute(select(Digest.weekday, Digest.clock, Digest.zone).where(*here)).one_or_none()
    if row is None or row.zone == zone:
        return
    next_at = next_after(When(row.weekday, row.clock), zone, after=at)
    session.execute(update(Digest).where(*here).values(next_at=next_at, zone=zone))
    clock.look_anew(session)
