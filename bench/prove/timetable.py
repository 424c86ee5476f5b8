"""When prompts are to be asked, reckoned from a line such as `/prompts weekly sun 02:30`, without any code of the bot.

It goes through a year day by day, and finds the moment of a local time by trying the zone's offsets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)

ZONES = (
    "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca", "America/Nuuk", "Pacific/Apia",
    "Africa/Cairo", "America/Asuncion", "America/Havana", "America/New_York", "America/Los_Angeles", "America/St_Johns",
    "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tehran",
    "Asia/Tokyo", "Asia/Yangon", "Atlantic/Azores", "Australia/Adelaide", "Australia/Darwin", "Australia/Eucla",
    "Australia/Sydney", "Europe/Athens", "Europe/Chisinau", "Europe/Dublin", "Europe/Istanbul", "Europe/London",
    "Europe/Moscow", "Indian/Cocos", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "Pacific/Honolulu",
    "Pacific/Kiritimati", "Pacific/Marquesas", "Etc/UTC",
)  # fmt: skip
"""Those whose nights are odd come first. Troll moves by two hours, Lord Howe by half an hour, Nuuk on a Saturday night."""

Falls = Callable[[date, date], bool]
"""Whether something falls on a date; the second is that on which it was scheduled, in the same zone."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How often, as `/prompts` understands it, and what that means."""

    words: str
    falls: Falls


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


HABITS = (
    (Habit("weekly sun", _weekly(6)), time(2, 30)),
    (Habit("weekly sat sun", _weekly(5, 6)), time(0, 0)),
    (Habit("every 2 weeks sat", _weekly(5, every=2)), time(23, 30)),
    (Habit("weekly wed", _weekly(2)), time(10, 0)),
    (Habit("monthly last fri", _last_friday), time(16, 0)),
    (Habit("every 3 weeks mon thu", _weekly(0, 3, every=3)), time(9, 0)),
    (Habit("monthly 31", _last_of_month), time(1, 30)),
    (Habit("monthly 2nd sun", _second_sunday), time(2, 0)),
)
"""What is scheduled, in turn: on the nights of Saturday and Sunday clocks are changed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A schedule: what is asked in a channel, and when."""

    channel: str
    zone: str
    question: str
    habit: Habit
    at: time

    @property
    def line(self) -> str:
        """What its lead types."""
        return f"/prompts {self.habit.words} {self.at:%H:%M} {self.question}"

    def times(self, *, scheduled: float, until: float) -> Iterator[float]:
        """When it is asked (seconds since 1970, UTC), after it was scheduled."""
        zone = ZoneInfo(self.zone)
        start = day = datetime.fromtimestamp(scheduled, zone).date()
        while (day - DAY) <= datetime.fromtimestamp(until, zone).date():
            if self.habit.falls(day, start) and scheduled < (at := moment(day, self.at, zone)) <= until:
                yield at
            day += DAY


def moment(day: date, at: time, zone: ZoneInfo) -> float:
    """When it is this local time. Of two such moments the first; where there is none, as the clocks stood before counts on."""
    wanted = datetime.combine(day, at)
    as_utc = wanted.replace(tzinfo=UTC)
    before, after = ((as_utc + far).astimezone(zone).utcoffset() or timedelta() for far in (-DAY, DAY))
    real = [as_utc - offset for offset in (before, after)]
    found = [one for one in real if one.astimezone(zone).replace(tzinfo=None) == wanted]
    return min(found, default=as_utc - before).timestamp()
