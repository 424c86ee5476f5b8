"""What people see, as tests ask for it."""

from __future__ import annotations

from sandbox.records import Channel
from sandbox.slack import Slack


def cards(slack: Slack, who: str, where: Channel) -> list[str]:
    """The app's messages in a channel, as somebody sees them, but for the news that it is a pocket."""
    messages = slack.sees(who).channel(where)
    return [slack.text_of(one) for one in messages if one.user == slack.app.id and "made this channel" not in one.text]
