"""Exports to import: zip files as Slack makes them, and as it never would."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]

HERE, OTHERS = "T1", "T9"
PEOPLE = (
    {"id": "UANA", "team_id": HERE, "name": "ana", "real_name": "Ana <!channel>"},
    {"id": "UBEN", "team_id": HERE, "name": "ben"},
    {"id": "UGONE", "team_id": HERE, "name": "gone", "deleted": True},
    {"id": "UBOT", "team_id": HERE, "name": "bot", "is_bot": True},
    {"id": "UGUEST", "team_id": OTHERS, "name": "guest", "profile": {"display_name": "Gus of Beta"}},
)
CHANNELS = ({"id": "C1", "name": "learning"}, {"id": "C2", "name": "random"})
POCKET = (
    (
        "INSERT INTO workspaces (id, name, url, bot_user, bot, installed_at)"
        " VALUES ('T1', 'Acme', 'https://a.slack.com/', 'U0', 'B0', 1)"
    ),
    "INSERT INTO people (workspace, id, never_keep) VALUES ('T1', 'UANA', false), ('T1', 'UNEVER', true)",
    "INSERT INTO channels (workspace, id, name) VALUES ('T1', 'C1', 'learning')",
    "INSERT INTO pockets (workspace, channel, started_by, started_at, started_ts) VALUES ('T1', 'C1', 'UANA', 1, '1700000000.0')",
)


def said(
    ts: str, user: str | None, text: str, *, kept: Sequence[str] = (), helped: Sequence[str] = (), **more: Any
) -> Json:
    """A message; `kept` and `helped` reacted so."""
    given = [("bulb", kept[:1]), ("bulb::skin-tone-3", kept[1:]), ("key", helped), ("eyes", ["UBEN"])]
    reactions = [{"name": name, "users": [*users], "count": len(users)} for name, users in given if users]
    return {"type": "message", "ts": ts, "user": user, "text": text, "reactions": reactions, **more}


def packed(
    path: Path, messages: Sequence[Json], *, people: Sequence[Json] = PEOPLE, channels: Sequence[Json] = CHANNELS
) -> Path:
    """An export whose first channel holds these messages."""
    days: dict[str, list[Json]] = {}
    for one in messages:
        days.setdefault(f"{datetime.fromtimestamp(float(one['ts']), UTC):%Y-%m-%d}", []).append(one)
    files = {f"{channels[0]['name']}/{day}.json": found for day, found in days.items()}
    return zipped(path, {"users.json": [*people], "channels.json": [*channels], **files})


def zipped(path: Path, files: dict[str, Any], then: Callable[[zipfile.ZipFile], None] = lambda _: None) -> Path:
    """A zip file of these: text as it stands, anything else as JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, str | bytes) else json.dumps(content))
        then(archive)
    return path
