"""`make bench`: measures, side by side with what it is compared to. A JSON line for each row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from bench import (
    acks,
    databases,
    experts,
    importing,
    latencies,
    memory,
    owed,
    punctual,
    relevance,
    replayed,
    schedules,
    search,
    start,
    whoknows,
)
from bench.row import Row
from sandbox.companion import AppFailed

BENCHES: dict[str, Callable[[URL, Path | None], Iterator[Row]]] = {
    "schedules": lambda admin, _: schedules.measure(admin),
    "punctual": lambda admin, _: punctual.measure(admin),
    "start": lambda admin, _: start.measure(admin),
    "memory": lambda admin, _: memory.measure(admin),
    "share-ack": lambda _admin, _: acks.shares(),
    "share-ack-postgres": lambda admin, _: acks.shares_on_postgres(admin),
    "keep-ack": lambda _admin, _: acks.keeps(),
    "routes": lambda _admin, _: acks.routes(),
    "latency": lambda _admin, _: latencies.one_at_a_time(),
    "open-loop": lambda _admin, _: latencies.open_loop(),
    "owed": lambda admin, _: owed.measure(admin),
    "replay": replayed.measure,
    "relevance": relevance.measure,
    "search": search.measure,
    "import": importing.measure,
    "experts": experts.measure,
    "whoknows": whoknows.measure,
}


def main(
    only: Annotated[str, typer.Option(help="Only this one.")] = "",
    export: Annotated[
        Path | None, typer.Option(help="A Slack export, for those that take one; else it is made up.")
    ] = None,
) -> None:
    """Measure all of it, or what ONLY names."""
    if only and only not in BENCHES:
        typer.echo(f"There is no bench called {only}. There is: {', '.join(BENCHES)}.", err=True)
        raise typer.Exit(2)
    admin = databases.server()
    try:
        for name, measure in BENCHES.items():
            if only in ("", name):
                for row in measure(admin, export):
                    rounded = {
                        key: round(value, 4) if isinstance(value, float) else value
                        for key, value in asdict(row).items()
                    }
                    typer.echo(json.dumps({"bench": name, **rounded}, ensure_ascii=False))
    except OperationalError as error:
        typer.echo(f"PostgreSQL is needed, where TEST_POSTGRES_URL says: {error.orig}", err=True)
        raise typer.Exit(1) from error
    except AppFailed as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(main)
