"""Dates as people type them: 2026-12-24, 24 Dec 2026, 24 Dec, Dec 24, 24.12.2026, 24.12.; and from one to another."""

from __future__ import annotations

import re
from datetime import date, timedelta

from storage.prompts.plans import MAX_SKIPS
from storage.prompts.refusals import BackwardsDates, NotADate, TooLongAway

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMES = tuple(f"{date(2026, month, 1):%B}".lower() for month in range(1, 13))
SHORTEST = 3
"""Letters that tell the months apart."""
_DAY_FIRST = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|\.)? +([a-z]{3,9})\.?(?:,? +(\d{4}))?$", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"^([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?(?:,? +(\d{4}))?$", re.IGNORECASE)
_NUMBERS = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})?$")
_DAY_OF_MONTH = re.compile(r"^(\d{1,2})(st|nd|rd|th|\.)?$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_BETWEEN = re.compile(r" *(?:[-\u2013\u2014]|\.{2,}|\b(?:to|until|till|through)\b) *", re.IGNORECASE)
_DAY_AND_YEAR = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")


def one(typed: str, *, today: date) -> date | None:
    """The date that somebody typed; without a year, the next one there is. None: it is no date, such as 31 February."""
    typed = " ".join(typed.split())
    if found := _ISO.match(typed):
        return _on(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.match(typed):
        return _in_month(int(found[2]), int(found[1]), found[3], today)
    if found := _DAY_FIRST.match(typed):
        return _named(found[2], int(found[1]), found[3], today)
    if found := _MONTH_FIRST.match(typed):
        return _named(found[1], int(found[2]), found[3], today)
    return None


def day_of_month(word: str) -> int | None:
    """15, 15th; None: no month has that day."""
    found = _DAY_OF_MONTH.match(word)
    return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None  # noqa: PLR2004 -- a month's


def is_month(word: str) -> bool:
    """Whether it is a month's name, or begins one as people shorten it: feb, Sept, december."""
    word = word.strip(".").lower()
    return len(word) >= SHORTEST and any(name.startswith(word) for name in NAMES)


def several(typed: str, *, today: date, field: str) -> frozenset[date]:
    """The dates in a text, one a line, or with commas or semicolons between; “24 Dec to 2 Jan” is each day from one to the other.

    Raises `NotADate`, `BackwardsDates`, and `TooLongAway`.
    """
    found = set[date]()
    for line in re.split(r"[\n;]|,(?! *\d{4}\b(?!-))", typed):
        if line.strip():
            found |= _days(" ".join(line.split()), today, field)
    return frozenset(found)


def _days(typed: str, today: date, field: str) -> set[date]:
    if day := one(typed, today=today):
        return {day}
    for between in _BETWEEN.finditer(typed):
        ends = _ends(typed[: between.start()], typed[between.end() :], today)
        if ends is None:
            continue
        first, last = ends
        if first > last:
            raise BackwardsDates(typed=typed[:60], field=field)
        if (last - first).days >= MAX_SKIPS:
            raise TooLongAway(typed=typed[:60], limit=MAX_SKIPS, field=field)
        days = (first + timedelta(days=more) for more in range((last - first).days + 1))
        return {day for day in days if day >= today or last < today}  # what has passed of a break that goes on
    raise NotADate(typed=typed[:60], field=field)


def _ends(first: str, last: str, today: date) -> tuple[date, date] | None:
    """From one date to another. A month that stands at one end alone is that of both: 24-31 Dec, 24.-31.12., Dec 24-31, 2026."""
    if found := _DAY_AND_YEAR.match(last):
        first, last = f"{first}, {found[2]}", found[1]
    from_day, to_day = day_of_month(first), day_of_month(last)
    if from_day and (end := one(last, today=today)):
        start = _on(end.year, end.month, from_day)
    elif to_day and (start := one(first, today=today)):
        end = _on(start.year, start.month, to_day)
    else:
        end = one(last, today=today)
        # Without a year, the first is the one before the last: "24 Dec to 2 Jan", said on the 26th, is of this break.
        start = one(first, today=end - timedelta(days=MAX_SKIPS) if end and end.year > 1 else today)
        if start and end and start > end:
            end = one(last, today=start)
    return (start, end) if start and end else None


def picked(iso: str | None, *, field: str) -> date | None:
    """What a date picker sent. Raises `NotADate`."""
    if not iso:
        return None
    found = one(iso, today=date.min)
    if found is None:
        raise NotADate(typed=iso[:60], field=field)
    return found


def _named(month: str, day: int, year: str | None, today: date) -> date | None:
    if month[:3].lower() not in MONTHS:
        return None
    return _in_month(MONTHS.index(month[:3].lower()) + 1, day, year, today)


def _in_month(number: int, day: int, year: str | None, today: date) -> date | None:
    if year:
        return _on(int(year), number, day)
    coming = [_on(today.year + more, number, day) for more in range(9)]  # 29 February may be eight years off
    return next((one for one in coming if one and one >= today), None)


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
