"""Waiting until the bot has done what it owes, as far as it ever will."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bench.program import reading
from sandbox.slack import Slack

REST = 2.0
"""Real seconds without a call of the Web API, with nothing owed and nothing on its way, after which it is quiet."""

PATIENCE = 90.0
"""Real seconds without any change after which it is taken as it stands: a lease, 30, and the look after it, come before."""

LOOK_EVERY = 0.5

SLACK_TRIES_FOR = 300.0
"""Seconds between the last two of Slack's tries."""

HASTE = 0.05
"""Real seconds in which that time passes."""

BROUGHT_WITHIN = 5.0
"""Real seconds within which a bot that works takes what was brought again."""

DUE = text(
    "SELECT (SELECT count(*) FROM outbox WHERE state = 'waiting' AND (lease IS NOT NULL OR due <= :now)) "
    "+ (SELECT count(*) FROM schedules WHERE due <= :now) "
    "+ (SELECT count(*) FROM rounds WHERE closed_at IS NULL AND closes_at <= :now)"
)
"""What the bot has in hand, or should have, at a moment."""

DUE_LOOK = 0.02
"""Real seconds between two looks where the clock waits for the bot, thousands of times."""


async def quiet(slack: Slack, url: str) -> None:
    """Return when it is quiet, or when nothing has changed for too long: what then stands is the checker's to judge."""
    state, changed = (-1, -1), time.monotonic()
    while True:
        await slack.settled()
        owed = await asyncio.to_thread(_owed, url)
        waiting = sum(one.state in ("waiting", "under way") for one in slack.courier.deliveries)
        if state != (state := (len(slack.world.calls), owed + waiting)):
            changed = time.monotonic()
        if time.monotonic() - changed > (PATIENCE if owed or waiting else REST):
            return
        await asyncio.sleep(LOOK_EVERY)


async def done(slack: Slack, connection: Connection, *, patience: float) -> bool:
    """Wait until the bot has nothing in hand, and nothing is due by the sandbox's clock.

    False: it does not come to that; for so many real seconds it called nothing, and as much was due.
    """
    state, changed = (-1, -1), time.monotonic()
    while due := connection.scalar(DUE, {"now": slack.clock.now()}):
        connection.rollback()
        if state != (state := (len(slack.world.calls), due)):
            changed = time.monotonic()
        if time.monotonic() - changed > patience:
            return False
        await asyncio.sleep(DUE_LOOK)
    connection.rollback()
    return True


async def bring_again(slack: Slack) -> None:
    """Let Slack bring at once what the app did not take: of the four tries within its six minutes, the next one."""
    usual = slack.clock.speed
    slack.clock.run(
        SLACK_TRIES_FOR / HASTE
    )  # not `move`: that would also use up the app's time for what it answers now
    await asyncio.sleep(HASTE)
    slack.clock.run(usual)
    with suppress(TimeoutError):
        async with asyncio.timeout(BROUGHT_WITHIN):
            while any(one.state == "waiting" for one in slack.courier.deliveries):  # noqa: ASYNC110 -- no event
                await asyncio.sleep(0.01)


def _owed(url: str) -> int:
    """How much waits in the outbox, or is pending; 1 where the database does not say."""
    try:
        with reading(url) as connection:
            waiting = connection.scalar(text("SELECT count(*) FROM outbox WHERE state = 'waiting'"))
            pending = connection.scalar(text("SELECT count(*) FROM learnings WHERE state = 'pending'"))
    except DBAPIError:
        return 1
    return int(waiting or 0) + int(pending or 0)
