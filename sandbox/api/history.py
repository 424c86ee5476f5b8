"""What was said: conversations.history and conversations.replies, newest first and oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.quotas import Tier
from sandbox.records import Json, SlackError
from sandbox.shapes import message_json

from .access import joined
from .arguments import CHANNEL, FLAG, STAMP, needed, refused_as
from .method import Asked, Method
from .paging import page_of
from .users import PAGE

if TYPE_CHECKING:
    from sandbox.records import Message

HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")

USERS_SHOWN = 25
"""How many of a reaction's people are named where not all are asked for; `count` counts all.

Slack documents that not all need be named, but no number: https://docs.slack.dev/reference/methods/reactions.get
"""


def conversations_history(asked: Asked) -> Json:
    """List a conversation's messages, newest first, without the replies in its threads."""
    channel = joined(asked, asked.text("channel"), "history")
    shown = [message for message in channel.messages.values() if not message.is_reply or is_broadcast(message)]
    shown = [message for message in reversed(shown) if _within(asked, message)]
    messages, metadata = page_of(asked, shown, default=100, most=999)
    answer: Json = {
        "messages": [told(asked, message) for message in messages],
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if metadata["next_cursor"]:
        answer["response_metadata"] = metadata
    return answer | ({"latest": asked.text("latest")} if asked.text("latest") else {})


def conversations_replies(asked: Asked) -> Json:
    """List a thread: the message that began it, then its replies, oldest first. Raises `thread_not_found`."""
    channel = joined(asked, asked.text("channel"), "history")
    first = channel.messages.get(asked.text("ts"))
    if first is None:
        raise SlackError("thread_not_found")
    replies = [channel.messages[ts] for ts in channel.threads.get(first.ts, ())]
    shown = [first, *[reply for reply in replies if _within(asked, reply)]]
    messages, metadata = page_of(asked, shown, default=1000, most=1000)
    answer: Json = {"messages": [told(asked, message) for message in messages]}
    answer["has_more"] = bool(metadata["next_cursor"])
    return answer | ({"response_metadata": metadata} if metadata["next_cursor"] else {})


def is_broadcast(message: Message) -> bool:
    """Whether a reply was also sent to the channel."""
    return message.subtype == "thread_broadcast"


def told(asked: Asked, message: Message, *, full: bool = False) -> Json:
    """A message as the reading methods answer it; `full` names everybody who reacted."""
    shape = message_json(asked.world, message, metadata=asked.flag("include_all_metadata"))
    for reaction in shape.get("reactions", ()) if not full else ():
        reaction["users"] = reaction["users"][:USERS_SHOWN]
    return shape


def _within(asked: Asked, message: Message) -> bool:
    oldest, latest, inclusive = asked.text("oldest"), asked.text("latest"), asked.flag("inclusive")
    at = _micros(message.ts)
    after = not oldest or at > _micros(oldest) or (inclusive and at == _micros(oldest))
    before = not latest or at < _micros(latest) or (inclusive and at == _micros(latest))
    return after and before


def _micros(ts: str) -> int:
    seconds, _, micros = ts.partition(".")
    return int(seconds) * 1_000_000 + int(micros.ljust(6, "0"))


WINDOW = PAGE | {
    "channel": CHANNEL,
    "oldest": refused_as(STAMP, "invalid_ts_oldest"),
    "latest": refused_as(STAMP, "invalid_ts_latest"),
    "inclusive": FLAG,
    "include_all_metadata": FLAG,
}

METHODS = (
    Method("conversations.history", conversations_history, Tier.THREE, WINDOW, HISTORY),
    Method(
        "conversations.replies",
        conversations_replies,
        Tier.THREE,
        WINDOW | {"ts": needed(refused_as(STAMP, "thread_not_found"), "thread_not_found")},
        HISTORY,
    ),
)
