"""The app's manifest (manifest.yml), which Outloud brings with it: to be pasted into Slack, and to hold Slack's grants to."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import yaml

PLACES = (Path(__file__).parent / "manifest.yml", Path(__file__).parent.parent / "manifest.yml")
"""Where it stands: within the package that was installed, or beside the package in its sources."""

EXAMPLE = "https://outloud.example.com"
"""The address that stands in the file."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, unless PyYAML was built without it: many times as fast, and every start reads the scopes."""

_ADDRESS = re.compile(r"^ +(?:\w+_)?url: .*\n", re.MULTILINE)
_PRIVATE = re.compile(r"^ +- (?:groups:\w+|group_\w+|message\.groups|channel_id_changed)\b.*\n", re.MULTILINE)
_NO_SOCKET = "socket_mode_enabled: false"


def text() -> str:
    """The file as it is, with its comments."""
    return next(place for place in PLACES if place.exists()).read_text(encoding="utf-8")


def for_address(address: str) -> str:
    """The manifest of an app that Slack reaches at `address`, such as https://bot.example.org, as YAML."""
    return text().replace(EXAMPLE, address)


def for_socket_mode() -> str:
    """The manifest of an app that fetches everything over Socket Mode, as YAML.

    Slack wants no address then: all of them are optional (github.com/slackapi/manifest-schema).
    """
    return _ADDRESS.sub("", text()).replace(_NO_SOCKET, "socket_mode_enabled: true")


def without_private_channels(written: str) -> str:
    """The same manifest without what private channels need, scopes and events.

    For admins who want none of it; and should Slack refuse to save the events where the optional scopes are not granted.
    """
    return _PRIVATE.sub("", written)


def content(written: str) -> dict[str, Any]:
    """What a manifest says, without its comments."""
    found: dict[str, Any] = yaml.load(written, _LOADER)  # noqa: S506 -- either is a safe one
    return found


@functools.cache
def scopes() -> tuple[frozenset[str], frozenset[str]]:
    """The bot's scopes that Outloud needs, and those that it can do without."""
    asked = content(text())["oauth_config"]["scopes"]
    optional = frozenset(asked.get("bot_optional", ()))
    return frozenset(asked["bot"]) - optional, optional
