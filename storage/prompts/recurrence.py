"""Recurrence: the local dates and times at which a schedule asks. Pure: the one function for preview and for what happens.

Dates come from `dateutil.rrule` on local wall time, begun anew near where they are wanted: a start five years back costs
a millisecond each time, a fresh one some twenty microseconds. Instants come from `zoneinfo`: a time that does not exist
moves forward by the gap, and of a time that comes twice the first is meant.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from heapq import heappop, heappush
from itertools import dropwhile, islice
from typing import Any, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday

from storage import zones

from . import days_off
from .refusals import CantBeRead

Kind = Literal["weekly", "weekday of month", "day of month", "once"]

DAY = timedelta(days=1)
WEEK = 7
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
LAST = -1
"""As the `nth` weekday of a month: the last."""

PAGE = 4
"""Dates that are found in one go, and remembered: on a Wednesday at ten, thousands of schedules ask for the same ones."""

AT_MOST = 2000
"""Dates that are looked at before it is said that there is no more: all the others were to be skipped."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a schedule asks: at `time`, local wall time in `zone` (an IANA name), on dates from `start` until `until`.

    *weekly*: on `weekdays` (Monday is 0) of every so many weeks (`every`), counted from the week of `start`.
    *weekday of month*: on the `nth` (1 to 4, or `LAST`) of the one day in `weekdays`. *day of month*: on `day`, or on the
    last where there is none. *once*: on `start`. Dates in `skips`, and public holidays of `region` (ISO 3166, such as
    `DE-BY`; empty: of none), are left out, or where it `moves` are made up for on the next working day, until the end.
    """

    kind: Kind
    start: date
    time: time
    zone: str
    every: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int = 0
    day: int = 0
    until: date | None = None
    skips: frozenset[date] = frozenset()
    region: str = ""
    moves: bool = False

    def as_row(self) -> dict[str, Any]:
        """As a column of JSON holds it; what is as usual is left out."""
        row: dict[str, Any] = {"kind": self.kind, "start": self.start.isoformat(), "time": f"{self.time:%H:%M}"}
        if self.until:
            row["until"] = self.until.isoformat()
        if self.skips:
            row["skips"] = sorted(day.isoformat() for day in self.skips)
        if self.weekdays:
            row["weekdays"] = list(self.weekdays)
        usual = {"every": 1, "nth": 0, "day": 0, "region": "", "moves": False}
        return row | {name: getattr(self, name) for name, value in usual.items() if getattr(self, name) != value}

    @classmethod
    def read(cls, written: str, zone: str) -> Self:
        """The same, of that column's text. Raises `CantBeRead`: a newer version may have written it, or a hand.

        What it says that is not known here may matter: it is better not asked than at another time.
        """
        try:
            row = json.loads(written)
            rule = cls.of_row(row, zone)
            days_off.weekend(rule.region)  # raises `NotImplementedError` of a region that there is not
            is_known = row.keys() <= _NAMES and is_one(rule)
        except (AttributeError, LookupError, NotImplementedError, TypeError, ValueError) as error:
            raise CantBeRead from error
        if not is_known:
            raise CantBeRead
        return rule

    @classmethod
    def of_row(cls, row: dict[str, Any], zone: str) -> Self:
        """The same, read back."""
        until = row.get("until")
        return cls(
            kind=row["kind"],
            start=date.fromisoformat(row["start"]),
            time=time.fromisoformat(row["time"]),
            zone=zone,
            every=row.get("every", 1),
            weekdays=tuple(row.get("weekdays", ())),
            nth=row.get("nth", 0),
            day=row.get("day", 0),
            until=date.fromisoformat(until) if until else None,
            skips=frozenset(map(date.fromisoformat, row.get("skips", ()))),
            region=row.get("region", ""),
            moves=row.get("moves", False),
        )


_NAMES = frozenset(Rule.__dataclass_fields__) - {"zone"}
"""What a column may say: the zone has a column of its own."""


class Time(NamedTuple):
    """One time at which a schedule asks: its local date, and the moment (seconds since 1970, UTC)."""

    on: date
    at: float


def next_times(
    rule: Rule, *, after: float, count: int = 1, beyond: date | None = None, without: Collection[date] = ()
) -> list[Time]:
    """The next `count` times after a moment (seconds since 1970, UTC), fewer where there are no more.

    `beyond`: only on local dates after this one; `without`: on none of these. Where two local dates fall on one moment
    (Pacific/Apia left out a day in 2011), it is asked once, on the later. Raises `UnknownZone`.
    """
    zone, found = zones.of(rule.zone), list[Time]()
    here = datetime.fromtimestamp(after, zone).date()
    here = max(here, beyond) if beyond else here  # years may lie between: only so many dates are looked at
    for day in _days(rule, _from(rule, here)):
        if (beyond is not None and day <= beyond) or day in without:
            continue
        at = moment(day, rule.time, zone)
        if at <= after:
            continue
        if found and found[-1].at == at:
            found[-1] = Time(day, at)
        elif len(found) == count:
            break
        else:
            found.append(Time(day, at))
    return found


def begun(rule: Rule) -> Rule:
    """The same rule from the first week on in which it could have begun: schedules that differ in their start alone share it.

    From the start on it asks at the same times. What is made up for depends on the start itself, so such a rule stays as it is.
    """
    if rule.kind == "once" or rule.moves:
        return rule
    return replace(rule, start=date.min + _Pattern.of(rule).phase * WEEK * DAY)  # 1 January of the year 1 is a Monday


def moment(day: date, at: time, zone: ZoneInfo) -> float:
    """When it is this local time on this date: `fold=0` is the first of two, and in a gap counts with the offset before it."""
    return datetime.combine(day, at, zone).timestamp()


def works_on(rule: Rule, day: date) -> bool:
    """Whether it is a working day for a schedule: no weekend, no public holiday, and none that was picked to be skipped."""
    return day.weekday() not in days_off.weekend(rule.region) and not _is_off(rule, day)


def is_one(rule: Rule) -> bool:
    """Whether it is a recurrence: with what its kind needs, in its bounds."""
    if not (rule.every >= 1 and set(rule.weekdays) <= set(range(WEEK))):
        return False
    match rule.kind:
        case "weekly":
            return bool(rule.weekdays)
        case "weekday of month":
            return len(rule.weekdays) == 1 and rule.nth in (1, 2, 3, 4, LAST)
        case "day of month":
            return 1 <= rule.day <= LONGEST_MONTH
        case _:
            return rule.kind == "once"


def _is_off(rule: Rule, day: date) -> bool:
    return day in rule.skips or bool(rule.region and day in days_off.in_year(rule.region, day.year))


def _from(rule: Rule, day: date) -> date:
    """Where to begin, so that nothing is missed on or after `day`: the day before it may have been moved here by a gap.

    What is made up for on a working day was due no earlier than the last working day before that.
    """
    day -= DAY
    while rule.moves and not works_on(rule, day) and day > rule.start:
        day -= DAY
    return day


def _days(rule: Rule, first: date) -> Iterator[date]:
    """The dates on which it asks, each once and in order, from those of the recurrence at or after `first`."""
    dates = islice(_dates(rule, first), AT_MOST)
    if not rule.skips and not rule.region:
        yield from dates
        return
    waiting, last = list[date](), date.min
    for day in dates:
        while waiting and waiting[0] < day:  # what is moved may pass a later date, but none that is still to come
            if (ready := heappop(waiting)) > last:
                yield (last := ready)
        if (landed := _landing(rule, day)) is not None:
            heappush(waiting, landed)
    while waiting:
        if (ready := heappop(waiting)) > last:
            yield (last := ready)


def _landing(rule: Rule, day: date) -> date | None:
    """The date itself, or the working day that makes up for it; None where it is left out, or that comes after the end."""
    if not _is_off(rule, day):
        return day
    if not rule.moves:
        return None
    last = rule.until or date.max
    while not works_on(rule, day):
        if day >= last:
            return None
        day += DAY
    return day


def _dates(rule: Rule, first: date) -> Iterator[date]:
    """The recurrence itself."""
    first = max(first, rule.start)
    if rule.kind == "once":
        yield from [rule.start] if first == rule.start else []
        return
    pattern = _Pattern.of(rule)
    while page := _page(pattern, first):
        for day in page:
            if rule.until and day > rule.until:
                return
            yield day
        if page[-1].year >= date.max.year - 1:
            return
        first = page[-1] + DAY


class _Pattern(NamedTuple):
    """A recurrence without its start: many schedules share one. `phase`: which weeks it is, of each `every`."""

    kind: Kind
    every: int
    phase: int
    weekdays: tuple[int, ...]
    nth: int
    day: int

    @classmethod
    def of(cls, rule: Rule) -> Self:
        phase = (rule.start.toordinal() - rule.start.weekday()) // WEEK % rule.every
        return cls(rule.kind, rule.every, phase, rule.weekdays, rule.nth, rule.day)


@lru_cache(maxsize=16384)
def _page(pattern: _Pattern, first: date) -> tuple[date, ...]:
    """The next dates of a recurrence from `first` on, reckoned from where it last was in phase."""
    kind, every, phase, weekdays, nth, day = pattern
    if kind == "weekly":
        monday = first.toordinal() - first.weekday()
        anchor = date.fromordinal(monday - (monday // WEEK - phase) % every * WEEK)
        rule = rrule(WEEKLY, dtstart=_midnight(anchor), interval=every, byweekday=weekdays, wkst=MO)
    elif kind == "weekday of month":
        rule = rrule(MONTHLY, dtstart=_midnight(first.replace(day=1)), byweekday=weekday(weekdays[0], nth))
    else:
        days = range(min(day, SHORTEST_MONTH), day + 1)  # the last of these that there is
        rule = rrule(MONTHLY, dtstart=_midnight(first.replace(day=1)), bymonthday=days, bysetpos=-1)
    begin = _midnight(first)
    return tuple(one.date() for one in islice(dropwhile(lambda one: one < begin, rule), PAGE))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
