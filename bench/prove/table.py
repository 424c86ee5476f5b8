"""The table that `make prove` ends with, and the progress bar before it."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from .proof import Tally

MOST_SENTENCES = 10
"""Sentences that are shown of one row's faults."""


@dataclass(frozen=True, slots=True)
class Row:
    """How one proof went on one engine, by one door. Without a tally it could not be tried, and `why` says so."""

    name: str
    engine: str
    door: str
    seconds: float
    tally: Tally | None = None
    why: str = ""
    failed: bool = False
    """Whether this alone makes the whole a failure, though nothing was counted."""

    @property
    def is_fault(self) -> bool:
        """Whether what was promised did not hold, or could not be tried where it had to be."""
        return self.failed or bool(self.tally and self.tally.faults)


def progress(console: Console) -> Progress:
    """A bar for each row."""
    columns = (TextColumn("{task.description:<20}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def show(rows: list[Row], console: Console) -> None:
    """The table; below it, a sentence for each fault."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("what", "engine", "door"):
        table.add_column(name)
    for name in ("tried", "lost", "doubled", "wrong", "seconds"):
        table.add_column(name, justify="right")
    table.add_column("", overflow="fold")
    for row in rows:
        table.add_row(row.name, row.engine, row.door, *_numbers(row.tally), f"{row.seconds:.1f}", _words(row))
    console.print(table)
    for row in rows:
        for sentence in row.tally.faults[:MOST_SENTENCES] if row.tally else ():
            console.print(
                f"{row.name}, {row.engine}, {row.door}: {sentence}", soft_wrap=True, markup=False, highlight=False
            )


def _numbers(tally: Tally | None) -> tuple[str, str, str, str]:
    if tally is None:
        return "-", "-", "-", "-"
    return f"{tally.tried:,}", str(len(tally.lost)), str(len(tally.doubled)), str(len(tally.wrong))


def _words(row: Row) -> str:
    if row.tally is None:
        return row.why
    return "; ".join([row.tally.what, *row.tally.notes])
