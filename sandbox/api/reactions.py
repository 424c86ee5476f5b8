"""Reactions: add, remove, get."""

from __future__ import annotations

from sandbox.emoji import is_emoji
from sandbox.quotas import Tier
from sandbox.records import Json, SlackError

from .access import joined
from .arguments import FLAG, STAMP, TEXT, needed, refused_as
from .history import told
from .method import Asked, Method


def reactions_add(asked: Asked) -> Json:
    """Give a message an emoji. Raises `invalid_name`, `already_reacted`, `too_many_reactions` and the like."""
    channel = joined(asked, asked.text("channel"))
    asked.world.react(channel.id, asked.text("timestamp"), asked.world.app.user, _name(asked))
    return {}


def reactions_remove(asked: Asked) -> Json:
    """Take the app's own emoji back. Raises `no_reaction` and the like."""
    _no_file(asked)
    channel = joined(asked, asked.text("channel"))
    asked.world.unreact(channel.id, asked.text("timestamp"), asked.world.app.user, _name(asked))
    return {}


def reactions_get(asked: Asked) -> Json:
    """Show a message with its reactions and its permalink; `full` names everybody."""
    _no_file(asked)
    channel = joined(asked, asked.text("channel"))
    message = asked.world.message(channel.id, asked.text("timestamp"))
    shape = told(asked, message, full=asked.flag("full"))
    return {
        "type": "message",
        "channel": channel.id,
        "message": shape | {"permalink": asked.world.permalink(message)},
    }


def _name(asked: Asked) -> str:
    name = asked.text("name").strip(":")
    if not is_emoji(name, asked.world.emoji):
        raise SlackError("invalid_name")
    return name


def _no_file(asked: Asked) -> None:
    if asked.text("file") or asked.text("file_comment"):
        raise SlackError("file_not_found")


ITEM = {
    "channel": needed(TEXT, "no_item_specified"),
    "timestamp": needed(refused_as(STAMP, "bad_timestamp"), "no_item_specified"),
}
NAME = {"name": needed(TEXT, "invalid_name")}
FILES = {"file": TEXT, "file_comment": TEXT}

METHODS = (
    Method("reactions.add", reactions_add, Tier.THREE, NAME | ITEM, ("reactions:write",)),
    Method("reactions.remove", reactions_remove, Tier.TWO, NAME | ITEM | FILES, ("reactions:write",)),
    Method("reactions.get", reactions_get, Tier.THREE, ITEM | FILES | {"full": FLAG}, ("reactions:read",)),
)
