"""Schedules that can't be read stop no other: they are set aside, their lead hears so, and they can be removed."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text, update

from storage.prompts import resting, schedules, views
from storage.prompts.plans import Known, Plan, ScheduleId
from storage.prompts.refusals import CantBeRead
from storage.prompts.views import ScheduleView, Unread
from storage.refusals import UnknownZone
from storage.tables import Schedule
from tests.storage.prompts.stage import ANA, ONE, WEDNESDAYS, Stage, clock


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Europe"])
def test_a_schedule_of_no_timezone_stops_no_other(stage: Stage, zone: str) -> None:
    """It is set aside, its lead hears so, the board shows it, and another timezone mends it."""
    bad, good = stage.add(at=clock(23)), stage.add(at=clock(23))
    stage.session.execute(text("UPDATE schedules SET zone = :zone WHERE id = :id"), {"zone": zone, "id": bad})
    stage.ticks(clock(25))
    assert_set_aside(stage, bad, good)
    shown = {one.id: one for one in views.of_pocket(stage.session, stage.place, at=clock(25))}[bad]
    assert isinstance(shown, ScheduleView)
    assert (shown.rests, shown.next) == ("unreadable", ())
    with pytest.raises(UnknownZone):
        schedules.resume(stage.session, bad, by=stage.ana, at=clock(25))
    schedules.change(stage.session, Known(bad, shown.version), Plan(WEDNESDAYS, ONE), by=stage.ana, at=clock(25))
    assert views.find(stage.session, bad, by=stage.ana, at=clock(25)).rests == "readable"
    schedules.resume(stage.session, bad, by=stage.ana, at=clock(25))
    assert stage.next(bad, at=clock(25))[0] == "02 Dec"


def assert_set_aside(stage: Stage, bad: ScheduleId, good: ScheduleId) -> None:
    """One asks nothing more, and its lead hears so; the other asked."""
    assert [one.schedule for one in stage.opened] == [good]
    assert stage.next(good, at=clock(25))[0] == "02 Dec"
    row = stage.session.execute(text("SELECT state, rests, due FROM schedules WHERE id = :id"), {"id": bad}).one()
    assert tuple(row) == ("resting", "unreadable", None)
    told = stage.session.execute(text("SELECT person FROM notices WHERE kind = 'schedule set aside'")).scalars().all()
    assert told == [ANA]


WEEKLY = {"kind": "weekly", "start": "2026-11-23", "time": "10:00", "weekdays": [2]}
UNREAD: dict[str, dict[str, Any]] = {
    "nothing": {"rule": {}},
    "no object": {"rule": [3]},
    "a kind of a newer version": {"rule": WEEKLY | {"kind": "hourly"}},
    "more than is known": {"rule": WEEKLY | {"unless": "rain"}},
    "an eighth day": {"rule": WEEKLY | {"weekdays": [7]}},
    "no week": {"rule": WEEKLY | {"every": 0}},
    "a region that there is not": {"rule": WEEKLY | {"region": "XX"}},
    "no date": {"rule": {"kind": "once", "start": "tomorrow", "time": "10:00"}},
    "no question": {"questions": []},
    "no questions": {"source": "list", "questions": []},
}


@pytest.mark.parametrize("written", UNREAD.values(), ids=UNREAD)
def test_a_schedule_that_can_not_be_read_stops_no_other(stage: Stage, written: dict[str, Any]) -> None:
    """It is set aside, its lead hears so, and the board shows it beside the others; it can be removed, and that taken back."""
    bad, good = stage.add(at=clock(23)), stage.add(at=clock(23))
    stage.session.execute(update(Schedule).where(Schedule.id == bad).values(written))
    assert_asks_nothing(stage, bad, good)


def assert_asks_nothing(stage: Stage, bad: ScheduleId, good: ScheduleId) -> None:
    """One can't be read, and is in nobody's way."""
    assert unread(stage) == {bad}
    stage.ticks(clock(25))
    assert_set_aside(stage, bad, good)
    assert unread(stage) == {bad}
    for deed in (schedules.resume, partial(schedules.skip, on=date(2026, 11, 25)), views.find):
        with pytest.raises(CantBeRead):
            deed(stage.session, bad, by=stage.ana, at=clock(25))
    schedules.remove(stage.session, bad, by=stage.ana, at=clock(25))
    assert unread(stage) == set()
    schedules.restore(stage.session, bad, by=stage.ana, at=clock(25))
    assert unread(stage) == {bad}


def test_one_that_is_no_json_stops_no_other(stage: Stage) -> None:
    """A hand wrote it: SQLite takes that, PostgreSQL does not."""
    if stage.session.get_bind().dialect.name != "sqlite":
        return
    bad, good = stage.add(at=clock(23)), stage.add(at=clock(23))
    stage.session.execute(text("UPDATE schedules SET rule = 'every wednesday' WHERE id = :id"), {"id": bad})
    assert_asks_nothing(stage, bad, good)


def unread(stage: Stage) -> set[ScheduleId]:
    """Of the pocket's, those that the board calls so."""
    return {one.id for one in views.of_pocket(stage.session, stage.place, at=clock(25)) if isinstance(one, Unread)}


def test_of_those_that_rested_for_their_channel_all_go_on_that_can_be_read(stage: Stage) -> None:
    """One that can't be read, or has no timezone, keeps none of the others back."""
    bad, lost, good = (stage.add(at=clock(23)) for _ in range(3))
    stage.session.execute(text("UPDATE schedules SET rule = '{}' WHERE id = :id"), {"id": bad})
    stage.session.execute(text("UPDATE schedules SET zone = 'Mars/Olympus' WHERE id = :id"), {"id": lost})
    resting.rest(stage.session, stage.place, "archived", at=clock(24))
    assert schedules.resume_all(stage.session, stage.place, by=stage.ana, at=clock(24)) == 1
    assert stage.next(good, at=clock(24))[0] == "25 Nov"
