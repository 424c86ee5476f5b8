"""Private words that somebody is owed, put there behind the bot's back."""

from __future__ import annotations

import json
import time

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.memory import Memory


def owe_hours(slack: Slack, memory: Memory, pocket: Channel, who: str, *, since: float = 1e9) -> None:
    """Somebody is to hear which hours are missing, since a while ago."""
    gap = {"channel": pocket.id, "since": since, "until": since + 60, "known": "1.0", "oldest": "1.0"}
    memory.run(
        "INSERT INTO notices (workspace, person, kind, about, body, owed_at, due)"
        " VALUES (:workspace, :person, 'missed hours', :about, :body, :at, :at)",
        workspace=slack.world.team_id,
        person=slack.find_person(who).id,
        about=f"{since}",
        body=json.dumps(gap),
        at=time.time() - 60,
    )
