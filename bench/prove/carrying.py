"""What the leak hunt does with the bot's program beside the one that runs: an export is imported in the middle of a history."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

from bench.program import said_by
from sandbox.records import Channel, Json, Message, Person
from sandbox.slack import Slack

LONG_AGO = 30 * 86400
"""Real seconds before now at which it was said: by the sandbox's own clock it would come from the future."""

KEEPER = "ana"


async def carry(slack: Slack, url: str, message: Message, folder: Path) -> Json:
    """Let the bot import an export of this channel with this message in it; what it counts. Raises `AppFailed`."""
    channel = slack.world.channel(message.channel)
    given = _environment(slack, url)
    export = pack(slack, channel, message, folder)
    counted: Json = json.loads(await said_by(["import", str(export), "--pocket", channel.id, "--json"], given))
    return counted


def said_long_ago(slack: Slack, channel: Channel, author: Person, words: str, number: int) -> Message:
    """A message from before there was a pocket, with ana's keep reaction on it: nobody tells the bot of either."""
    ts = f"{int(time.time()) - LONG_AGO}.{number:06}"
    given = {"bulb": [slack.find_person(KEEPER).id]}
    message = Message(channel=channel.id, ts=ts, user=author.id, text=words, reactions=given)
    channel.messages[ts] = message
    return message


def pack(slack: Slack, channel: Channel, message: Message, folder: Path) -> Path:
    """The export, as Slack makes it: private channels stand in a file of their own."""
    listed = [{"id": channel.id, "name": channel.name}]
    people = [
        {"id": one.id, "team_id": one.team_id, "name": one.name, "deleted": one.deleted, "is_bot": one.is_bot}
        for one in slack.world.people.values()
    ]
    reactions = [{"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()]
    said = {"type": "message", "ts": message.ts, "user": message.user, "text": message.text, "reactions": reactions}
    day = time.strftime("%Y-%m-%d", time.gmtime(float(message.ts)))
    files: dict[str, list[Json]] = {
        "users.json": people,
        "channels.json": [] if channel.is_private else listed,
        "groups.json": listed if channel.is_private else [],
        f"{channel.name}/{day}.json": [said],
    }
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, json.dumps(content))
    return path


def _environment(slack: Slack, url: str) -> Mapping[str, str]:
    return slack.environment | {"DATABASE_URL": url, "SLACK_PACE": str(slack.clock.speed)}
