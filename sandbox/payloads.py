"""Everything that Slack sends to an app, each shape written down once, with the page that documents it.

Values that Slack fills with its own (deprecated verification token, enterprise) are as in a workspace outside an
organisation: the token is a constant, the enterprise is null.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, NamedTuple

from .shapes import message_json, view_json

if TYPE_CHECKING:
    from .records import Channel, Ephemeral, Json, Message, Person, View
    from .world import World

TOKEN = "sandbox-verification-token"  # noqa: S105 -- deprecated by Slack, and a sandbox's


class Spot(NamedTuple):
    """Where in Slack somebody acts: in a form or Home (`view`), or on a message or ephemeral in a channel."""

    channel: Channel | None = None
    message: Message | Ephemeral | None = None
    view: View | None = None

    @property
    def thread_ts(self) -> str:
        """The thread the message stands in, or an empty string."""
        return self.message.thread_ts if self.message else ""


def slash_command(
    world: World, *, command: str, text: str, person: Person, channel: Channel, trigger_id: str, response_url: str
) -> dict[str, str]:
    """A slash command, to be sent as a form (https://docs.slack.dev/interactivity/implementing-slash-commands)."""
    return {
        "token": TOKEN,
        "team_id": world.team_id,
        "team_domain": world.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": world.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def channel_name(channel: Channel) -> str:
    """A channel's name as payloads have it: only a public channel's own, else what kind of conversation it is."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def event_callback(world: World, event: Json, event_id: str) -> Json:
    """The envelope of an event (https://docs.slack.dev/apis/events-api#events-JSON)."""
    channel = world.channels.get(channel_of(event))
    context = json.dumps([world.team_id, world.app.id, event_id]).encode().hex()
    return {
        "token": TOKEN,
        "team_id": world.team_id,
        "context_team_id": world.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(float(event["event_ts"])),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team_id,
                "user_id": world.app.user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": f"4-{context}",
    }


def channel_of(event: Json) -> str:
    """The id of the channel that an inner event names, or an empty string."""
    named = event.get("channel") or event.get("item", {}).get("channel", "")
    return str(named.get("id", "") if isinstance(named, dict) else named)


def new_event_id() -> str:
    """An `event_id` that no other event has."""
    return f"Ev{secrets.token_hex(5).upper()}"


def block_actions(world: World, person: Person, spot: Spot, action: Json, *, state: Json, response_url: str) -> Json:
    """A button pressed or a choice made (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload).

    `state` is what the inputs around it hold. From a form or Home there is no `response_url`; from an ephemeral there
    is no `message`.
    """
    shape = _interaction(world, "block_actions", person) | {
        "container": _container(spot),
        "trigger_id": world.new_trigger(person.id, view=spot.view.id if spot.view else None),
        "actions": [action | {"action_ts": world.new_ts()}],
    }
    if spot.view:
        return shape | {"view": view_json(spot.view, world=world)}
    shape |= _surroundings(world, spot)
    return shape | {"state": {"values": state}, "response_url": response_url}


def block_suggestion(world: World, person: Person, spot: Spot, *, block_id: str, action_id: str, typed: str) -> Json:
    """Somebody types into a menu that the app fills.

    https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
    """
    shape = _interaction(world, "block_suggestion", person) | {
        "container": _container(spot),
        "action_id": action_id,
        "block_id": block_id,
        "value": typed,
    }
    return shape | ({"view": view_json(spot.view, world=world)} if spot.view else _surroundings(world, spot))


def view_submission(world: World, person: Person, view: View, *, response_urls: list[Json]) -> Json:
    """A form submitted (https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload)."""
    return _interaction(world, "view_submission", person) | {
        "trigger_id": world.new_trigger(person.id, view=view.id),
        "view": view_json(view, world=world),
        "response_urls": response_urls,
    }


def view_closed(world: World, person: Person, view: View, *, is_cleared: bool, with_state: bool) -> Json:
    """A form closed (https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload).

    What was entered is documented for `view_submission` alone; in payloads of this kind that people have published,
    `state.values` is empty.
    """
    shown = view_json(view, world=world)
    return _interaction(world, "view_closed", person) | {
        "view": shown if with_state else shown | {"state": {"values": {}}},
        "is_cleared": is_cleared,
    }


def message_action(world: World, person: Person, message: Message, *, callback_id: str, response_url: str) -> Json:
    """A message shortcut (https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload)."""
    channel = world.channel(message.channel)
    return _interaction(world, "message_action", person) | {
        "action_ts": world.new_ts(),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "callback_id": callback_id,
        "trigger_id": world.new_trigger(person.id),
        "response_url": response_url,
        "message_ts": message.ts,
        "message": message_json(world, message),
    }


def shortcut(world: World, person: Person, *, callback_id: str) -> Json:
    """A global shortcut (https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload)."""
    return _interaction(world, "shortcut", person) | {
        "action_ts": world.new_ts(),
        "callback_id": callback_id,
        "trigger_id": world.new_trigger(person.id),
    }


def url_verification() -> Json:
    """The question whether an address is the app's (https://docs.slack.dev/reference/events/url_verification)."""
    return {"token": TOKEN, "challenge": secrets.token_hex(26), "type": "url_verification"}


def ssl_check() -> dict[str, str]:
    """The certificate check of a command's address (https://docs.slack.dev/interactivity/implementing-slash-commands)."""
    return {"ssl_check": "1", "token": TOKEN}


def app_rate_limited(world: World) -> Json:
    """Too many events in an hour (https://docs.slack.dev/reference/events/app_rate_limited)."""
    now = int(world.clock.now())
    return {
        "token": TOKEN,
        "type": "app_rate_limited",
        "team_id": world.team_id,
        "minute_rate_limited": now - now % 60,
        "api_app_id": world.app.id,
    }


def _interaction(world: World, kind: str, person: Person) -> Json:
    """What all interactions share."""
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id},
        "api_app_id": world.app.id,
        "token": TOKEN,
        "team": {"id": world.team_id, "domain": world.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _container(spot: Spot) -> Json:
    if spot.view:
        return {"type": "view", "view_id": spot.view.id}
    if spot.message is None:
        raise ValueError("An interaction happens on a message or in a view.")
    shape: Json = {
        "type": "message",
        "message_ts": spot.message.ts,
        "channel_id": spot.message.channel,
        "is_ephemeral": _is_ephemeral(spot.message),
    }
    return shape | ({"thread_ts": spot.thread_ts} if spot.thread_ts else {})


def _surroundings(world: World, spot: Spot) -> Json:
    shape: Json = {}
    if spot.channel:
        shape["channel"] = {"id": spot.channel.id, "name": channel_name(spot.channel)}
    if spot.message and not _is_ephemeral(spot.message):
        shape["message"] = message_json(world, world.message(spot.message.channel, spot.message.ts))
    return shape


def _is_ephemeral(message: Message | Ephemeral) -> bool:
    return not hasattr(message, "reactions")
