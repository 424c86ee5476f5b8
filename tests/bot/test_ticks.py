"""The ticks: what is ended by a stop has not failed."""

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
