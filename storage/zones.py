"""Timezones, by the names that every host knows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from .refusals import UnknownZone

OF_THE_HOST = frozenset({"Factory", "localtime", "posixrules"})
"""Names that mean something else on each host, or nothing anywhere."""

OF_THE_FILES = ("posix/", "right/", "SystemV/")
"""Folders that hold the same timezones once more, or leap seconds, on some hosts."""


@cache
def known() -> frozenset[str]:
    """All that can be chosen. It reads a folder for each region of the world, once."""
    return frozenset(
        name for name in available_timezones() if name not in OF_THE_HOST and not name.startswith(OF_THE_FILES)
    )


def today(name: str, at: float) -> date:
    """The date there at a moment (seconds since 1970, UTC); in UTC where there is no such timezone, as a form says by itself."""
    try:
        return datetime.fromtimestamp(at, of(name)).date()
    except UnknownZone:
        return datetime.fromtimestamp(at, UTC).date()


def of(name: str) -> ZoneInfo:
    """A timezone by its name. Raises `UnknownZone`, for its field of a form: a row may be older than what it names."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # no such file, no name of one, or a folder
        raise UnknownZone(zone=name, field="zone") from None
