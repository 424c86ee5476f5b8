"""All that `make prove` proves, in its short form: together, because most of their time is waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.prove.proof import Proof
from bench.prove.proofs import PROOFS
from tests import databases
from tests.bench.trials import short

LONGEST = ("leaks", "database", "pause", "kill", "replicas", "soak", "faults")
"""They begin first, in this order: each of them mostly waits, and the others keep the machine busy meanwhile."""

BY_SOCKET = {("pause", "postgresql"), ("database", "sqlite"), ("faults", "postgresql")}
"""What hears by Socket Mode here, all else by HTTP: each proof for which the door matters is tried by it.

What disorder tells comes with its place in Slack's order by either door; hostile lays siege to the one that can be reached.
"""

ON_ONE = {
    "pause": "postgresql",
    "kill": "sqlite",
    "faults": "postgresql",
    "leaks": "postgresql",
    "disorder": "sqlite",
    "hostile": "sqlite",
    "soak": "sqlite",
    "year": "sqlite",
}
"""What is tried here on one engine alone: all but outages, of which each has its own. `make prove` tries it all on both."""

AT_ONCE = 4


@pytest.mark.alone
@pytest.mark.timeout(600)  # only what hangs is ended by it: machines are slow at times
async def test_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """By kills, pauses and outages on both engines; by faults, disorder, hostile requests, leaks and a night of new clocks.

    With two processes at once, too; and a day of everything at once leaves nothing open.

    Where there is no PostgreSQL the test is skipped after SQLite has passed, with the reason.
    """
    engines = databases.ENGINES[:1] if databases.lacks_postgres() else databases.ENGINES
    proofs = sorted(PROOFS, key=lambda proof: (*LONGEST, proof.name).index(proof.name))
    runs = [
        (proof, engine)
        for proof in proofs
        for engine in reversed(engines)
        if engine in proof.engines and ON_ONE.get(proof.name, engine) == engine
    ]
    places = asyncio.Semaphore(AT_ONCE)
    found = await asyncio.gather(*(_faults(proof, engine, tmp_path, places) for proof, engine in runs))
    assert {
        f"{proof.name}, {engine}": faults for (proof, engine), faults in zip(runs, found, strict=True) if faults
    } == {}
    databases.require_postgres()


async def _faults(proof: Proof, engine: str, folder: Path, places: asyncio.Semaphore) -> list[str]:
    async with places:
        door = "socket" if (proof.name, engine) in BY_SOCKET else "http"
        tally = await proof.run(short(engine, folder / proof.name, door=door))
    return tally.faults if tally.tried else ["Nothing was tried."]
