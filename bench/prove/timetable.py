"""When prompts are to be asked, reckoned from what a lead decided of a schedule, without any code of the bot.

It goes through a year day by day, and finds the moment of a local time by trying the zone's offsets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays

DAY = timedelta(days=1)
WEEKEND = frozenset({5, 6})
"""Where no country says otherwise; Monday is 0."""

Falls = Callable[[date, date], bool]
"""Whether something falls on a date; the second is that on which it begins, in the same zone."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How often, as `/prompts` understands it, and what that means. `entered`: the same in its form."""

    words: str
    falls: Falls
    entered: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What its lead decided. On no date in `skips` and no public holiday of `region` is anything asked.

    Where it `moves`, it is asked on the next working day instead. `until`: the last date; `rests_until`: the first on which
    it asks again, where it was paused.
    """

    zone: str
    habit: Habit
    at: time
    start: date
    until: date | None = None
    skips: frozenset[date] = frozenset()
    region: str = ""
    moves: bool = False
    rests_until: date = date.min

    def dates(self, last: date) -> Iterator[date]:
        """The local dates on which it asks: day by day from its start, as if it never were paused."""
        day, is_owed = self.start, False
        weekend = _calendar(self.region).weekend if self.region else WEEKEND
        while day <= min(last, self.until or last):
            is_off = self.leaves_out(day)
            falls = self.habit.falls(day, self.start)
            is_owed = is_owed or (falls and is_off and self.moves)
            if is_owed and not is_off and day.weekday() not in weekend:
                falls, is_owed = True, False
            if falls and not is_off:
                yield day
            day += DAY

    def leaves_out(self, day: date) -> bool:
        """Whether its lead picked this date to be skipped, or it is a public holiday."""
        return day in self.skips or bool(self.region and day in _calendar(self.region))


@cache
def _calendar(region: str) -> holidays.HolidayBase:
    country, _, part = region.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


@dataclass(slots=True)
class Entry:
    """A schedule: what is asked in a channel, and by which plan since when (seconds since 1970, UTC). `kind`: what is special."""

    channel: str
    question: str
    plans: list[tuple[float, Plan]]
    kind: str = "plain"

    @property
    def name(self) -> str:
        """How a sentence tells it from others."""
        plan = self.plans[0][1]
        return f"{self.question} ({self.kind}, {plan.habit.words} {plan.at:%H:%M})"

    def times(self, *, until: float) -> Iterator[float]:
        """When it is asked (seconds since 1970, UTC): of what was changed by the new plan, and never twice on one local date."""
        asked = date.min
        for (since, plan), (end, _) in pairwise([*self.plans, (until, self.plans[-1][1])]):
            zone = ZoneInfo(plan.zone)
            for day in plan.dates(datetime.fromtimestamp(end, zone).date() + DAY):
                at = moment(day, plan.at, zone)
                if since < at <= end and day > asked and day >= plan.rests_until:
                    yield at
                    asked = day


def moment(day: date, at: time, zone: ZoneInfo) -> float:
    """When it is this local time. Of two such moments the first; where there is none, as the clocks stood before counts on."""
    wanted = datetime.combine(day, at)
    as_utc = wanted.replace(tzinfo=UTC)
    before, after = ((as_utc + far).astimezone(zone).utcoffset() or timedelta() for far in (-DAY, DAY))
    real = [as_utc - offset for offset in (before, after)]
    found = [one for one in real if one.astimezone(zone).replace(tzinfo=None) == wanted]
    return min(found, default=as_utc - before).timestamp()
