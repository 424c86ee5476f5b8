"""Conversations: info, list, members, open, join. What was said in them: `sandbox.api.history`."""

from __future__ import annotations

from sandbox.quotas import Tier
from sandbox.records import Json, SlackError
from sandbox.shapes import channel_json

from .access import direct_message, is_visible, seen
from .arguments import CHANNEL, FLAG, TEXT, WORDS
from .method import Asked, Method
from .paging import page_of
from .users import PAGE, READ, wanted_types


def conversations_info(asked: Asked) -> Json:
    """Describe a conversation the app can see."""
    channel = seen(asked, asked.text("channel"), "read")
    shape = channel_json(channel, for_user=asked.world.app.user, world=asked.world)
    if asked.flag("include_num_members"):
        shape["num_members"] = len(channel.members)
    if asked.flag("include_locale"):
        shape["locale"] = "en-US"
    return {"channel": shape}


def conversations_list(asked: Asked) -> Json:
    """List the conversations the app can see, of the `types` asked for."""
    wanted = wanted_types(asked)
    found = [
        channel
        for channel in asked.world.channels.values()
        if channel.type in wanted
        and is_visible(asked, channel)
        and not (channel.is_archived and asked.flag("exclude_archived"))
    ]
    channels, metadata = page_of(asked, found, default=100, most=999)
    own = asked.world.app.user
    shapes = [channel_json(channel, for_user=own, world=asked.world) for channel in channels]
    for shape, channel in zip(shapes, channels, strict=True):
        if not channel.is_im:
            shape["num_members"] = len(channel.members)
    return {"channels": shapes, "response_metadata": metadata}


def conversations_members(asked: Asked) -> Json:
    """List the ids of who is in a conversation."""
    channel = seen(asked, asked.text("channel"), "read")
    members, metadata = page_of(asked, list(channel.members), default=100, most=999)
    return {"members": members, "response_metadata": metadata}


def conversations_open(asked: Asked) -> Json:
    """Open, or find, the app's direct message with one person or several.

    Raises `users_list_not_supplied`, `user_not_found`, `user_disabled`, `cannot_dm_bot`, `too_many_users`,
    `channel_not_found` and `method_not_supported_for_channel_type` (with `channel`), `missing_scope`.
    """
    world, users = asked.world, asked.args.get("users") or []
    before = set(world.channels)
    if asked.text("channel"):
        channel = seen(asked, asked.text("channel"))
        if channel.type not in ("im", "mpim"):
            raise SlackError("method_not_supported_for_channel_type")
    elif users:
        asked.need("im:write" if len(set(users)) == 1 else "mpim:write")
        if asked.flag("prevent_creation"):
            _must_stand(asked, users)
        channel = direct_message(asked, *users)
    else:
        raise SlackError("users_list_not_supplied")
    answer: Json = {"channel": {"id": channel.id}}
    if channel.id in before:
        answer |= {"no_op": True, "already_open": True}
    if asked.flag("return_im"):
        answer["channel"] = channel_json(channel, for_user=world.app.user, world=world)
    return answer


def _must_stand(asked: Asked, users: list[str]) -> None:
    people = {asked.world.app.user, *users}
    channels = asked.world.channels.values()
    if not any(channel.type in ("im", "mpim") and channel.members.keys() == people for channel in channels):
        raise SlackError("channel_not_found")


def conversations_join(asked: Asked) -> Json:
    """Make the app a member of a public channel.

    Raises `channel_not_found`, `is_archived`, `method_not_supported_for_channel_type`.
    """
    channel = seen(asked, asked.text("channel"))
    if channel.type != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    own = asked.world.app.user
    warning = {"warning": "already_in_channel"} if own in channel.members else {}
    asked.world.join(channel.id, own)
    return {"channel": channel_json(channel, for_user=own, world=asked.world)} | warning


METHODS = (
    Method(
        "conversations.info",
        conversations_info,
        Tier.THREE,
        {"channel": CHANNEL, "include_locale": FLAG, "include_num_members": FLAG},
        READ,
    ),
    Method(
        "conversations.list",
        conversations_list,
        Tier.TWO,
        PAGE | {"types": WORDS, "exclude_archived": FLAG},
        READ,
    ),
    Method("conversations.members", conversations_members, Tier.FOUR, PAGE | {"channel": CHANNEL}, READ),
    Method(
        "conversations.open",
        conversations_open,
        Tier.THREE,
        {"channel": TEXT, "users": WORDS, "return_im": FLAG, "prevent_creation": FLAG},
        ("channels:manage", "groups:write", "im:write", "mpim:write"),
    ),
    Method("conversations.join", conversations_join, Tier.THREE, {"channel": CHANNEL}, ("channels:join",)),
)
