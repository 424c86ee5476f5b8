"""A made-up community, written as a Slack export: for whoever has none at hand.

The same seed gives the same export: five channels, forty people and a bot, threads, and 💡 on about a tenth of what is said.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]

BEGINS = datetime(2025, 3, 3, 8, tzinfo=UTC).timestamp()
TEAM = "T0MADEUP01"
CHANNELS = ("general", "backend", "incidents", "research", "reading")
PEOPLE = 40
BOT = "B0MADEUP01"
IN_THREADS = 0.35
"""How many of all messages are replies in a thread."""
BY_BOT = 0.02
KEPT = 0.1
"""How many of the messages somebody's 💡 stands on, if nothing else is said."""

SUBJECTS = ("the cache", "our build", "the index", "a retry", "the migration", "that alert", "the queue", "a lock")
VERBS = ("was slower", "broke", "got faster", "needs a limit", "hides an error", "waits too long", "was never read")
REASONS = ("after the upgrade", "under load", "when two write at once", "on Mondays", "with an empty list", "at night")
SIGNS = (
    "",
    "",
    "",
    " 🙂",
    " <https://example.org/a?b=1&amp;c=2>",
    " `x &lt; y`",
    " *really*",
    "\nSecond line.",
    " naïve",
)
OTHER_EMOJI = ("thumbsup", "eyes", "tada", "heart")


def write(path: Path, *, seed: int, messages: int = 3000, kept: float = KEPT) -> None:
    """Write the export to `path`, a zip file. `kept`: on how many of the messages somebody's 💡 stands, 0 to 1."""
    chance = random.Random(seed)  # noqa: S311 -- nothing here is secret
    people = [_person(number) for number in range(PEOPLE)]
    days: dict[str, list[Json]] = defaultdict(list)
    members = {channel: chance.sample(people, chance.randint(PEOPLE // 3, PEOPLE)) for channel in CHANNELS}
    for channel, message in _messages(chance, members, messages, kept):
        day = datetime.fromtimestamp(float(message["ts"]), UTC).date()
        days[f"{channel}/{day}.json"].append(message)
    channels = [_channel(number, name, [one["id"] for one in members[name]]) for number, name in enumerate(CHANNELS)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"users.json": people, "channels.json": channels, **days}.items():
            archive.writestr(name, json.dumps(content))


def _messages(
    chance: random.Random, members: dict[str, list[Json]], count: int, kept: float
) -> Iterator[tuple[str, Json]]:
    time = BEGINS
    roots: dict[str, list[str]] = defaultdict(list)
    for number in range(count):
        time += chance.expovariate(1 / 300)
        channel = chance.choice(CHANNELS)
        people = [one["id"] for one in members[channel]]
        message: Json = {"type": "message", "ts": f"{time:.6f}", "text": _words(chance, number)}
        if chance.random() < BY_BOT:
            message |= {"subtype": "bot_message", "bot_id": BOT, "username": "builds"}
        else:
            message["user"] = chance.choice(people)
        if roots[channel] and chance.random() < IN_THREADS:
            message["thread_ts"] = chance.choice(roots[channel][-20:])
        else:
            roots[channel].append(message["ts"])
        if reactions := _reactions(chance, people, kept):
            message["reactions"] = reactions
        yield channel, message


def _reactions(chance: random.Random, people: list[str], kept: float) -> list[Json]:
    found = [(name, chance.randint(1, 4)) for name in OTHER_EMOJI if chance.random() < 0.08]  # noqa: PLR2004 -- some
    if chance.random() < kept:
        keep = "bulb::skin-tone-3" if chance.random() < 0.05 else "bulb"  # noqa: PLR2004 -- a few
        found.append((keep, chance.choice((1, 1, 1, 2, 3))))
    return [
        {"name": name, "users": users, "count": len(users)}
        for name, count in found
        for users in [chance.sample(people, count)]
    ]


def _words(chance: random.Random, number: int) -> str:
    """What somebody says; no two messages say the same."""
    parts = (chance.choice(each) for each in (SUBJECTS, VERBS, REASONS))
    return f"{' '.join(parts)}, we learned in case {number}.{chance.choice(SIGNS)}"


def _person(number: int) -> Json:
    name = f"{'aeiou'[number % 5]}{'lmnrst'[number % 6]}{'aeio'[number % 4]}{number}"
    return {"id": f"U0MADE{number:04d}", "team_id": TEAM, "name": name, "real_name": name.capitalize(), "tz": "Etc/UTC"}


def _channel(number: int, name: str, members: list[str]) -> Json:
    return {"id": f"C0MADE{number:04d}", "name": name, "creator": members[0], "members": members}
