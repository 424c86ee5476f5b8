"""Claiming: what is due of all schedules, each taken by one process, together with its next time, in one transaction.

A time that comes up is an occurrence, one for each schedule and local date: whatever clocks do, and however many processes
look, there is never a second.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import JSON, Row, Text, bindparam, case, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from storage import zones
from storage.ids import ChannelId, Person, PersonId, Place, WorkspaceId
from storage.owed import notices
from storage.places import leads, pockets
from storage.refusals import Refusal
from storage.tables import Channel, Occurrence, Pocket, Schedule

from . import asking, bank, first_answers, recurrence, resting, rounds, schedules, views
from .asking import Drawn, Opens, Turn
from .batches import Batch, ColumnType
from .plans import ScheduleId
from .recurrence import Rule, Time, next_times
from .refusals import AskedToday, CantBeRead, NoQuestion
from .timing import Timing, following, timing
from .views import ScheduleView

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Schedules that are claimed in one go: a transaction of some hundredths of a second."""

MISSED_AT_ONCE = 400
"""Times that are noted as missed in one go: a year of working days."""

_QUESTION = case((Schedule.source == "question", Schedule.questions[0].as_string()))
_IN_DECK = (
    Schedule.source != "question"
)  # what is not asked from a deck has no need of its JSON, which costs to be read
_DUE = (
    select(
        Schedule.workspace,
        Schedule.id,
        Schedule.channel,
        Schedule.lead,
        cast(Schedule.rule, Text).label(
            "rule"
        ),  # as it stands: most rules were read before, and are known by their text
        Schedule.zone,
        Schedule.source,
        _QUESTION.label("question"),
        type_coerce(case((_IN_DECK, Schedule.questions)), JSON).label("questions"),
        type_coerce(case((_IN_DECK, Schedule.deck)), JSON).label("deck"),
        Schedule.theme,
        Schedule.shuffled,
        Schedule.last_card,
        Schedule.open_days,
        Schedule.nudge,
        Schedule.grace,
        Schedule.next_at,
        Schedule.next_on,
        Schedule.asked_on,
        Schedule.paused_until,
        resting.WHY.label("unfit"),
        views.LEFT_OUT.label("leaves_out"),
    )
    .join(Pocket, (Pocket.workspace == Schedule.workspace) & (Pocket.channel == Schedule.channel))
    .join(Channel, (Channel.workspace == Schedule.workspace) & (Channel.id == Schedule.channel))
    .where(Schedule.due <= bindparam("now"))
    .order_by(Schedule.due, Schedule.workspace, Schedule.id)
    .limit(bindparam("many"))
    .with_for_update(skip_locked=True, of=Schedule.__table__)  # SQLite, which has one writer, leaves it out
)
_NEXT_DUE = select(func.min(Schedule.due)).where(Schedule.due.is_not(None))

_OCCUR = """
    INSERT INTO occurrences (workspace, schedule, local_date, at, state, question, prompt, claimed_at)
    SELECT workspace, schedule, local_date, at, state, question, prompt, claimed_at FROM {{rows}} WHERE true
    ON CONFLICT (workspace, schedule, local_date) DO UPDATE SET {0}
    RETURNING schedule, local_date
    """
_OCCURRENCE: dict[str, ColumnType] = {
    "workspace": "text",
    "schedule": "text",
    "local_date": "text",
    "at": "double precision",
    "state": "text",
    "question": "text",
    "prompt": "text",
    "claimed_at": "double precision",
}
_COME_UP = Batch(
    _OCCUR.format(
        "state = excluded.state, claimed_at = excluded.claimed_at, at = excluded.at, "
        "question = CASE WHEN excluded.question <> '' THEN excluded.question ELSE occurrences.question END, "
        "prompt = CASE WHEN excluded.question <> '' THEN excluded.prompt ELSE occurrences.prompt END "
        "WHERE occurrences.state = 'announced' AND excluded.state <> 'announced'"
    ),
    **_OCCURRENCE,
)
_ASK_ANYWAY = Batch(  # what was missed or left out today a lead may still want
    _OCCUR.format(
        "state = excluded.state, claimed_at = excluded.claimed_at, at = excluded.at, question = excluded.question, "
        "prompt = excluded.prompt WHERE occurrences.state <> 'opened'"
    ),
    **_OCCURRENCE,
)
_GO_ON = Batch(
    """
    UPDATE schedules SET next_at = new.next_at, next_on = new.next_on, first_at = new.first_at,
    due = coalesce(new.first_at, new.next_at), asked_on = new.asked_on, paused_until = new.paused_until
    FROM {rows} WHERE schedules.workspace = new.workspace AND schedules.id = new.id
    """,
    workspace="text",
    id="text",
    next_at="double precision",
    next_on="text",
    first_at="double precision",
    asked_on="text",
    paused_until="text",
)


class _Step(NamedTuple):
    """What becomes of one schedule that is due. `missed`: how many times came up too long ago. `is_empty`: of no question."""

    row: Row[Any]
    news: dict[str, Any]
    came_up: list[dict[str, Any]]
    opens: Turn | None = None
    asks_first: Turn | None = None
    missed: int = 0
    is_empty: bool = False


def claim_due(session: Session, opens: Opens, asks_first: Opens, *, at: float, limit: int = AT_ONCE) -> int:
    """Take what is due at a moment (seconds since 1970, UTC), oldest first, and say when each is next.

    What is up within its grace is opened by `opens`; what is up tomorrow, its lead is asked for by `asks_first`. Past its
    grace it is noted as missed, and its lead hears so. One with no question left, or that can't be read, is set aside.
    Returns how many were taken: where that is `limit`, there may be more.
    """
    rows = session.connection().execute(_DUE, {"now": at, "many": limit, "earliest": views.earliest(at)}).all()
    tried = [(row, _tried(session, row, at=at)) for row in rows if not row.unfit]
    steps = [step for _, step in tried if step]
    unfit = {(row.workspace, row.channel): row for row in rows if row.unfit}
    for _, row in sorted(unfit.items()):
        resting.rest(session, _place(row), row.unfit, at=at, among_others=True)
    came_up = [one for step in steps for one in step.came_up]
    new = set(map(tuple, _COME_UP.run(session, came_up))) if came_up else set()
    if steps:
        _GO_ON.run(session, [step.news for step in steps])
    for step in steps:
        if step.opens and (step.row.id, step.opens.time.on.isoformat()) in new:
            opens(session, step.opens, at)
        if step.asks_first and (step.row.id, step.asks_first.time.on.isoformat()) in new:
            asks_first(session, step.asks_first, at)
        if step.missed:
            _tell_missed(session, step, at=at)
        if step.is_empty:
            of, asker = ScheduleId(step.row.id), PersonId(step.row.lead)
            resting.set_aside(session, _place(step.row), of, resting.EMPTY, lead=asker, at=at)
    for row in [row for row, step in tried if not step]:
        resting.set_aside(session, _place(row), ScheduleId(row.id), views.UNREADABLE, lead=PersonId(row.lead), at=at)
    return len(rows)


def ask_now(session: Session, id: ScheduleId, opens: Opens, *, by: Person, at: float) -> Turn:
    """A lead wants it asked now, as today's: where its time is today, that has come with this. One missed or skipped can be, too.

    Raises what `views.led` raises, `AskedToday`, `NoQuestion` where the bank has none, and what `pockets.require_share`
    raises of its place.
    """
    row = views.led(session, id, by)
    pockets.require_share(session, _place(row), by)
    rule = Rule.read(row.rule, row.zone)
    today = Time(datetime.fromtimestamp(at, zones.of(row.zone)).date(), at)
    question, prompt = _announced(session, row, today)
    _correct(session, row, today, question, prompt)
    drawn = Drawn(question, prompt, row.deck) if question else _draw(session, row, today)
    if not drawn.question:
        raise NoQuestion
    occurrence = _occurrence(row, today, "opened", at=at, question=drawn.question, prompt=drawn.prompt)
    if not _ASK_ANYWAY.run(session, [occurrence]):
        raise AskedToday
    asked = asking.turn(row, rule, today, drawn.question, opens_at=at)
    opens(session, asked, at)
    schedules.asked(session, row, today.on, by=by, at=at)
    return asked


def preview(session: Session, id: ScheduleId, *, by: Person, at: float) -> tuple[ScheduleView, str]:
    """A schedule, and what it asks next: as it will be, as long as nobody changes it.

    Raises what `views.led` raises, and `NoQuestion` where the bank has none left.
    """
    row, view = views.led(session, id, by), views.find(session, id, by=by, at=at)
    time = view.next[0] if view.next else Time(datetime.fromtimestamp(at, zones.of(row.zone)).date(), at)
    question = _announced(session, row, time)[0] or asking.drawn(session, row, time).question
    if not question:
        raise NoQuestion
    return view, question


def next_due(session: Session) -> float | None:
    """When the next schedule is due, seconds since 1970, UTC; None: none ever is."""
    return session.scalar(_NEXT_DUE)


def _tried(session: Session, row: Row[*tuple[Any, ...]], *, at: float) -> _Step | None:
    """The same; None where its row says what can't be, which must not stop the others."""
    try:
        return _step(session, row, at=at)
    except (Refusal, *views.NO_SENSE):
        log.exception("the schedule %s of %s can't be read, and is set aside", row.id, row.workspace)
        return None


def _step(session: Session, row: Row[*tuple[Any, ...]], *, at: float) -> _Step:
    time = Time(date.fromisoformat(row.next_on), row.next_at)
    if time.at > at:
        return _announce(session, row, time, at=at)
    left_out = views.skipped(session, row.workspace, row.id, at=at)[row.id] if row.leaves_out else frozenset[date]()
    if at - time.at > row.grace:
        return _miss(session, row, time, left_out, at=at)
    return _open(session, row, time, left_out, at=at)


@lru_cache(maxsize=16384)
def _rule(written: str, zone: str) -> Rule:
    zones.of(zone)  # raises where there is none, before anything comes of it
    return Rule.read(written, zone)


@lru_cache(maxsize=16384)
def _rules(written: str, zone: str) -> tuple[Rule, Rule]:
    """What a column says; and the same from as early on as it could be, which thousands share."""
    rule = _rule(written, zone)
    return rule, _the(recurrence.begun(rule))


@lru_cache(maxsize=16384)
def _the(rule: Rule) -> Rule:
    """One object for all that are equal: that they are is then seen at a glance."""
    return rule


def _announce(session: Session, row: Row[Any], time: Time, *, at: float) -> _Step:
    """The day before: its question is drawn, so that the lead answers what will be asked."""
    question, prompt = _what(session, row, time)
    news = _news(row, Timing(time), asked_on=row.asked_on, paused_until=row.paused_until)
    if not question:
        return _Step(row, news, [])
    came_up = [_occurrence(row, time, "announced", at=at, question=question, prompt=prompt)]
    asked = asking.turn(row, _rule(row.rule, row.zone), time, question, opens_at=time.at)
    return _Step(row, news, came_up, asks_first=asked)


def _open(session: Session, row: Row[Any], time: Time, left_out: frozenset[date], *, at: float) -> _Step:
    """It is up, and asked now: a little late at most, with its day's date."""
    question, prompt = _what(session, row, time)
    rule, begun = _rules(row.rule, row.zone)
    when = following(begun if rule.start <= time.on else rule, time, now=at, without=left_out)
    state = "opened" if question else "missed"
    came_up = [_occurrence(row, time, state, at=at, question=question, prompt=prompt)]
    asked = asking.turn(row, rule, time, question, opens_at=at) if question else None
    return _Step(row, _news(row, when, asked_on=row.next_on), came_up, opens=asked, is_empty=not question)


def _miss(session: Session, row: Row[Any], time: Time, left_out: frozenset[date], *, at: float) -> _Step:
    """Outloud was away too long: what nobody would expect any more is not asked, and what was drawn for it comes next."""
    question, prompt = _announced(session, row, time)
    if question:
        asking.put_back(session, row, [prompt or question])
    rule = _rule(row.rule, row.zone)
    late = next_times(rule, after=time.at, count=MISSED_AT_ONCE, beyond=time.on, without=left_out)
    missed = [time, *(one for one in late if at - one.at > row.grace)]
    last = missed[-1]
    when = timing(rule, after=last.at, now=at, beyond=last.on, without=left_out)
    came_up = [_occurrence(row, one, "missed", at=at) for one in missed]
    return _Step(row, _news(row, when, asked_on=last.on.isoformat()), came_up, missed=len(missed))


def _tell_missed(session: Session, step: _Step, *, at: float) -> None:
    """Its lead hears that it was not asked, and since when."""
    row, first = step.row, step.came_up[0]["local_date"]
    body = {"schedule": row.id, "first": first, "count": step.missed}
    lead = Person(WorkspaceId(row.workspace), leads.instead_of(session, _place(row), PersonId(row.lead), at=at))
    notices.tell(session, lead, "prompt missed", body, about=f"{row.id}:{first}", at=at)


def _what(session: Session, row: Row[Any], time: Time) -> tuple[str, str | None]:
    """What is asked: what its lead was asked for the first answer to, else what is drawn now."""
    if row.source == "question":
        if not row.question:
            raise CantBeRead
        return row.question, None
    question, prompt = _announced(session, row, time)
    if question:
        _correct(session, row, time, question, prompt)
        return question, prompt
    drawn = _draw(session, row, time)
    return drawn.question, drawn.prompt


def _announced(session: Session, row: Row[Any], time: Time) -> tuple[str, str | None]:
    """What the lead was asked for the first answer to."""
    if row.source == "question":
        return "", None
    found = select(Occurrence.question, Occurrence.prompt).where(
        Occurrence.workspace == row.workspace,
        Occurrence.schedule == row.id,
        Occurrence.local_date == time.on.isoformat(),
        Occurrence.state == "announced",
    )
    one = session.execute(found).one_or_none()
    if one is None or one.prompt is None:
        return (one.question, None) if one else ("", None)
    cards = bank.cards(session, _place(row), row.theme)  # it may say something else by now, or be retired
    return (cards[one.prompt], one.prompt) if one.prompt in cards else ("", None)


def _correct(session: Session, row: Row[Any], time: Time, question: str, prompt: str | None) -> None:
    """What the lead wrote to a prompt of the bank's is their answer also to the words that it has by now."""
    if prompt is not None:
        key = rounds.key_of(row.id, time.on.isoformat())
        first_answers.corrected(session, row.workspace, key, question=question)


def _draw(session: Session, row: Row[Any], time: Time) -> Drawn:
    drawn = asking.drawn(session, row, time)
    if drawn.deck != (row.deck or []):
        asking.keep_deck(session, row, drawn)
    return drawn


def _news(row: Row[Any], when: Timing, *, asked_on: str | None, paused_until: str | None = None) -> dict[str, Any]:
    next = when.next
    return {
        "workspace": row.workspace,
        "id": row.id,
        "next_at": next and next.at,
        "next_on": next and next.on.isoformat(),
        "first_at": when.first_at,
        "asked_on": asked_on,
        "paused_until": paused_until,
    }


def _occurrence(
    row: Row[Any], time: Time, state: str, *, at: float, question: str = "", prompt: str | None = None
) -> dict[str, Any]:
    return {
        "workspace": row.workspace,
        "schedule": row.id,
        "local_date": time.on.isoformat(),
        "at": time.at,
        "state": state,
        "question": question,
        "prompt": prompt,
        "claimed_at": at,
    }


def _place(row: Row[*tuple[Any, ...]]) -> Place:
    return Place(WorkspaceId(row.workspace), ChannelId(row.channel))
