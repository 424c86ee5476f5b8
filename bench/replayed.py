"""How fast a whole replay goes, beside the same deliveries to an empty app of Bolt's that acknowledges them and does nothing."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy.engine import URL

from bench import community
from bench.program import EMPTY, MANIFEST, OUTLOUD, SPEED, cpu
from bench.row import Row
from sandbox.companion import Companion
from sandbox.export import Export
from sandbox.manifest import read_manifest
from sandbox.replay import Habits, before_first, replay
from sandbox.slack import Slack

ROUNDS = 3
MESSAGES = 1000
"""Of the made-up export."""

NOTHING_IS_KEPT = Habits(keep_emoji="")
"""What is to be waited for of an app that does nothing."""


class Rate(NamedTuple):
    """Messages a second; and a second of the app's CPU, from when it was ready on."""

    wall: float
    cpu: float


def measure(_admin: URL, export: Path | None) -> Iterator[Row]:
    """By the door over HTTP, on SQLite, at 100 times Slack's pace, in alternated rounds, each from an empty database on.

    A bot's ends with its last call of the Web API, when all 📚 stand.
    """
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        if export is None:
            export = Path(folder) / "community.zip"
            community.write(export, seed=1, messages=MESSAGES)
        with Export(export) as opened:
            ours, empty = asyncio.run(_rounds(opened, folder))
    for name, pick in (("replay", lambda one: one.wall), ("replay, CPU", lambda one: one.cpu)):
        value, baseline = median(map(pick, ours)), median(map(pick, empty))
        yield Row(name, value, "messages/s", baseline, value / baseline)


async def _rounds(export: Export, folder: str) -> tuple[list[Rate], list[Rate]]:
    ours, empty = list[Rate](), list[Rate]()
    for number in range(ROUNDS):
        url = f"sqlite:///{folder}/{number}.db"
        ours.append(await _played(export, [*OUTLOUD, "run"], url, Habits()))
        empty.append(await _played(export, EMPTY, url, NOTHING_IS_KEPT))
    return ours, empty


async def _played(export: Export, program: Sequence[str], url: str, habits: Habits) -> Rate:
    """Raises `AppFailed`, `ReplayFailed`."""
    environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
    slack = Slack(read_manifest(MANIFEST), speed=SPEED, now=before_first(export))
    async with slack, Companion(slack, program, environment) as companion:
        before = cpu(companion.pid)
        result = await replay(slack, export, habits=habits, check=companion.check)
        spent = cpu(companion.pid) - before
    return Rate(result.messages / result.seconds, result.messages / spent)
