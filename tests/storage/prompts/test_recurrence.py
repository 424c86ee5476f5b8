"""Recurrence, against dateutil and zoneinfo used plainly: no time is missing, none comes twice, and each exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.prompts import days_off, recurrence
from storage.prompts.recurrence import LAST, Rule, Time, next_times
from storage.prompts.timing import SHORTLY, following, timing

ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "right/", "posix/"))
)
MOVERS = [
    "Europe/Berlin",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Nuuk",
    "Pacific/Apia",
]
YEARS = timedelta(days=3653)
EVERY_DAY = tuple(range(7))

zones = st.one_of(st.sampled_from(MOVERS), st.sampled_from(ZONES))
starts = st.dates(date(2005, 1, 1), date(2030, 12, 31))
times = st.one_of(
    st.builds(time, st.integers(0, 3), st.sampled_from([0, 15, 30])),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
shapes = st.one_of(
    st.fixed_dictionaries({"kind": st.just("weekly"), "weekdays": weekdays, "every": st.integers(1, 6)}),
    st.fixed_dictionaries(
        {
            "kind": st.just("weekday of month"),
            "weekdays": st.integers(0, 6).map(lambda day: (day,)),
            "nth": st.sampled_from([1, 2, 3, 4, LAST]),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("day of month"), "day": st.integers(1, 31)}),
    st.fixed_dictionaries({"kind": st.just("once")}),
)
rules = st.builds(
    lambda shape, start, at, zone: Rule(start=start, time=at, zone=zone, **shape), shapes, starts, times, zones
)


def plain_dates(rule: Rule, end: date) -> list[date]:
    """By dateutil alone, from the start on."""
    start, until = datetime.combine(rule.start, time.min), datetime.combine(end, time.min)
    match rule.kind:
        case "weekly":
            found = rrule(WEEKLY, dtstart=start, until=until, interval=rule.every, byweekday=rule.weekdays, wkst=MO)
        case "weekday of month":
            found = rrule(MONTHLY, dtstart=start, until=until, byweekday=weekday(rule.weekdays[0], rule.nth))
        case "day of month":
            days = [(rule.start.year + at // 12, at % 12 + 1) for at in range(12 * 12)]
            exact = [_in_month(year, month, rule.day) for year, month in days]
            return [day for day in exact if rule.start <= day <= end]
        case _:
            return [rule.start]
    return [one.date() for one in found]


def _in_month(year: int, month: int, day: int) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), after - timedelta(days=1))


def plain_moment(wall: datetime, zone: ZoneInfo) -> float:
    """By zoneinfo alone: the first moment whose local time this is; in a gap, later by the gap."""
    both = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    exact = [one for one in both if one.astimezone(zone).replace(tzinfo=None) == wall]
    if exact:
        return min(exact).timestamp()
    before, after = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    assert before is not None
    assert after is not None
    return (wall + (after - before)).replace(tzinfo=zone).timestamp()


def plain(rule: Rule, dates: list[date]) -> list[Time]:
    """What is to come, at these dates: of two on one moment, the later."""
    zone = ZoneInfo(rule.zone)
    at = {plain_moment(datetime.combine(day, rule.time), zone): day for day in dates}
    return [Time(day, moment) for moment, day in at.items()]


def walked(rule: Rule, *, until: float, step: int = 1) -> list[Time]:
    """Time after time, each found from the last, as a schedule finds its own."""
    found, after = list[Time](), plain_moment(datetime.combine(rule.start, time.min), ZoneInfo(rule.zone)) - 1
    while next_ones := [one for one in next_times(rule, after=after, count=step) if one.at < until]:
        found += next_ones
        after = next_ones[-1].at
    return found


@settings(max_examples=80)
@given(rules, st.sampled_from([1, 7]))
def test_ten_years_of_any_recurrence_in_any_zone(rule: Rule, step: int) -> None:
    """Found one by one, each from the last, they are what dateutil and zoneinfo say; and each exists."""
    end = rule.start + YEARS
    expected = plain(rule, plain_dates(rule, end))
    found = walked(rule, until=plain_moment(datetime.combine(end, time.max), ZoneInfo(rule.zone)), step=step)
    assert found == [one for one in expected if one.on <= end]
    for one in found:
        local = datetime.fromtimestamp(one.at, ZoneInfo(rule.zone))
        assert (local.date(), local.time()) == (one.on, rule.time) or local.replace(tzinfo=None) > datetime.combine(
            one.on, rule.time
        )


@settings(max_examples=60)
@given(rules, st.integers(0, int(YEARS.total_seconds())))
def test_wherever_one_begins_to_ask_the_answer_is_the_same(rule: Rule, later: int) -> None:
    """The next times after any moment are those of the whole list behind it."""
    zone = ZoneInfo(rule.zone)
    after = plain_moment(datetime.combine(rule.start, time.min), zone) + later
    end = rule.start + YEARS + timedelta(days=400)
    expected = [one for one in plain(rule, plain_dates(rule, end)) if one.at > after]
    assert next_times(rule, after=after, count=3) == expected[:3] or len(expected) < 3


@settings(max_examples=60)
@given(rules, st.integers(0, 3653), st.sampled_from(["", "DE"]))
def test_from_its_start_on_a_rule_asks_when_one_of_its_pace_does(rule: Rule, later: int, region: str) -> None:
    """Those that differ in their start alone have what follows reckoned once, and it is what each would reckon itself."""
    rule = replace(rule, region=region, moves=bool(region))
    found = next_times(
        rule, after=datetime.combine(rule.start + timedelta(days=later), time.min, tzinfo=UTC).timestamp()
    )
    for one in found:
        assert following(recurrence.begun(rule), one, now=one.at) == timing(
            rule, after=one.at, now=one.at - SHORTLY, beyond=one.on
        )


@settings(max_examples=60)
@given(
    rules.filter(lambda rule: rule.kind != "once"),
    st.sets(st.integers(0, 400), max_size=40),
    st.sampled_from(["", "DE-BY", "JP", "IL", "US"]),
    st.booleans(),
    st.integers(0, 300),
)
def test_what_is_skipped_is_left_out_or_made_up_for_on_a_working_day(
    rule: Rule,
    skipped: set[int],
    region: str,
    moves: bool,  # noqa: FBT001 -- hypothesis's
    later: int,
) -> None:
    """Beside a plain reckoning of every date by itself; in order, none twice, wherever one begins."""
    skips = frozenset(rule.start + timedelta(days=day) for day in skipped)
    resting = replace(rule, skips=skips, region=region, moves=moves)

    def is_off(day: date) -> bool:
        return day in skips or bool(region and day in days_off.in_year(region, day.year))

    def lands(day: date) -> date | None:
        if not is_off(day):
            return day
        while moves and (is_off(day) or day.weekday() in days_off.weekend(region)):
            day += timedelta(days=1)
        return day if moves else None

    dates = sorted({landed for day in plain_dates(rule, rule.start + timedelta(days=1500)) if (landed := lands(day))})
    expected = plain(resting, dates)
    after = plain_moment(datetime.combine(rule.start + timedelta(days=later), rule.time), ZoneInfo(rule.zone))
    wanted = [one for one in expected if one.at > after][:4]
    assert next_times(resting, after=after, count=4)[: len(wanted)] == wanted


@given(rules, st.sets(st.dates(date(2026, 1, 1), date(2027, 1, 1)), max_size=3), st.booleans())
def test_a_rule_is_read_back_from_its_row_as_it_was(rule: Rule, skips: set[date], moves: bool) -> None:  # noqa: FBT001
    """Whatever it holds."""
    full = replace(rule, skips=frozenset(skips), moves=moves, region="DE", until=date(2031, 1, 1))
    for one in (rule, full):
        assert Rule.of_row(one.as_row(), one.zone) == one


def local(rule: Rule, day: date) -> list[str]:
    """What the clocks of its zone show, with their distance from UTC, at the times from a date on."""
    zone = ZoneInfo(rule.zone)
    after = datetime.combine(day, time.min, zone).timestamp() - 1
    found = next_times(rule, after=after, count=3)
    return [f"{datetime.fromtimestamp(one.at, zone):%d %H:%M %z}" for one in found]


def daily(zone: str, at: str, start: date = date(2000, 1, 1)) -> Rule:
    """Every day at this time."""
    return Rule("weekly", start, time.fromisoformat(at), zone, weekdays=EVERY_DAY)


@pytest.mark.parametrize(
    ("zone", "at", "night", "shows"),
    [
        ("Europe/Berlin", "02:30", date(2026, 3, 28), ["28 02:30 +0100", "29 03:30 +0200", "30 02:30 +0200"]),
        ("Europe/Berlin", "02:30", date(2026, 10, 24), ["24 02:30 +0200", "25 02:30 +0200", "26 02:30 +0100"]),
        ("America/Santiago", "00:30", date(2026, 9, 5), ["05 00:30 -0400", "06 01:30 -0300", "07 00:30 -0300"]),
        ("America/Santiago", "23:30", date(2026, 4, 3), ["03 23:30 -0300", "04 23:30 -0300", "05 23:30 -0400"]),
        ("Australia/Lord_Howe", "02:15", date(2026, 10, 3), ["03 02:15 +1030", "04 02:45 +1100", "05 02:15 +1100"]),
        ("Australia/Lord_Howe", "01:45", date(2026, 4, 4), ["04 01:45 +1100", "05 01:45 +1100", "06 01:45 +1030"]),
        ("Africa/Casablanca", "02:30", date(2025, 2, 22), ["22 02:30 +0100", "23 02:30 +0100", "24 02:30 +0000"]),
        ("Africa/Casablanca", "02:30", date(2025, 4, 5), ["05 02:30 +0000", "06 03:30 +0100", "07 02:30 +0100"]),
        ("America/Nuuk", "23:30", date(2026, 3, 27), ["27 23:30 -0200", "29 00:30 -0100", "29 23:30 -0100"]),
        ("America/Nuuk", "23:30", date(2026, 10, 23), ["23 23:30 -0100", "24 23:30 -0100", "25 23:30 -0200"]),
        ("Pacific/Apia", "15:00", date(2011, 12, 29), ["29 15:00 -1000", "31 15:00 +1400", "01 15:00 +1400"]),
    ],
)
def test_the_nights_on_which_clocks_move(zone: str, at: str, night: date, shows: list[str]) -> None:
    """A gap moves a time forward by the gap; a doubled hour counts once, the first; a day that was left out asks once."""
    assert local(daily(zone, at), night) == shows


def test_in_apia_the_day_that_never_was_and_the_next_are_one() -> None:
    """30 December 2011 was left out: it falls on the moment of the 31st, and is asked then, under that date."""
    rule = daily("Pacific/Apia", "15:00")
    first = next_times(rule, after=datetime(2011, 12, 30, 3, tzinfo=UTC).timestamp(), count=2)
    assert [one.on for one in first] == [date(2011, 12, 31), date(2012, 1, 1)]
    only_friday = Rule("weekly", date(2011, 12, 1), time(15), "Pacific/Apia", weekdays=(4,))
    assert local(only_friday, date(2011, 12, 24)) == ["31 15:00 +1400", "06 15:00 +1400", "13 15:00 +1400"]


def test_the_29th_of_february_comes_when_there_is_one() -> None:
    """Monthly on the 29th, and once; in other years the month's last day does."""
    monthly = Rule("day of month", date(2027, 1, 15), time(10), "Europe/Berlin", day=29)
    assert local(monthly, date(2027, 2, 1)) == ["28 10:00 +0100", "29 10:00 +0200", "29 10:00 +0200"]
    assert local(monthly, date(2028, 2, 1))[0] == "29 10:00 +0100"
    once = Rule("once", date(2028, 2, 29), time(10), "Europe/Berlin")
    assert local(once, date(2027, 1, 1)) == ["29 10:00 +0100"]
    assert local(once, date(2028, 3, 1)) == []
    weekly = Rule("weekly", date(2028, 2, 29), time(10), "Europe/Berlin", weekdays=(1,), every=2)
    assert local(weekly, date(2028, 2, 1)) == ["29 10:00 +0100", "14 10:00 +0100", "28 10:00 +0200"]


def test_on_the_31st_a_short_month_asks_on_its_last_day() -> None:
    """No month is left out, and none asks twice."""
    rule = Rule("day of month", date(2027, 1, 1), time(9), "UTC", day=31)
    days = [one.on for one in next_times(rule, after=datetime(2027, 1, 1, tzinfo=UTC).timestamp(), count=6)]
    assert [f"{day:%d %b}" for day in days] == ["31 Jan", "28 Feb", "31 Mar", "30 Apr", "31 May", "30 Jun"]


def test_what_moves_does_not_pass_the_end() -> None:
    """Not that of the schedule, and not that of all dates."""
    fridays = Rule("weekly", date(2026, 12, 1), time(10), "Europe/Berlin", weekdays=(4,), region="DE", moves=True)
    until = replace(fridays, until=date(2026, 12, 25))
    assert [one.on.day for one in next_times(until, after=0.0, count=9)] == [4, 11, 18]
    last = replace(until, until=date(2026, 12, 28))
    assert next_times(last, after=0.0, count=9)[-1].on == date(2026, 12, 28)
    end = Rule("once", date.max, time(10), "Europe/Berlin", skips=frozenset({date.max}), moves=True)
    assert next_times(end, after=0.0) == []


def test_what_pauses_for_years_goes_on() -> None:
    """However many dates lie between."""
    daily = Rule("weekly", date(2026, 12, 1), time(10), "Europe/Berlin", weekdays=(0, 1, 2, 3, 4, 5, 6))
    (next,) = next_times(daily, after=1796000000.0, beyond=date(2036, 12, 31))
    assert next.on == date(2037, 1, 1)


def test_a_holiday_moves_to_the_next_working_day() -> None:
    """Christmas 2026 is a Friday, and in Germany the Saturday after it is one, too: Monday it is; in Bavaria, Epiphany counts."""
    fridays = Rule("weekly", date(2026, 12, 1), time(10), "Europe/Berlin", weekdays=(4,), region="DE", moves=True)
    assert local(fridays, date(2026, 12, 19)) == ["28 10:00 +0100", "04 10:00 +0100", "08 10:00 +0100"]
    dropping = Rule("weekly", date(2026, 12, 1), time(10), "Europe/Berlin", weekdays=(4,), region="DE")
    assert local(dropping, date(2026, 12, 19)) == ["08 10:00 +0100", "15 10:00 +0100", "22 10:00 +0100"]
    bavarian = Rule("weekly", date(2027, 1, 1), time(10), "Europe/Berlin", weekdays=(2,), region="DE-BY")
    assert local(bavarian, date(2027, 1, 4))[0].startswith("13 ")


def test_one_that_never_happens_has_no_next_time() -> None:
    """Its end before its first date; its only date skipped; every date skipped until its end."""
    wednesdays = Rule("weekly", date(2027, 1, 1), time(10), "UTC", weekdays=(2,))
    assert next_times(replace(wednesdays, until=date(2027, 1, 5)), after=0.0) == []
    assert (
        next_times(Rule("once", date(2027, 1, 1), time(10), "UTC", skips=frozenset({date(2027, 1, 1)})), after=0.0)
        == []
    )
    skips = frozenset({date(2027, 1, 6), date(2027, 1, 13)})
    assert next_times(replace(wednesdays, until=date(2027, 1, 19), skips=skips), after=0.0) == []


def test_no_page_is_begun_five_years_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old start costs what a fresh one does: dateutil is asked from where the rule last was in phase."""
    begun = list[datetime]()

    def watched(*args: Any, **more: Any) -> rrule:
        begun.append(more["dtstart"])
        return rrule(*args, **more)

    monkeypatch.setattr(recurrence, "rrule", watched)
    recurrence._page.cache_clear()  # noqa: SLF001 -- what was found before is found without dateutil
    now = datetime(2031, 6, 4, 12, tzinfo=UTC)
    for rule in (
        Rule("weekly", date(2026, 1, 7), time(10), "UTC", every=3, weekdays=(2,)),
        Rule("weekday of month", date(2026, 1, 7), time(10), "UTC", weekdays=(2,), nth=LAST),
        Rule("day of month", date(2026, 1, 7), time(10), "UTC", day=31),
    ):
        assert next_times(rule, after=now.timestamp(), count=1)
    assert len(begun) >= 3
    assert all(
        timedelta(0) <= now.replace(tzinfo=None) - one < timedelta(days=60) or one > now.replace(tzinfo=None)
        for one in begun
    )
