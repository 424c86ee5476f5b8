"""A look at a channel while somebody waits for their answer: what kind it is, and whether Outloud is in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from storage import gaps
from storage.channels import ChannelFacts
from storage.ids import Place, Ts
from storage.refusals import (
    ArchivedChannel,
    InADirectMessage,
    NotAPocket,
    NotInvited,
    NotPermitted,
    PrivateChannel,
    Refusal,
    SharedChannel,
    SlackIsSilent,
)

from .answers import SILENCE
from .desk import Call
from .payloads import Command

LOOKS_LIKE: dict[str, type[Refusal]] = {
    "channel_not_found": NotInvited,  # a private channel that Outloud is not in does not exist for it
    "missing_scope": NotPermitted,
    "method_not_supported_for_channel_type": InADirectMessage,
}

PATIENCE = 1.0
"""Seconds that a look at Slack may take while somebody waits for their answer."""

Result = TypeVar("Result")


async def usable(call: Call, place: Place) -> ChannelFacts:
    """What Slack says of a channel that may be a pocket. Raises the refusal for one that can't, to be said at a form's pocket."""
    known = call.desk.heard.newest(call.workspace)
    try:
        async with asyncio.timeout(PATIENCE):
            info = (await call.slack.conversations_info(channel=place.channel))["channel"]
    except SlackApiError as error:
        raise LOOKS_LIKE.get(str(error.response.get("error")), SlackIsSilent)(field="pocket") from error
    except SILENCE as error:
        raise SlackIsSilent from error
    _require_usable(info)
    return facts_of(info, known=known)


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


async def where_invited(call: Call, place: Place, do: Callable[[], Awaitable[Result]]) -> Result:
    """Do it; where Outloud believes that it was removed, ask Slack before saying so: the news of its return may be lost.

    Raises what `do` raises.
    """
    try:
        return await do()
    except NotInvited as error:
        try:
            facts = await usable(call, place)
        except SlackIsSilent:
            raise error from None
    await call.desk.db.write(gaps.returned, place, known=facts.known, at=call.desk.now())
    return await do()


async def first_step(call: Call, command: Command, do: Callable[[], Awaitable[Result]]) -> Result:
    """Do what was typed; in a channel that is no pocket, say what comes before `/outloud start`, if anything does.

    Raises what `do` raises.
    """
    try:
        return await where_invited(call, command.place, do)
    except NotAPocket as error:
        if command.is_private:
            raise PrivateChannel from error
        with suppress(SlackIsSilent):
            await usable(call, command.place)
        raise


def _require_usable(info: dict[str, Any]) -> None:
    facts = facts_of(info, known=None)
    if info.get("is_im") or info.get("is_mpim"):
        raise InADirectMessage(field="pocket")
    if facts.is_archived:
        raise ArchivedChannel(field="pocket")
    if facts.is_private:
        raise PrivateChannel(field="pocket")
    if facts.is_shared:
        raise SharedChannel(field="pocket")
    if not facts.has_bot:
        raise NotInvited(field="pocket")
