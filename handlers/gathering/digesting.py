"""The digest: what a pocket learned, shown to whoever asks, and posted weekly where a lead turned that on."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from handlers import blocks, words
from handlers.answers import answer
from handlers.blocks.digests import Links
from handlers.desk import Call, Desk
from handlers.duties import Later, Message, Post, Repeatable, Settle, is_final
from handlers.payloads import Command, DigestForm, PocketPress, new_origin
from handlers.slack import viewing
from handlers.slack.reaching import CLOSED
from handlers.slack.showing import learning_link, message_link
from handlers.slack.uploading import upload
from storage import workspaces
from storage.ids import ChannelId, Person, Place, Ts
from storage.owed import quiet
from storage.owed.outbox import Errand
from storage.owed.quiet import TooSoon
from storage.places import pocket_settings, pockets
from storage.prompts import digests
from storage.prompts.digest_times import When
from storage.prompts.digests import WEEK, WEEKS, Contents

from . import digest_picture


async def asked(call: Call, command: Command) -> None:
    """`/outloud digest`: shows the last seven days to whoever typed it, if they may read the channel; when it is posted, too."""
    text, shown = await shown_to(call, command.person, command.place)
    await answer(call, text, shown)


async def shown_to(
    call: Call, person: Person, place: Place, *, with_form: bool = True
) -> tuple[str, list[blocks.Block]]:
    """The last seven days, to whoever may read the channel; to its leads, `with_form`, the way to the form that posts it.

    Raises `NotAPocket`, `NotChecked`.
    """
    await call.desk.db.read(pockets.require, place)
    await viewing.require_place(call.desk, person, place)
    now = max(call.desk.now(), float(call.desk.heard.newest(call.workspace) or 0) + 1)
    found = await call.desk.db.read(digests.contents, place, since=now - WEEK, until=now)
    when = await call.desk.db.read(digests.when_of, place)
    pocket = await call.desk.db.read(pockets.seen_by, place, person)
    text = words.digests.NOTHING if found.is_empty else words.digests.title(place.channel)
    shown = [blocks.section(text)] if found.is_empty else await _shown(call.desk, found)
    said = words.digests.NOT_POSTED
    if when and pocket:
        said = words.digests.posted_on(when.weekday, when.clock, pocket.settings.timezone)
    may_lead = with_form and pocket is not None and pocket.may_lead
    return text, [*shown, *blocks.digests.when(said, place.channel, may_lead=may_lead)]


async def when_pressed(call: Call) -> None:
    """*When it is posted*: opens the form. Raises `NotALead`."""
    press = PocketPress.of(call)
    await call.desk.db.read(pockets.led_by, press.place, press.person)
    when = await call.desk.db.read(digests.when_of, press.place)
    form = blocks.digests.when_form(when, metadata=new_origin(press.place))
    await call.slack.views_open(trigger_id=press.trigger_id, view=form)
    await call.ack()


async def submitted(call: Call) -> None:
    """The form was sent."""
    form = DigestForm.of(call)
    if form.day == blocks.digests.NEVER:
        await call.write(digests.turn_off, form.place, by=form.person)
    else:
        when = When(int(form.day) if form.day.isdecimal() else -1, form.time)
        await call.write(digests.turn_on, form.place, when, by=form.person, at=call.desk.now())
    await call.ack()


async def render(desk: Desk, errand: Errand) -> Message | None:
    """The digest as things stand; none where there is nothing to tell, or it was turned off since."""
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    if await desk.db.read(digests.when_of, place) is None or not await desk.db.read(pockets.is_live, place):
        return None
    found = await _contents(desk, errand)
    if found.is_empty:
        return None
    await _take_turn(desk, place, errand)
    shown = await _shown(desk, found)
    if file := errand.body.get("file"):
        shown.append(blocks.digests.picture(file, words.digests.picture(found.weeks)))
    return Message(place.channel, words.digests.title(place.channel), shown)


def posted(desk: Desk, errand: Errand, _ts: Ts) -> Settle:
    """It stands, and counts as one of the few that nobody caused."""
    return partial(quiet.posted, workspace=errand.workspace, errand=errand.id, at=desk.now())


def refused(session: Session, errand: Errand, code: str, at: float) -> bool:
    """Where the channel takes no post, the next week has another; where Slack does not take the picture, it goes without."""
    if code == "invalid_blocks" and "file" in errand.body:
        quiet.give_back(session, errand.workspace, errand.id)  # it was surely not said: the one without is that turn's
        digests.owe_post(session, workspace=errand.workspace, body=errand.body, file=None, at=at)
        return True
    if code not in CLOSED:
        return False
    quiet.give_back(session, errand.workspace, errand.id)
    return True


async def draw(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Bring its picture to Slack, where nobody sees it until the digest shows it; without the scope it goes without one."""
    found = await _contents(desk, errand)
    if found.is_empty:
        return None
    first, last = (f"{datetime.fromtimestamp(at, UTC):%-d %b}" for at in (found.until - WEEKS * WEEK, found.until))
    picture = await digest_picture.draw(found.weeks, first=first, last=last)
    file = None
    try:
        alt = words.digests.picture(found.weeks)
        file = await upload(slack, "learned.png", picture, alt=alt)
        await slack.files_completeUploadExternal(files=[{"id": file, "title": alt}])
    except SlackApiError as error:
        if not is_final(error):
            raise
        file = None  # not granted, or files are switched off there
    return partial(digests.owe_post, workspace=errand.workspace, body=errand.body, file=file, at=desk.now())


DRAW_DIGEST = Repeatable(draw, "files.completeUploadExternal")
POST_DIGEST = Post(render, posted, instead=refused)


async def _contents(desk: Desk, errand: Errand) -> Contents:
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    return await desk.db.read(digests.contents, place, since=errand.body["since"], until=errand.body["until"])


async def _take_turn(desk: Desk, place: Place, errand: Errand) -> None:
    """Raises `Later` where the channel has heard enough this week that nobody caused."""
    try:
        await desk.db.write(quiet.take_post, place, errand.id, at=desk.now())
    except TooSoon as soon:
        raise Later(soon.until) from soon


async def _shown(desk: Desk, found: Contents) -> list[blocks.Block]:
    me = await desk.db.read(workspaces.find, found.place.workspace)
    channel = found.place.channel
    links = Links(
        learned=tuple(learning_link(me, one) for one in found.learned),
        helped=tuple(learning_link(me, one) for one, _ in found.helped),
        asked=tuple(message_link(me, channel, one.round.ts or "") for one in found.asked),
        open=tuple(message_link(me, channel, one.round.ts or "") for one in found.open),
    )
    noun = await desk.db.read(pocket_settings.noun_of, found.place)
    return blocks.digests.digest(found, links, noun=noun)
