"""`outloud import`: what a Slack export shows as kept becomes a pocket's learnings. A piece at a time, however large it is."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import settings
from bot.importing import source
from bot.importing.archive import Archive, BadExport
from bot.importing.reading import Reader
from bot.importing.tally import Tally
from storage import workspaces
from storage.db.database import Database
from storage.kept import importing
from storage.kept.importing import Carried, Outcome
from storage.places import pocket_reactions, pockets
from storage.places.exports import Head
from storage.refusals import NotAPocket, Unavailable

from . import naming, schema
from .failing import Failure

AT_ONCE = 50
"""Learnings in one transaction: whoever shares meanwhile waits for no more than these."""

TRIES, PAUSE = 10, 1.0
"""How often a transaction is tried while the database has too much to do, and the seconds in between."""

STEP = 200
"""Messages after which the progress is shown anew."""


def import_(
    export: Annotated[Path, typer.Argument(help="A Slack export: a zip file.")],
    pocket: Annotated[str, typer.Option(help="The pocket's channel: its name, such as '#learning', or its id.")],
    channel: Annotated[str, typer.Option("--from", help="Of another workspace's export: which of its channels.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say it as one line of JSON.")] = False,
) -> None:
    """Let the messages of a Slack export that carry keep reactions become a pocket's learnings. Again, it changes nothing."""
    try:
        tally = asyncio.run(carry(export, pocket, channel, dry=dry_run))
    except BadExport as error:
        raise Failure(f"{error} Nothing was imported.") from None
    typer.echo(json.dumps(tally.facts()) if as_json else "\n".join(tally.lines(dry=dry_run)))


async def carry(export: Path, pocket: str, channel: str, *, dry: bool) -> Tally:
    """Import; `dry`: only see what would come of it. Raises `BadExport`, `Failure`.

    All of it is read before anything is written: what can't be read to its end leaves nothing behind.
    """
    chosen = settings.load_database()
    schema.require_current(chosen)
    db = Database(chosen.database_url.get_secret_value(), readers=1)
    try:
        head = await naming.pocket(db, pocket)
        if not await db.read(pockets.is_live, head.place):
            raise Failure(f"#{head.name} is no pocket any more. Type `/outloud start` there, then import.")
        with Archive(export) as archive, _shown() as shown:
            reader = await _reader(db, archive, head, channel)
            many = sum(1 for _ in shown.read(reader))
            return await _all(db, head, shown.imported(reader, many), dry=dry)
    except NotAPocket:
        raise Failure(f"#{head.name} was stopped meanwhile. What was imported by then stays.") from None
    except Unavailable as error:
        raise Failure(
            f"The database {chosen.database_place} does not answer. What was imported by now stays; once it answers, do the same "
            "again."
        ) from error
    finally:
        await db.close()


async def _reader(db: Database, archive: Archive, head: Head, channel: str) -> Reader:
    found = source.find(archive, head.place, head.name, channel)
    reactions = await db.read(pocket_reactions.of, head.place)
    installation = await db.read(workspaces.find, head.place.workspace)
    return Reader(found, reactions, installation, now=time.time())


async def _all(db: Database, head: Head, found: Iterator[Carried | None], *, dry: bool) -> Tally:
    """Let all that carries keep reactions become learnings; `dry`: only see what would."""
    tally = Tally()

    def kept() -> Iterator[Carried]:
        for one in found:
            tally.messages += 1
            if one is not None:
                yield one

    carried, foretold = kept(), set[str]()
    while batch := list(islice(carried, AT_ONCE)):
        judged = db.read(importing.judge, head.place, batch, foretold) if dry else _remember(db, head, batch)
        for one, outcome in zip(batch, await judged, strict=True):
            tally.count(one, outcome)
            if dry and outcome == "new":  # else the database knows it
                foretold.add(importing.key_of(head.place, one))
    return tally


async def _remember(db: Database, head: Head, batch: list[Carried]) -> list[Outcome]:
    """Told again, each is known: so that a try whose end is unknown may be made again."""
    for _ in range(TRIES - 1):
        try:
            return await db.write(importing.remember, head.place, batch, at=time.time())
        except Unavailable:
            await asyncio.sleep(PAUSE)
    return await db.write(importing.remember, head.place, batch, at=time.time())


@dataclass(frozen=True, slots=True)
class Shown:
    """How far it is, on a terminal: by days as long as nobody knows how many messages there are, and then by messages."""

    progress: Progress

    def read(self, reader: Reader) -> Iterator[Carried | None]:
        """All messages, as they are read for the first time."""
        task = self.progress.add_task("Reading the days", total=len(reader.source.days))
        yield from reader.all(checked=False, then=lambda: self.progress.advance(task))

    def imported(self, reader: Reader, many: int) -> Iterator[Carried | None]:
        """The same, as they are imported."""
        task, number = self.progress.add_task("Importing messages", total=many), 0
        for number, one in enumerate(reader.all(checked=True), 1):
            yield one
            if number % STEP == 0:
                self.progress.update(task, completed=number)
        self.progress.update(task, completed=number)


@contextmanager
def _shown() -> Iterator[Shown]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Shown(progress)
