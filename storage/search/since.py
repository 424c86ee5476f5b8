"""Since: the moment that somebody means who types `since:2026-01`, `since:monday`, `since:last week` or `since:30d`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from dateutil.relativedelta import relativedelta

SPACED = (
    r"(?:the\s+)?(?:last|past|this)\s+(?:\d{1,4}\s+)?[a-z]+\b"
    r"|\d{1,4}\s+(?:day|week|month|year)s?\b(?:\s+ago\b)?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s+\d{4}\b"
)
"""A regular expression, in which case does not matter, of what has a space in it."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: tuple[str, ...] = ("january", "february", "march", "april", "may", "june", "july", "august")
_MONTHS += ("september", "october", "november", "december")
_AGO = re.compile(r"(?:(?:last|past) )?(\d{1,4}) ?(d|w|m|y|days?|weeks?|months?|years?)(?: ago)?")
_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")
_IN_MONTH = re.compile(r"([a-z]{3,9})(?: (\d{4}))?")
_LAST = re.compile(r"(last|past|this) ([a-z]+)")


@dataclass(frozen=True, slots=True)
class Now:
    """When somebody asks (`at`, seconds since 1970, UTC), and the zone in which their days begin."""

    at: float
    zone: tzinfo

    @property
    def today(self) -> date:
        """The day that it is there."""
        return datetime.fromtimestamp(self.at, self.zone).date()


def moment(typed: str, now: Now) -> float | None:
    """In seconds since 1970, UTC; None where it says none. So many days ago is to the second, all else from a day's beginning."""
    said = " ".join(typed.lower().split()).removeprefix("the ")
    if ago := _AGO.fullmatch(said):
        return _ago(int(ago[1]), ago[2][0], now)
    try:
        day = _day(said, now.today)
        return None if day is None else max(0.0, datetime.combine(day, time(), now.zone).timestamp())
    except (ValueError, OverflowError):  # there is no such day
        return None


def _ago(many: int, unit: str, now: Now) -> float:
    ago = {"d": relativedelta(days=many), "w": relativedelta(weeks=many), "m": relativedelta(months=many)}
    try:
        then = datetime.fromtimestamp(now.at, now.zone) - ago.get(unit, relativedelta(years=many))
        return max(0.0, then.timestamp())
    except (ValueError, OverflowError):  # before the year 1
        return 0.0


def _day(said: str, today: date) -> date | None:
    """The first day of it. Raises `ValueError` where there is no such day."""
    if said in ("today", "yesterday"):
        return today - timedelta(days=said == "yesterday")
    if found := _DATE.fullmatch(said):
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    if found := _LAST.fullmatch(said):
        return _last(found[2], today, is_last=found[1] != "this")
    if (at := _named(said, _DAYS)) is not None:
        return today - timedelta(days=(today.weekday() - at) % 7)
    if (found := _IN_MONTH.fullmatch(said)) and (at := _named(found[1], _MONTHS)) is not None:
        return date(int(found[2]) if found[2] else today.year - (at + 1 > today.month), at + 1, 1)
    return None


def _last(unit: str, today: date, *, is_last: bool) -> date | None:
    """The first day of this week, month or year, or of the last one; the last monday, which is not today."""
    if unit == "week":
        return today - timedelta(days=today.weekday() + 7 * is_last)
    if unit == "month":
        return today.replace(day=1) - relativedelta(months=is_last)
    if unit == "year":
        return today.replace(month=1, day=1) - relativedelta(years=is_last)
    at = _named(unit, _DAYS)
    return None if at is None else today - timedelta(days=(today.weekday() - at - is_last) % 7 + is_last)


def _named(said: str, names: tuple[str, ...]) -> int | None:
    """Which of these is meant, by its name or its first letters, three at the least."""
    return next((at for at, name in enumerate(names) if len(said) >= 3 and name.startswith(said)), None)  # noqa: PLR2004
