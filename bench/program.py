"""The bot as the benches know it: a program to run, and a database to look into. No code is shared with it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine

from sandbox.companion import AppFailed

ROOT = Path(__file__).parent.parent
MANIFEST = ROOT / "manifest.yml"
OUTLOUD = (sys.executable, "-m", "bot")

EMPTY = (sys.executable, "-m", "bench.baselines.empty_app")
"""What it is compared to, where nothing else is said: an empty app of Bolt's, served."""

DOORS = ("http", "socket")
"""By which the bot hears: what Slack sends to it over HTTP, or over connections that it opened (Socket Mode)."""

SPEED = 100.0
"""Times Slack's pace: the sandbox's clock and the bot's own pace alike."""


async def migrate(environment: Mapping[str, str]) -> None:
    """Bring a PostgreSQL database to the bot's schema: only on SQLite `run` does that itself. Raises `AppFailed`."""
    if environment["DATABASE_URL"].startswith("sqlite"):
        return
    process = await asyncio.create_subprocess_exec(
        *OUTLOUD, "migrate", env=os.environ | environment, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise AppFailed("The database could not be prepared: DATABASE_URL says where it is.")


async def said_by(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """What a command of the bot's says. Raises `AppFailed` where it fails."""
    process = await asyncio.create_subprocess_exec(
        *OUTLOUD, *command, env=os.environ | environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, why = await process.communicate()
    if process.returncode:
        raise AppFailed(f"`outloud {command[0]}` failed: {why.decode(errors='replace')[-500:]}")
    return said.decode()


def running(log: Path) -> list[str]:
    """The command that runs the bot, with all that it writes appended to `log`: a kill does not lose the last lines."""
    return ["/bin/sh", "-c", 'log=$1; shift; exec "$@" >>"$log" 2>&1', "sh", str(log), *OUTLOUD, "run"]


def cpu(process: int) -> float:
    """Seconds of CPU that a process has taken, by Linux's own account."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """A connection to look into the database with, in plain SQL."""
    engine = create_engine(url.replace("postgres://", "postgresql://", 1))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
