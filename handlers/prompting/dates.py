"""Dates as people type them: 2026-12-24, 24 Dec 2026, 24 Dec, Dec 24, 24.12.2026, 24.12."""

from __future__ import annotations

import re
from datetime import date

from storage.prompts.refusals import NotADate

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMES = tuple(f"{date(2026, month, 1):%B}".lower() for month in range(1, 13))
SHORTEST = 3
"""Letters that tell the months apart."""
_DAY_FIRST = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|\.)? +([a-z]{3,9})\.?(?:,? +(\d{4}))?$", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"^([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?(?:,? +(\d{4}))?$", re.IGNORECASE)
_NUMBERS = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})?$")
_DAY_OF_MONTH = re.compile(r"^(\d{1,2})(st|nd|rd|th|\.)?$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


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
    """The dates in a text, one a line, or with commas or semicolons between. Raises `NotADate`."""
    found = set[date]()
    for line in re.split(r"[\n;]|,(?! *\d{4}\b(?!-))", typed):
        if not line.strip():
            continue
        day = one(line, today=today)
        if day is None:
            raise NotADate(typed=line.strip()[:60], field=field)
        found.add(day)
    return frozenset(found)


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
