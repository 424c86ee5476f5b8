"""Deliveries made once more, or by hand: what Slack does at times, and what nobody should."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from sandbox import payloads
from sandbox.audience import heard_events
from sandbox.parcels import Parcel, Reply
from sandbox.records import Happening
from sandbox.slack import Slack


async def send(slack: Slack, kind: str, payload: dict[str, Any]) -> Reply:
    """Deliver any payload to the bot, signed as Slack signs. `kind` is `event`, `command` or an interaction's type."""
    if kind == "event":
        parcel = Parcel.of_event(payload)
    elif kind == "command":
        parcel = Parcel.of_command(payload)
    else:
        parcel = Parcel.of_interaction(payload)
    return await slack.courier.ask(kind, "by hand", payload, parcel)


def last(slack: Slack, kind: str) -> dict[str, Any]:
    """What was delivered last of a kind, as a copy that a test may change."""
    found = [one for one in slack.courier.deliveries if one.kind == kind]
    return copy.deepcopy(found[-1].payload)


async def again(slack: Slack, kind: str) -> Reply:
    """Deliver the last one of a kind once more, exactly as it was."""
    return await send(slack, kind, last(slack, kind))


def untold(slack: Slack, act: Callable[[], object]) -> dict[str, Any]:
    """Something that people do, and the payload of the event that nobody has been told of yet."""
    heard: list[Happening] = []
    url, slack.app_url = slack.app_url, ""
    slack.world.listeners.append(heard.append)
    act()
    slack.world.listeners.remove(heard.append)
    slack.app_url = url
    (event,) = heard_events(slack.world, slack.manifest, heard[0])
    return payloads.event_callback(slack.world, event, payloads.new_event_id())
