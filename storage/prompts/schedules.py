"""Schedules: when a pocket is asked, and what. Leads make, change, pause and remove them; what comes due is `claiming`'s.

A schedule knows its next time, and never asks twice on one local date. Whatever changes its zone, its rule or its skips
reckons its next time anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.orm import Session

from storage import deliveries, zones
from storage.home import showing
from storage.ids import ChannelId, Person, Place
from storage.places import leads, pockets
from storage.refusals import UnknownZone
from storage.tables import Occurrence, Schedule

from . import asking, bank, clock, drawing, first_answers, plans, resting, rounds, views
from .plans import Known, Plan, ScheduleId, Source
from .recurrence import DAY, WEEK, Rule, Time, moment, next_times
from .refusals import CantBeRead, ChangedMeanwhile, InThePast, NothingToSkip, OverByThen, TooManySchedules, Unskippable
from .timing import Timing, timing

MAX_SCHEDULES = 100
"""Of a pocket."""

UNTIL_SETTLED = 15 * 60.0
"""Seconds from a change until its lead is asked anew for the first answer: who corrects a word often corrects another."""

ENOUGH_TO_WRITE = 3600.0
"""Seconds before its time, so that it is still worth asking."""


def add(
    session: Session, place: Place, plan: Plan, *, by: Person, at: float, key: str = "", id: ScheduleId | None = None
) -> ScheduleId | None:
    """Schedule prompts in a pocket, with `by` as the schedule's lead. None: this was done before, by the same `key`.

    Raises `NotAPocket`, `NotALead`, `TooManySchedules`, and what `plans.checked` raises.
    """
    pockets.require(session, place)
    leads.require(session, place, by)
    if key and deliveries.seen(session, place.workspace, key):
        return None
    plan = plans.checked(plan, at=at)
    _require_theme(session, place, plan.source)
    here = (Schedule.workspace == place.workspace, Schedule.channel == place.channel, Schedule.state != "removed")
    if (session.scalar(select(func.count()).select_from(Schedule).where(*here)) or 0) >= MAX_SCHEDULES:
        raise TooManySchedules(limit=MAX_SCHEDULES)
    if key and not deliveries.first(session, place.workspace, key, at=at):
        return None
    id = id or plans.new_schedule_id()
    row = {"workspace": place.workspace, "id": id, "channel": place.channel, "lead": by.id, "changed_by": by.id}
    when = timing(plan.rule, after=at, now=at, beyond=None)
    when = _once_settled(when, at=at)
    session.execute(insert(Schedule).values(**row, created_at=at, deck=[], **_planned(plan), **when.as_row()))
    clock.look_anew(session)
    showing.touch(session, by, at=at)
    return id


def change(session: Session, known: Known, plan: Plan, *, by: Person, at: float) -> None:
    """A lead changes a schedule that they saw as `known`.

    Raises `NoSuchSchedule`, `NotALead`, `ChangedMeanwhile` where somebody else has changed it since, and what
    `plans.checked` raises.
    """
    row = views.led(session, ScheduleId(known.id), by)
    if row.version != known.version:
        raise ChangedMeanwhile(by=row.changed_by, field="kind")
    before = views.of_row(row, at=at).plan
    plan = plans.checked(plan, at=at, before=before)
    _require_theme(session, Place(by.workspace, ChannelId(row.channel)), plan.source)
    news = _planned(plan)
    if plan.rule.kind == "once" and plan.rule != before.rule:
        _unskip(session, row, at=at)  # whoever puts it elsewhere wants it asked
    cards = _unannounce(session, row, at=at) if plan.source != before.source else []
    if plan.source != before.source:
        news["deck"] = _deck(row, [*cards, *row.deck], before.source, plan.source)
    _write(session, row, news, by=by, at=at, ask_anew=bool(cards))


def pause(session: Session, id: ScheduleId, until: date | None, *, by: Person, at: float) -> None:
    """It asks nothing until a local date, on which it may ask again; None: until somebody resumes it.

    Raises `NoSuchSchedule`, `NotALead`, `InThePast`, `OverByThen`.
    """
    row = views.led(session, id, by)
    if until is not None and until < views.today(row, at):
        raise InThePast(date=plans.shown(until), field="until")
    if until is not None and not next_times(Rule.read(row.rule, row.zone), after=at, count=1, beyond=until - DAY):
        raise OverByThen(date=plans.shown(until), field="until")
    _unannounce(session, row, at=at)
    rest = {} if until else {"state": "resting", "rests": row.rests or "paused"}
    _write(session, row, rest | {"paused_until": until and until.isoformat()}, by=by, at=at)


def resume(session: Session, id: ScheduleId, *, by: Person, at: float, early: bool = True) -> None:
    """It asks again, from now on; not `early`: where a lead paused it until a date, from then on.

    Raises `NoSuchSchedule`, `NotALead`, and what `pockets.require_share` raises of its place.
    """
    row = views.led(session, id, by)
    pockets.require_share(session, Place(by.workspace, ChannelId(row.channel)), by)
    until = None if early else row.paused_until
    _write(session, row, {"paused_until": until, "state": "live", "rests": ""}, by=by, at=at, ask_anew=True)


def resume_all(session: Session, place: Place, *, by: Person, at: float) -> int:
    """All of a pocket's that rested because of its channel ask again, but those that can't be read. Returns how many.

    Those that are over by now don't count.

    Raises as `resume` does.
    """
    leads.require(session, place, by)
    reasons = (*resting.REASONS, resting.BACK)
    here = (Schedule.workspace == place.workspace, Schedule.channel == place.channel, Schedule.rests.in_(reasons))
    found = list(session.scalars(select(Schedule.id).where(*here, Schedule.state == "resting").order_by(Schedule.id)))
    goes_on = 0
    for id in found:
        try:
            resume(session, ScheduleId(id), by=by, at=at, early=False)
        except (CantBeRead, UnknownZone):
            resting.set_aside(session, place, ScheduleId(id), views.UNREADABLE, lead=None, at=at)
        else:
            goes_on += views.led(session, ScheduleId(id), by).due is not None  # else it is over by now
    return goes_on


def skip(session: Session, id: ScheduleId, on: date, *, by: Person, at: float) -> None:
    """Leave out its next time, which is `on`. Once that is done, the same again changes nothing.

    Raises `NoSuchSchedule`, `NotALead`, and `NothingToSkip` where another one is its next by now.
    """
    row = views.led(session, id, by)
    if on in views.skipped(session, row.workspace, row.id, at=at)[row.id]:
        return
    if row.due is None or row.next_on != on.isoformat():
        raise NothingToSkip
    _unannounce(session, row, at=at)
    session.execute(
        insert(Occurrence).values(
            workspace=row.workspace,
            schedule=row.id,
            local_date=row.next_on,
            at=row.next_at,
            state="skipped",
            claimed_at=at,
        )
    )
    _write(session, row, {}, by=by, at=at)


def unskip(session: Session, id: ScheduleId, on: date, *, by: Person, at: float) -> None:
    """Take a skip back, as long as its time is to come. Raises `NoSuchSchedule`, `NotALead`, `Unskippable`."""
    row = views.led(session, id, by)
    if not _unskip(session, row, Occurrence.local_date == on.isoformat(), at=at):
        raise Unskippable
    _write(session, row, {}, by=by, at=at, ask_anew=True)


def remove(session: Session, id: ScheduleId, *, by: Person, at: float) -> None:
    """It asks no more. What came of it stays, and it can be taken back. Raises `NoSuchSchedule`, `NotALead`."""
    row = views.led(session, id, by, unread=True)
    _unannounce(session, row, at=at)
    session.execute(
        update(Schedule).where(*_is(row)).values(state="removed", due=None, version=row.version + 1, changed_by=by.id)
    )
    showing.touch(session, by, at=at)


def restore(session: Session, id: ScheduleId, *, by: Person, at: float) -> None:
    """Take a removal back: it goes on as it was, without what it missed. Raises `NoSuchSchedule`, `NotALead`."""
    row = views.led(session, id, by, removed=True, unread=True)
    if row.state != "removed":
        return
    try:
        views.require_readable(row)
    except CantBeRead:
        _put_back(session, row, by=by)
        return
    _write(session, row, {"state": "resting" if row.rests else "live"}, by=by, at=at, ask_anew=True)


def duplicate(
    session: Session, id: ScheduleId, to: Place, *, by: Person, at: float, key: str = ""
) -> ScheduleId | None:
    """The same in another pocket of theirs, from now on. Raises `NoSuchSchedule`, and what `add` raises of the other."""
    plan = views.of_row(views.led(session, id, by), at=at).plan
    today = datetime.fromtimestamp(at, ZoneInfo(plan.rule.zone)).date()
    skips = frozenset(day for day in plan.rule.skips if day >= today)
    start = _in_phase(plan.rule, today)
    return add(session, to, replace(plan, rule=replace(plan.rule, start=start, skips=skips)), by=by, at=at, key=key)


def asked(session: Session, row: Row[Any], on: date, *, by: Person, at: float) -> None:
    """Its time of a local date has come, by a lead who asked at once."""
    _write(session, row, {"asked_on": max(on.isoformat(), row.asked_on or "")}, by=by, at=at)


def _put_back(session: Session, row: Row[Any], *, by: Person) -> None:
    """One that can't be read is there again, and asks nothing until it can be, and a lead resumes it."""
    news = {"state": "resting", "rests": row.rests or views.UNREADABLE, "version": row.version + 1, "changed_by": by.id}
    session.execute(update(Schedule).where(*_is(row)).values(news))


def _require_theme(session: Session, place: Place, source: Source) -> None:
    if source.kind == "theme":
        bank.require_theme(session, place, source.theme)


def _in_phase(rule: Rule, today: date) -> date:
    """A start that is not past, and leaves the weeks as they are."""
    if rule.start >= today or rule.kind == "once":
        return rule.start
    weeks = WEEK * rule.every
    return rule.start + (-(-(today - rule.start).days // weeks)) * weeks * DAY if rule.every > 1 else today


def _planned(plan: Plan) -> dict[str, Any]:
    source = plan.source
    return {
        "rule": plan.rule.as_row(),
        "zone": plan.rule.zone,
        "source": source.kind,
        "questions": list(source.questions),
        "theme": source.theme,
        "shuffled": source.shuffled,
        "open_days": plan.open_days,
        "grace": plan.grace * 3600.0,
        "nudge": plan.nudge,
    }


def _write(
    session: Session, row: Row[Any], news: dict[str, Any], *, by: Person, at: float, ask_anew: bool = False
) -> None:
    """Remember what changed, and when it asks next.

    `ask_anew`: its lead was asked for the first answer to something else, or what they were asked for was taken away meanwhile.
    """
    fields = row._asdict() | news
    rule = Rule.of_row(news["rule"], news["zone"]) if "rule" in news else Rule.read(row.rule, row.zone)
    beyond = views.beyond(fields["asked_on"], fields["paused_until"])
    left_out = views.skipped(session, row.workspace, row.id, at=at)[row.id]
    when = timing(rule, after=views.before_due(row, at), now=at, beyond=beyond, without=left_out)
    for on in left_out:  # it may be at another hour by now
        one = (Occurrence.schedule == row.id, Occurrence.local_date == on.isoformat(), Occurrence.state == "skipped")
        then = moment(on, rule.time, zones.of(rule.zone))
        session.execute(update(Occurrence).where(Occurrence.workspace == row.workspace, *one).values(at=then))
    is_to_ask = row.due is not None and row.first_at is not None and row.first_at > at
    ask_anew = bool(_unannounce(session, row, at=at, but=when.next)) or ask_anew or is_to_ask
    if when.next and _is_announced(session, row, when.next):
        key = rounds.key_of(row.id, when.next.on.isoformat())
        first_answers.moved(session, row.workspace, key, opens_at=when.next.at)
        when = Timing(when.next)
    elif ask_anew:
        when = _once_settled(when, at=at)
    times = when.as_row() | ({} if fields["state"] == "live" else {"due": None})
    session.execute(
        update(Schedule).where(*_is(row)).values(version=row.version + 1, changed_by=by.id, **news, **times)
    )
    clock.look_anew(session)
    showing.touch(session, by, at=at)


def _once_settled(when: Timing, *, at: float) -> Timing:
    """The same; where the moment to ask its lead has passed, and there is time left to write, they are asked a little later."""
    if when.next and not when.first_at and when.next.at - at > ENOUGH_TO_WRITE:
        return Timing(when.next, at + UNTIL_SETTLED)
    return when


def _unskip(session: Session, row: Row[Any], *which: ColumnElement[bool], at: float) -> bool:
    """Times to come that were skipped are asked after all."""
    here = (Occurrence.workspace == row.workspace, Occurrence.schedule == row.id, Occurrence.state == "skipped")
    gone = session.connection().execute(delete(Occurrence).where(*here, *which, Occurrence.at > at))
    return gone.rowcount > 0


def _is_announced(session: Session, row: Row[Any], next: Time) -> bool:
    one = (
        Occurrence.workspace == row.workspace,
        Occurrence.schedule == row.id,
        Occurrence.local_date == next.on.isoformat(),
    )
    return session.scalar(select(Occurrence.local_date).where(*one)) is not None


def _unannounce(session: Session, row: Row[Any], *, at: float, but: Time | None = None) -> list[str]:
    """What its lead was asked for the first answer to does not come, or not as it was: they get back what they wrote.

    What was drawn for it lies on top of the deck again. `but`: not what was asked for that time. Returns what was drawn.
    """
    one = [Occurrence.workspace == row.workspace, Occurrence.schedule == row.id, Occurrence.state == "announced"]
    one += [Occurrence.local_date != but.on.isoformat()] if but else []
    gone = session.execute(
        delete(Occurrence).where(*one).returning(Occurrence.local_date, Occurrence.question, Occurrence.prompt)
    ).all()
    for occurrence in gone:
        first_answers.unasked(session, row.workspace, rounds.key_of(row.id, occurrence.local_date), at=at)
    cards = [occurrence.prompt or occurrence.question for occurrence in gone]
    if cards and row.source != "question":
        asking.put_back(session, row, cards)
    return cards


def _deck(row: Row[Any], deck: list[str], before: Source, now: Source) -> list[str]:
    if before.kind != "list" or now.kind != "list":
        return []
    return drawing.added(
        deck,
        before.questions,
        now.questions,
        shuffled=now.shuffled,
        seed=f"{row.id}:{row.version}",
        has_begun=bool(deck or row.last_card),
    )


def _is(row: Row[Any]) -> tuple[Any, ...]:
    return Schedule.workspace == row.workspace, Schedule.id == row.id
