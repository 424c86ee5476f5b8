"""Posting without saying anything twice.

A post's end is known when Slack answers: said, refused (an error's name), or limited (429). A connection that breaks or a 5xx
leaves it unknown. Each message therefore carries its errand's id in its metadata, and one whose end is unknown is looked for
before it is sent again (docs/decisions/0011).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.duties import Message, error_code
from handlers.slack.reaching import CLOSED
from storage.ids import PersonId, Ts
from storage.owed.outbox import Errand

from .directs import Directs

log = logging.getLogger(__name__)

EVENT = "outloud_errand"
"""The metadata's event type (docs.slack.dev/messaging/message-metadata)."""

CLOCKS_APART = 300
"""Seconds by which the clocks of Slack's own machines may differ: the look begins so long before what was heard last."""

LOOK_AGAIN_AFTER = 3.0
"""Seconds between two looks: a message that Slack was still taking in at the first shows at the second."""

NO_ACCESS = {"missing_scope", "not_in_channel", "channel_not_found"}
"""Slack's errors where a conversation's history may not be read."""


class CantLook(Exception):
    """An earlier try may have reached Slack, and its conversation can't be read to find out."""

    def __init__(self, errand: Errand, reason: str) -> None:
        tried = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(errand.tried_at))
        super().__init__(
            f"It may stand in Slack already, and {errand.lane} can't be read to find out ({reason}). Look there for a "
            f"message of {tried} or little later that says it: if it stands, drop this entry; if not, retry it."
        )


class LeaseTooShort(Exception):
    """The errand was held up: its lease might end, and somebody else take it, before this call has ended."""


class TurnOver(Exception):
    """The errand was held up since Slack's pace let it go: by now, another call may have had its turn."""


@dataclass(frozen=True, slots=True)
class Held:
    """An errand in hand, and `now`, the clock of its lease (seconds since 1970, UTC); `longest_call` in seconds.

    It has its turn at Slack's pace `since` then (monotonic), for `fresh` seconds.
    """

    errand: Errand
    now: Callable[[], float]
    longest_call: float
    since: float
    fresh: float

    def require(self) -> None:
        """Raise `LeaseTooShort` unless a call that begins now is sure to end within the lease."""
        if self.errand.until - self.now() < self.longest_call:
            raise LeaseTooShort

    def has_turn(self, *, within: float) -> bool:
        """Whether it had its turn less than so many seconds ago."""
        return time.monotonic() - self.since < within

    def require_turn(self) -> None:
        """The same as `require`; and raise `TurnOver` unless its turn is still its."""
        self.require()
        if not self.has_turn(within=self.fresh):
            raise TurnOver


_HELD: ContextVar[Callable[[], None] | None] = ContextVar("held", default=None)


def last_look() -> aiohttp.TraceConfig:
    """For the session that posts: it looks at the lease once more when the first byte is about to be written.

    A process may have been paused since it looked before: while it asked for an address, connected, or just so. What
    is left is the moment between this look and the write (docs/decisions/0016).
    """
    tracing = aiohttp.TraceConfig()
    tracing.on_request_headers_sent.append(_require_held)  # called before they are written, whatever its name says
    return tracing


async def _require_held(*_of_aiohttp: object) -> None:
    look = _HELD.get()
    if look is not None:
        look()


@contextmanager
def holding(look: Callable[[], None]) -> Iterator[None]:
    """No call of the Web API begins meanwhile in this task unless `look` lets it: a `require` of what is held, which raises."""
    looking = _HELD.set(look)
    try:
        yield
    finally:
        _HELD.reset(looking)


async def post(slack: AsyncWebClient, directs: Directs, errand: Errand, message: Message, held: Held) -> Ts:
    """Say it, if the lease still allows it right before, and Slack's pace. Returns its `ts`.

    Raises what the SDK raises, `LeaseTooShort` and `TurnOver`.
    """
    channel = directs.remembered(errand.workspace, message.to)
    if channel is not None:
        try:
            return await _post(slack, channel, errand, message, held)
        except SlackApiError as error:
            if channel == message.to or error_code(error) not in CLOSED:
                raise
    # Where a direct message takes nothing any more, Slack says now where it is, or why it can't be.
    return await _post(slack, await directs.ask(errand.workspace, message.to), errand, message, held)


async def _post(slack: AsyncWebClient, channel: str, errand: Errand, message: Message, held: Held) -> Ts:
    held.require_turn()
    with holding(held.require_turn):
        answer = await slack.chat_postMessage(
            channel=channel,
            text=message.text,
            blocks=message.blocks,
            thread_ts=message.thread,
            metadata={"event_type": EVENT, "event_payload": {"errand": errand.id}},
            unfurl_links=False,
            unfurl_media=False,
        )
    return Ts(str(answer["ts"]))


async def find(
    slack: AsyncWebClient, directs: Directs, errand: Errand, message: Message, *, me: PersonId | None
) -> Ts | None:
    """Where an earlier try has said it, if it has: two looks. `me` is who Outloud is there: whose messages to look through.

    Raises what the SDK raises, and `CantLook`.
    """
    channel = await directs.ask(errand.workspace, message.to)
    found = await _find(slack, channel, message.thread, errand, me)
    if found is None:
        await asyncio.sleep(LOOK_AGAIN_AFTER)
        found = await _find(slack, channel, message.thread, errand, me)
    if found is not None:
        log.info("found errand %s as said by an earlier try", errand.id)
    return found


async def _find(
    slack: AsyncWebClient, channel: str, thread: Ts | None, errand: Errand, me: PersonId | None
) -> Ts | None:
    told, untold = 0, 0
    try:
        async for message in _said(slack, channel, thread, since=errand.after_ts):
            carried = _errand_of(message)
            if carried == errand.id:
                return Ts(str(message["ts"]))
            if carried is not None:
                told += 1
            elif message.get("user") == me and "subtype" not in message:  # with one, it is Slack that speaks of us
                untold += 1
    except SlackApiError as error:
        code = error_code(error)
        if thread is not None and code == "thread_not_found":
            return None  # what the thread hung on is gone, and all that stood in it
        if code in NO_ACCESS:
            raise CantLook(errand, code) from error
        raise
    if untold and not told:  # ours, and Slack shows of none which errand it was: this one may be among them
        raise CantLook(errand, "Slack shows no metadata")
    return None


def _errand_of(message: dict[str, Any]) -> str | None:
    """The errand that a message says it is; none where it says nothing, or Slack leaves it out."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return payload.get("errand") if metadata.get("event_type") == EVENT else None


async def _said(
    slack: AsyncWebClient, channel: str, thread: Ts | None, *, since: Ts | None
) -> AsyncIterator[dict[str, Any]]:
    """All that was said in a conversation, or in a thread of it, since a little before `since` (Slack's time)."""
    cursor = ""
    window: dict[str, Any] = {"channel": channel, "limit": 200, "include_all_metadata": True}
    if since is not None:
        window["oldest"] = f"{int(float(since)) - CLOCKS_APART}.000000"
    while True:
        if thread is None:
            page = await slack.conversations_history(**window, cursor=cursor)
        else:
            page = await slack.conversations_replies(**window, ts=thread, cursor=cursor)
        for message in page["messages"]:
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return
