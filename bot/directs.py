"""Which conversation is the direct message with somebody: Slack is asked once, for `conversations.open` has a rate of its own."""

from __future__ import annotations

import time
from collections import OrderedDict

from slack_sdk.web.async_client import AsyncWebClient

from storage.ids import WorkspaceId

MOST = 10_000
"""People whose direct message is remembered, some 2 MB; who was asked about longest ago is forgotten first."""

HOLD_FOR = 3600.0
"""Seconds for which it is."""

PEOPLE = ("U", "W")
"""What people's ids begin with."""


class Directs:
    """What Slack has told of direct messages in this process. One stays the same for as long as its two people are there.

    It is asked again after an hour: it says then whether somebody can still be written to. What it takes of posts does not.
    """

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack
        self._told: OrderedDict[tuple[WorkspaceId, str], tuple[str, float]] = OrderedDict()

    def remembered(self, workspace: WorkspaceId, to: str) -> str | None:
        """The conversation's id, where Slack need not be asked: a channel's, or what it told before, which may hold no more.

        Also in the writer's thread.
        """
        if not to.startswith(PEOPLE):
            return to
        channel, at = self._told.get((workspace, to), ("", -HOLD_FOR))
        return channel if time.monotonic() - at < HOLD_FOR else None

    async def ask(self, workspace: WorkspaceId, to: str) -> str:
        """The conversation's id, by what Slack says now. Raises what the SDK raises."""
        if not to.startswith(PEOPLE):
            return to
        self._told.pop((workspace, to), None)
        answer = await self._slack.conversations_open(users=to)
        channel = str(answer["channel"]["id"])
        self._told[workspace, to] = channel, time.monotonic()
        if len(self._told) > MOST:
            self._told.popitem(last=False)
        return channel
