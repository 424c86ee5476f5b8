"""A sandbox's clock: where it is moved, Outloud goes by it, and does at once what has fallen due."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from sqlalchemy.engine import URL

from bench import pockets
from bot import borrowed_time
from bot.borrowed_time import Borrowed
from sandbox.slack import Slack
from tests import conftest
from tests.conftest import MANIFEST, Bot


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


async def test_what_slack_said_holds_for_a_minute_of_that_clock(
    empty_slack: Slack, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However fast the bot may speak: how long a minute is, that clock tells; nothing is too old before it is over."""
    empty_slack.clock.run(1)
    clock = {"slack_clock": f"{empty_slack.world.base_url}/sandbox/clock"}
    own = conftest.settings
    monkeypatch.setattr(conftest, "settings", lambda *given: own(*given).model_copy(update=clock))
    bot = Bot(empty_slack, database_url, pace=100)
    await bot.start()
    channel = empty_slack.channel("learning", members=("ana",))
    await pockets.begin(empty_slack, "ana", channel)
    asked = []
    for passed in (70, 30, 70):
        await asyncio.sleep(1)  # the bot sees the time, and is done with what came before
        empty_slack.clock.move(passed)
        await asyncio.sleep(3 * borrowed_time.ASK_EVERY)
        before = len(empty_slack.calls("users.info"))
        await empty_slack.types("ana", "/recall kettles", in_=channel)
        asked.append(len(empty_slack.calls("users.info")) - before)
    await bot.stop()
    assert asked == [1, 0, 1]
