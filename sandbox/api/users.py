"""People: users.info, users.list, users.conversations, emoji.list."""

from __future__ import annotations

from sandbox.emoji import standard_names
from sandbox.quotas import Tier
from sandbox.records import Channel, Json, SlackError
from sandbox.shapes import channel_json, person_json

from .access import FAMILY
from .arguments import CURSOR, FLAG, NUMBER, TEXT, WORDS, needed
from .method import Asked, Method
from .paging import page_of

TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
"""The words of the argument `types`, and the type of conversation each means."""

READ = ("channels:read", "groups:read", "im:read", "mpim:read")


def users_info(asked: Asked) -> Json:
    """Describe a person. Raises `user_not_found`."""
    person = asked.world.person(asked.text("user"))
    shape = person_json(person, world=asked.world)
    return {"user": shape | {"locale": "en-US"} if asked.flag("include_locale") else shape}


def users_list(asked: Asked) -> Json:
    """List everybody, deactivated people too."""
    people, metadata = page_of(asked, list(asked.world.people.values()), default=1000, most=1000)
    members = [person_json(person, world=asked.world) for person in people]
    return {"members": members, "cache_ts": int(asked.world.clock.now()), "response_metadata": metadata}


def users_conversations(asked: Asked) -> Json:
    """List where a person is, of what the app may know.

    Public channels, and private ones where the app is too; direct messages only where both are.
    """
    world, user_id = asked.world, asked.text("user") or asked.world.app.user
    world.person(user_id)
    wanted = wanted_types(asked)
    own = world.app.user
    found = [
        channel
        for channel in world.channels.values()
        if channel.type in wanted
        and user_id in channel.members
        and (channel.type == "channel" or own in channel.members)
        and not (channel.is_archived and asked.flag("exclude_archived"))
    ]
    channels, metadata = page_of(asked, found, default=100, most=999)
    return {"channels": [_without_membership(asked, channel) for channel in channels], "response_metadata": metadata}


def _without_membership(asked: Asked, channel: Channel) -> Json:
    shape = channel_json(channel, for_user=asked.world.app.user, world=asked.world)
    shape.pop("is_member", None)
    return shape


def wanted_types(asked: Asked) -> set[str]:
    """The types of conversation asked for. Raises `invalid_types`, and `missing_scope` for any without its scope."""
    words = asked.args.get("types") or ["public_channel"]
    if unknown := set(words) - TYPES.keys():
        raise SlackError("invalid_types", types=sorted(unknown))
    wanted = {TYPES[word] for word in words}
    for kind in sorted(wanted):
        asked.need(f"{FAMILY[kind]}:read")
    return wanted


def emoji_list(asked: Asked) -> Json:
    """List the workspace's own emoji; with `include_categories`, the standard ones, too."""
    listed: Json = {"emoji": dict(asked.world.emoji), "cache_ts": str(asked.world.clock.now())}
    if asked.flag("include_categories"):
        listed["categories"] = [{"name": "All", "emoji_names": sorted(standard_names())}]
    return listed


PAGE = {"cursor": CURSOR, "limit": NUMBER}

METHODS = (
    Method(
        "users.info",
        users_info,
        Tier.FOUR,
        {"user": needed(TEXT, "user_not_found"), "include_locale": FLAG},
        ("users:read",),
    ),
    Method("users.list", users_list, Tier.TWO, PAGE | {"include_locale": FLAG}, ("users:read",)),
    Method(
        "users.conversations",
        users_conversations,
        Tier.THREE,
        PAGE | {"user": TEXT, "types": WORDS, "exclude_archived": FLAG},
        READ,
    ),
    Method("emoji.list", emoji_list, Tier.TWO, {"include_categories": FLAG}, ("emoji:read",)),
)
