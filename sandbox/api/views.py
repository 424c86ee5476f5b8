"""Forms and Homes: views.open, push, update, publish."""

from __future__ import annotations

import json

from sandbox import blocks
from sandbox.quotas import Tier
from sandbox.records import Json, SlackError
from sandbox.shapes import view_json

from .arguments import OBJECT, TEXT, needed
from .method import Asked, Method, invalid_arguments

VIEW_BYTES = 250_000
"""The largest view: https://docs.slack.dev/reference/methods/views.open"""


def views_open(asked: Asked) -> Json:
    """Open a form for whoever caused the trigger."""
    view = asked.world.open_view(_trigger(asked), _content(asked, "modal"))
    return {"view": view_json(view, world=asked.world)}


def views_push(asked: Asked) -> Json:
    """Lay a form on the one the trigger was given in."""
    view = asked.world.push_view(_trigger(asked), _content(asked, "modal"))
    return {"view": view_json(view, world=asked.world)}


def views_update(asked: Asked) -> Json:
    """Change an open form, or a Home. Raises `not_found`, `hash_conflict`."""
    view_id, external_id = asked.text("view_id"), asked.text("external_id")
    if bool(view_id) == bool(external_id):
        raise invalid_arguments("either `view_id` or `external_id` is required, and not both")
    view = asked.world.update_view(
        _content(asked, "modal", "home"),
        view_id=view_id or None,
        external_id=external_id or None,
        hash=asked.text("hash") or None,
    )
    return {"view": view_json(view, world=asked.world)}


def views_publish(asked: Asked) -> Json:
    """Show a person their Home. Raises `not_enabled` where the manifest has no Home tab, `hash_conflict`."""
    home = asked.world.app.manifest.get("features", {}).get("app_home", {})
    if not home.get("home_tab_enabled"):
        raise SlackError("not_enabled")
    if asked.text("user_id") not in asked.world.people:
        raise invalid_arguments("invalid `user_id`")
    content = _content(asked, "home")
    view = asked.world.publish_home(asked.text("user_id"), content, hash=asked.text("hash") or None)
    return {"view": view_json(view, world=asked.world)}


def _trigger(asked: Asked) -> str:
    trigger_id = asked.text("trigger_id") or asked.text("interactivity_pointer")
    if not trigger_id:
        raise invalid_arguments("missing required field: trigger_id")
    return trigger_id


def _content(asked: Asked, *types: str) -> Json:
    """The view, checked. Raises `view_too_large`, and `invalid_arguments` with each place that is wrong."""
    content: Json = asked.args["view"]
    if len(json.dumps(content).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    if content.get("type") not in types:
        raise invalid_arguments(f"must be one of: {', '.join(types)} [json-pointer:/view/type]")
    if wrong := blocks.check_view(content):
        raise SlackError("invalid_arguments", response_metadata={"messages": wrong})
    return content


TRIGGER = {"trigger_id": TEXT, "interactivity_pointer": TEXT, "view": needed(OBJECT)}

METHODS = (
    Method("views.open", views_open, Tier.FOUR, TRIGGER),
    Method("views.push", views_push, Tier.FOUR, TRIGGER),
    Method(
        "views.update",
        views_update,
        Tier.FOUR,
        {"view": needed(OBJECT), "view_id": TEXT, "external_id": TEXT, "hash": TEXT},
    ),
    Method(
        "views.publish",
        views_publish,
        Tier.FOUR,
        {"view": needed(OBJECT), "user_id": needed(TEXT), "hash": TEXT},
    ),
)
