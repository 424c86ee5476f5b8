"""What an ack costs: CPU of the server's process for a request, 64 at once, in alternated rounds; the medians of both.

What was acknowledged is counted in the database after each round: with its row, its document, and its card owed or posted.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from sqlalchemy.engine import URL

from bench import load
from bench.databases import fresh
from bench.row import Row
from bench.stand import Stand, cpu, stand, telling
from sandbox.companion import Companion

AT_ONCE = 64

UNIT = "ms of the server's CPU for each"


@dataclass(frozen=True, slots=True)
class Effort:
    """How many rounds for each side, and how many requests in one; as many as go at once come before, and are not counted."""

    rounds: int = 5
    requests: int = 640
    at_once: int = AT_ONCE

    @property
    def all(self) -> int:
        """Requests of a round, with those that are not counted."""
        return self.requests + self.at_once


FULL = Effort()


def shares(effort: Effort = FULL) -> Iterator[Row]:
    """`/share words` on SQLite, beside an empty app's command."""
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        yield asyncio.run(_shares("share-ack", f"sqlite:///{folder}/bench.db", effort))


def shares_on_postgres(admin: URL, effort: Effort = FULL) -> Iterator[Row]:
    """The same on PostgreSQL; what its server spends is not in it."""
    with fresh(admin, "outloud_bench_acks") as url:
        yield asyncio.run(_shares("share-ack-postgres", url.render_as_string(hide_password=False), effort))


def keeps(effort: Effort = FULL) -> Iterator[Row]:
    """A 💡 on a message that nobody kept before, on SQLite, beside an empty app's event."""
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        yield asyncio.run(_keeps(f"sqlite:///{folder}/bench.db", effort))


def routes(effort: Effort = FULL) -> Iterator[Row]:
    """All routes beside two: an event that is acked at once, because Outloud itself did what it tells of."""
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        yield asyncio.run(_routes(f"sqlite:///{folder}/bench.db", f"sqlite:///{folder}/two.db", effort))


async def _shares(name: str, url: str, effort: Effort) -> Row:
    async with stand(url, "empty_command") as both:
        return await _beside(
            both, name, effort, lambda first: both.commands(first, effort.all), require=both.require_shared
        )


async def _keeps(url: str, effort: Effort) -> Row:
    async with stand(url, "empty_event") as both:
        return await _beside(
            both, "keep-ack", effort, lambda _: both.events(both.keeps(effort.all)), require=both.require_kept
        )


async def _routes(url: str, other: str, effort: Effort) -> Row:
    async with stand(url, "two_routes", {"DATABASE_URL": other}) as both:
        return await _beside(both, "routes", effort, lambda _: both.events(both.own_messages(effort.all)))


async def _beside(
    both: Stand,
    name: str,
    effort: Effort,
    made: Callable[[int], list[bytes]],
    *,
    require: Callable[[int], None] = lambda _acknowledged: None,
) -> Row:
    """`made` makes a round's requests, of which so many came before; `require` looks what came of all until now."""
    ours, theirs = list[float](), list[float]()
    with telling(name, 2 * effort.rounds) as advance:
        for before in range(0, effort.rounds * effort.all, effort.all):
            requests = made(before)
            ours.append(await _spent(both.product, requests, effort))
            require(before + effort.all)
            advance()
            theirs.append(await _spent(both.baseline, requests, effort))
            advance()
    value, baseline = median(ours) * 1000, median(theirs) * 1000
    return Row(name, value, UNIT, baseline, value / baseline)


async def _spent(server: Companion, requests: list[bytes], effort: Effort) -> float:
    """Seconds of the server's CPU for each."""
    first, rest = requests[: effort.at_once], requests[effort.at_once :]
    await load.at_once(server.port, first, effort.at_once)
    before = cpu(server)
    await load.at_once(server.port, rest, effort.at_once)
    return (cpu(server) - before) / len(rest)
