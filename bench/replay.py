"""`make replay`: play a Slack export to the real bot, at 100 times Slack's pace, and count what came of it.

Prints one JSON line: `messages`, `keeps`, `learnings`, `acknowledged` (📚 standing), `posts`, `seconds`. It ends with 1 where
what the bot remembers is not what the export says: the right author, curators, words, link and time of each kept message.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from sandbox.companion import AppFailed, Companion
from sandbox.export import BadExport, Export
from sandbox.manifest import read_manifest
from sandbox.replay import ReplayFailed, Result, before_first, replay
from sandbox.slack import Slack

SPEED = 100.0
"""Times Slack's pace: the sandbox's clock and the bot's own pace alike."""

SANDBOX = "T0SANDBOX"
"""The sandbox's workspace."""

ROOT = Path(__file__).parent.parent
OUTLOUD = [sys.executable, "-m", "bot"]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A kept message, as the export has it or as the database does."""

    channel: str
    ts: str
    author: str
    words: str
    link: str
    said_at: float
    curators: frozenset[str]


def main(
    export: Annotated[Path, typer.Argument(help="A Slack export (zip).")],
    database_url: Annotated[str, typer.Option(help="Where the bot remembers; by default a new SQLite file.")] = "",
    door: Annotated[str, typer.Option(help="By which door the bot hears: http.")] = "http",
) -> None:
    """Play EXPORT to the bot and compare what it remembers with what the export says."""
    if door != "http":
        typer.echo(f"There is no door called {door}: this version hears by DOOR=http.", err=True)
        raise typer.Exit(2)
    try:
        with tempfile.TemporaryDirectory(prefix="outloud-replay-") as folder, Export(export) as opened:
            url = database_url or f"sqlite:///{folder}/replay.db"
            problems = asyncio.run(_play(opened, url))
    except (AppFailed, BadExport, ReplayFailed) as error:
        problems = [str(error)]
    except DBAPIError as error:
        problems = [f"DATABASE_URL can't be used: {' '.join(str(error.orig).split())}"]
    except OSError as error:
        problems = [f"{error.filename or export}: {error.strerror or error}"]
    for problem in problems[:20]:
        typer.echo(problem, err=True)
    raise typer.Exit(1 if problems else 0)


async def _play(export: Export, url: str) -> list[str]:
    """Run it all. Returns what is wrong, a sentence each."""
    environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
    _require_no_others(url)
    await _migrate(environment)
    slack = Slack(read_manifest(ROOT / "manifest.yml"), speed=SPEED, now=before_first(export))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(slack)
        companion = await stack.enter_async_context(Companion(slack, [*OUTLOUD, "run"], environment))
        progress = stack.enter_context(_progress())
        bar = progress.add_task("Messages", total=export.count_messages())
        result = await replay(slack, export, progress=lambda: progress.advance(bar), check=companion.check)
        wanted = _wanted(slack, export)
    kept = _kept(url, {one.channel for one in wanted})
    _report(result, kept)
    return [*_differences(wanted, kept), *_acknowledgements(result, wanted)]


async def _migrate(environment: dict[str, str]) -> None:
    """Bring the database to the bot's schema: on PostgreSQL `run` leaves that to `migrate`."""
    process = await asyncio.create_subprocess_exec(
        *OUTLOUD, "migrate", env=os.environ | environment, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise AppFailed("The database could not be prepared: DATABASE_URL says where it is.")


def _require_no_others(url: str) -> None:
    """Refuse a database in which a real workspace's learnings stand: an export's people have no business there."""
    with _reading(url) as connection:
        if not inspect(connection).has_table("workspaces"):
            return
        others = connection.scalar(text("SELECT count(*) FROM workspaces WHERE id != :id"), {"id": SANDBOX})
    if others:
        raise AppFailed("That database holds a real workspace. Name an empty one: DATABASE_URL=sqlite:///new.db")


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    engine = create_engine(url.replace("postgres://", "postgresql://", 1))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _progress() -> Progress:
    columns = (TextColumn("[progress.description]{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))


def _wanted(slack: Slack, export: Export) -> list[Remembered]:
    """What the export says: messages of people that somebody's 💡 stands on."""
    found = []
    for channel, message in export.messages():
        keepers = {user for one in message.reactions if one.name.split("::")[0] == "bulb" for user in one.users}
        if keepers and message.user and not message.bot_id and message.text.strip():
            link = slack.world.permalink(slack.world.message(channel.id, message.ts))
            found.append(
                Remembered(channel.id, message.ts, message.user, message.text, link, message.time, frozenset(keepers))
            )
    return found


def _kept(url: str, channels: set[str]) -> list[Remembered]:
    """What the database says, in plain SQL."""
    with _reading(url) as connection:
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


def _report(result: Result, kept: list[Remembered]) -> None:
    line = result.json()
    seconds = line.pop("seconds")
    wanted = ("messages", "keeps", "learnings", "acknowledged", "posts")
    counted = line | {"learnings": len(kept)}
    typer.echo(json.dumps({name: counted[name] for name in wanted} | {"seconds": seconds}))


def _differences(wanted: list[Remembered], kept: list[Remembered]) -> list[str]:
    missing, extra = set(wanted) - set(kept), set(kept) - set(wanted)
    doubled = len(kept) - len({(one.channel, one.ts) for one in kept})
    return [
        *(f"Not remembered as the export has it: {one.channel} {one.ts}." for one in missing),
        *(f"Remembered, but not in the export so: {one.channel} {one.ts}." for one in extra),
        *([f"{doubled} learnings stand twice."] if doubled else []),
    ]


def _acknowledgements(result: Result, wanted: list[Remembered]) -> list[str]:
    if result.acknowledged == len(wanted):
        return []
    return [f"{result.acknowledged} messages carry 📚, and {len(wanted)} should."]


if __name__ == "__main__":
    typer.run(main)
