"""Who is where: people who come into channels and leave them, and Outloud itself, which offers to start a pocket."""

from __future__ import annotations

from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import blocks, words
from handlers.desk import Call, Desk
from handlers.duties import Repeatable, Settle, error_code, tolerating
from handlers.payloads import LeftEvent, MemberEvent
from handlers.slack.reaching import CLOSED
from storage.ids import ChannelId, Person, PersonId, Place
from storage.owed.outbox import Errand
from storage.places import channels, gaps, pockets

MOST_BEGINNINGS = 3
"""How often a list is begun anew because Slack no longer knew the place; the next occasion to list people begins at none."""

PEOPLE_A_PAGE = 500
"""Slack allows 999; so many are written in one go (docs.slack.dev/reference/methods/conversations.members)."""


async def joined_or_left(call: Call) -> None:
    """Somebody came into a channel, or went; or Outloud itself did."""
    event = MemberEvent.of(call)
    there, db, at = event.type == "member_joined_channel", call.desk.db, call.desk.now()
    if event.user == call.bot and there and event.inviter:
        inviter = PersonId(event.inviter)
        await db.write(gaps.invited, event.place, inviter, event_ts=event.event_ts, at=at)
    elif event.user == call.bot and there:
        await db.write(gaps.joined, event.place, event_ts=event.event_ts, at=at)
    elif event.user == call.bot:
        await db.write(pockets.left, event.place, event_ts=event.event_ts, at=at)
    else:
        person = PersonId(event.user)
        await db.write(channels.follow, event.place, person, standing=there, event_ts=event.event_ts, at=at)
        call.desk.viewers.forget(Person(event.place.workspace, person))
    await call.ack()


async def went(call: Call) -> None:
    """Outloud itself was removed from a channel: the event for others is not sent to it."""
    event = LeftEvent.of(call)
    await call.write(pockets.left, event.place, event_ts=event.event_ts, at=call.desk.now())
    await call.ack()


async def offer(desk: Desk, slack: AsyncWebClient, errand: Errand) -> None:
    """Ask whoever invited Outloud, privately and where they are, whether the channel is to be a pocket."""
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    if await desk.db.read(pockets.is_live, place):
        return
    text = words.pockets.offered(place.channel)
    with tolerating("user_not_in_channel", *CLOSED):
        await slack.chat_postEphemeral(
            channel=place.channel,
            user=errand.body["person"],
            text=text,
            blocks=blocks.pockets.offered(text, place.channel),
        )


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
                anew = int(errand.body.get("anew") or 0) + 1
                if anew > MOST_BEGINNINGS:  # what was listed stays, and so does whoever was not seen to leave
                    return None
                return partial(channels.owe_members, place=place, kind=errand.kind, anew=anew, at=desk.now())
        raise
    members = [PersonId(member) for member in page["members"]]
    then = (page.get("response_metadata") or {}).get("next_cursor")
    more = channels.More(then, errand.kind, desk.now(), int(errand.body.get("anew") or 0)) if then else None
    return partial(channels.listed, place=place, members=members, asked_at=asked_at, more=more)


OFFER = Repeatable(offer, "chat.postEphemeral")
LIST_MEMBERS = Repeatable(list_members, "conversations.members")
LIST_MEMBERS_AGAIN = Repeatable(list_members, "conversations.members", background=True)
