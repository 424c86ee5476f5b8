"""Timezones: what is offered means the same on each host."""

from __future__ import annotations

import pytest

from storage import zones
from storage.places import pocket_settings
from storage.refusals import UnknownZone


def test_names_that_are_the_hosts_own_are_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it has in its folder."""
    names = {"Europe/Berlin", "UTC", "localtime", "Factory", "posixrules", "posix/Europe/Berlin", "right/UTC"}
    monkeypatch.setattr(zones, "available_timezones", lambda: names)
    zones.known.cache_clear()
    try:
        assert pocket_settings.zones_like("") == ["Europe/Berlin", "UTC"]
    finally:
        monkeypatch.undo()
        zones.known.cache_clear()


@pytest.mark.parametrize("name", ["Mars/Olympus", "Europe", "/etc/passwd", ""])
def test_what_is_no_timezone_is_refused(name: str) -> None:
    """Also a folder of them, and what is no name at all."""
    with pytest.raises(UnknownZone):
        zones.of(name)
