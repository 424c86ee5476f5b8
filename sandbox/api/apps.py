"""The app's own connection: apps.connections.open."""

from __future__ import annotations

from sandbox.quotas import Tier
from sandbox.records import Json, SlackError

from .method import Asked, Method


def connections_open(asked: Asked) -> Json:
    """Hand out a Socket Mode address, once.

    Raises `socket_mode_disabled` (the sandbox's own name, Slack documents none) where the manifest does not enable it,
    `internal_error` where it does and nobody serves sockets.
    """
    world = asked.world
    if not world.app.manifest.get("settings", {}).get("socket_mode_enabled"):
        raise SlackError("socket_mode_disabled")
    if world.socket_url is None:
        raise SlackError("internal_error")
    return {"url": world.socket_url()}


METHODS = (Method("apps.connections.open", connections_open, Tier.THREE, tokens=frozenset({"app"})),)
