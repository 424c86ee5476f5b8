"""`outloud export`: what a pocket learned, into a file or to the next program. A page at a time, however much it is."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import Progress

from bot import settings
from handlers.pockets import export_files
from storage.db.database import Database
from storage.places import exports
from storage.places.exports import Exported, Head
from storage.refusals import Unavailable

from . import naming, schema
from .failing import Failure

LONG = 5_000
"""Learnings from which on a terminal shows how far it is."""


class Format(StrEnum):
    """What a file may be."""

    md = "md"
    csv = "csv"


def export(
    pocket: Annotated[str, typer.Option(help="The pocket's channel: its name, such as '#learning', or its id.")],
    form: Annotated[Format, typer.Option("--format", help="Markdown to read, or CSV for a spreadsheet.")] = Format.md,
    out: Annotated[Path | None, typer.Option(help="Into this file, which must not be there yet.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: a JSON object a line, instead.")] = False,
) -> None:
    """Write down what a pocket learned, oldest first. People are named by their ids; who shared without a name, not at all."""
    asyncio.run(_export(pocket, "json" if as_json else form.value, out))


async def _export(pocket: str, form: str, out: Path | None) -> None:
    chosen = settings.load_database()
    schema.require_current(chosen)
    db = Database(chosen.database_url.get_secret_value(), readers=1)
    try:
        head = await naming.pocket(db, pocket)
        many = await db.read(exports.count, head.place, None)
        with _opened(out) as file, _shown(many) as step:
            file.write(_head(head, form))
            async for one in _all(db, head):
                file.write(_entry(one, head, form))
                step()
    except Unavailable as error:
        raise Failure(f"The database {chosen.database_place} does not answer. Is it running?") from error
    finally:
        await db.close()
    if out is not None:
        typer.echo(f"{many} {'learning' if many == 1 else 'learnings'} of #{head.name} in {out}.", err=True)


async def _all(db: Database, head: Head) -> AsyncIterator[Exported]:
    after = None
    while page := await db.read(exports.page, head.place, None, after=after):
        for one in page:
            yield one
        after = page[-1].at


def _head(head: Head, form: str) -> str:
    return {"md": export_files.markdown_head(head), "csv": export_files.csv_head()}.get(form, "")


def _entry(one: Exported, head: Head, form: str) -> str:
    if form == "md":
        return export_files.markdown_entry(one, head, {})
    if form == "csv":
        return export_files.csv_entry(one, head, {})
    told = {
        "id": one.at.id,
        "when": one.at.said_at,
        "who": one.author,
        "kind": one.kind,
        "words": export_files.plain(one, {}),
        "why": one.why,
        "topics": one.topics,
        "helped": one.helped,
        "link": one.link,
    }
    return json.dumps(told, ensure_ascii=False) + "\n"


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    """What is written to. A file is there once it is whole. Raises `Failure` where it can't be."""
    if out is None:
        yield sys.stdout
        return
    part = out.with_name(f"{out.name}.part")
    try:
        if out.exists():
            raise Failure(f"{out} is there already. Choose another name, or take it away first.")
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.rename(out)
    except OSError as error:
        raise Failure(f"{out} can't be written: {error.strerror or error}.") from None
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _shown(many: int) -> Iterator[Callable[[], None]]:
    """How far it is, on a terminal, where it takes a while."""
    console = Console(stderr=True)
    if many < LONG or not console.is_terminal:
        yield lambda: None
        return
    with Progress(console=console) as progress:
        task = progress.add_task("Learnings", total=many)
        yield lambda: progress.advance(task)
