"""`make replay`: play a Slack export to the real bot, at 100 times Slack's pace, and count what came of it.

Prints one JSON line: `messages`, `keeps`, `learnings`, `acknowledged` (📚 standing), `posts`, `seconds`. It ends with 1 where
what the bot remembers is not what the export says: the right author, curators, words, link and time of each kept message.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from bench import kept, prompted
from bench.kept import Remembered
from bench.program import DOORS, MANIFEST, OUTLOUD, SPEED, migrate, reading
from sandbox.companion import AppFailed, Companion
from sandbox.export import BadExport, Export
from sandbox.manifest import read_manifest
from sandbox.replay import ReplayFailed, Result, before_first, furnish, replay
from sandbox.slack import NeverHappened, Slack

SANDBOX = "T0SANDBOX"
"""The sandbox's workspace."""


def main(
    export: Annotated[Path, typer.Argument(help="A Slack export (zip).")],
    database_url: Annotated[str, typer.Option(help="Where the bot remembers; by default a new SQLite file.")] = "",
    door: Annotated[str, typer.Option(help="By which door the bot hears: http or socket.")] = "http",
    prompt: Annotated[bool, typer.Option("--prompt", help="A weekly prompt in front of its threads instead.")] = False,  # noqa: FBT002
) -> None:
    """Play EXPORT to the bot and compare what it remembers with what the export says."""
    if door not in DOORS:
        typer.echo(f"There is no door called {door}: the bot hears by DOOR=http or DOOR=socket.", err=True)
        raise typer.Exit(2)
    try:
        with tempfile.TemporaryDirectory(prefix="outloud-replay-") as folder, Export(export) as opened:
            url = database_url or f"sqlite:///{folder}/replay.db"
            problems = asyncio.run((_ask if prompt else _play)(opened, url, door))
    except (AppFailed, BadExport, ReplayFailed) as error:
        problems = [str(error)]
    except NeverHappened as error:
        problems = [str(error).partition("\n")[0]]  # not all that everybody sees
    except DBAPIError as error:
        problems = [f"DATABASE_URL can't be used: {' '.join(str(error.orig).split())}"]
    except OSError as error:
        problems = [f"{error.filename or export}: {error.strerror or error}"]
    for problem in problems[:20]:
        typer.echo(problem, err=True)
    raise typer.Exit(1 if problems else 0)


async def _play(export: Export, url: str, door: str) -> list[str]:
    """Run it all. Returns what is wrong, a sentence each."""
    environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
    was_played = _look_in(url)
    await migrate(environment)
    slack = Slack(read_manifest(MANIFEST), speed=SPEED, now=before_first(export), socket_mode=door == "socket")
    if was_played:  # a Slack that had forgotten it all would make the bot forget, too: it reads up on what it missed
        furnish(slack, export)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(slack)
        companion = await stack.enter_async_context(Companion(slack, [*OUTLOUD, "run"], environment))
        progress = stack.enter_context(_progress())
        bar = progress.add_task("Messages", total=export.count_messages())
        result = await replay(slack, export, progress=lambda: progress.advance(bar), check=companion.check)
        wanted = kept.in_export(slack, export)
    with reading(url) as connection:
        remembered = kept.in_database(connection, {one.channel for one in wanted})
    _report(result, remembered)
    return [*_differences(wanted, remembered), *_acknowledgements(result, wanted)]


async def _ask(export: Export, url: str, door: str) -> list[str]:
    """The same with a weekly prompt in front of the export's threads; the bot goes by the sandbox's clock."""
    environment = {"DATABASE_URL": url, "SLACK_PACE": str(SPEED), "LOG_LEVEL": "warning"}
    if _look_in(url):
        raise AppFailed("That database is not empty. Name an empty one: DATABASE_URL=sqlite:///new.db")
    await migrate(environment)
    a_week_before = (before_first(export) or time.time()) - 7 * 86400
    slack = Slack(read_manifest(MANIFEST), speed=SPEED, now=a_week_before, socket_mode=door == "socket")
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(slack)
        environment["SLACK_CLOCK"] = f"{slack.world.base_url}/sandbox/clock"
        companion = await stack.enter_async_context(Companion(slack, [*OUTLOUD, "run"], environment))
        outcome = await prompted.play(slack, export, companion.check)
    with reading(url) as connection:
        found = prompted.in_database(connection, outcome.channel)
    line = {
        "rounds": outcome.rounds,
        "replies": outcome.replies,
        "answers": len(outcome.wanted),
        "learnings": len(found),
    }
    typer.echo(json.dumps(line | {"seconds": round(time.monotonic() - began, 2)}))
    missing, extra = set(outcome.wanted) - set(found), set(found) - set(outcome.wanted)
    return [
        *outcome.problems,
        *(f"A first reply that is not remembered so: {one.ts}." for one in missing),
        *(f"Remembered, and no first reply: {one.ts}." for one in extra),
        *(["Answers stand twice."] if len(found) != len(set(found)) else []),
    ]


def _look_in(url: str) -> bool:
    """Whether something was played into this database before.

    Raises `AppFailed` where a real workspace's learnings stand in it: an export's people have no business there.
    """
    with reading(url) as connection:
        if not inspect(connection).has_table("workspaces"):
            return False
        found = set(connection.scalars(text("SELECT id FROM workspaces")))
    if found - {SANDBOX}:
        raise AppFailed("That database holds a real workspace. Name an empty one: DATABASE_URL=sqlite:///new.db")
    return bool(found)


def _progress() -> Progress:
    columns = (TextColumn("[progress.description]{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))


def _report(result: Result, remembered: list[Remembered]) -> None:
    line = result.json()
    seconds = line.pop("seconds")
    wanted = ("messages", "keeps", "learnings", "acknowledged", "posts")
    counted = line | {"learnings": len(remembered)}
    typer.echo(json.dumps({name: counted[name] for name in wanted} | {"seconds": seconds}))


def _differences(wanted: list[Remembered], found: list[Remembered]) -> list[str]:
    missing, extra = set(wanted) - set(found), set(found) - set(wanted)
    doubled = len(found) - len({one.place for one in found})
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
