"""Slack's markup, read as plain text: a kept message holds it (docs.slack.dev/messaging/formatting-message-text).

What people typed into a form or behind a command is plain already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .ids import PersonId

REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
"""A person, a channel, a group or a link: its sign, what it points to, and the label, where it has one."""

SOMEBODY, SOME_CHANNEL = "@somebody", "#a-channel"
"""A name that the markup does not hold."""


def plain(markup: str, names: Mapping[PersonId, str] | None = None) -> str:
    """The text as somebody reads it, without anything that Slack would act on.

    `names`: what people are called, by their ids; of whom it does not say, their id stands there. Without it, nobody's does.
    """
    return unescape(REFERENCE.sub(lambda found: _read(found, names), markup))


def unescape(text: str) -> str:
    """Slack's three entities as the characters they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """Plain text as Slack's markup has it, which does nothing: `&`, `<` and `>` escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def people(markup: str) -> list[PersonId]:
    """The ids of those whom it mentions."""
    return [PersonId(what) for sign, what, _ in REFERENCE.findall(markup) if sign == "@"]


def _read(found: re.Match[str], names: Mapping[PersonId, str] | None) -> str:
    sign, what, label = found.groups()
    if sign == "@":
        known = names.get(PersonId(what)) if names is not None else None
        return f"@{(known or label or what).removeprefix('@')}" if known or label or names is not None else SOMEBODY
    if sign == "#":
        return f"#{label or what}" if label or names is not None else SOME_CHANNEL
    if sign == "!":
        return label or f"@{what.partition('^')[0]}"
    address = what.removeprefix("mailto:")
    return f"{label} ({address})" if label and label != address else address
