"""A schedule's moments: its next time, when its lead is asked for the first answer, and when a round closes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from .recurrence import DAY, Rule, Time, moment, next_times, works_on

MORNING, EVENING = time(9), time(17)
"""Working hours, local: nobody is asked for something, and no round closes, outside of them."""

LAST_HOURS = timedelta(hours=3)
"""How long before closing somebody is reminded; where that is before the morning, on the working day before, at four."""

AFTERNOON = time(16)

SHORTLY = 3600.0
"""Seconds after which it is too late to ask a lead for the first answer to what is asked the day after."""

FAR_ENOUGH = 60
"""Days within which there is a working day, whatever is skipped: then it is as good as any."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The next time (None: it asks no more), and when its lead is asked for the first answer (None: too late for that)."""

    next: Time | None
    first_at: float | None = None

    @property
    def due(self) -> float | None:
        """The earlier of the two."""
        return self.first_at or (self.next.at if self.next else None)

    def as_row(self) -> dict[str, Any]:
        """As the columns hold it."""
        return {
            "next_at": self.next and self.next.at,
            "next_on": self.next and self.next.on.isoformat(),
            "first_at": self.first_at,
            "due": self.due,
        }


def timing(rule: Rule, *, after: float, now: float, beyond: date | None, without: Collection[date] = ()) -> Timing:
    """What comes after a moment, on dates beyond one, and on none of those that were skipped (`without`).

    Its lead is asked the working day before, unless that is past `now`.
    """
    return _unless_past(_soonest(rule, after, beyond, without), now=now)


def following(rule: Rule, time: Time, *, now: float, without: Collection[date] = ()) -> Timing:
    """What comes after one of a rule's times, as `timing` says it. Thousands that ask at one time have it reckoned once.

    Of two days in a row, the lead is asked for the second when the first is asked: this is that moment, or shortly after it.
    """
    soonest = _soonest(rule, time.at, time.on, without) if without else _remembered(rule, time.at, time.on)
    return _unless_past(soonest, now=now - SHORTLY)


def _soonest(rule: Rule, after: float, beyond: date | None, without: Collection[date] = ()) -> Timing:
    found = next_times(rule, after=after, beyond=beyond, without=without)
    return Timing(found[0], asks_first_at(rule, found[0].on)) if found else Timing(None)


_remembered = lru_cache(maxsize=16384)(_soonest)


def _unless_past(soonest: Timing, *, now: float) -> Timing:
    next, first_at = soonest.next, soonest.first_at
    return soonest if next is None or first_at is None or now < first_at < next.at else Timing(next)


def asks_first_at(rule: Rule, on: date) -> float:
    """When the lead is asked for the first answer to what is asked on a date: the working day before, in working hours."""
    return moment(_working_day(rule, on, -DAY), _in_hours(rule.time), ZoneInfo(rule.zone))


def closes_at(rule: Rule, opened_at: float, *, days: int) -> float:
    """When a round closes that opened at a moment: so many working days later, at the same time, in working hours."""
    zone = ZoneInfo(rule.zone)
    opened = datetime.fromtimestamp(opened_at, zone)
    day = opened.date()
    for _ in range(days):
        day = _working_day(rule, day, DAY)
    return moment(day, _in_hours(opened.time()), zone)


def nudges_at(rule: Rule, opened_at: float, closing_at: float) -> float | None:
    """When those are reminded who asked for it; None where that would be right after it opened."""
    zone = ZoneInfo(rule.zone)
    wanted = datetime.fromtimestamp(closing_at - LAST_HOURS.total_seconds(), zone)
    at = wanted.timestamp()
    if wanted.time() < MORNING:
        at = moment(_working_day(rule, wanted.date(), -DAY), AFTERNOON, zone)
    return at if at - opened_at > LAST_HOURS.total_seconds() else None


def _working_day(rule: Rule, day: date, step: timedelta) -> date:
    """The working day before (or behind) a date."""
    nearest = day + step
    for far in range(1, FAR_ENOUGH):
        if works_on(rule, day + far * step):
            return day + far * step
    return nearest


def _in_hours(at: time) -> time:
    return min(max(at, MORNING), EVENING)
