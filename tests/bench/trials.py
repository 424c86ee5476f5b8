"""Proofs in their short form, for tests: on both engines at once, because most of their time is waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench import community
from bench.prove.proof import Proof, Tally, Trial
from tests import databases

SEED = 2018
MESSAGES = 80


async def prove(proof: Proof, folder: Path) -> None:
    """Run a proof on SQLite and, where there is one, on PostgreSQL, and require that nothing is lost, doubled or wrong.

    Where there is no PostgreSQL the test is skipped after SQLite has passed, with the reason.
    """
    lacking = databases.lacks_postgres()
    engines = databases.ENGINES[:1] if lacking else databases.ENGINES
    tallies = await asyncio.gather(*(_prove(proof, engine, folder) for engine in engines))
    for engine, tally in zip(engines, tallies, strict=True):
        assert not tally.faults, f"{engine}: {tally.faults}"
        assert tally.tried > 0, engine
    databases.require_postgres()


async def _prove(proof: Proof, engine: str, folder: Path) -> Tally:
    return await proof.run(short(engine, folder))


def short(engine: str, folder: Path) -> Trial:
    """A short run on one engine, with an export of its own below `folder`."""
    export = folder / f"{engine}.zip"
    community.write(export, seed=SEED, messages=MESSAGES)
    place = folder / engine
    place.mkdir()
    return Trial(engine, place, export, SEED, short=True, advance=lambda _done: None)
