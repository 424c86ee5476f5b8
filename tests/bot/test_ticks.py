"""The ticks: what is ended by a stop has not failed, and what is hastened comes at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.ticks import Ticks

Do = Callable[[], Awaitable[object]]


@pytest.mark.parametrize(
    "tick", [lambda ticks, do: ticks.every(0.01, do, name="x"), lambda ticks, do: ticks.always(do, name="x")]
)
async def test_a_stop_in_the_midst_of_a_tick_is_no_error(
    caplog: pytest.LogCaptureFixture, tick: Callable[[Ticks, Do], None]
) -> None:
    """No traceback in the log, which an operator would have to look into."""
    ticks, begun, ended = Ticks(), asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    tick(ticks, wait)
    ticks.start()
    await begun.wait()
    ticks.stop()
    await ended.wait()
    for _ in range(5):
        await asyncio.sleep(0)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_what_is_hastened_comes_at_once() -> None:
    """Once, and by the hour again after that; where nothing ticks, nothing comes."""
    ticks, done = Ticks(), list[str]()

    async def count() -> None:
        done.append("")

    ticks.every(3600, count, name="words")
    ticks.hasten("words")
    await asyncio.sleep(0.05)
    assert done == []
    ticks.start()
    ticks.hasten("words")
    async with asyncio.timeout(30):
        while not done:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    ticks.stop()
    ticks.hasten("words")
    assert done == [""]
