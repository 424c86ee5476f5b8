"""How long what is owed waits when nothing else does: from a share's answer, which leaves behind its commit, to its card."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from statistics import median, quantiles

import aiohttp
from sqlalchemy.engine import URL

from bench import pockets
from bench.program import MANIFEST, OUTLOUD, migrate
from bench.row import Row
from sandbox.companion import Companion
from sandbox.manifest import read_manifest
from sandbox.records import Channel
from sandbox.slack import Slack

POCKETS = 10
"""By turns: Slack takes one post a second for each channel, and here nothing is to wait for that."""

ROUNDS = 50
APART = 0.2
"""Seconds between two shares: until one pocket's turn comes again, its second is over."""

WITHIN = 50.0
"""Milliseconds within which the worker is awake."""


def measure(_admin: URL) -> Iterator[Row]:
    """Beside one call of the Web API by the same machine, in alternated rounds; and how late the latest were."""
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        owed, calls = asyncio.run(_rounds(f"sqlite:///{folder}/bench.db"))
    middle, call = median(owed), median(calls)
    yield Row("owed", middle, "ms from the answer to the card's arrival", call, middle / call)
    latest = quantiles(owed, n=20)[-1]
    yield Row("owed, 19 of 20", latest, "ms from the answer to the card's arrival", WITHIN, latest / WITHIN)


async def _rounds(url: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each card and of each call. Raises `AppFailed`, and `NeverHappened` where a card does not come."""
    environment = {"DATABASE_URL": url, "LOG_LEVEL": "warning"}
    await migrate(environment)
    slack = Slack(read_manifest(MANIFEST))
    async with slack, Companion(slack, [*OUTLOUD, "run"], environment) as companion, aiohttp.ClientSession() as session:
        slack.person("ana")
        channels = [slack.channel(f"pocket-{number}", members=("ana",)) for number in range(POCKETS)]
        for pocket in channels:
            await pockets.begin(slack, "ana", pocket)
        owed, calls = list[float](), list[float]()
        for number in range(ROUNDS):
            await asyncio.sleep(APART)
            owed.append(await _card(slack, channels[number % POCKETS], f"What number {number} taught us"))
            calls.append(await _call(slack, session))
        companion.check()
        return owed, calls


async def _card(slack: Slack, pocket: Channel, words: str) -> float:
    """From the answer on: none, where the card came before it."""
    await slack.types("ana", f"/share {words}", in_=pocket)
    answered = slack.clock.now()
    await slack.until(lambda: any(words in slack.text_of(one) for one in pocket.messages.values()), within=10)
    (arrived,) = [float(ts) for ts, one in pocket.messages.items() if words in slack.text_of(one)]
    return max(0.0, arrived - answered) * 1000


async def _call(slack: Slack, session: aiohttp.ClientSession) -> float:
    headers = {"Authorization": f"Bearer {slack.environment['SLACK_BOT_TOKEN']}"}
    began = time.perf_counter()
    async with session.post(slack.environment["SLACK_API_URL"] + "auth.test", headers=headers) as answer:
        await answer.read()
    return (time.perf_counter() - began) * 1000
