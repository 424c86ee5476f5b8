"""year: what its timetable says, what is found that is otherwise, and when the clock may go on from one moment to the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from random import Random

import pytest
from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.engine import URL

from bench.program import MANIFEST
from bench.prove import plans, quiet
from bench.prove.plans import KINDS, WORKING_DAYS, ZONES
from bench.prove.proof import Tally
from bench.prove.timetable import Entry, Habit, Plan
from bench.prove.year import (
    BEGINS,
    LATE,
    SCHEDULES,
    SHORT_BEGINS,
    SHORT_SCHEDULES,
    SHORT_WEEKS,
    SHORT_ZONES,
    WEEK,
    _compare,
    _Year,
)
from sandbox.manifest import read_manifest
from sandbox.slack import Slack
from storage.prompts.recurrence import Rule, next_times
from storage.tables import Owed, Workspace

NOON = 1_767_614_400.0


@pytest.fixture
def connection(database_url: URL) -> Iterator[Connection]:
    """The bot's database, where a workspace is."""
    engine = create_engine(database_url)
    installed = {"id": "T1", "name": "Acme", "url": "", "bot_user": "U1", "bot": "B1", "installed_at": NOON}
    with engine.connect() as connection:
        connection.execute(insert(Workspace).values(installed))
        connection.commit()
        yield connection
    engine.dispose()


@pytest.fixture
def slack() -> Slack:
    """One in which it is noon."""
    return Slack(read_manifest(MANIFEST), now=NOON)


def _owe(connection: Connection, *, due: float, lease: str | None = None) -> None:
    owed = {"workspace": "T1", "id": f"at {due}", "kind": "ask first", "lane": "U2", "body": {}}
    connection.execute(insert(Owed).values(owed | {"due": due, "lease": lease, "owed_at": NOON}))
    connection.commit()


async def test_what_is_owed_for_later_is_not_waited_for(connection: Connection, slack: Slack) -> None:
    """The clock has to come to it first."""
    _owe(connection, due=NOON + 3600)
    assert await quiet.done(slack, connection, patience=0)


@pytest.mark.parametrize(("due", "lease"), [(NOON - 1, None), (NOON + 30, "in hand")])
async def test_what_is_due_or_in_hand_is_waited_for(
    connection: Connection, slack: Slack, due: float, lease: str | None
) -> None:
    """Until it is done: what is in hand is so until its lease ends, which is when it is due."""
    _owe(connection, due=due, lease=lease)
    waiting = asyncio.create_task(quiet.done(slack, connection, patience=60))
    await asyncio.sleep(5 * quiet.DUE_LOOK)
    assert not waiting.done()
    connection.execute(text("DELETE FROM outbox"))
    connection.commit()
    assert await waiting


async def test_what_is_never_done_is_not_waited_for_for_ever(connection: Connection, slack: Slack) -> None:
    """Where nothing changes any more, that is said."""
    _owe(connection, due=NOON - 1)
    assert not await quiet.done(slack, connection, patience=3 * quiet.DUE_LOOK)


FIRST, SECOND = 60.0, 60.0 + WEEK
"""When it is to be asked, in seconds after noon."""


@pytest.mark.parametrize(
    ("asked", "lost", "doubled", "wrong"),
    [
        ([FIRST, SECOND + LATE - 9], 0, 0, 0),
        ([FIRST], 1, 0, 0),
        ([FIRST, SECOND + LATE], 1, 0, 1),
        ([FIRST, SECOND, SECOND + 1], 0, 1, 0),
        ([FIRST - 9, FIRST, SECOND], 0, 0, 1),
        ([FIRST, SECOND, SECOND + WEEK], 0, 0, 1),
    ],
    ids=["each once, one of them late", "not asked", "too late", "asked twice", "asked before", "asked besides"],
)
async def test_what_is_asked_otherwise_than_by_the_timetable_is_found(
    slack: Slack, asked: list[float], lost: int, doubled: int, wrong: int
) -> None:
    """Twice, a week apart; other people's words do not count, nor what stands in a thread."""
    lead = slack.person("lead")
    channel = slack.channel("pocket", members=(lead,))
    plan = Plan("UTC", Habit("weekly mon", lambda _day, _start: True), time(12, 1), date(2026, 1, 5))
    entry = Entry(channel.id, "What about it?", [(NOON, plan)])
    for after_noon in asked:
        slack.clock.move(NOON + after_noon - slack.clock.now())
        slack.world.post(channel.id, lead.id, entry.question)
        prompt = slack.world.post(channel.id, slack.app.id, entry.question)
        slack.world.post(channel.id, slack.app.id, entry.question, thread_ts=prompt.ts)
    tally, due = Tally("prompts"), {NOON + FIRST: [entry], NOON + SECOND: [entry]}
    _compare(_Year(slack, slack.clock, "", [entry], due=due), tally)
    assert [len(found) for found in (tally.lost, tally.doubled, tally.wrong)] == [lost, doubled, wrong]
    assert tally.tried == len(due)


def at(written: str) -> float:
    """Seconds since 1970 of a moment in UTC."""
    return datetime.fromisoformat(f"{written}+00:00").timestamp()


def asked(*plans: tuple[str, Plan], until: str) -> list[str]:
    """When a schedule is asked that was decided, and changed, at these moments."""
    entry = Entry("", "What?", [(at(since), plan) for since, plan in plans])
    return [f"{datetime.fromtimestamp(one, UTC):%a %d %b %H:%M}" for one in entry.times(until=at(until))]


DAILY = Habit("daily", lambda _day, _start: True)
MONDAY = "2026-01-05T00:00"


def in_utc(**special: object) -> Plan:
    """What is asked each working day at half past eight, from Monday on, but for what is special."""
    habit, half_past_eight = WORKING_DAYS
    return replace(Plan("UTC", habit, half_past_eight, date(2026, 1, 5)), **special)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("special", "days"),
    [
        ({}, [5, 6, 7, 8, 9, 12]),
        ({"skips": frozenset({date(2026, 1, 5), date(2026, 1, 8)})}, [6, 7, 9, 12]),
        ({"habit": DAILY, "skips": frozenset({date(2026, 1, 10)})}, [5, 6, 7, 8, 9, 11, 12]),
        ({"region": "DE-BY"}, [5, 7, 8, 9, 12]),
        ({"region": "DE-BE"}, [5, 6, 7, 8, 9, 12]),
        ({"until": date(2026, 1, 8)}, [5, 6, 7, 8]),
        ({"rests_until": date(2026, 1, 8)}, [8, 9, 12]),
    ],
    ids=["plain", "picked", "picked, a Saturday", "Epiphany in Bavaria", "but not in Berlin", "an end", "a pause"],
)
def test_the_timetable_leaves_out_what_is_to_be(special: dict[str, object], days: list[int]) -> None:
    """A week and a day of January."""
    found = asked((MONDAY, in_utc(**special)), until="2026-01-12T23:00")
    assert [int(one.split()[1]) for one in found] == days


TUESDAYS = Habit("weekly tue", lambda day, _start: day.weekday() == 1)
FRIDAYS = Habit("weekly fri", lambda day, _start: day.weekday() == 4)


@pytest.mark.parametrize(
    ("special", "days"),
    [
        ({"habit": TUESDAYS, "region": "DE-BY"}, [7, 13]),
        ({"habit": FRIDAYS, "skips": frozenset({date(2026, 1, 9)})}, [12]),
        ({"habit": FRIDAYS, "skips": frozenset({date(2026, 1, 9), date(2026, 1, 12)})}, [13]),
        ({"habit": FRIDAYS, "skips": frozenset({date(2026, 1, 9)}), "region": "IL"}, [11]),
        ({"habit": FRIDAYS, "skips": frozenset({date(2026, 1, 9)}), "until": date(2026, 1, 11)}, []),
        ({"habit": FRIDAYS, "skips": frozenset({date(2026, 1, 9)}), "rests_until": date(2026, 1, 10)}, [12]),
        ({"skips": frozenset({date(2026, 1, 6), date(2026, 1, 7)})}, [5, 8, 9, 12, 13]),
    ],
    ids=[
        "behind a holiday", "behind a weekend", "not on one that is skipped, too", "Sunday is a working day", "not after the end",
        "after a pause", "once, where it is asked anyway",
    ],
)  # fmt: skip
def test_the_timetable_moves_to_the_next_working_day(special: dict[str, object], days: list[int]) -> None:
    """What a schedule makes up for."""
    found = asked((MONDAY, in_utc(moves=True, **special)), until="2026-01-13T23:00")
    assert [int(one.split()[1]) for one in found] == days


def test_the_timetable_goes_by_the_new_plan_and_never_twice_on_one_date() -> None:
    """On Tuesday it was asked in Kiritimati; in Honolulu, a day behind, Tuesday comes once more."""
    there, here = in_utc(zone="Pacific/Kiritimati"), in_utc(zone="Pacific/Honolulu")
    found = asked((MONDAY, there), ("2026-01-05T20:07", here), until="2026-01-07T23:00")
    assert found == ["Mon 05 Jan 18:30", "Wed 07 Jan 18:30"]


def chance() -> Random:
    """That by which the year is tried where no other is wanted."""
    return Random(2018)  # noqa: S311 -- nothing is secret here


def short_entries() -> list[Entry]:
    """What the short form schedules."""
    until = SHORT_BEGINS + SHORT_WEEKS * WEEK
    made = plans.entries(SHORT_ZONES, SHORT_SCHEDULES, short=True, chance=chance(), begins=SHORT_BEGINS, ends=until)
    return list(made)


def whole_entries() -> list[Entry]:
    """What the whole year does."""
    made = plans.entries(ZONES, SCHEDULES, short=False, chance=chance(), begins=BEGINS, ends=BEGINS + 52 * WEEK)
    return list(made)


def test_whatever_is_special_is_in_the_short_form_and_often_in_the_whole() -> None:
    """A third of the year's schedules, or more, of each kind some; and no change comes when something is asked."""
    assert {entry.kind for entry in short_entries()} == set(KINDS)
    whole = whole_entries()
    many = {kind: sum(entry.kind == kind for entry in whole) for kind in KINDS}
    assert len(whole) == 200
    assert min(many.values()) >= 10
    assert sum(many.values()) - many["plain"] > len(whole) / 3
    minutes = {moment // 60 for entry in whole for moment in entry.times(until=BEGINS + 52 * WEEK)}
    assert not minutes & {since // 60 for entry in whole for since, _ in entry.plans[1:]}


IGNORANT: dict[str, Callable[[list[tuple[float, Plan]]], list[tuple[float, Plan]]]] = {
    "dates picked": lambda made: [(made[0][0], replace(made[0][1], skips=frozenset()))],
    "dates picked, moved": lambda made: [(made[0][0], replace(made[0][1], moves=False))],
    "holidays": lambda made: [(made[0][0], replace(made[0][1], region=""))],
    "holidays, moved": lambda made: [(made[0][0], replace(made[0][1], moves=False))],
    "with an end": lambda made: [(made[0][0], replace(made[0][1], until=None))],
    "once, moved": lambda made: [(made[0][0], replace(made[0][1], moves=False))],
    "paused": lambda made: made[:1],
    "another zone": lambda made: made[:1],
    "another rule": lambda made: made[:1],
}
"""How a bot would ask that knows nothing of what is special."""


@pytest.mark.parametrize("kind", IGNORANT)
async def test_what_a_bot_does_not_heed_is_found(slack: Slack, kind: str) -> None:
    """In the short form, too."""
    assert set(IGNORANT) == set(KINDS) - {"plain"}
    entry = next(one for one in short_entries() if one.kind == kind)
    until = SHORT_BEGINS + SHORT_WEEKS * WEEK
    lead = slack.person("lead")
    entry.channel = slack.channel("pocket", members=(lead,)).id
    due = {moment: [entry] for moment in entry.times(until=until)}
    for moment in Entry("", entry.question, IGNORANT[kind](entry.plans)).times(until=until):
        slack.clock.move(moment - slack.clock.now())
        slack.world.post(entry.channel, slack.app.id, entry.question)
    tally = Tally("prompts")
    _compare(_Year(slack, slack.clock, "", [entry], due=due), tally)
    assert tally.faults


def test_the_bot_reckons_as_the_timetable_says() -> None:
    """Two ways of going through a year, without a bot: what is picked, holidays, moves, ends; changes are the proof's own."""
    until = BEGINS + 52 * WEEK
    for entry in whole_entries():
        (since, plan), *changes = entry.plans
        if changes:
            continue
        entered = plan.habit.entered
        weekdays = tuple(map(int, entered.get("weekdays", ())))
        every, nth, day = (int(entered.get(name, usual)) for name, usual in (("every", 1), ("nth", 0), ("day", 0)))
        rule = Rule(
            entered["kind"], plan.start, plan.at, plan.zone, every, weekdays, nth, day, plan.until, plan.skips, plan.region,
            plan.moves,
        )  # fmt: skip
        reckoned = [time.at for time in next_times(rule, after=since, count=400) if time.at <= until]
        assert reckoned == list(entry.times(until=until)), entry.name
