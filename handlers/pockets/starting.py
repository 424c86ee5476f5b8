"""A pocket begins: `/outloud start`, its form, and what the channel and its starter hear of it."""

from __future__ import annotations

import asyncio
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from handlers import blocks, words
from handlers.answers import answer, whisper
from handlers.desk import Call, Desk
from handlers.duties import Message, Post, Repeatable, Settle, tolerating
from handlers.payloads import ChannelChoice, Command, PocketForm, PocketPress, new_origin
from handlers.slack.reaching import CLOSED
from storage.ids import ChannelId, Person, Place, Ts
from storage.owed.outbox import Errand
from storage.places import pocket_settings, pockets
from storage.places.channels import ChannelFacts
from storage.places.pocket_settings import PocketSettings
from storage.refusals import NotInvited, SharedChannel, SlackIsSilent

from .reactions import keep_shown
from .standing import PATIENCE, usable_by


async def started(call: Call, command: Command, purpose: str) -> None:
    """`/outloud start` opens the form; with a purpose behind it, the channel is a pocket at once."""
    if not purpose:
        await _open_form(call, command)
        return
    facts, zone = await usable_by(call, command.place, command.person, private=command.is_private)
    if facts.is_shared:
        raise SharedChannel
    place, by = command.place, command.person
    before = await call.desk.db.read(pocket_settings.of, place)
    settings = pocket_settings.begun(before, purpose=purpose, zone=zone)
    await call.write(pockets.start, place, facts, settings, by=by, at=call.desk.now())
    keep = await keep_shown(call.desk, place)
    await answer(call, words.pockets.started(settings.noun, keep=keep))


async def form_asked(call: Call) -> None:
    """*Make it a pocket*, under the offer to whoever invited Outloud."""
    await _open_form(call, PocketPress.of(call))


async def channel_chosen(call: Call) -> None:
    """A channel that somebody chose in their Home, to make it a pocket."""
    await _open_form(call, ChannelChoice.of(call))


async def submitted(call: Call) -> None:
    """The form to start a pocket was sent. Where another organisation reads along since it was opened, it says so first."""
    form = PocketForm.of(call)
    facts, _ = await usable_by(call, form.place, form.person)
    await _require_there(call, form.place, form.person, facts)
    settings, at = form.settings(await call.desk.db.read(pocket_settings.of, form.place)), call.desk.now()
    if facts.is_shared and not form.origin.warned:
        await call.ack(response_action="update", view=_form(form.place, settings, is_shared=True))
        return
    await call.write(pockets.start, form.place, facts, settings, by=form.person, at=at, form=form.origin.key)
    await call.ack()


async def suggest_zones(call: Call) -> None:
    """Somebody types into *Timezone*."""
    typed = str(call.body.get("value") or "")
    await call.ack(options=[blocks.option(zone, zone) for zone in pocket_settings.zones_like(typed)])


async def explained(call: Call) -> None:
    """*What is this?*, under what the channel heard."""
    place = PocketPress.of(call).place
    await whisper(call, words.pockets.what_this_is(await keep_shown(call.desk, place)))
    await call.ack()


async def announce(desk: Desk, errand: Errand) -> Message | None:
    """What the channel hears, once, when it becomes a pocket; nothing where it has ended being one since."""
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    if not await desk.db.read(pockets.is_live, place):
        return None
    settings = await desk.db.read(pocket_settings.of, place)
    purpose, noun, keep = settings.purpose, settings.noun, await keep_shown(desk, place)
    text = words.pockets.announced(errand.body["person"], purpose=purpose, noun=noun, keep=keep)
    return Message(place.channel, text, blocks.pockets.announced(text, place.channel))


async def confirm(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Tell whoever started it by the form, privately, what comes next, as the command does by its answer."""
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    noun, keep = await desk.db.read(pocket_settings.noun_of, place), await keep_shown(desk, place)
    text = words.pockets.started(noun, keep=keep)
    with tolerating("user_not_in_channel", *CLOSED):
        await slack.chat_postEphemeral(channel=place.channel, user=errand.body["person"], text=text)


def announced(_desk: Desk, errand: Errand, ts: Ts) -> Settle:
    """From when on it is one, by Slack's time, where nothing else says so."""
    return partial(pockets.announced, place=Place(errand.workspace, ChannelId(errand.body["channel"])), ts=ts)


ANNOUNCE = Post(announce, announced)
CONFIRM = Repeatable(confirm, "chat.postEphemeral")


async def _open_form(call: Call, asked: Command | PocketPress) -> None:
    private = isinstance(asked, Command) and asked.is_private
    facts, zone = await usable_by(call, asked.place, asked.person, private=private)
    if not isinstance(asked, Command):  # what is pressed may be old
        await _require_there(call, asked.place, asked.person, facts)
    await call.desk.db.read(pockets.require_none, asked.place)
    before = await call.desk.db.read(pocket_settings.of, asked.place)
    settings = pocket_settings.begun(before, purpose=before.purpose, zone=zone)
    form = _form(asked.place, settings, is_shared=facts.is_shared)
    await call.slack.views_open(trigger_id=asked.trigger_id, view=form)
    await call.ack()


async def _require_there(call: Call, place: Place, person: Person, facts: ChannelFacts) -> None:
    """Raise `NotInvited`, as of one that is not there, for who is not in a private or shared channel now; or `SlackIsSilent`."""
    if not (facts.is_private or facts.is_shared):
        return
    call.desk.viewers.forget(person)  # Outloud may be new there, and was not asked about
    there = await call.desk.viewers.channels(person, until=asyncio.get_running_loop().time() + PATIENCE)
    if there is None:
        raise SlackIsSilent
    if place.channel not in there:
        raise NotInvited(field="pocket")


def _form(place: Place, settings: PocketSettings, *, is_shared: bool) -> blocks.Block:
    return blocks.pockets.start_form(settings, metadata=new_origin(place, warned=is_shared), is_shared=is_shared)
