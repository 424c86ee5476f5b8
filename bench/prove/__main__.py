"""`python -m bench.prove`: all proofs, on both engines, or those that were asked for."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from bench import community
from bench.program import DOORS

from . import table
from .proof import ENGINES, CantProve, Proof, Tally, Trial
from .proofs import PROOFS
from .table import Row

Kind = TypeVar("Kind")


def main(
    *,
    only: Annotated[str, typer.Option(help="One proof, by its name.")] = "",
    export: Annotated[Path | None, typer.Option(help="The Slack export to play; else a made-up one.")] = None,
    engine: Annotated[str, typer.Option(help="One engine: sqlite or postgresql.")] = "",
    door: Annotated[str, typer.Option(help="By which door the bot hears: http or socket.")] = "http",
    seed: Annotated[int, typer.Option(help="Decides what happens by chance.")] = 2018,
    short: Annotated[bool, typer.Option("--short", help="A few seconds of each, as the tests have it.")] = False,
) -> None:
    """Prove what Outloud promises; ends with 1 where something was lost, doubled or wrong."""
    proofs = _chosen("proof", only, {proof.name: proof for proof in PROOFS})
    _chosen("door", door, {name: name for name in DOORS})
    engines = _chosen("engine", engine, {name: name for name in ENGINES})
    if export is not None and not export.is_file():
        raise typer.BadParameter(f"There is no export at {export}.")
    console = Console(stderr=True)
    rows = []
    with tempfile.TemporaryDirectory(prefix="outloud-prove-") as folder, table.progress(console) as bars:
        played = export or _made_up(Path(folder), seed, short=short)
        for proof in proofs:
            for name in (one for one in engines if one in proof.engines and door in proof.doors):
                bar = bars.add_task(f"{proof.name} {name}", total=1.0)
                advance = partial(_advance, bars, bar)
                rows.append(_row(proof, Trial(name, Path(folder), played, seed, short, advance, door)))
    if not rows:
        console.print(f"There is nothing to prove at the door {door}.")
    table.show(rows, Console())
    raise typer.Exit(1 if any(row.is_fault for row in rows) else 0)


def _advance(bars: Progress, bar: TaskID, done: float) -> None:
    """Where no bar can be drawn, a line tells of each tenth."""
    task = next(one for one in bars.tasks if one.id == bar)
    tenths = task.percentage // 10
    bars.update(bar, completed=done)
    if not bars.console.is_terminal and task.percentage // 10 > tenths:
        bars.console.print(f"{task.description}: {task.percentage:.0f} %")


def _chosen(what: str, name: str, known: dict[str, Kind]) -> list[Kind]:
    if name and name not in known:
        raise typer.BadParameter(f"There is no {what} called {name}, but: {', '.join(known)}.")
    return [known[name]] if name else list(known.values())


def _made_up(folder: Path, seed: int, *, short: bool) -> Path:
    path = folder / "community.zip"
    community.write(path, seed=seed, messages=300 if short else 3000)
    return path


def _row(proof: Proof, trial: Trial) -> Row:
    began = time.monotonic()
    tally: Tally | None = None
    why, failed = "", False
    with tempfile.TemporaryDirectory(prefix=f"{proof.name}-", dir=trial.folder) as folder:
        try:
            tally = asyncio.run(proof.run(replace(trial, folder=Path(folder))))
        except CantProve as lacking:
            why, failed = str(lacking), os.environ.get("CI") == "true"
        except Exception as error:  # noqa: BLE001 -- one proof that breaks off must not hide what the others found
            why, failed = f"broke off: {type(error).__name__}: {error} {_last_words(Path(folder))}", True
    trial.advance(1.0)
    return Row(proof.name, trial.engine, trial.door, time.monotonic() - began, tally, why, failed)


def _last_words(folder: Path) -> str:
    """What the bot wrote last."""
    log = folder / "outloud.log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""


if __name__ == "__main__":
    typer.run(main)
