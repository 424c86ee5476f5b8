"""The form of a schedule: opened for a new one or to change one, sent, and told when somebody else was quicker."""

from __future__ import annotations

import asyncio
from datetime import date

from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.desk import Call
from handlers.slack.looking import zone_of
from storage import zones
from storage.ids import Person, Place
from storage.places import leads, pocket_settings, pockets
from storage.prompts import days_off, schedules, views
from storage.prompts.plans import Plan, ScheduleId, Source
from storage.prompts.recurrence import Rule
from storage.prompts.refusals import ChangedMeanwhile
from storage.prompts.views import ScheduleView

from . import board
from .line import TEN
from .payloads import BoardPress, ScheduleForm, ZoneSuggestion, origin

WEDNESDAY = (2,)


async def add_asked(call: Call) -> None:
    """*Schedule a prompt*."""
    press = BoardPress.of(call)
    await open_new(call, press, press.place)


async def open_new(call: Call, press: BoardPress, place: Place, *, question: str = "", theme: str = "") -> None:
    """The form of a new schedule: every Wednesday at ten, as long as nobody says otherwise."""
    zone = await call.desk.db.read(_zone_of_led, place, press.person)
    today = zones.today(zone, call.desk.now())
    source = Source("question", (question,) if question else (), theme)
    plan = Plan(Rule("weekly", today, TEN, zone, weekdays=WEDNESDAY), source)
    form = _form(plan, place, today=today, page=press.page)
    await call.slack.views_push(trigger_id=press.trigger_id, view=form)
    await call.ack()


async def edit_asked(call: Call) -> None:
    """*Edit*, on the board, or under what a line scheduled."""
    press, now = BoardPress.of(call), call.desk.now()
    found = await call.desk.db.read(views.find, press.schedule, by=press.person, at=now)
    form = _form(found.plan, found.place, today=zones.today(found.plan.rule.zone, now), of=found, page=press.page)
    show = call.slack.views_push if press.view else call.slack.views_open
    await show(trigger_id=press.trigger_id, view=form)
    await call.ack()


async def submitted(call: Call) -> None:
    """The form was sent. Where somebody else changed the schedule meanwhile, it stays open, with both to compare."""
    form, now = ScheduleForm.of(call), call.desk.now()
    plan = form.plan(at=now)
    if not form.origin.id:
        await call.write(schedules.add, form.place, plan, by=form.person, at=now, key=f"form:{form.origin.key}")
    else:
        try:
            await call.write(schedules.change, form.origin.known, plan, by=form.person, at=now)
        except ChangedMeanwhile:
            await _compare(call, form, plan)
            return
    if form.has_board:
        await board.show(call, form.root, form.place, page=form.origin.page, news=words.prompts.saved(plan))
    await call.ack()


async def suggest_zones(call: Call) -> None:
    """Somebody types into *Timezone*: before they do, the pocket's own, and theirs."""
    asked_for = ZoneSuggestion.of(call)
    first = dict[str, str]()
    if not asked_for.value.strip():
        pocket, theirs = await asyncio.gather(
            call.desk.db.read(pocket_settings.of, asked_for.place), zone_of(call, asked_for.person)
        )
        first = {pocket.timezone: words.schedule_form.zone_of_pocket(pocket.timezone)}
        first |= {theirs: words.schedule_form.zone_of_yours(theirs)} if theirs and theirs not in first else {}
    rest = {zone: zone for zone in pocket_settings.zones_like(asked_for.value, limit=100 - len(first))}
    await call.ack(options=[blocks.option(name, zone) for zone, name in (first | (rest | first)).items()][:100])


async def suggest_regions(call: Call) -> None:
    """Somebody types into *Skip public holidays of*."""
    typed = ZoneSuggestion.of(call).value
    found = await asyncio.to_thread(days_off.regions_like, typed)  # the first look loads the holidays of every country
    await call.ack(options=[blocks.option(one.name, one.code) for one in found])


async def _compare(call: Call, form: ScheduleForm, plan: Plan) -> None:
    now = call.desk.now()
    theirs = await call.desk.db.read(views.find, ScheduleId(form.origin.id), by=form.person, at=now)
    news = words.prompts.changed_meanwhile(theirs.by, theirs)
    today = zones.today(theirs.plan.rule.zone, now)
    view = _form(plan, form.place, today=today, of=theirs, page=form.origin.page, news=news)
    await call.ack(response_action="update", view=view)


def _form(
    plan: Plan, place: Place, *, today: date, of: ScheduleView | None = None, page: int = 0, news: str = ""
) -> blocks.Block:
    metadata = origin(place, id=of.id if of else "", version=of.version if of else 0, page=page)
    zone = words.schedules.zone(plan.rule.zone)
    return blocks.schedules.schedule_form(
        plan, metadata=metadata, zone_name=zone, today=today, is_new=of is None, news=news
    )


def _zone_of_led(session: Session, place: Place, person: Person) -> str:
    """The timezone of a pocket that somebody leads. Raises `NotAPocket`, `NotALead`."""
    pockets.require(session, place)
    leads.require(session, place, person)
    return pocket_settings.of(session, place).timezone
