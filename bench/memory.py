"""What an idle bot holds in memory, served and ready, beside a served empty app that has answered once."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from sqlalchemy.engine import URL

from bench.program import EMPTY, MANIFEST, OUTLOUD
from bench.row import Row
from sandbox.companion import Companion
from sandbox.manifest import read_manifest
from sandbox.slack import Slack

ROUNDS = 3
IDLE = 2.0
"""Seconds: what a start leaves behind is done with by then."""

KINDS = {"memory": "Rss", "memory, proportional": "Pss"}
"""The limit's is the resident set: what `ps` shows, whoever else runs. The other one shares what processes have in common,
such as Python itself, among them, and so depends on what else is there."""


def measure(_admin: URL) -> Iterator[Row]:
    """The resident set, by Linux's own account, in alternated rounds."""
    ours, empty = asyncio.run(_rounds())
    for name, kind in KINDS.items():
        value, baseline = median(one[kind] for one in ours), median(one[kind] for one in empty)
        yield Row(name, value, "MB", baseline, value / baseline)


async def _rounds() -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    ours, empty = list[dict[str, float]](), list[dict[str, float]]()
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        environment = {"DATABASE_URL": f"sqlite:///{folder}/bench.db", "LOG_LEVEL": "warning"}
        async with Slack(read_manifest(MANIFEST)) as slack:
            await _held(slack, [*OUTLOUD, "run"], environment)  # the first one makes the database
            for _ in range(ROUNDS):
                ours.append(await _held(slack, [*OUTLOUD, "run"], environment))
                empty.append(await _held(slack, EMPTY, environment))
    return ours, empty


async def _held(slack: Slack, program: Sequence[str], environment: Mapping[str, str]) -> dict[str, float]:
    """Megabytes that a program holds, by kind."""
    async with Companion(slack, program, environment) as companion:
        await asyncio.sleep(IDLE)
        companion.check()
        return told(companion.pid)


def told(process: int) -> dict[str, float]:
    """What Linux says that a process holds, in megabytes, by kind."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    return {kind: int(kilobytes) / 1024 for kind, kilobytes in re.findall(r"^(\w+): +(\d+) kB", lines, re.MULTILINE)}
