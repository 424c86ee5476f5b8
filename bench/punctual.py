"""How long after its time a prompt stands in Slack: the program itself, at true pace, in front of the sandbox."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.engine import URL

from bench import databases, pockets
from bench.program import MANIFEST, OUTLOUD, migrate
from bench.row import Row
from bench.shelves import ENGINES
from sandbox.companion import AppFailed, Companion
from sandbox.manifest import read_manifest
from sandbox.records import Channel
from sandbox.slack import Slack

POCKETS = 10
"""All of them are asked in the same minute, each in a channel of its own."""

SOON = 10.0
"""Seconds until the minute, at the least: so long it takes to schedule them all."""

LONG = 150.0
"""Seconds after which it is given up."""

WANTED = 2.0
"""Seconds within which a prompt is posted, where nothing has to be paced."""

QUESTION = "What did you learn this week?"


def measure(admin: URL) -> Iterator[Row]:
    """On either engine, seconds from the time to the prompt, of the middle one and the last; the baseline is what is wanted."""
    for engine in ENGINES:
        with (
            tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder,
            databases.empty(admin, engine, Path(folder), "outloud_bench_punctual") as url,
        ):
            late = sorted(asyncio.run(_late(url.render_as_string(hide_password=False))))
        for name, seconds in (("middle", late[len(late) // 2]), ("last", late[-1])):
            yield Row(f"{name}, {engine}", seconds, f"s late, of {POCKETS} in one minute", WANTED, seconds / WANTED)


async def _late(url: str) -> list[float]:
    """By how much each of the prompts was late. Raises `AppFailed`, and `NeverHappened` where one did not come."""
    environment = {"DATABASE_URL": url, "LOG_LEVEL": "warning"}
    await migrate(environment)
    slack = Slack(read_manifest(MANIFEST))
    async with slack, Companion(slack, [*OUTLOUD, "run"], environment) as companion:
        slack.person("ana")
        channels = [slack.channel(f"pocket-{number}", members=("ana",)) for number in range(POCKETS)]
        for pocket in channels:
            await pockets.begin(slack, "ana", pocket)
        zone = ZoneInfo(slack.find_person("ana").tz)
        soon = datetime.fromtimestamp(slack.clock.now() + SOON, zone)
        at = soon.replace(second=0, microsecond=0) + timedelta(minutes=1)
        for pocket in channels:
            answer = await slack.types("ana", f"/prompts once {at:%Y-%m-%d %H:%M} {QUESTION}", in_=pocket)
            if "Scheduled." not in answer.text:
                raise AppFailed(f"The prompt was not scheduled: {answer.text}")
        await slack.until(lambda: all(_asked(slack, pocket) for pocket in channels), within=LONG)
        companion.check()
        return [_asked(slack, pocket)[0] - at.timestamp() for pocket in channels]


def _asked(slack: Slack, pocket: Channel) -> list[float]:
    """When its prompt was posted."""
    return [float(ts) for ts, message in pocket.messages.items() if QUESTION in slack.text_of(message)]
