"""A sandbox's clock: where it is moved, Outloud goes by it, and does at once what has fallen due."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot import borrowed_time
from bot.borrowed_time import Borrowed
from sandbox.slack import Slack
from tests.conftest import MANIFEST


async def test_a_clock_that_is_moved_is_gone_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a week; each jump is told once, and a clock that does not answer changes nothing."""
    monkeypatch.setattr(borrowed_time, "ASK_EVERY", 0.01)
    jumps: list[float] = []
    async with Slack(MANIFEST) as slack, aiohttp.ClientSession() as session:
        time = Borrowed(f"{slack.world.base_url}/sandbox/clock")
        following = asyncio.create_task(time.follow(lambda: jumps.append(time.now())))
        slack.clock.move(7 * 86400)
        await slack.until(lambda: jumps)
        assert time.now() == pytest.approx(slack.clock.now(), abs=2)
        fresh = Borrowed(f"{slack.world.base_url}/sandbox/clock")
        assert await fresh.look(session)  # one look, before anything falls due, and it is there
        assert fresh.now() == pytest.approx(slack.clock.now(), abs=2)
        assert not await fresh.look(session)
        slack.clock.move(3600)
        await slack.until(lambda: len(jumps) == 2)
    lost = asyncio.create_task(Borrowed("http://127.0.0.1:9/").follow(lambda: jumps.append(0)))
    done, _ = await asyncio.wait([lost], timeout=0.1)
    assert not done
    for one in (following, lost):
        one.cancel()
    await asyncio.gather(following, lost, return_exceptions=True)
    assert len(jumps) == 2
