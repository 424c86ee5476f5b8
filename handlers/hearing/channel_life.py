"""What becomes of a pocket's channel: renamed, archived, shared, made private, deleted.

An event is a hint, and Slack is asked. Where that is refused, as for a channel that was made private, its kind is in doubt.
"""

from __future__ import annotations

from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.desk import Call, Desk
from handlers.duties import Repeatable, Settle, error_code
from handlers.payloads import ChannelEvent, MovedEvent
from handlers.slack.looking import NO_LOOK, facts_of
from storage.ids import ChannelId, Place
from storage.owed.outbox import Errand
from storage.places import channel_ids, channels, gaps, pockets

IN_DOUBT = {"channel_shared", "channel_convert_to_private"}
"""After these, fewer people may see what was learned there: nobody else does, until Slack was asked."""


async def changed(call: Call) -> None:
    """Something became of a channel."""
    event = ChannelEvent.of(call)
    in_doubt = (event.subtype or event.type) in IN_DOUBT
    await call.write(channels.changed, event.place, in_doubt=in_doubt, at=call.desk.now())
    await call.ack()


async def deleted(call: Call) -> None:
    """A channel is gone."""
    await call.write(pockets.gone, ChannelEvent.of(call).place, at=call.desk.now())
    await call.ack()


async def moved(call: Call) -> None:
    """A private channel that is about to be shared with another organisation has another id from now on."""
    event = MovedEvent.of(call)
    await call.write(channel_ids.changed, event.place, event.new_channel, event_ts=event.event_ts, at=call.desk.now())
    await call.ack()


async def look(desk: Desk, slack: AsyncWebClient, errand: Errand) -> Settle:
    """Ask Slack of what kind a channel is now."""
    place = Place(errand.workspace, ChannelId(errand.body["channel"]))
    known, at, facts = desk.heard.newest(errand.workspace), desk.now(), None
    try:
        facts = facts_of((await slack.conversations_info(channel=place.channel))["channel"], known=known)
    except SlackApiError as error:
        if error_code(error) not in NO_LOOK:
            raise
    return partial(gaps.described, place=place, facts=facts, at=at)


LOOK = Repeatable(look, "conversations.info")
