"""Words of a line as people say them: days of the week, times of day, counts. Pure; None: it is no such word."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo

from storage import zones
from storage.prompts.recurrence import LAST

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORTEST = 2
"""Letters that tell the days of the week apart."""

WORKDAYS, WEEK = (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6)
SEVERAL = {
    **dict.fromkeys(("weekday", "weekdays", "workday", "workdays"), WORKDAYS),
    **dict.fromkeys(("day", "days", "daily"), WEEK),
}
"""Words that name more than one day."""

COUNTS = {"other": 2, "two": 2, "three": 3, "four": 4, "six": 6}
NTHS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": LAST}
AND = frozenset({"and", "&", "+"})
DASHES = "-\u2013\u2014"
TO = frozenset({*DASHES, "to"})
LEAVING_OUT = frozenset({"skip", "skipping", "except", "without", "not"})
"""Words that a date to skip may stand behind."""

HALVES = {"am": 0, "a.m.": 0, "pm": 12, "p.m.": 12}

NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}
VAGUE_TIMES = frozenset({"morning", "mornings", "lunchtime", "afternoon", "afternoons", "evening", "evenings", "night"})
"""Times of day that are none."""

ALMOST_A_TIME = re.compile(r"^\d{1,2}([:.h]\d{0,2})?(am|pm|h)?$|^\d{1,2}[:.]\d{2}\D")
_TIME = re.compile(r"^(\d{1,2})(?:[:.h](\d{2}))?(am|pm|h)?$")
_TRAILING = ",:;"
_SLASHED = re.compile(r"^[^\W\d_][\w+-]*(/[^\W\d_][\w+-]*)+$")
_OFFSET = re.compile(r"^(utc|gmt)[+-]\d", re.IGNORECASE)
_OF_THE_WORLD = frozenset({"UTC", "GMT"})
_WITH_SUMMERS = frozenset({"CET", "EET", "MET", "WET"})
"""Abbreviations that are timezones with summer time; *EST* and its like are none, and would be an hour off half the year."""
_CLOCKS = {
    **dict.fromkeys(("EST", "EDT"), "America/New_York"),
    **dict.fromkeys(("CST", "CDT"), "America/Chicago"),
    **dict.fromkeys(("MST", "MDT"), "America/Denver"),
    **dict.fromkeys(("PST", "PDT"), "America/Los_Angeles"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("CEST", "MEST"), "Europe/Berlin"),
    "BST": "Europe/London",
    "IST": "Asia/Kolkata",
}
"""Where most people live whose clocks are called so."""
_RANGE = re.compile(f"[{DASHES}]")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "`": "`", "'": "'"}


def plain(word: str) -> str:
    """A word without the case and the comma or colon behind it that people give it."""
    return word.lower().strip(_TRAILING)


def weekdays(word: str) -> tuple[int, ...] | None:
    """The days that a word names, Monday is 0: wed, tue,thu, mon-fri, weekdays."""
    found = list[int]()
    for part in filter(None, plain(word).split(",")):
        named = SEVERAL.get(part) or _between(part)
        if named is None:
            return None
        found += named
    return tuple(found) or None


def weekday(word: str) -> int | None:
    """The one day that a word names."""
    word = plain(word)
    singular = word.removesuffix("s") if len(word) > len("days") else word
    found = [day for day, name in enumerate(DAYS) if len(singular) >= SHORTEST and name.startswith(singular)]
    return found[0] if len(found) == 1 else None


def from_to(first: int, last: int) -> tuple[int, ...]:
    """All days from one to another."""
    return tuple((first + more) % len(DAYS) for more in range((last - first) % len(DAYS) + 1))


def time_of_day(word: str, half: str = "", *, is_marked: bool = False) -> time | None:
    """10:00, 9.30, 10h, 2pm, noon; with `half`, the word behind it, 2 pm. A bare number only where it `is_marked` as a time."""
    if plain(word) in NAMED_TIMES:
        return NAMED_TIMES[plain(word)]
    found = _TIME.match(plain(word))
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    half = found[3] if found[3] in HALVES else half
    if not (found[2] or found[3] or half or is_marked):
        return None
    if half:
        hour = hour % 12 + HALVES[half] if 1 <= hour <= 12 else 24  # noqa: PLR2004 -- a clock's face
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 -- a day's and an hour's


def zone(word: str) -> str | None:
    """A timezone, by its whole name, such as Europe/Berlin, in whatever case; or by an abbreviation that means one.

    Names that are places' alone, such as Singapore, begin a question.
    """
    name = _of_a_zone(word)
    if name.upper() in _OF_THE_WORLD or name in _WITH_SUMMERS:
        return name.upper()
    return _zones().get(name.lower()) if "/" in name or any(mark.isdigit() for mark in name) else None


def is_like_a_zone(word: str) -> bool:
    """Whether it would be taken for a timezone: letters on both sides of a slash, an abbreviation in capitals, UTC+1."""
    name = _of_a_zone(word)
    if _SLASHED.match(name) or _OFFSET.match(name):
        return True
    return name.isalpha() and name.isupper() and len(name) > SHORTEST and name in _abbreviations()


def nearest_zone(word: str) -> str:
    """The timezone that was meant, perhaps: one that `zone` takes."""
    name = _of_a_zone(word)
    if name.upper() in _CLOCKS:
        return _CLOCKS[name.upper()]
    if name in _abbreviations():
        return _abbreviations()[name]
    near = get_close_matches(name.lower(), [known for known in _zones() if "/" in known], 1)
    return _zones()[near[0]] if near else "Europe/Berlin"


def _of_a_zone(word: str) -> str:
    return word.strip(_TRAILING + "()")


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in zones.known()}


@cache
def _abbreviations() -> dict[str, str]:
    """What clocks are called anywhere, in winter and in summer, each with a place where they are."""
    found = dict[str, str]()
    for place in sorted(zones.known(), key=lambda name: ("/" not in name, name)):
        for month in (1, 7):
            name = datetime(2026, month, 1, tzinfo=ZoneInfo(place)).tzname()
            found.setdefault(name or "", place if "/" in place else "Europe/Berlin")
    return found


def coming(word: str, today: date) -> date | None:
    """Today, tomorrow, or the next day of the week of that name, which is not today."""
    match plain(word):
        case "today":
            return today
        case "tomorrow":
            return today + timedelta(days=1)
    day = weekday(word)
    return None if day is None else today + timedelta(days=(day - today.weekday() - 1) % 7 + 1)


def bare(text: str) -> str:
    """A text without the quotes around it, and without the dash or colon that set it off."""
    text = text.strip().lstrip(_TRAILING + DASHES + " ").strip()
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        text = text[1:-1].strip()
    return text


def _between(part: str) -> tuple[int, ...] | None:
    ends = [weekday(end) for end in _RANGE.split(part)]
    match ends:
        case [int(one)]:
            return (one,)
        case [int(first), int(last)]:
            return from_to(first, last)
    return None
