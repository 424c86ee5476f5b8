"""Who the app is, and whether it is let in: auth.test, api.test, team.info, bots.info."""

from __future__ import annotations

from sandbox.quotas import Tier
from sandbox.records import Json, SlackError
from sandbox.shapes import bot_json

from .arguments import TEXT
from .method import Asked, Method


def auth_test(asked: Asked) -> Json:
    """Say whose token it is."""
    world = asked.world
    if asked.token == "app":  # noqa: S105 -- a kind of token, or a sandbox's, is no secret
        return {"app_name": world.app.name, "app_id": world.app.id}
    return {
        "url": f"https://{world.domain}.slack.com/",
        "team": world.team_name,
        "user": world.people[world.app.user].name,
        "team_id": world.team_id,
        "user_id": world.app.user,
        "bot_id": world.app.bot_id,
        "is_enterprise_install": False,
    }


def api_test(asked: Asked) -> Json:
    """Answer what was asked; fail if `error` was given."""
    if error := asked.text("error"):
        raise SlackError(error, args=dict(asked.args))
    return {"args": dict(asked.args)} if asked.args else {}


def team_info(asked: Asked) -> Json:
    """Describe the workspace."""
    world = asked.world
    if asked.text("team") not in ("", world.team_id) or asked.text("domain") not in ("", world.domain):
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": world.team_id,
            "name": world.team_name,
            "url": f"https://{world.domain}.slack.com/",
            "domain": world.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


def bots_info(asked: Asked) -> Json:
    """Describe a bot. Raises `bot_not_found`."""
    person = asked.world.bot(asked.text("bot") or asked.world.app.bot_id)
    shape = bot_json(asked.world, person.bot_id)
    shape.pop("team_id")
    return {"bot": shape | {"user_id": person.id}}


EVERY_TOKEN = frozenset({"bot", "app"})

METHODS = (
    Method("auth.test", auth_test, Tier.SPECIAL, tokens=EVERY_TOKEN),
    Method("api.test", api_test, Tier.FOUR, {"error": TEXT}, tokens=EVERY_TOKEN | {""}, open_ended=True),
    Method("team.info", team_info, Tier.THREE, {"team": TEXT, "domain": TEXT}, ("team:read",)),
    Method("bots.info", bots_info, Tier.THREE, {"bot": TEXT}, ("users:read",)),
)
