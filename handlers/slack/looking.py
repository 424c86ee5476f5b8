"""A look at a channel while somebody waits for their answer: what kind it is, and whether Outloud is in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from handlers.desk import Call
from handlers.duties import error_code
from handlers.payloads import Command
from storage.ids import Person, Place, Ts
from storage.places import channels, gaps
from storage.places.channels import ChannelFacts
from storage.refusals import (
    ArchivedChannel,
    InADirectMessage,
    NotAMember,
    NotAPocket,
    NotInvited,
    NotPermitted,
    PrivateChannel,
    Refusal,
    SlackIsSilent,
)

from .granted import PRIVATE_CHANNELS, lacks
from .silence import SILENCE

log = logging.getLogger(__name__)

NO_LOOK = {"access_denied", "channel_not_found", "method_not_supported_for_channel_type", "missing_scope"}
"""Slack's errors where Outloud may not know what kind of channel it is."""

PATIENCE = 1.0
"""Seconds that a look at Slack may take while somebody waits for their answer."""

Result = TypeVar("Result")


async def usable(call: Call, place: Place, *, private: bool = False) -> ChannelFacts:
    """What Slack says of a channel that may be a pocket. Raises the refusal for one that can't, to be said at a form's pocket.

    `private`: whoever asks stands in a private channel, as Slack's payload says.
    """
    known = call.desk.heard.newest(call.workspace)
    try:
        async with asyncio.timeout(PATIENCE):
            said = await call.slack.conversations_info(channel=place.channel)
    except SlackApiError as error:
        raise _why_not(error, private=private)(field="pocket") from error
    except SILENCE as error:
        raise SlackIsSilent from error
    facts = facts_of(said["channel"], known=known)
    _require_usable(said["channel"], facts)
    if facts.is_private and lacks(said.headers, PRIVATE_CHANNELS):
        raise PrivateChannel(field="pocket")
    return facts


async def zone_of(call: Call, person: Person) -> str:
    """Somebody's timezone; empty where Slack does not say in time."""
    try:
        async with asyncio.timeout(PATIENCE):
            return str((await call.slack.users_info(user=person.id))["user"].get("tz") or "")
    except SILENCE as error:  # refused, too: the scope may be missing, or they are of another organisation
        log.info("whoever starts a pocket has no timezone, as far as Slack says: %s", type(error).__name__)
        return ""


def facts_of(info: dict[str, Any], *, known: Ts | None) -> ChannelFacts:
    """What `conversations.info` says of a channel (docs.slack.dev/reference/objects/conversation-object).

    Slack marks a channel as shared also where only workspaces of one organisation share it: that is none of ours.
    """
    external = info.get("is_ext_shared") or info.get("is_pending_ext_shared")
    return ChannelFacts(
        name=info.get("name") or "",
        is_private=bool(info.get("is_private")),
        is_shared=bool(external or (info.get("is_shared") and not info.get("is_org_shared"))),
        is_archived=bool(info.get("is_archived")),
        has_bot=bool(info.get("is_member")),
        known=known,
    )


async def where_invited(
    call: Call, place: Place, do: Callable[[], Awaitable[Result]], *, by: Person | None = None
) -> Result:
    """Do it; where Outloud believes that it was removed, ask Slack before saying so: the news of its return may be lost.

    So, too, where it knows nothing of `by` in that channel. Raises what `do` raises.
    """
    try:
        return await do()
    except NotAMember:
        if by is None or not await _is_there(call, place, by):
            raise
        await call.desk.db.write(channels.seen, place, by, at=call.desk.now())
        return await do()
    except NotInvited as error:
        try:
            facts = await usable(call, place)
        except SlackIsSilent:
            raise error from None
    await call.desk.db.write(gaps.returned, place, known=facts.known, at=call.desk.now())
    return await do()


async def first_step(call: Call, place: Place, do: Callable[[], Awaitable[Result]], *, private: bool = False) -> Result:
    """Do what somebody wants there; in a channel that is no pocket, say what comes before `/outloud start`, if anything does.

    Where Slack is silent, it is said what is known: that it is no pocket. `private` as in `usable`. Raises what `do` raises.
    """
    try:
        return await where_invited(call, place, do)
    except NotAPocket as error:
        with suppress(SlackIsSilent):
            await usable(call, place, private=private)
        raise error  # noqa: TRY201 -- what was suppressed may not be raised in its place


async def typed_step(call: Call, command: Command, do: Callable[[], Awaitable[Result]]) -> Result:
    """The same of a command, where it was typed."""
    return await first_step(call, command.place, do, private=command.is_private)


async def _is_there(call: Call, place: Place, person: Person) -> bool:
    until = asyncio.get_running_loop().time() + PATIENCE
    return place.channel in (await call.desk.viewers.channels(person, until=until) or ())


def _why_not(error: SlackApiError, *, private: bool) -> type[Refusal]:
    """What Slack's error says of a channel. A private one that Outloud is not in, or may not see, does not exist for it."""
    match error_code(error):
        case "missing_scope" if str(error.response.get("needed")).startswith(("im:", "mpim:")):
            return InADirectMessage
        case "missing_scope" if private or "groups:read" in str(error.response.get("needed")):
            return PrivateChannel
        case "missing_scope":
            return NotPermitted
        case "channel_not_found" if private and lacks(error.response.headers, PRIVATE_CHANNELS):
            return PrivateChannel
        case "channel_not_found":
            return NotInvited
        case "method_not_supported_for_channel_type":
            return InADirectMessage
    return SlackIsSilent


def _require_usable(info: dict[str, Any], facts: ChannelFacts) -> None:
    if info.get("is_im") or info.get("is_mpim"):
        raise InADirectMessage(field="pocket")
    if facts.is_archived:
        raise ArchivedChannel(field="pocket")
    if not facts.has_bot:
        raise NotInvited(field="pocket")
