"""Pockets: `/outloud start` and `/outloud stop`, and what the channel hears of it."""

from __future__ import annotations

from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from storage import channels, gaps, pockets
from storage.ids import ChannelId, PersonId, Place
from storage.outbox import Errand
from storage.refusals import PrivateChannel

from . import blocks, words
from .answers import answer
from .desk import Call, Desk
from .duties import Message, Post, Repeatable, Settle, error_code
from .looking import usable
from .payloads import Command, LeftEvent, MemberEvent

PEOPLE_A_PAGE = 500
"""Slack allows 999; so many are written in one go (docs.slack.dev/reference/methods/conversations.members)."""


async def asked(call: Call) -> None:
    """`/outloud`: `start` makes the channel a pocket, `stop` ends it, all else explains."""
    command = Command.of(call)
    match command.words.lower():
        case "start":
            await _start(call, command)
        case "stop":
            await call.desk.db.write(pockets.stop, command.place, by=command.person, at=call.desk.now())
            await answer(call, words.POCKET_STOPPED)
        case "" | "help":
            await answer(call, words.HOME_HELP)
        case unknown:
            await answer(call, words.unknown_word(unknown))


async def joined_or_left(call: Call) -> None:
    """Somebody came into a channel, or went; or Outloud itself did."""
    event = MemberEvent.of(call)
    there = event.type == "member_joined_channel"
    if event.user == call.bot and there:
        await call.desk.db.write(gaps.joined, event.place, event_ts=event.event_ts, at=call.desk.now())
    elif event.user == call.bot:
        await call.desk.db.write(channels.set_bot, event.place, there=False, event_ts=event.event_ts)
    else:
        person = PersonId(event.user)
        await call.desk.db.write(
            channels.follow, event.place, person, standing=there, event_ts=event.event_ts, at=call.desk.now()
        )
    await call.ack()


async def went(call: Call) -> None:
    """Outloud itself was removed from a channel: the event for others is not sent to it."""
    event = LeftEvent.of(call)
    await call.desk.db.write(channels.set_bot, event.place, there=False, event_ts=event.event_ts)
    await call.ack()


async def announce(desk: Desk, errand: Errand) -> Message | None:
    """What the channel hears, once, when it becomes a pocket; nothing where it has ended being one since."""
    if not await desk.db.read(pockets.is_live, Place(errand.workspace, ChannelId(errand.body["channel"]))):
        return None
    text = words.pocket_announced(errand.body["person"])
    return Message(errand.body["channel"], text, [blocks.section(text)])


async def list_members(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle | None:
    """Read a page of who is in a pocket: of a hundred thousand, no lease is long enough for all."""
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    asked_at, cursor = errand.body.get("asked_at") or desk.now(), errand.body.get("cursor") or ""
    try:
        page = await slack.conversations_members(channel=place.channel, limit=PEOPLE_A_PAGE, cursor=cursor)
    except SlackApiError as error:
        match error_code(error):
            case "channel_not_found":
                return None
            case "invalid_cursor" if cursor:  # Slack doesn't know for ever where it was
                return partial(channels.owe_members, place=place, kind=errand.kind, at=desk.now())
        raise
    members = [PersonId(member) for member in page["members"]]
    then = (page.get("response_metadata") or {}).get("next_cursor")
    more = channels.More(then, errand.kind, desk.now()) if then else None
    return partial(channels.listed, place=place, members=members, asked_at=asked_at, more=more)


ANNOUNCE = Post(announce)
LIST_MEMBERS = Repeatable(list_members, "conversations.members")
LIST_MEMBERS_AGAIN = Repeatable(list_members, "conversations.members", background=True)


async def _start(call: Call, command: Command) -> None:
    place = command.place
    if command.is_private:  # Outloud has no scope to look into it
        raise PrivateChannel
    facts = await usable(call, place)
    await call.desk.db.write(pockets.start, place, facts, by=command.person, at=call.desk.now())
    await answer(call, words.POCKET_STARTED)
