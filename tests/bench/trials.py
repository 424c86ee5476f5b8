"""Proofs in their short form, for tests."""

from __future__ import annotations

from pathlib import Path

from bench import community
from bench.prove.proof import Trial

SEED = 2018
MESSAGES, KEPT = 120, 0.35


def short(engine: str, folder: Path, *, door: str = "http") -> Trial:
    """A short run on one engine, with an export of its own below `folder`."""
    place = folder / engine
    place.mkdir(parents=True)
    export = folder / f"{engine}.zip"
    community.write(export, seed=SEED, messages=MESSAGES, kept=KEPT)
    return Trial(engine, place, export, SEED, short=True, advance=lambda _done: None, door=door)
