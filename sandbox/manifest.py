"""What a Slack app's manifest says of it: its commands, shortcuts, events and scopes.

Source: https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails


class BadManifest(ValueError):
    """The manifest cannot be used; the text says what to change in it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Command(_Part):
    """A slash command. `should_escape`: people and channels named in its text arrive as their ids."""

    command: Annotated[str, Field(pattern=r"^/[^\s/]{1,31}$")]
    should_escape: bool = False


class Shortcut(_Part):
    """A shortcut in a message's menu (`message`) or in Slack's own (`global`)."""

    name: Annotated[str, Field(min_length=1)]
    type: Literal["message", "global"]
    callback_id: Annotated[str, Field(min_length=1)]


class _BotUser(_Part):
    display_name: str = "app"


class _Features(_Part):
    bot_user: _BotUser = _BotUser()
    slash_commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()


class _Scopes(_Part):
    bot: frozenset[str] = frozenset()
    bot_optional: frozenset[str] = frozenset()


class _OAuth(_Part):
    scopes: _Scopes = _Scopes()


class _EventSubscriptions(_Part):
    request_url: str = ""
    bot_events: frozenset[str] = frozenset()


class _Interactivity(_Part):
    is_enabled: bool = False
    message_menu_options_url: str = ""


class _Settings(_Part):
    event_subscriptions: _EventSubscriptions = _EventSubscriptions()
    interactivity: _Interactivity = _Interactivity()
    socket_mode_enabled: bool = False


class _Sections(_Part):
    features: _Features = _Features()
    oauth_config: _OAuth = _OAuth()
    settings: _Settings = _Settings()


class Manifest:
    """A manifest that was read and found sound; `content` is it whole, as it was written.

    Raises `BadManifest` where a part is missing or wrong, naming each at once.
    """

    def __init__(self, content: Mapping[str, Any], *, name: str = "The manifest") -> None:
        try:
            sections = _Sections.model_validate(content)
        except ValidationError as error:
            faults = "; ".join(_sentence(fault) for fault in error.errors())
            raise BadManifest(f"{name} cannot be used: {faults}.") from None
        self.content = dict(content)
        features, settings = sections.features, sections.settings
        self.display_name = features.bot_user.display_name
        self.commands = {command.command: command for command in features.slash_commands}
        self.shortcuts = features.shortcuts
        self.bot_events = settings.event_subscriptions.bot_events
        self.request_url = settings.event_subscriptions.request_url
        self.scopes = sections.oauth_config.scopes.bot
        self.optional_scopes = sections.oauth_config.scopes.bot_optional
        self.socket_mode = settings.socket_mode_enabled
        self.is_interactive = settings.interactivity.is_enabled
        self.suggests = self.is_interactive and (
            self.socket_mode or bool(settings.interactivity.message_menu_options_url)
        )
        if (self.commands or self.shortcuts) and "commands" not in self.scopes:
            raise BadManifest(f"{name} has commands or shortcuts, so its bot scopes must name `commands`.")

    def with_socket_mode(self, *, on: bool) -> Manifest:
        """The same app, with Socket Mode switched on or off."""
        return Manifest(self.content | {"settings": self.content.get("settings", {}) | {"socket_mode_enabled": on}})


def read_manifest(path: Path | str) -> Manifest:
    """Read a manifest from a YAML (or JSON) file. Raises `BadManifest`."""
    path = Path(path)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadManifest(f"{path} cannot be read: {error.strerror or error}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" (line {where.line + 1})" if where else ""
        raise BadManifest(f"{path} is not YAML{line}.") from None
    if not isinstance(content, dict):
        raise BadManifest(f"{path} should hold an app manifest: a mapping with features, oauth_config and settings.")
    return Manifest(content, name=str(path))


def _sentence(fault: ErrorDetails) -> str:
    where = ".".join(str(step) for step in fault["loc"])
    return f"at `{where}`: {fault['msg'][0].lower()}{fault['msg'][1:]}"
