"""Posting without saying anything twice.

A post's end is known when Slack answers: said, refused (an error's name), or limited (429). A connection that breaks or a 5xx
leaves it unknown. Each message therefore carries its errand's id in its metadata, and one whose end is unknown is looked for
before it is sent again (docs/decisions/0011).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.duties import Message, error_code
from storage.ids import PersonId, Ts
from storage.outbox import Errand

log = logging.getLogger(__name__)

EVENT = "outloud_errand"
"""The metadata's event type (docs.slack.dev/messaging/message-metadata)."""

CLOCKS_APART = 300.0
"""Seconds by which Slack's clock and ours may differ: the look begins so long before the first try."""

LOOK_AGAIN_AFTER = 3.0
"""Seconds between two looks: a message that Slack was still taking in at the first shows at the second."""


class CantLook(Exception):
    """An earlier try may have reached Slack, and its conversation can't be read to find out."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"It may stand in Slack already, and the conversation can't be read to find out ({reason}). "
            "Look there yourself: if it stands, drop this entry; if not, retry it."
        )


async def post(slack: AsyncWebClient, errand: Errand, message: Message, *, me: PersonId | None) -> Ts:
    """Say it, unless an earlier try has said it. Returns its `ts`. Raises what the SDK raises, and `CantLook`.

    `me` is who Outloud is in this workspace: whose messages to look through.
    """
    if errand.unknown and (found := await find(slack, errand, message.to, me=me)):
        return found
    channel = await _conversation(slack, message.to)
    answer = await slack.chat_postMessage(
        channel=channel,
        text=message.text,
        blocks=message.blocks,
        metadata={"event_type": EVENT, "event_payload": {"errand": errand.id}},
        unfurl_links=False,
        unfurl_media=False,
    )
    return Ts(str(answer["ts"]))


async def find(slack: AsyncWebClient, errand: Errand, to: str, *, me: PersonId | None) -> Ts | None:
    """Where an earlier try has said it, if it has. Raises as `post` does."""
    channel = await _conversation(slack, to)
    found = await _find(slack, channel, errand, me)
    if found is None:
        await asyncio.sleep(LOOK_AGAIN_AFTER)
        found = await _find(slack, channel, errand, me)
    if found is not None:
        log.info("found errand %s as said by an earlier try", errand.id)
    return found


async def _conversation(slack: AsyncWebClient, to: str) -> str:
    """The conversation's id: a person's is the direct message with them."""
    if not to.startswith(("U", "W")):
        return to
    answer = await slack.conversations_open(users=to)
    return str(answer["channel"]["id"])


async def _find(slack: AsyncWebClient, channel: str, errand: Errand, me: PersonId | None) -> Ts | None:
    told, untold = 0, 0
    try:
        async for message in _history(slack, channel, since=errand.tried_at - CLOCKS_APART):
            carried = _errand_of(message)
            if carried == errand.id:
                return Ts(str(message["ts"]))
            if carried is not None:
                told += 1
            elif message.get("user") == me and "subtype" not in message:  # with one, it is Slack that speaks of us
                untold += 1
    except SlackApiError as error:
        if (code := error_code(error)) in ("missing_scope", "not_in_channel", "channel_not_found"):
            raise CantLook(code) from error
        raise
    if untold and not told:  # ours, and Slack shows of none which errand it was: this one may be among them
        raise CantLook("Slack shows no metadata")
    return None


def _errand_of(message: dict[str, Any]) -> str | None:
    """The errand that a message says it is; none where it says nothing, or Slack leaves it out."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return payload.get("errand") if metadata.get("event_type") == EVENT else None


async def _history(slack: AsyncWebClient, channel: str, *, since: float) -> AsyncIterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = await slack.conversations_history(
            channel=channel, oldest=f"{since:.6f}", limit=200, cursor=cursor, include_all_metadata=True
        )
        for message in page["messages"]:
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return
