"""What people see, as tests ask for it."""

from __future__ import annotations

import re

from sandbox.records import Channel, Message
from sandbox.slack import Slack

CONTROLS = re.compile(r"\n\[It helped me\] \[Edit \| Out of date \| Delete( \| Endorse its author[^\]]*)?\]$")
"""What can be pressed on a card."""


def cards(slack: Slack, who: str, where: Channel) -> list[str]:
    """The app's messages in a channel, as somebody sees them, but for what can be pressed, and the news that it is a pocket."""
    messages = slack.sees(who).channel(where)
    return [
        CONTROLS.sub("", slack.text_of(one))
        for one in messages
        if one.user == slack.app.id and one.app_id and "made this channel" not in one.text
    ]


def card_of(slack: Slack, where: Channel, words: str) -> Message:
    """The app's message in a channel that says this. Raises `LookupError` where there is none."""
    messages = slack.world.channel(where.id).messages.values()
    found = [one for one in messages if one.user == slack.app.id and words in slack.text_of(one)]
    return found[-1]


def helped(slack: Slack, card: Message) -> int:
    """How many people it helped, as its card says."""
    found = re.search(r"🔑 helped (\d+)", slack.text_of(card))
    return int(found[1]) if found else 0


def refusals(slack: Slack, who: str) -> list[str]:
    """The permalinks of the messages that somebody was told, privately, can't be kept."""
    texts = [one.text for one in slack.sees(who).ephemerals]
    return [text[1:].split("|")[0] for text in texts if text.endswith("|This message> can't be kept.")]


def link_of(slack: Slack, message: Message) -> str:
    """Its permalink, without the thread."""
    return slack.world.permalink(message).split("?")[0]
