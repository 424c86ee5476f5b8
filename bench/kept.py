"""What was kept: as an export has it, as the sandbox's Slack has it now, and as the bot's database has it.

The three are found by three ways that share no code, so that they can be held to each other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, text

from sandbox.export import Export, ExportedMessage
from sandbox.records import Message
from sandbox.slack import Slack

KEEP, ACKNOWLEDGEMENT = "bulb", "books"
"""The reaction that asks the bot to keep a message, and its own answer."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A kept message."""

    channel: str
    ts: str
    author: str
    words: str
    link: str
    said_at: float
    curators: frozenset[str]

    @property
    def place(self) -> tuple[str, str]:
        """Which message it is: its channel and ts."""
        return self.channel, self.ts


def who_gave(message: Message, emoji: str) -> set[str]:
    """Who gave the message this emoji, in whatever skin tone."""
    return {user for name, users in message.reactions.items() if name.split("::")[0] == emoji for user in users}


def said(message: Message | ExportedMessage) -> str:
    """Its words; where it has none, what its files are called, escaped as Slack escapes words."""
    titles = (str(file.get("title") or file.get("name") or "") for file in message.files or () if file.get("permalink"))
    escaped = (one.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for one in titles)
    return message.text or "\n".join(filter(None, escaped))


def in_export(slack: Slack, export: Export) -> list[Remembered]:
    """What the export says: messages of people that somebody's 💡 stands on. `slack` knows their links."""
    found = []
    for channel, message in export.messages():
        keepers = {user for one in message.reactions if one.name.split("::")[0] == KEEP for user in one.users}
        if keepers and message.user and not message.bot_id and said(message).strip():
            link = slack.world.permalink(slack.world.message(channel.id, message.ts))
            found.append(
                Remembered(channel.id, message.ts, message.user, said(message), link, message.time, frozenset(keepers))
            )
    return found


def in_slack(slack: Slack, channels: Collection[str]) -> list[Remembered]:
    """What Slack shows now in these channels: messages of people that somebody's 💡 stands on."""
    found = []
    for message in _messages(slack, channels):
        keepers = who_gave(message, KEEP) - {slack.app.id}
        if keepers and message.user and not message.bot_id and said(message).strip():
            link = slack.world.permalink(message)
            found.append(
                Remembered(
                    message.channel,
                    message.ts,
                    message.user,
                    said(message),
                    link,
                    float(message.ts),
                    frozenset(keepers),
                )
            )
    return found


def acknowledged(slack: Slack, channels: Collection[str]) -> list[tuple[str, str]]:
    """The channel and ts of each message that the app's 📚 stands on now."""
    found = _messages(slack, channels)
    return [(one.channel, one.ts) for one in found if slack.app.id in who_gave(one, ACKNOWLEDGEMENT)]


def in_database(connection: Connection, channels: Collection[str]) -> list[Remembered]:
    """What the database says of these channels, in plain SQL."""
    curators: dict[tuple[str, str], set[str]] = {}
    for row in connection.execute(text("SELECT channel, message_ts, person FROM keeps WHERE standing")):
        curators.setdefault((row.channel, row.message_ts), set()).add(row.person)
    rows = connection.execute(text("SELECT * FROM learnings WHERE state = 'live' AND source_ts IS NOT NULL"))
    return [
        Remembered(
            channel=row.channel,
            ts=row.source_ts,
            author=row.author,
            words=row.words,
            link=row.link,
            said_at=row.said_at,
            curators=frozenset(curators.get((row.channel, row.source_ts), ())),
        )
        for row in rows
        if row.channel in channels
    ]


def _messages(slack: Slack, channels: Collection[str]) -> list[Message]:
    return [message for id in channels for message in slack.world.channel(id).messages.values()]
