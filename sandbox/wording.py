"""Slack's own words: what its client makes of what a person types, and what it says when an app fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .parcels import Reply
    from .world import World

TROUBLE = "We had some trouble connecting. Try again?"
"""What a form says when its app does not answer, or with something else than it may (bolt-python issue 1318)."""

NOT_CONFIGURED = "not_configured"
"""Why nothing was sent: the manifest switches off what the person used (runlore pull request 236)."""

REQUIRED = "Please complete this required field."

LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?'\")\]]")
NAMED = re.compile(r"(?<![\w@#])([@#])([\w][\w.-]*[\w]|[\w])")
BROADCASTS = frozenset({"here", "channel", "everyone"})


def escape(text: str) -> str:
    """`&`, `<` and `>` as entities (https://docs.slack.dev/messaging/formatting-message-text#escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed_text(world: World, text: str) -> str:
    """What a message says once somebody has typed `text` and sent it.

    Entities are escaped; `@name`, `#channel`, `@here` and addresses become what Slack's client makes of them.
    """
    parts, end = [], 0
    for match in LINK.finditer(text):
        parts += [_mention_names(world, escape(text[end : match.start()])), f"<{escape(match[0])}>"]
        end = match.end()
    return "".join([*parts, _mention_names(world, escape(text[end:]))])


def typed_command(world: World, text: str, *, should_escape: bool) -> str:
    """The text of a command: with entities escaped as everywhere, and, with the manifest's `should_escape`, with ids.

    `should_escape` is about people, channels and links only. That `&`, `<` and `>` come as entities is not said on that page,
    but of all text from Slack (https://docs.slack.dev/messaging/formatting-message-text#escaping); so it is read by apps.
    https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    escaped = escape(text)
    return _mention_names(world, escaped, with_names=True) if should_escape else escaped


def _mention_names(world: World, text: str, *, with_names: bool = False) -> str:
    people = {person.name: person for person in world.people.values()}
    channels = {channel.name: channel for channel in world.channels.values() if channel.name}

    def mention(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "@" and name in people:
            return f"<@{people[name].id}|{name}>" if with_names else f"<@{people[name].id}>"
        if sign == "@" and name in BROADCASTS:
            return f"<!{name}>"
        if sign == "#" and name in channels:
            return f"<#{channels[name].id}|{name}>"
        return match[0]

    return NAMED.sub(mention, text)


def command_failed(command: str, reply: Reply) -> str:
    """What somebody reads whose command the app did not take.

    The first is what Slack says since 2026 (slack-poker-planner issue 89); before, it named `operation_timeout`.
    """
    if reply.reason == "http_timeout":
        return f"{command} failed because the app did not respond. Please try again or contact the app developer."
    return f'{command} failed with the error "dispatch_failed"'


def action_failed(reply: Reply) -> str:
    """What somebody reads at a button, menu or shortcut that the app did not take (node-slack-sdk issue 2095)."""
    if reply.reason == NOT_CONFIGURED:
        return "This app is not configured to handle interactive responses."
    if reply.reason == "http_timeout":
        return "Operation timed out. Apps need to respond within three seconds."
    if reply.status:
        return f"This app responded with Status Code {reply.status}."
    return "This app could not be reached (dispatch_failed)."


def error_code(reply: Reply) -> str:
    """Slack's name for the failure: `operation_timeout` or `dispatch_failed`; empty where there is none."""
    if reply.is_ack:
        return ""
    return "operation_timeout" if reply.reason == "http_timeout" else "dispatch_failed"


def unknown_command(command: str) -> str:
    """What somebody reads who types a command that no app has."""
    return f"{command} is not a valid command."
