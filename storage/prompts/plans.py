"""A plan: what a lead decides of a schedule. Here it is tidied and checked, each mistake with its sentence at its field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, NewType
from uuid import uuid4
from zoneinfo import ZoneInfo

from storage import zones
from storage.refusals import TooLong, UnknownZone

from . import days_off
from .recurrence import DAY, Rule, is_one, moment, next_times
from .refusals import (
    EndsBeforeItStarts,
    InThePast,
    NeverHappens,
    NoHolidays,
    NoQuestion,
    NotAllQuestions,
    NotARecurrence,
    NotOpenSoLong,
    NotSoLate,
    NoWeekday,
    OneWeekday,
    QuestionTooLong,
    TimeIsPast,
    TooManyQuestions,
    TooManySkips,
)

ScheduleId = NewType("ScheduleId", str)

MAX_QUESTION = 500
"""Characters: a question that takes longer to read than to answer is not answered."""

MAX_QUESTIONS = 100
"""Questions of a list: two years of Wednesdays."""

SHOWN = 40
"""Characters of a question by which its writer finds it among the others."""

MAX_SKIPS = 200
"""Dates to skip that are picked: as they are shown for a change, they fit into the field that they came from."""

MAX_OPEN_DAYS = 20
"""Working days that a round may stay open: a month."""

GRACES = (1, 3, 6, 12)
"""Hours after its time for which something may be asked late: half a day, at most, so that it is that day's."""

MAX_WEEKS = 52

SourceKind = Literal["question", "list", "theme"]


@dataclass(frozen=True, slots=True)
class Source:
    """What is asked: one question; a list of them, in turn or shuffled; or what the bank has of a theme, shuffled."""

    kind: SourceKind = "question"
    questions: tuple[str, ...] = ()
    theme: str = ""
    shuffled: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """When is asked, what, how many working days a round stays open, and whether whoever asked for it is reminded.

    `grace`: how many hours late it may be asked, where Outloud was away.
    """

    rule: Rule
    source: Source
    open_days: int = 2
    nudge: bool = False
    grace: int = 12


@dataclass(frozen=True, slots=True)
class Known:
    """Something as whoever changes it saw it: of two who change it at once, the second hears of the first."""

    id: str
    version: int


def new_schedule_id() -> ScheduleId:
    """An id that nobody can guess."""
    return ScheduleId(uuid4().hex)


def checked(plan: Plan, *, at: float, before: Plan | None = None) -> Plan:
    """The same, tidied. `before`: what it is to replace; dates that stood in that may lie in the past by now.

    Raises the refusals of this module's imports, each for its field of the form.
    """
    if not 1 <= plan.open_days <= MAX_OPEN_DAYS:
        raise NotOpenSoLong(limit=MAX_OPEN_DAYS, field="open_days")
    if plan.grace not in GRACES:
        raise NotSoLate(limit=max(GRACES), field="grace")
    source = _source(plan.source)
    return replace(plan, rule=_rule(plan.rule, at=at, before=before.rule if before else None), source=source)


def one_question(written: str, *, field: str = "questions") -> str:
    """A question, tidied. Raises `NoQuestion`, `TooLong`."""
    question = " ".join(written.split())
    if not any(mark.isalnum() for mark in question):
        raise NoQuestion(field=field)
    if len(question) > MAX_QUESTION:
        raise TooLong(length=len(question), limit=MAX_QUESTION, field=field)
    return question


def shown(day: date) -> str:
    """A date as it stands in a sentence."""
    return f"{day.day} {day:%b %Y}"


def _source(source: Source) -> Source:
    match source.kind:
        case "question":
            return Source("question", (one_question(source.questions[0] if source.questions else ""),))
        case "list":
            return replace(source, questions=_list(source.questions), theme="")
        case _:
            return Source("theme", theme=source.theme, shuffled=True)


def _list(written: Iterable[str]) -> tuple[str, ...]:
    lines = [line for line in written if line.strip()]
    if not lines:
        raise NoQuestion(field="questions")
    if len(lines) > MAX_QUESTIONS:
        raise TooManyQuestions(count=len(lines), limit=MAX_QUESTIONS, field="questions")
    return tuple(dict.fromkeys(_of_list(line, number) for number, line in enumerate(lines, start=1)))


def _of_list(line: str, number: int) -> str:
    """One of several, which is named where it can't be. Raises `NotAllQuestions`, `QuestionTooLong`."""
    begins = line.strip() if len(line.strip()) <= SHOWN else f"{line.strip()[:SHOWN]}…"
    try:
        return one_question(line)
    except NoQuestion:
        raise NotAllQuestions(begins=begins, number=number, field="questions") from None
    except TooLong:
        length = len(" ".join(line.split()))
        raise QuestionTooLong(
            begins=begins, number=number, length=length, limit=MAX_QUESTION, field="questions"
        ) from None


def _rule(rule: Rule, *, at: float, before: Rule | None) -> Rule:
    if rule.zone not in zones.known():
        raise UnknownZone(zone=rule.zone, field="zone")
    rule = _recurring(rule)
    today = datetime.fromtimestamp(at, ZoneInfo(rule.zone)).date()
    # Whatever goes on may have begun yesterday: it still was today in another zone, or when the form was opened.
    latest = today if rule.kind == "once" else today - DAY
    if rule.start < latest and not (before and before.start == rule.start and rule.kind != "once"):
        raise InThePast(date=shown(rule.start), field="start")
    if rule.until and rule.until < rule.start:
        raise EndsBeforeItStarts(end=shown(rule.until), start=shown(rule.start), field="until")
    if rule.until and rule.until < today:
        raise InThePast(date=shown(rule.until), field="until")
    if rule.region and not _has_holidays(rule.region, today):
        raise NoHolidays(region=_name_of(rule.region), field="region")
    rule = replace(rule, skips=_skips(rule, today=today, before=before))
    if not next_times(rule, after=at):
        _refuse_never(rule, at=at)
    return rule


def _recurring(rule: Rule) -> Rule:
    """With what its kind needs, and nothing else."""
    every, weekdays, nth, day = 1, tuple(sorted(set(rule.weekdays))), 0, 0
    match rule.kind:
        case "weekly":
            every = rule.every
            if not weekdays:
                raise NoWeekday(field="weekdays")
        case "weekday of month":
            nth = rule.nth
            if len(weekdays) != 1:
                raise OneWeekday(field="weekdays")
        case "day of month":
            weekdays, day = (), rule.day
        case "once":
            weekdays = ()
    until = None if rule.kind == "once" else rule.until
    found = replace(rule, every=every, weekdays=weekdays, nth=nth, day=day, until=until)
    if not is_one(found) or every > MAX_WEEKS:
        raise NotARecurrence(weeks=MAX_WEEKS, field="kind")
    return found


def _skips(rule: Rule, *, today: date, before: Rule | None) -> frozenset[date]:
    """The dates to skip that are still to come; one in the past is a slip of the pen, unless it stood there already."""
    known = before.skips if before else frozenset()
    for day in sorted(rule.skips):
        if day < today and day not in known:
            raise InThePast(date=shown(day), field="skips")
    coming = frozenset(day for day in rule.skips if day >= today)
    if len(coming) > MAX_SKIPS:
        raise TooManySkips(count=len(coming), limit=MAX_SKIPS, field="skips")
    return coming


def _refuse_never(rule: Rule, *, at: float) -> None:
    if rule.kind == "once" and moment(rule.start, rule.time, ZoneInfo(rule.zone)) <= at:
        raise TimeIsPast(
            time=f"{rule.time:%H:%M}", date=shown(rule.start), zone=rule.zone.replace("_", " "), field="time"
        )
    raise NeverHappens(field=_to_blame(rule, at=at))


def _to_blame(rule: Rule, *, at: float) -> str:
    """The field without which it would be asked after all; else the last that leaves anything out."""
    without = {
        "region": replace(rule, region=""),
        "skips": replace(rule, skips=frozenset()),
        "until": replace(rule, until=None),
    }
    said = {name: other for name, other in without.items() if other != rule}
    guilty = (name for name, other in said.items() if next_times(other, after=at))
    return next(guilty, next(reversed(said), "start"))


def _has_holidays(region: str, today: date) -> bool:
    known = days_off.is_known(region)
    return known and any(days_off.in_year(region, today.year + more) for more in (0, 1))


def _name_of(region: str) -> str:
    found = days_off.regions().get(region)
    return found.name if found else region
