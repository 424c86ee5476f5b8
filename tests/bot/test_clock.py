"""The clock: what is ended by a stop has not failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.clock import Clock

Do = Callable[[], Awaitable[object]]


@pytest.mark.parametrize(
    "tick", [lambda clock, do: clock.every(0.01, do, name="x"), lambda clock, do: clock.always(do, name="x")]
)
async def test_a_stop_in_the_midst_of_a_tick_is_no_error(
    caplog: pytest.LogCaptureFixture, tick: Callable[[Clock, Do], None]
) -> None:
    """No traceback in the log, which an operator would have to look into."""
    clock, begun, ended = Clock(), asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    tick(clock, wait)
    clock.start()
    await begun.wait()
    clock.stop()
    await ended.wait()
    for _ in range(5):
        await asyncio.sleep(0)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
