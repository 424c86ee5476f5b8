"""Silence: what a lead may do where nobody answered. Another question; after two such rounds, fewer of them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from storage.ids import Person
from storage.tables import Round, Schedule

from . import answers, bank, rounds, schedules, views
from .bank import Prompt
from .plans import Known, ScheduleId
from .recurrence import Rule
from .refusals import CantBeRead
from .rounds import RoundView
from .views import ScheduleView


@dataclass(frozen=True, slots=True)
class Advice:
    """A prompt of the bank that was not asked there yet, if there is one; and the schedule that might ask less often."""

    prompt: Prompt | None
    fortnightly: ScheduleId | None


def advice(session: Session, round: RoundView) -> Advice:
    """What its lead may do: the same for the same round."""
    asked = select(Round.question).where(Round.workspace == round.place.workspace, Round.channel == round.place.channel)
    before = set(session.scalars(asked))
    left = [one for theme in bank.themes().values() for one in theme.prompts if one.question not in before]
    chosen = left[int(sha256(round.id.encode()).hexdigest(), 16) % len(left)] if left else None
    return Advice(chosen, _may_slow_down(session, round))


def go_fortnightly(session: Session, id: ScheduleId, *, by: Person, at: float) -> ScheduleView:
    """A weekly schedule asks every other week from now on; one that does already stays so.

    Raises what `views.led` raises.
    """
    now = views.find(session, id, by=by, at=at)
    if _is_weekly(now.plan.rule):
        slower = replace(now.plan, rule=replace(now.plan.rule, every=2))
        schedules.change(session, Known(id, now.version), slower, by=by, at=at)
    return views.find(session, id, by=by, at=at)


def _may_slow_down(session: Session, round: RoundView) -> ScheduleId | None:
    """Its schedule, where that is weekly, and the round before this one was silent, too."""
    before = rounds.before(session, round)
    if round.schedule is None or before is None or answers.has_others(session, before):
        return None
    row = session.execute(
        select(cast(Schedule.rule, Text).label("rule"), Schedule.zone).where(
            Schedule.workspace == round.place.workspace, Schedule.id == round.schedule, Schedule.state != "removed"
        )
    ).one_or_none()
    with suppress(CantBeRead):
        return ScheduleId(round.schedule) if row and _is_weekly(Rule.read(row.rule, row.zone)) else None
    return None


def _is_weekly(rule: Rule) -> bool:
    return rule.kind == "weekly" and rule.every == 1
