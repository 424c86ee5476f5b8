"""Pockets: `/outloud start` and `/outloud stop`, and what the channel hears of it."""

from __future__ import annotations

import asyncio
from functools import partial

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from storage import channels, pockets
from storage.channels import ChannelFacts
from storage.ids import ChannelId, PersonId, Place
from storage.outbox import Errand
from storage.refusals import (
    ArchivedChannel,
    InADirectMessage,
    NotInvited,
    NotPermitted,
    PrivateChannel,
    Refusal,
    SharedChannel,
    SlackIsSilent,
)

from . import blocks, words
from .answers import answer
from .desk import Call, Desk
from .duties import Message, Post, Repeatable, Settle
from .payloads import Command, LeftEvent, MemberEvent

LOOKS_LIKE: dict[str, type[Refusal]] = {
    "channel_not_found": NotInvited,  # a private channel that Outloud is not in does not exist for it
    "missing_scope": NotPermitted,
    "method_not_supported_for_channel_type": InADirectMessage,
}

PATIENCE = 1.0
"""Seconds that a look at Slack may take while somebody waits for their answer."""


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
    if event.user == call.bot:
        await call.desk.db.write(channels.set_bot, event.place, there=there)
    else:
        person = PersonId(event.user)
        await call.desk.db.write(
            channels.follow, event.place, person, standing=there, event_ts=event.event_ts, at=call.desk.now()
        )
    await call.ack()


async def went(call: Call) -> None:
    """Outloud itself was removed from a channel: the event for others is not sent to it."""
    await call.desk.db.write(channels.set_bot, LeftEvent.of(call).place, there=False)
    await call.ack()


async def announce(desk: Desk, errand: Errand) -> Message | None:
    """What the channel hears, once, when it becomes a pocket; nothing where it has ended being one since."""
    if not await desk.db.read(pockets.is_live, Place(errand.workspace, ChannelId(errand.body["channel"]))):
        return None
    text = words.pocket_announced(errand.body["person"])
    return Message(errand.body["channel"], text, [blocks.section(text)])


async def list_members(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle:
    """Read who is in a new pocket."""
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    asked_at, members, cursor = desk.now(), list[PersonId](), ""
    while True:
        page = await slack.conversations_members(channel=place.channel, limit=500, cursor=cursor)
        members += [PersonId(member) for member in page["members"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return partial(channels.listed, place=place, members=members, asked_at=asked_at)


ANNOUNCE = Post(announce)
LIST_MEMBERS = Repeatable(list_members, "conversations.members")


async def _start(call: Call, command: Command) -> None:
    facts = await _look(call.slack, command.place, is_private=command.channel_name == "privategroup")
    await call.desk.db.write(pockets.start, command.place, facts, by=command.person, at=call.desk.now())
    await answer(call, words.POCKET_STARTED)


async def _look(slack: AsyncWebClient, place: Place, *, is_private: bool) -> ChannelFacts:
    """What kind of channel it is. Raises the refusal for the kinds that can't be a pocket.

    `is_private`: the command says so; Outloud has no scope to look into such a channel.
    """
    if is_private:
        raise PrivateChannel
    try:
        async with asyncio.timeout(PATIENCE):
            info = (await slack.conversations_info(channel=place.channel))["channel"]
    except SlackApiError as error:
        raise LOOKS_LIKE.get(str(error.response.get("error")), SlackIsSilent) from error
    except (TimeoutError, OSError, SlackClientError) as error:
        raise SlackIsSilent from error
    _require_usable(info)
    return ChannelFacts(name=info.get("name") or "", is_private=bool(info.get("is_private")))


def _require_usable(info: dict[str, object]) -> None:
    external = info.get("is_ext_shared") or info.get("is_pending_ext_shared")
    if info.get("is_im") or info.get("is_mpim"):
        raise InADirectMessage
    if info.get("is_archived"):
        raise ArchivedChannel
    if info.get("is_private"):
        raise PrivateChannel
    if external or (info.get("is_shared") and not info.get("is_org_shared")):
        raise SharedChannel
    if not info.get("is_member"):
        raise NotInvited
