"""What leads hear of their schedules without having asked: missed, paused, back; and what somebody suggested."""

from __future__ import annotations

from datetime import date

from handlers import blocks, words
from handlers.answers import replace
from handlers.desk import Call, Desk
from handlers.notices import Notice, Said
from handlers.payloads import PocketPress
from handlers.slack import viewing
from storage.ids import ChannelId, Place
from storage.owed.notices import Waiting
from storage.prompts import bank, resting, schedules, views
from storage.prompts.plans import ScheduleId
from storage.prompts.views import UNREADABLE, ScheduleView, Unread

from .payloads import BoardPress


async def missed(desk: Desk, waiting: Waiting) -> Said | None:
    """Outloud was away when it should have asked; None where the schedule is gone by now, or its lead may not look there."""
    body = waiting.body
    found = await desk.db.read(views.glance, waiting.person.workspace, ScheduleId(body["schedule"]), at=desk.now())
    if not isinstance(found, ScheduleView) or found.is_removed:
        return None
    if not await viewing.may_be_told(desk, waiting, found.place):
        return None
    text = words.prompts.missed(found, date.fromisoformat(body["first"]), body["count"])
    return Said(text, [blocks.section(text)])


async def rests(desk: Desk, waiting: Waiting) -> Said | None:
    """A pocket's schedules are paused, because of its channel; None where that has changed by now."""
    place = _place(waiting)
    reasons = await desk.db.read(resting.resting, place)
    if waiting.body["why"] not in reasons:
        return None
    text = words.prompts.rests(place.channel, waiting.body["why"])
    return Said(text, [blocks.section(text)])


async def refused(_desk: Desk, waiting: Waiting) -> Said | None:
    """Slack did not take a prompt. It names the channel alone: whether they may look there can't be asked where it is closed."""
    body = waiting.body
    text = words.prompts.refused(body["channel"], body["code"], paused=body["paused"])
    return Said(text, [blocks.section(text)])


async def set_aside(desk: Desk, waiting: Waiting) -> Said | None:
    """A schedule paused by itself; None where a lead has seen to it by now, or this one may not look there."""
    body = waiting.body
    found = await desk.db.read(views.glance, waiting.person.workspace, ScheduleId(body["schedule"]), at=desk.now())
    if found is None or found.is_removed:
        return None
    if body["why"] != (UNREADABLE if isinstance(found, Unread) else found.rests):
        return None
    if not await viewing.may_be_told(desk, waiting, found.place):
        return None
    text = words.prompts.set_aside(found)
    return Said(text, [blocks.section(text)])


async def back(desk: Desk, waiting: Waiting) -> Said | None:
    """Its channel is a place to ask in again: whether they go on is a lead's to say."""
    place = _place(waiting)
    if resting.BACK not in await desk.db.read(resting.resting, place):
        return None
    text = words.prompts.back(place.channel)
    return Said(text, blocks.schedules.back(text, place.channel))


async def suggestion(desk: Desk, waiting: Waiting) -> Said | None:
    """Somebody suggests a prompt; None where a lead has dealt with it by now, or this one may not look there."""
    found = await desk.db.read(bank.glance, waiting.person.workspace, waiting.body["prompt"])
    if found is None or found.state != "suggested" or not await viewing.may_be_told(desk, waiting, found.place):
        return None
    text = words.bank.suggestion(found)
    return Said(text, blocks.bank.suggestion(text, found.prompt.id))


async def resumed(call: Call) -> None:
    """*Resume them*, in that message."""
    press = PocketPress.of(call)
    many = await call.write(schedules.resume_all, press.place, by=press.person, at=call.desk.now())
    await replace(call, words.prompts.resumed_all(press.place.channel, many))
    await call.ack()


async def taken(call: Call) -> None:
    """*Take it up*, under a suggestion."""
    press = BoardPress.of(call)
    await call.write(bank.set_state, press.value, "live", by=press.person)
    await replace(call, words.bank.TAKEN)
    await call.ack()


async def declined(call: Call) -> None:
    """*Decline*, under a suggestion."""
    press = BoardPress.of(call)
    await call.write(bank.decline, press.value, by=press.person)
    await replace(call, words.bank.DECLINED)
    await call.ack()


MISSED = Notice(missed)
RESTS = Notice(rests)
REFUSED = Notice(refused)
SET_ASIDE = Notice(set_aside)
BACK = Notice(back)
SUGGESTION = Notice(suggestion)


def _place(waiting: Waiting) -> Place:
    return Place(waiting.person.workspace, ChannelId(waiting.body["channel"]))
