"""The board: a pocket's schedules, and what its leads do with each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers import blocks, words
from handlers.answers import replace, say
from handlers.desk import Call
from handlers.slack import viewing
from storage.ids import ChannelId, Place
from storage.places import pockets
from storage.prompts import claiming, opening, schedules, views
from storage.prompts.plans import ScheduleId
from storage.prompts.refusals import NothingToCopy
from storage.prompts.views import AnySchedule

from . import dates
from .payloads import (
    Board,
    BoardPress,
    DuplicateForm,
    LeafPress,
    PauseForm,
    SkipPress,
    UndoPress,
    ZoneSuggestion,
    origin,
)


def view(found: Sequence[AnySchedule], *, place: Place, page: int = 0, news: str = "", undo: str = "") -> blocks.Block:
    """A page of the board."""
    metadata = Board(channel=place.channel, page=page).model_dump_json()
    return blocks.schedules.board(found, page=page, metadata=metadata, news=news, undo=undo, channel=place.channel)


async def show(call: Call, view_id: str | None, place: Place, *, page: int = 0, news: str = "", undo: str = "") -> None:
    """Let an open board say what stands now. Where it is closed by now, or Slack silent, what was done is done."""
    found = await call.desk.db.read(views.of_pocket, place, at=call.desk.now())
    await update(call, view_id or "", view(found, place=place, page=page, news=news, undo=undo))


async def update(call: Call, view_id: str, shown: blocks.Block) -> None:
    """Show an open form anew. Where it is closed by now, or Slack silent, what was done is done all the same."""
    await say(call, call.slack.views_update(view_id=view_id, view=shown))


async def skipped(call: Call) -> None:
    """*Skip the next*."""
    press, now = SkipPress.of(call), call.desk.now()
    on = press.next[1]
    await call.write(schedules.skip, press.schedule, on, by=press.person, at=now)
    await _done(call, press, words.prompts.skipped(on), press.schedule, undo=f"skip:{press.schedule}:{on.isoformat()}")


async def resumed(call: Call) -> None:
    """*Resume*."""
    press = BoardPress.of(call)
    await call.write(schedules.resume, press.schedule, by=press.person, at=call.desk.now())
    await _done(call, press, words.prompts.RESUMED, press.schedule)


async def pause_asked(call: Call) -> None:
    """*Pause…* asks until when."""
    press, now = BoardPress.of(call), call.desk.now()
    found = await call.desk.db.read(views.find, press.schedule, by=press.person, at=now)
    today = datetime.fromtimestamp(now, ZoneInfo(found.plan.rule.zone)).date()
    metadata = origin(found.place, id=found.id, version=found.version, page=press.page)
    form = blocks.schedules.pause_form(found, metadata=metadata, week_from_now=today + timedelta(days=7))
    await call.slack.views_push(trigger_id=press.trigger_id, view=form)
    await call.ack()


async def paused(call: Call) -> None:
    """The form that asks until when was sent."""
    form = PauseForm.of(call)
    until = dates.picked(form.until, field="until")
    await call.write(schedules.pause, ScheduleId(form.origin.id), until, by=form.person, at=call.desk.now())
    await show(call, form.root, form.place, page=form.origin.page, news=words.prompts.PAUSED)
    await call.ack()


async def more(call: Call) -> None:
    """The menu behind a schedule's buttons."""
    press = BoardPress.of(call)
    deed, _, id = press.option.partition(":")
    match deed:
        case "unskip":
            id, _, on_date = id.rpartition(":")
            on = dates.picked(on_date, field="") or date.min  # which nobody skips
            await call.write(schedules.unskip, ScheduleId(id), on, by=press.person, at=call.desk.now())
            await _done(call, press, words.prompts.ASKED_AFTER_ALL, ScheduleId(id))
        case "ask":
            await _ask_now(call, press, ScheduleId(id))
        case "preview":
            await _preview(call, press, ScheduleId(id))
        case "duplicate":
            await _ask_where_to(call, press, ScheduleId(id))
        case _:
            await _remove(call, press, ScheduleId(id))


async def removed(call: Call) -> None:
    """*Remove*, beside a schedule that can't be read: there is nothing else to do with it."""
    press = BoardPress.of(call)
    await _remove(call, press, press.schedule)


async def undone(call: Call) -> None:
    """*Undo*, beside what was just done."""
    press, now = UndoPress.of(call), call.desk.now()
    if press.skipped:
        await call.write(schedules.unskip, press.schedule, press.skipped, by=press.person, at=now)
    else:
        await call.write(schedules.restore, press.schedule, by=press.person, at=now)
    await _done(call, press, words.prompts.UNDONE, press.schedule)


async def unadded(call: Call) -> None:
    """*Undo*, under what a line scheduled."""
    press = BoardPress.of(call)
    await call.write(schedules.remove, press.schedule, by=press.person, at=call.desk.now())
    await replace(call, words.prompts.REMOVED_LINE)
    await call.ack()


async def leafed(call: Call) -> None:
    """*Earlier* and *More*."""
    press = LeafPress.of(call)
    await call.desk.db.read(pockets.led_by, press.place, press.person)
    await show(call, press.view, press.place, page=press.to)
    await call.ack()


async def duplicated(call: Call) -> None:
    """The form that asks where to was sent."""
    form = DuplicateForm.of(call)
    id, to, key = ScheduleId(form.origin.id), Place(form.workspace, ChannelId(form.to)), f"form:{form.origin.key}"
    await call.write(schedules.duplicate, id, to, by=form.person, at=call.desk.now(), key=key)
    await show(call, form.root, form.place, page=form.origin.page, news=words.prompts.duplicated(form.to))
    await call.ack()


async def suggest_led(call: Call) -> None:
    """Somebody types into *To which pocket*: those that they lead, by name."""
    asked_for = ZoneSuggestion.of(call)
    viewer = await viewing.inside(call.desk, asked_for.person)
    found = await call.desk.db.read(pockets.of_viewer, viewer, containing=asked_for.value.strip("# "), led=True)
    options = [blocks.option(f"#{one.name}", one.channel) for one in found if one.channel != asked_for.place.channel]
    await call.ack(options=options)


async def _ask_now(call: Call, press: BoardPress, id: ScheduleId) -> None:
    await call.write(claiming.ask_now, id, opening.opens, by=press.person, at=call.desk.now())
    await _done(call, press, words.prompts.asked_now(press.place.channel), id)


async def _preview(call: Call, press: BoardPress, id: ScheduleId) -> None:
    found, question = await call.desk.db.read(claiming.preview, id, by=press.person, at=call.desk.now())
    text = words.prompts.preview(question, found)
    await call.slack.views_push(trigger_id=press.trigger_id, view=blocks.schedules.preview(text))
    await call.ack()


async def _ask_where_to(call: Call, press: BoardPress, id: ScheduleId) -> None:
    """Raises `NothingToCopy` where it is over: the form could not change that."""
    found = await call.desk.db.read(views.find, id, by=press.person, at=call.desk.now())
    if not views.preview(found.plan, at=call.desk.now(), count=1):
        raise NothingToCopy
    metadata = origin(found.place, id=id, version=found.version, page=press.page)
    await call.slack.views_push(
        trigger_id=press.trigger_id, view=blocks.schedules.duplicate_form(found, metadata=metadata)
    )
    await call.ack()


async def _remove(call: Call, press: BoardPress, id: ScheduleId) -> None:
    await call.write(schedules.remove, id, by=press.person, at=call.desk.now())
    await _done(call, press, words.prompts.REMOVED_NOW, id, undo=f"remove:{id}")


async def _done(call: Call, press: BoardPress, deed: str, id: ScheduleId, *, undo: str = "") -> None:
    """The board says what was done to a schedule, and how to take it back."""
    found = await call.desk.db.read(views.glance, call.workspace, id, at=call.desk.now())
    news = words.prompts.done(deed, found) if found else ""
    await show(call, press.view, press.place, page=press.page, news=news, undo=undo)
    await call.ack()
