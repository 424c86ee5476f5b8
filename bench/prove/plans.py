"""The plans of a year: how often, in which zones, and what is special about each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from .timetable import DAY, Entry, Falls, Habit, Plan

REGIONS = {
    "Europe/Berlin": "DE-BY", "America/Santiago": "CL", "Australia/Lord_Howe": "AU-NSW", "Africa/Casablanca": "MA",
    "America/Nuuk": "GL", "Pacific/Apia": "WS", "Africa/Cairo": "EG", "America/Asuncion": "PY", "America/Havana": "CU",
    "America/New_York": "US-NY", "America/Los_Angeles": "US-CA", "America/St_Johns": "CA-NL", "Antarctica/Troll": "NO",
    "Asia/Beirut": "LB", "Asia/Gaza": "PS", "Asia/Jerusalem": "IL", "Asia/Kathmandu": "NP", "Asia/Kolkata": "IN-KA",
    "Asia/Tehran": "IR", "Asia/Tokyo": "JP", "Asia/Yangon": "MM", "Atlantic/Azores": "PT-20", "Australia/Adelaide": "AU-SA",
    "Australia/Darwin": "AU-NT", "Australia/Eucla": "AU-WA", "Australia/Sydney": "AU-NSW", "Europe/Athens": "GR",
    "Europe/Chisinau": "MD", "Europe/Dublin": "IE", "Europe/Istanbul": "TR", "Europe/London": "GB-SCT", "Europe/Moscow": "RU",
    "Indian/Cocos": "CC", "Pacific/Auckland": "NZ-AUK", "Pacific/Chatham": "NZ-CIT", "Pacific/Easter": "CL",
    "Pacific/Honolulu": "US-HI", "Pacific/Kiritimati": "KI", "Pacific/Marquesas": "PF", "Etc/UTC": "CH-TI",
}  # fmt: skip
"""Whose holidays are left out, by the zone; where none are known of an island, a neighbour's."""

ZONES = tuple(REGIONS)
"""Those whose nights are odd come first. Troll moves by two hours, Lord Howe by half an hour, Nuuk on a Saturday night."""

AWAY = ("Pacific/Kiritimati", "America/Bogota", "Pacific/Honolulu", "Asia/Kathmandu")
"""Where a schedule's zone is changed to, some of them as far as can be: there, and back, a date may come once more."""

SHORT_REGION = "CF"
"""There the Sunday of the short form's night is a public holiday."""


def _weekly(*days: int, every: int = 1) -> Falls:
    def falls(day: date, start: date) -> bool:
        begins = start - start.weekday() * DAY
        return day.weekday() in days and (day - begins).days // 7 % every == 0

    return falls


def _last_of_month(day: date, _start: date) -> bool:
    return (day + DAY).month != day.month


def _last_friday(day: date, _start: date) -> bool:
    return day.weekday() == 4 and (day + 7 * DAY).month != day.month  # noqa: PLR2004 -- Friday


def _second_sunday(day: date, _start: date) -> bool:
    return day.weekday() == 6 and 8 <= day.day <= 14  # noqa: PLR2004 -- Sunday


def _each_week(words: str, *days: int, every: int = 1) -> Habit:
    entered = {"kind": "weekly", "weekdays": [str(day) for day in days], "every": str(every)}
    return Habit(words, _weekly(*days, every=every), entered)


def _each_month(words: str, falls: Falls, **entered: Any) -> Habit:  # noqa: ANN401 -- whatever a field holds
    return Habit(words, falls, {"kind": "weekday of month" if "nth" in entered else "day of month", **entered})


ONCE = Habit("once", lambda day, start: day == start, {"kind": "once"})

Often = tuple[Habit, time]

HABITS: tuple[Often, ...] = (
    (_each_week("weekly sun", 6), time(2, 30)),
    (_each_week("weekly sat sun", 5, 6), time(0, 0)),
    (_each_week("every 2 weeks sat", 5, every=2), time(23, 30)),
    (_each_week("weekly wed", 2), time(10, 0)),
    (_each_month("monthly last fri", _last_friday, weekdays=["4"], nth="-1"), time(16, 0)),
    (_each_week("every 3 weeks mon thu", 0, 3, every=3), time(9, 0)),
    (_each_month("monthly 31", _last_of_month, day="31"), time(1, 30)),
    (_each_month("monthly 2nd sun", _second_sunday, weekdays=["6"], nth="2"), time(2, 0)),
)
"""What is scheduled: on the nights of Saturday and Sunday clocks are changed."""

WORKING_DAYS = (_each_week("weekdays", 0, 1, 2, 3, 4), time(8, 30))
"""What meets most public holidays."""

SHORT_HABIT = (_each_week("weekly sat sun", 5, 6), time(2, 30))


@dataclass(frozen=True, slots=True)
class Stage:
    """What a plan is made for: chance, how often, whose holidays, and from when until when (seconds since 1970, UTC)."""

    chance: Random
    habit: Habit
    at: time
    zone: str
    region: str
    begins: float
    ends: float

    @property
    def plain(self) -> Plan:
        """A plan with nothing special."""
        begins = datetime.fromtimestamp(self.begins, ZoneInfo(self.zone)).date()
        return Plan(self.zone, self.habit, self.at, begins)

    @property
    def dates(self) -> list[date]:
        """The dates on which that asks, the first ones (which may be past, where it begins) left out."""
        found = list(self.plain.dates(datetime.fromtimestamp(self.ends, UTC).date()))
        return [day for day in found if day > self.plain.start]

    def amid(self, share: float) -> float:
        """A moment so far on, at seven minutes past an hour: there nothing is asked anywhere."""
        return self.begins + (self.ends - self.begins) * share // 3600 * 3600


Plans = list[tuple[float, Plan]]


def _picked(stage: Stage) -> frozenset[date]:
    """A third of the dates, at least one; and where they are many, now and then the day after it, too."""
    dates = stage.dates
    some = stage.chance.sample(dates, many := max(1, len(dates) // 3))
    return frozenset(some) | {day + DAY for day in some if many > 1 and stage.chance.random() < 1 / 3}


def _skipping(stage: Stage, *, moves: bool = False) -> Plans:
    return [(stage.begins, replace(stage.plain, skips=_picked(stage), moves=moves))]


def _resting(stage: Stage, *, moves: bool = False) -> Plans:
    return [(stage.begins, replace(stage.plain, region=stage.region, moves=moves))]


def _ending(stage: Stage) -> Plans:
    dates = stage.dates
    return [(stage.begins, replace(stage.plain, until=dates[(len(dates) - 1) // 2]))]


def _once(stage: Stage) -> Plans:
    """On a date that is to be skipped: the next working day makes up for it."""
    on = stage.dates[len(stage.dates) // 3]
    return [(stage.begins, replace(stage.plain, habit=ONCE, start=on, skips=frozenset({on}), moves=True))]


def _paused(stage: Stage) -> Plans:
    """A while after it began, until some later date, so that something is left out."""
    paused = stage.amid(1 / 20)
    coming = [day for day in stage.dates if day > datetime.fromtimestamp(paused, ZoneInfo(stage.zone)).date()]
    until = coming[min(len(coming) - 1, max(1, len(coming) // 3))]
    return [(stage.begins, stage.plain), (paused, replace(stage.plain, rests_until=until))]


def _moving_house(stage: Stage) -> Plans:
    """Its lead changes the zone in the midst: to one far away, and back."""
    away = replace(stage.plain, zone=stage.chance.choice(AWAY))
    return [(stage.begins, stage.plain), (stage.amid(1 / 6), away), (stage.amid(2 / 3), stage.plain)]


def _changing(stage: Stage) -> Plans:
    """Its lead changes how often, and at what time: such that it is still asked."""
    others = [replace(stage, habit=habit, at=at) for habit, at in HABITS if at != stage.at]
    other = stage.chance.choice([one for one in others if one.dates])
    return [(stage.begins, stage.plain), (stage.amid(1 / 6), other.plain)]


def _plain(stage: Stage) -> Plans:
    return [(stage.begins, stage.plain)]


KINDS: dict[str, Callable[[Stage], Plans]] = {
    "plain": _plain,
    "dates picked": _skipping,
    "dates picked, moved": lambda stage: _skipping(stage, moves=True),
    "holidays": _resting,
    "holidays, moved": lambda stage: _resting(stage, moves=True),
    "with an end": _ending,
    "once, moved": _once,
    "paused": _paused,
    "another zone": _moving_house,
    "another rule": _changing,
}
"""What may be special about a schedule, and how its plans are made."""

IN_TURN = (*KINDS, "plain", "plain", "plain")
"""No multiple of the schedules in a zone: each zone has all of them by and by."""


def entries(
    zones: Sequence[str], each: int, *, short: bool, chance: Random, begins: float, ends: float
) -> Iterator[Entry]:
    """So many schedules in each zone, of each kind in turn; the number of their pocket stands for its channel."""
    for number, zone in enumerate(zones):
        for which in range(each):
            kind = IN_TURN[(number * each + which) % len(IN_TURN)]
            habit, at = SHORT_HABIT if short else _habit(kind, number + which)
            region = SHORT_REGION if short else REGIONS[zone]
            stage = Stage(chance, habit, at, zone, region, begins, ends)
            question = f"What about {which} in {zone.replace('_', ' ')}?"
            yield Entry(str(number), question, KINDS[kind](stage), kind)


def _habit(kind: str, turn: int) -> Often:
    if kind.startswith("holidays") and turn % 2:
        return WORKING_DAYS
    return HABITS[turn % len(HABITS)]
