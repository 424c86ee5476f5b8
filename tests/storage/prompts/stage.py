"""One pocket with schedules, and a clock that stands where it is put."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.ids import ChannelId, Person, PersonId, Place
from storage.places import channels, pockets
from storage.places.channels import ChannelFacts
from storage.prompts import claiming, schedules, views
from storage.prompts.asking import Turn
from storage.prompts.plans import Known, Plan, ScheduleId, Source
from storage.prompts.recurrence import Rule
from tests.storage.rows import open_workspace

ANA = PersonId("UANA")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)
WEDNESDAYS = Rule("weekly", MONDAY, time(10), "Europe/Berlin", weekdays=(2,))
DAILY = replace(WEDNESDAYS, weekdays=(0, 1, 2, 3, 4))
ONE = Source("question", ("What did you learn this week?",))
HOUR = 3600.0


def clock(day: int, hour: int = 10, minute: int = 0, *, month: int = 11) -> float:
    """A time of November 2026 in Berlin, seconds since 1970, UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).timestamp()


@dataclass
class Stage:
    """One pocket in one transaction, and what was opened and asked for there."""

    session: Session
    place: Place
    opened: list[Turn] = field(default_factory=list)
    asked_first: list[Turn] = field(default_factory=list)

    @property
    def ana(self) -> Person:
        """Its lead."""
        return Person(self.place.workspace, ANA)

    def add(self, rule: Rule = WEDNESDAYS, source: Source = ONE, *, at: float) -> ScheduleId:
        """A schedule."""
        id = schedules.add(self.session, self.place, Plan(rule, source), by=self.ana, at=at)
        assert id
        return id

    def change(self, id: ScheduleId, rule: Rule, source: Source, *, at: float) -> None:
        """She edits it, as it stands."""
        version = views.find(self.session, id, by=self.ana, at=at).version
        schedules.change(self.session, Known(id, version), Plan(rule, source), by=self.ana, at=at)

    def skip_next(self, id: ScheduleId, *, at: float) -> date:
        """Leave out its next time. Returns its date; raises as `schedules.skip`, and `NothingToSkip` where there is none."""
        found = views.find(self.session, id, by=self.ana, at=at)
        on = found.next[0].on if found.next else date.max
        schedules.skip(self.session, id, on, by=self.ana, at=at)
        return on

    def ticks(self, at: float) -> int:
        """The clock looks for what is due, until there is no more."""
        return claiming.claim_due(
            self.session,
            lambda _session, asking, _at: self.opened.append(asking),
            lambda _session, asking, _at: self.asked_first.append(asking),
            at=at,
        )

    def days(self) -> list[str]:
        """The local dates that were opened."""
        return [f"{asking.time.on:%d %b}" for asking in self.opened]

    def occurrences(self) -> list[tuple[str, str]]:
        """What came up, and what became of it."""
        found = self.session.execute(text("SELECT local_date, state FROM occurrences ORDER BY local_date"))
        return [(row.local_date, row.state) for row in found]

    def next(self, id: ScheduleId, *, at: float) -> list[str]:
        """The next times that are shown."""
        found = views.find(self.session, id, by=self.ana, at=at)
        return [f"{one.on:%d %b}" for one in found.next]


def new_stage(session: Session) -> Stage:
    """A pocket that ana leads."""
    place = Place(open_workspace(session), ChannelId("C1"))
    ana = Person(place.workspace, ANA)
    pockets.start(session, place, ChannelFacts("learning", is_private=False), by=ana, at=1.0)
    channels.seen(session, place, ana, at=1.0)
    return Stage(session, place)
