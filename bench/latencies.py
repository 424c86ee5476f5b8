"""How long somebody waits for the answer to `/share words`: alone, and when 250 a second come as chance wants.

By the clock on the wall, on SQLite, beside an empty app that commits one row for each, just as durably.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles

from bench import load
from bench.row import Row
from bench.stand import stand, telling

RATE = 250.0
"""Requests a second, on average."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How many rounds for each side, and how many requests in one; those of the warm-up come before, and are not counted."""

    rounds: int
    requests: int
    warm_up: int = 50


ALONE, MANY = Effort(3, 200), Effort(3, 1500)

Send = Callable[[int, list[bytes]], Awaitable[list[float]]]
"""To this port; seconds for each."""


def one_at_a_time(effort: Effort = ALONE) -> Iterator[Row]:
    """The median of each round, and of these the median."""
    yield from _beside_one_row("latency", effort, load.one_by_one, median)


def open_loop(effort: Effort = MANY, rate: float = RATE) -> Iterator[Row]:
    """The longest but one of a hundred in each round, and of these the median; both sides hear at the same moments."""
    seeds = iter(range(2 * effort.rounds * 2))

    async def send(port: int, requests: list[bytes]) -> list[float]:
        return await load.by_chance(port, requests, rate, random.Random(next(seeds) // 4))  # noqa: S311 -- again the same

    yield from _beside_one_row("open-loop", effort, send, lambda took: quantiles(took, n=100)[-1])


def _beside_one_row(name: str, effort: Effort, send: Send, figure: Callable[[list[float]], float]) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        ours, theirs = asyncio.run(_rounds(name, folder, effort, send))
    value, baseline = (median(map(figure, rounds)) * 1000 for rounds in (ours, theirs))
    yield Row(name, value, "ms until the answer", baseline, value / baseline)


async def _rounds(name: str, folder: str, effort: Effort, send: Send) -> tuple[list[list[float]], list[list[float]]]:
    """Seconds for each request, the product's and the baseline's, in alternated rounds. Raises `AppFailed`."""
    ours, theirs, many = list[list[float]](), list[list[float]](), effort.warm_up + effort.requests
    own = {"DATABASE_URL": f"sqlite:///{folder}/rows.db"}
    async with stand(f"sqlite:///{folder}/bench.db", "one_row", own) as both:
        both.silence()
        with telling(name, 2 * effort.rounds) as advance:
            for number in range(effort.rounds):
                requests = both.commands(number * many, many)
                for server, rounds in ((both.product, ours), (both.baseline, theirs)):
                    await send(server.port, requests[: effort.warm_up])
                    rounds.append(await send(server.port, requests[effort.warm_up :]))
                    advance()
                both.require_shared(many * (number + 1))
    return ours, theirs
