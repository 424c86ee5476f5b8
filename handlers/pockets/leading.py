"""What a pocket's leads do: its menu, its settings, its end."""

from __future__ import annotations

import asyncio

from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.answers import answer, replace
from handlers.desk import Call
from handlers.payloads import Command, HomePocketPress, PocketForm, PocketPress, new_origin
from storage.ids import Person, Place
from storage.places import pocket_changes, pocket_reactions, pocket_settings, pockets
from storage.places.pocket_changes import Led
from storage.prompts import views
from storage.prompts.views import ScheduleView
from storage.refusals import SettingsChanged

from .reactions import known_emoji
from .standing import require_leads, whoever_leads


async def menu(call: Call, command: Command) -> None:
    """`/outloud` alone: what one can do here."""
    if command.is_direct:
        await answer(call, words.pockets.home_help())
    else:
        await answer(call, *await about(call, command.person, command.place))


async def about(
    call: Call, person: Person, place: Place, *, in_form: bool = False
) -> tuple[str, list[blocks.Block] | None]:
    """What a pocket is for; to its leads, what they may do with it. Of any other channel, what there is."""
    pocket = await call.desk.db.read(pockets.seen_by, place, person)
    if pocket and not pocket.may_lead:
        pocket = await call.desk.db.read(pockets.seen_by, place, await whoever_leads(call.desk, place, person))
    if pocket is None:
        return words.pockets.home_help(), None
    settings = pocket.settings
    text = words.pockets.menu(
        purpose=settings.purpose,
        noun=settings.noun,
        zone=settings.timezone,
        leads=pocket.leads,
        keep=pocket.reactions.shown("keep"),
    )
    shown = blocks.pockets.menu(text, place.channel, may_lead=pocket.may_lead, in_form=in_form)
    return text, shown


async def settings_asked(call: Call, asked: Command | PocketPress | HomePocketPress) -> None:
    """`/outloud settings`, or the menu's button."""
    pocket = await call.desk.db.read(pockets.led_by, asked.place, asked.person)
    metadata = new_origin(asked.place, saw=pocket_changes.seen(pocket.led))
    form = blocks.pockets.settings_form(pocket.led, metadata=metadata)
    await call.slack.views_open(trigger_id=asked.trigger_id, view=form)
    await call.ack()


async def settings_pressed(call: Call) -> None:
    """*Settings*, in the menu."""
    await settings_asked(call, PocketPress.of(call))


async def settings_submitted(call: Call) -> None:
    """The form with a pocket's settings was sent. Where another lead changed the same meanwhile, it stays open, to compare."""
    form = PocketForm.of(call)
    emoji, _ = await asyncio.gather(known_emoji(call), require_leads(call, form.place, form.leads))
    reactions = pocket_reactions.chosen(form.reactions, emoji)
    before, at = await call.desk.db.read(pocket_settings.of, form.place), call.desk.now()
    settings = form.settings(before)
    entered = Led(settings, form.leads, reactions)
    try:
        await call.write(pockets.change, form.place, entered, form.origin.saw, by=form.person, at=at)
    except SettingsChanged as changed:
        await _compare(call, form, entered, changed.fields)
        return
    zone, stay = await call.desk.db.read(_left_behind, form.place, before.timezone, at=at)
    if stay:
        text = words.pockets.prompts_stay(zone, stay)
        await call.ack(
            response_action="update",
            view=blocks.experts.said_form(words.pockets.SETTINGS_TITLE, [blocks.section(text)]),
        )
    else:
        await call.ack()


def _left_behind(session: Session, place: Place, before: str, *, at: float) -> tuple[str, list[str]]:
    """A pocket's timezone; and those in which its schedules go on, where it was another `before`."""
    now = pocket_settings.of(session, place).timezone
    found = views.of_pocket(session, place, at=at) if now != before else []
    going = [one for one in found if isinstance(one, ScheduleView) and (one.next or one.rests)]
    return now, sorted({one.plan.rule.zone for one in going} - {now})


async def _compare(call: Call, form: PocketForm, entered: Led, both: tuple[str, ...]) -> None:
    """What others changed alone stands in the form, and stays; of what `both` changed, theirs stands above it."""
    now = (await call.desk.db.read(pockets.led_by, form.place, form.person)).led
    saw = dict(form.origin.saw or {})
    shown = pocket_changes.merged(entered, now, saw)
    metadata = new_origin(form.place, saw=saw | {name: pocket_changes.seen(now)[name] for name in both})
    news = words.pockets.changed_meanwhile(now, both)
    await call.ack(response_action="update", view=blocks.pockets.settings_form(shown, metadata=metadata, news=news))


async def stopped(call: Call, command: Command) -> None:
    """`/outloud stop`."""
    await call.write(pockets.stop, command.place, by=command.person, at=call.desk.now())
    await answer(call, words.pockets.STOPPED)


async def stop_pressed(call: Call) -> None:
    """*Stop the pocket*, in the menu."""
    press = PocketPress.of(call)
    await call.write(pockets.stop, press.place, by=press.person, at=call.desk.now())
    await replace(call, words.pockets.STOPPED)
    await call.ack()
