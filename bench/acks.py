"""What an ack costs: CPU of the server's process for a request, 64 at once, in alternated rounds; the medians of both.

What was acknowledged is counted in the database after each round: with its row, its document, and what it owes to Slack. A
row of its own says what it costs with all that is then said: what comes before, a few at a time, until nothing is owed any more.
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
    followed: int = 24
    """How many come before, and are waited for until nothing is owed any more: fewer than Slack's pace lets pass in a burst."""

    @property
    def all(self) -> int:
        """Requests of a round, with those that are not counted."""
        return self.requests + self.at_once


FULL = Effort()


def shares(effort: Effort = FULL) -> Iterator[Row]:
    """`/share words` on SQLite, beside an empty app's command."""
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        yield from asyncio.run(_shares("share-ack", f"sqlite:///{folder}/bench.db", effort))


def shares_on_postgres(admin: URL, effort: Effort = FULL) -> Iterator[Row]:
    """The same on PostgreSQL; what its server spends is not in it."""
    with fresh(admin, "outloud_bench_acks") as url:
        yield from asyncio.run(_shares("share-ack-postgres", url.render_as_string(hide_password=False), effort))


def keeps(effort: Effort = FULL) -> Iterator[Row]:
    """A 💡 on a message that nobody kept before, on SQLite, beside an empty app's event."""
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        yield from asyncio.run(_keeps(f"sqlite:///{folder}/bench.db", effort))


def routes(effort: Effort = FULL) -> Iterator[Row]:
    """All routes beside two: an event that is acked at once, because Outloud itself did what it tells of."""
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        yield from asyncio.run(_routes(f"sqlite:///{folder}/bench.db", f"sqlite:///{folder}/two.db", effort))


async def _shares(name: str, url: str, effort: Effort) -> list[Row]:
    async with stand(url, "empty_command") as both:
        followed = await _followed(both, both.commands(0, effort.followed))
        both.silence()
        ack = await _beside(
            both, name, effort, lambda came: both.commands(came, effort.all), require=both.require_shared
        )
        return [ack, _with_all(ack, followed, "with its card")]


async def _keeps(url: str, effort: Effort) -> list[Row]:
    async with stand(url, "empty_event") as both:
        followed = await _followed(both, both.events(both.keeps(effort.followed)))
        both.silence()
        ack = await _beside(
            both, "keep-ack", effort, lambda _came: both.events(both.keeps(effort.all)), require=both.require_kept
        )
        return [ack, _with_all(ack, followed, "with its look and what is said then")]


async def _routes(url: str, other: str, effort: Effort) -> list[Row]:
    async with stand(url, "two_routes", {"DATABASE_URL": other}) as both:
        both.silence()
        return [await _beside(both, "routes", effort, lambda _: both.events(both.own_messages(effort.all)))]


async def _followed(both: Stand, requests: list[bytes]) -> float:
    """Seconds of the product's CPU for each, from the first of them until nothing is owed any more."""
    before = cpu(both.product)
    await load.at_once(both.product.port, requests, 1)
    await both.settled()
    return (cpu(both.product) - before) / len(requests)


def _with_all(ack: Row, followed: float, what: str) -> Row:
    value = followed * 1000
    return Row(f"{ack.name}, {what}", value, UNIT, ack.baseline, value / ack.baseline if ack.baseline else None)


async def _beside(
    both: Stand,
    name: str,
    effort: Effort,
    made: Callable[[int], list[bytes]],
    *,
    require: Callable[[int], None] = lambda _acknowledged: None,
) -> Row:
    """`made` makes a round's requests, of which so many came before; `require` looks what came of all until now."""
    ours, theirs, came = list[float](), list[float](), effort.followed
    with telling(name, 2 * effort.rounds) as advance:
        for _ in range(effort.rounds):
            requests = made(came)
            came += len(requests)
            ours.append(await _spent(both.product, requests, effort))
            require(came)
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
