"""Slack's shapes of people, channels, messages and views, each written once: for the Web API's answers and for events.

Sources: https://docs.slack.dev/reference/objects (user, conversation), https://docs.slack.dev/reference/events/message
and https://docs.slack.dev/reference/views
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .composing import composed

if TYPE_CHECKING:
    from .records import Channel, Json, Message, Person, View
    from .state import State

REPLY_USERS_SHOWN = 5
COMPOSED = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of messages that people write in Slack's client."""

PING = re.compile(r"<(?:@([UW][A-Z0-9]+)|!(channel|here|everyone)|!subteam\^(S[A-Z0-9]+))(?:\|[^>]*)?>")


def person_json(person: Person, *, world: State) -> Json:
    """A user object (https://docs.slack.dev/reference/objects/user-object)."""
    first, _, last = person.real_name.partition(" ")
    offset = ZoneInfo(person.tz).utcoffset(datetime.fromtimestamp(world.clock.now(), ZoneInfo(person.tz)))
    shape: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.name,
            "display_name_normalized": person.name,
            "first_name": first,
            "last_name": last,
            "team": person.team_id,
            "status_text": person.status_text,
            "status_emoji": person.status_emoji,
            "status_expiration": person.status_expiration,
        },
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": int(world.clock.now()),
    }
    if person.is_bot:
        shape["profile"] |= {"bot_id": person.bot_id, "api_app_id": world.app.id if person.id == world.app.user else ""}
    if person.enterprise_id:
        shape["enterprise_user"] = {"id": person.id, "enterprise_id": person.enterprise_id}
    if person.team_id != world.team_id:
        shape["is_stranger"] = False
    if person.deleted:
        return shape
    zone = {"tz": person.tz, "tz_label": person.tz, "tz_offset": int(offset.total_seconds()) if offset else 0}
    admin = {"is_admin": person.is_admin, "is_owner": False, "is_primary_owner": False}
    guest = {"is_restricted": person.is_restricted, "is_ultra_restricted": person.is_ultra_restricted}
    return shape | {"real_name": person.real_name} | zone | admin | guest


def channel_json(channel: Channel, *, for_user: str, world: State) -> Json:
    """A conversation object as `for_user` (an id) sees it.

    https://docs.slack.dev/reference/objects/conversation-object
    """
    if channel.is_im:
        return _im_json(channel, for_user, world)
    is_shared = channel.is_ext_shared or channel.is_org_shared
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private and not channel.is_mpim,
        "is_im": False,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private,
        "created": channel.created,
        "updated": channel.created * 1000,
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "is_member": for_user in channel.members,
        "is_shared": is_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "is_org_shared": channel.is_org_shared,
        "pending_shared": [],
        "shared_team_ids": sorted({world.team_id, *_teams(channel, world)} if is_shared else {world.team_id}),
        "context_team_id": world.team_id,
        "unlinked": 0,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def _im_json(channel: Channel, for_user: str, world: State) -> Json:
    other = next((user_id for user_id in channel.members if user_id != for_user), for_user)
    known = world.people.get(other)
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": False,
        "is_im": True,
        "is_org_shared": channel.is_org_shared,
        "context_team_id": world.team_id,
        "user": other,
        "is_user_deleted": bool(known and known.deleted),
        "priority": 0,
    }


def _teams(channel: Channel, world: State) -> set[str]:
    return {world.people[user_id].team_id for user_id in channel.members if user_id in world.people}


def message_json(world: State, message: Message, *, metadata: bool = False) -> Json:
    """A message: https://docs.slack.dev/reference/events/message; its metadata only where asked for."""
    shape: Json = {"type": "message"}
    if message.subtype:
        shape["subtype"] = message.subtype
    if message.user:
        shape["user"] = message.user
    shape |= {"text": message.text, "ts": message.ts, **message.extra}
    author = world.people.get(message.user)
    if author and not message.subtype:
        shape["team"] = author.team_id
    if message.bot_id:
        shape |= {"bot_id": message.bot_id}
    if message.app_id:
        shape |= {"app_id": message.app_id, "bot_profile": bot_json(world, message.bot_id)}
    more = {
        "blocks": message.blocks or _composed(message, author),
        "attachments": message.attachments,
        "files": message.files,
        "edited": message.edited,
        "reactions": reactions_json(message),
    }
    shape |= {name: value for name, value in more.items() if value}
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    return shape | _thread_json(world, message)


def _composed(message: Message, author: Person | None) -> list[Json]:
    """What a person wrote comes as rich text, too; what an app or Slack itself wrote as plain text, only where it was sent so."""
    is_theirs = author and not author.is_bot and not message.bot_id and message.subtype in COMPOSED
    return composed(message.text, at=message.ts) if is_theirs else []


def _thread_json(world: State, message: Message) -> Json:
    if not message.thread_ts:
        return {}
    channel = world.channels[message.channel]
    if message.is_reply:
        root = channel.messages.get(message.thread_ts)
        reply: Json = {"thread_ts": message.thread_ts}
        if message.subtype == "thread_broadcast":  # it names no parent (reference/events/message/thread_broadcast)
            return reply | ({"root": message_json(world, root)} if root else {})
        return reply | {"parent_user_id": root.user if root else ""}
    replies = [channel.messages[ts] for ts in channel.threads.get(message.ts, ())]
    writers = list(dict.fromkeys(reply.user for reply in replies if reply.user))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(writers),
        "latest_reply": replies[-1].ts if replies else message.ts,
        "reply_users": writers[:REPLY_USERS_SHOWN],
        "is_locked": False,
        "subscribed": False,
    }


def reactions_json(message: Message) -> list[Json]:
    """A message's reactions: `name`, `users`, `count`."""
    given = message.reactions.items()
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in given]


def bot_json(world: State, bot_id: str) -> Json:
    """The `bot_profile` of an app's message, and the `bot` of https://docs.slack.dev/reference/methods/bots.info."""
    bot = world.app if bot_id == world.app.bot_id else None
    name = bot.name if bot else next((p.real_name for p in world.people.values() if p.bot_id == bot_id), "bot")
    return {
        "id": bot_id,
        "deleted": False,
        "name": name,
        "updated": int(world.clock.now()),
        "app_id": bot.id if bot else "",
        "icons": {},
        "team_id": world.team_id,
    }


def view_json(view: View, *, world: State) -> Json:
    """A view as answers and payloads show it (https://docs.slack.dev/reference/views)."""
    content = view.content
    shape: Json = {
        "id": view.id,
        "team_id": world.team_id,
        "type": view.type,
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "external_id": content.get("external_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "title": content.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_id,
        "app_id": world.app.id,
        "app_installed_team_id": world.team_id,
        "bot_id": world.app.bot_id,
    }
    if "submit_disabled" in content:
        shape["submit_disabled"] = content["submit_disabled"]
    return shape


def pings(message: Message | Json) -> set[str]:
    """Whom a message would ping: ids of people and groups, and `channel`, `here`, `everyone`.

    It looks at the text, and at each mrkdwn text and rich text of blocks and attachments; a `plain_text` and a
    `verbatim`-less link ping nobody.
    """
    parts = (
        message
        if isinstance(message, dict)
        else {
            "text": message.text,
            "blocks": message.blocks,
            "attachments": message.attachments,
        }
    )
    blocks, attachments = parts.get("blocks") or [], parts.get("attachments") or []
    found = _pings_in_text(str(parts.get("text") or ""))
    return found | _pings_in(blocks) | _pings_in(attachments)


def _pings_in_text(text: str) -> set[str]:
    return {next(filter(None, match.groups())) for match in PING.finditer(text)}


def _pings_in(part: Any) -> set[str]:  # noqa: ANN401 -- any JSON, or the fields of a dataclass
    if isinstance(part, list):
        return set().union(*map(_pings_in, part)) if part else set()
    if not isinstance(part, dict):
        return set()
    kind = part.get("type")
    if kind == "plain_text":
        return set()
    rich = {"user": "user_id", "usergroup": "usergroup_id", "broadcast": "range"}
    if kind in rich and rich[kind] in part:
        return {part[rich[kind]]}
    words = [part.get(name) for name in ("text", "pretext", "fallback") if kind != "text"]
    found = set().union(*[_pings_in_text(word) for word in words if isinstance(word, str)])
    return found.union(*[_pings_in(value) for value in part.values()])
