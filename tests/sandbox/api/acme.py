"""A small workspace of its own, for the tests of the Web API."""

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.clock import Clock
from sandbox.records import Channel, Message
from sandbox.world import World

Ask = Callable[..., Awaitable[dict[str, Any]]]
"""Calls a method (its name, its arguments, perhaps a token) and gives the answer as it is."""

Refusal = Callable[[Awaitable[Any]], Awaitable[str]]
"""Awaits a call that must be refused, and gives the name of the error."""

SCOPES = [
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "emoji:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:read",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users:read",
]
MANIFEST = {
    "display_information": {"name": "Tester"},
    "features": {"bot_user": {"display_name": "Tester"}, "app_home": {"home_tab_enabled": True}},
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {"socket_mode_enabled": True},
}


class Acme:
    """The workspace: ana and ben, and channels the bot is in or is not."""

    def __init__(self) -> None:
        self.world = World(MANIFEST, clock=Clock())
        self.bot = self.world.app.user
        self.ana = self.world.add_person("ana").id
        self.ben = self.world.add_person("ben").id
        everybody = (self.bot, self.ana, self.ben)
        self.pocket = self.world.add_channel("pocket", members=everybody)
        self.secret = self.world.add_channel("secret", members=everybody, is_private=True)
        self.elsewhere = self.world.add_channel("elsewhere", members=(self.ana, self.ben))
        self.hidden = self.world.add_channel("hidden", members=(self.ana,), is_private=True)
        self.attic = self.world.add_channel("attic", members=everybody, is_archived=True)

    def says(self, words: str = "A lesson.", *, in_: Channel | None = None, **more: Any) -> Message:
        """Ana writes a message."""
        return self.world.post((in_ or self.pocket).id, self.ana, words, **more)
