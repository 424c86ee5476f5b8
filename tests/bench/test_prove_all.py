"""All that `make prove` proves, in its short form: together, because most of their time is waiting for a lease to end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.prove.proof import Proof
from bench.prove.proofs import PROOFS
from tests import databases
from tests.bench.trials import short

WAITING = ("pause", "kill", "database")
"""They mostly wait, for a lease to end, and begin first; the others keep the machine busy meanwhile."""

AT_ONCE = 6


@pytest.mark.timeout(170)
async def test_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """By kills, faults, disorder, pauses, outages and hostile requests, on SQLite and on PostgreSQL.

    Where there is no PostgreSQL the test is skipped after SQLite has passed, with the reason.
    """
    engines = databases.ENGINES[:1] if databases.lacks_postgres() else databases.ENGINES
    proofs = sorted(PROOFS, key=lambda proof: (*WAITING, proof.name).index(proof.name))
    runs = [(proof, engine) for proof in proofs for engine in reversed(engines)]
    places = asyncio.Semaphore(AT_ONCE)
    found = await asyncio.gather(*(_faults(proof, engine, tmp_path, places) for proof, engine in runs))
    assert {
        f"{proof.name}, {engine}": faults for (proof, engine), faults in zip(runs, found, strict=True) if faults
    } == {}
    databases.require_postgres()


async def _faults(proof: Proof, engine: str, folder: Path, places: asyncio.Semaphore) -> list[str]:
    async with places:
        tally = await proof.run(short(engine, folder / proof.name))
    return tally.faults if tally.tried else ["Nothing was tried."]
