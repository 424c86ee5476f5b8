"""`outloud outbox`: what waits to be said in Slack, and what is parked because it could not be."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from typing import Annotated, Concatenate, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy.orm import Session

from bot import clock, settings
from storage.db.database import Database
from storage.owed import parking
from storage.owed.parking import Entry
from storage.refusals import Unavailable

from . import schema
from .failing import Failure

P = ParamSpec("P")
R = TypeVar("R")

app = typer.Typer(
    add_completion=False, help="See what waits to be said in Slack, or is parked; retry or drop what is parked."
)

Json = Annotated[bool, typer.Option("--json", help="For programs: JSON instead of a table.")]
Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Which ones: their ids, as the list shows them.")
]
All = Annotated[bool, typer.Option("--all", help="All that is parked.")]


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    parked: Annotated[bool, typer.Option("--parked", help="Only what is parked.")] = False,
    as_json: Json = False,
) -> None:
    """List what waits and what is parked, oldest first."""
    if context.invoked_subcommand is not None:
        if parked or as_json:
            raise Failure(
                f"Options go behind the word: `outloud outbox {context.invoked_subcommand} --help` shows them."
            )
        return
    entries = _ask(parking.entries, state="parked" if parked else None)
    if as_json:
        typer.echo(json.dumps([asdict(entry) for entry in entries], indent=2))
    elif not entries:
        typer.echo("Nothing is parked." if parked else "Nothing waits, and nothing is parked.")
    else:
        Console().print(_table(entries))


@app.command()
def retry(ids: Ids = None, everything: All = False, as_json: Json = False) -> None:
    """Try parked entries again, now."""
    chosen = _chosen(ids, everything=everything)
    _say(chosen, _change(parking.retry, chosen, at=clock.now()), "will be tried again", as_json=as_json)


@app.command()
def drop(ids: Ids = None, everything: All = False, as_json: Json = False) -> None:
    """Forget parked entries: they are never said."""
    chosen = _chosen(ids, everything=everything)
    _say(chosen, _change(parking.drop, chosen), "dropped", as_json=as_json)


def _chosen(ids: list[str] | None, *, everything: bool) -> list[str] | None:
    if bool(ids) == everything:
        raise Failure("Name the entries by their ids, or say --all; `outloud outbox --parked` lists them.")
    return None if everything else ids


def _say(chosen: list[str] | None, changed: list[str], what: str, *, as_json: bool) -> None:
    """Say what was done. Raises `Failure` where something that was named is not parked: the rest is done all the same."""
    not_parked = [id for id in dict.fromkeys(chosen or ()) if id not in changed]
    if as_json:
        typer.echo(json.dumps({"entries": changed, "not_parked": not_parked}))
    elif changed or chosen is None:
        typer.echo(f"{len(changed)} {'entry' if len(changed) == 1 else 'entries'} {what}.")
    if not_parked:
        raise Failure(f"Not parked: {', '.join(not_parked)}. `outloud outbox` shows what there is.")


def _table(entries: list[Entry]) -> Table:
    id = Column("id", no_wrap=True, min_width=32)  # whole, so that it can be copied
    table = Table(id, "what", "where", "state", "tries", "owed", "why")
    for entry in entries:
        owed = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(entry.owed_at))
        table.add_row(entry.id, entry.kind, entry.lane, entry.state, str(entry.tries), owed, entry.reason or "")
    return table


def _ask(f: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    async def ask(db: Database) -> R:
        return await db.read(f, *args, **kwargs)

    return asyncio.run(_with_database(ask))


def _change(f: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    async def change(db: Database) -> R:
        return await db.write(f, *args, **kwargs)

    return asyncio.run(_with_database(change))


async def _with_database(do: Callable[[Database], Coroutine[None, None, R]]) -> R:
    chosen = settings.load_database()
    schema.require_current(chosen)
    db = Database(chosen.database_url.get_secret_value(), readers=1)
    try:
        return await do(db)
    except Unavailable as error:
        raise Failure(
            f"The database {chosen.database_place} does not answer. Is it running? Nothing was changed."
        ) from error
    finally:
        await db.close()
