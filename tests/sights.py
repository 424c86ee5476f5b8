"""What people see, as tests ask for it."""

from __future__ import annotations

from sandbox.records import Channel, Message
from sandbox.slack import Slack


def cards(slack: Slack, who: str, where: Channel) -> list[str]:
    """The app's messages in a channel, as somebody sees them, but for the news that it is a pocket."""
    messages = slack.sees(who).channel(where)
    return [
        slack.text_of(one)
        for one in messages
        if one.user == slack.app.id and one.app_id and "made this channel" not in one.text
    ]


def refusals(slack: Slack, who: str) -> list[str]:
    """The permalinks of the messages that somebody was told, privately, can't be kept."""
    texts = [one.text for one in slack.sees(who).ephemerals]
    return [text[1:].split("|")[0] for text in texts if text.endswith("|This message> can't be kept.")]


def link_of(slack: Slack, message: Message) -> str:
    """Its permalink, without the thread."""
    return slack.world.permalink(message).split("?")[0]
