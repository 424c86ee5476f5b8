"""Which conversations the app may see and write into, by its memberships and scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.records import Channel, SlackError

if TYPE_CHECKING:
    from .method import Asked

FAMILY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
"""How scopes are named for each type of conversation: `channels:read`, `groups:history` and so on."""


def is_visible(asked: Asked, channel: Channel) -> bool:
    """Whether the app can see a conversation at all: a public channel, or one it is in."""
    return channel.type == "channel" or asked.world.app.user in channel.members


def seen(asked: Asked, channel_id: str, scope: str = "") -> Channel:
    """A conversation the app can see; with `scope` (`read` or `history`), only with the scope of its type.

    Raises `channel_not_found` also for what the app may not know of, `missing_scope`.
    """
    channel = asked.world.channel(channel_id)
    if not is_visible(asked, channel):
        raise SlackError("channel_not_found")
    if scope:
        asked.need(f"{FAMILY[channel.type]}:{scope}")
    return channel


def joined(asked: Asked, channel_id: str, scope: str = "") -> Channel:
    """A conversation the app is in. Raises as `seen` does, and `not_in_channel`."""
    channel = seen(asked, channel_id, scope)
    if asked.world.app.user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def direct_message(asked: Asked, *user_ids: str) -> Channel:
    """The app's direct message with these people.

    Raises `user_not_found`, `user_disabled`, `cannot_dm_bot`, `too_many_users`.
    """
    people = [asked.world.person(user_id) for user_id in user_ids]
    if any(person.deleted for person in people):
        raise SlackError("user_disabled")
    if any(person.is_bot for person in people):
        raise SlackError("cannot_dm_bot")
    return asked.world.open_dm(asked.world.app.user, *user_ids)
