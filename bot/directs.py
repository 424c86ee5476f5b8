"""Which conversation is the direct message with somebody: Slack is asked once, for `conversations.open` has a rate of its own."""

from __future__ import annotations

from collections import OrderedDict

from slack_sdk.web.async_client import AsyncWebClient

from storage.ids import WorkspaceId

MOST = 10_000
"""People whose direct message is remembered, some 2 MB; who was written to longest ago is forgotten first."""

PEOPLE = ("U", "W")
"""What people's ids begin with."""


class Directs:
    """What Slack has told of direct messages in this process. One stays the same for as long as its two people are there."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack
        self._told: OrderedDict[tuple[WorkspaceId, str], str] = OrderedDict()

    def remembered(self, workspace: WorkspaceId, to: str) -> str | None:
        """The conversation's id, where Slack need not be asked: a channel's, or what it told before, which may hold no more."""
        if not to.startswith(PEOPLE):
            return to
        if (told := self._told.get((workspace, to))) is not None:
            self._told.move_to_end((workspace, to))
        return told

    async def ask(self, workspace: WorkspaceId, to: str) -> str:
        """The conversation's id, by what Slack says now. Raises what the SDK raises."""
        if not to.startswith(PEOPLE):
            return to
        self._told.pop((workspace, to), None)
        answer = await self._slack.conversations_open(users=to)
        self._told[workspace, to] = channel = str(answer["channel"]["id"])
        if len(self._told) > MOST:
            self._told.popitem(last=False)
        return channel
