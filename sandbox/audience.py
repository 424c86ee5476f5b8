"""Which events the app hears: those its manifest names, with the scope granted, of channels its bot is in.

Each event's scopes are on its page below https://docs.slack.dev/reference/events
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .manifest import Manifest
    from .records import Channel, Happening, Json
    from .world import World

MESSAGES = {
    "channel": ("message.channels", "channels:history"),
    "group": ("message.groups", "groups:history"),
    "im": ("message.im", "im:history"),
    "mpim": ("message.mpim", "mpim:history"),
}
"""A message's kind of channel: the event to subscribe to, and its scope."""

READERS = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
"""The scope for what happens to a channel of each kind."""

OWN_SCOPES = {
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "app_mention": "app_mentions:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "emoji_changed": "emoji:read",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
}

WORKSPACE_WIDE = frozenset(
    {
        "channel_created",
        "channel_rename",
        "channel_archive",
        "channel_unarchive",
        "channel_deleted",
        "channel_left",
        "group_left",
        "group_deleted",
    }
)
"""Heard without being in the channel: news of public channels, and that the app itself is out."""


def heard_events(world: World, manifest: Manifest, happening: Happening) -> Iterator[Json]:
    """The inner events that the app is sent because of what happened: none, one, or a mention besides a message."""
    event = happening.event
    channel = world.channels.get(happening.channel or "")
    if _is_heard(world, manifest, event, channel):
        yield event
    if channel and channel.type != "im":
        said = _written(event)
        mention = {key: value for key, value in said.items() if key != "channel_type"} | {"type": "app_mention"}
        if _mentions_app(world, said) and _is_heard(world, manifest, mention, channel):
            yield mention


def _written(event: Json) -> Json:
    """What somebody wrote: of an edit, the message as it is now, which is told of anew (slackapi/bolt-js#960)."""
    if event.get("subtype") != "message_changed":
        return event
    now, before = event["message"], event["previous_message"]
    if now.get("text") == before.get("text"):
        return event
    return {**now, "channel": event["channel"], "event_ts": event["event_ts"]}


def _is_heard(world: World, manifest: Manifest, event: Json, channel: Channel | None) -> bool:
    kind = event["type"]
    subscription, scope = _needs(kind, channel)
    if subscription not in manifest.bot_events or (scope and scope not in world.app.scopes):
        return False
    return channel is None or kind in WORKSPACE_WIDE or world.app.user in channel.members


def _needs(kind: str, channel: Channel | None) -> tuple[str, str]:
    if kind == "message":
        return MESSAGES[channel.type if channel else "channel"]
    if kind in OWN_SCOPES:
        return kind, OWN_SCOPES[kind]
    if channel:
        return kind, READERS[channel.type]
    return kind, READERS["group" if kind.startswith("group_") else "channel"]


def _mentions_app(world: World, event: Json) -> bool:
    is_plain = event["type"] == "message" and event.get("subtype", "") in ("", "thread_broadcast", "file_share")
    return is_plain and f"<@{world.app.user}>" in event.get("text", "") and event.get("user") != world.app.user
