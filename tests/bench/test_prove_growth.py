"""What tells the soak that a program holds more and more: its eyes on a process, and how it judges what they see."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from aiohttp import web
from sqlalchemy.engine import URL

from bench.prove import growth
from bench.prove.proof import Tally
from bench.prove.vitals import Signs, Vitals
from sandbox.ports import free_port

MB = 1_000_000


@pytest.fixture
async def vitals(database_url: URL) -> AsyncIterator[Vitals]:
    """Eyes on this very process, which tells of its tasks like the bot."""

    async def figures(_request: web.Request) -> web.Response:
        return web.Response(text=f"outloud_tasks {len(asyncio.all_tasks())}.0\n")

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))  # which makes no second thread in between
    served, port = web.Application(), free_port()
    served.add_routes([web.get("/metrics", figures)])
    runner = web.AppRunner(served)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with Vitals(os.getpid(), port, database_url.render_as_string(hide_password=False)) as eyes:
        await eyes.look()  # its own connections and its thread are there from now on
        yield eyes
    await runner.cleanup()


async def test_a_task_a_thread_a_connection_and_a_file_more_are_seen(vitals: Vitals, tmp_path: Path) -> None:
    """Each by itself, among those that there are anyway."""
    before = (await vitals.look()).held
    ending, one, other = threading.Event(), *socket.socketpair()
    thread = threading.Thread(target=ending.wait)
    thread.start()
    idle = asyncio.create_task(asyncio.Event().wait())
    with (tmp_path / "file").open("w"), one, other:
        seen = await vitals.look()
    idle.cancel()
    ending.set()
    more = {name: seen.held[name] - many for name, many in before.items()}
    assert {name: more[name] for name in ("tasks", "threads", "connections", "files")} == {
        "tasks": 1,
        "threads": 1,
        "connections": 2,
        "files": 1,
    }
    assert seen.open[str(tmp_path / "file")] == 1


async def test_memory_that_is_asked_for_is_seen(vitals: Vitals) -> None:
    """All of it, once it is written to."""
    before = await vitals.look()
    held = bytearray(os.urandom(50 * MB))
    after = await vitals.look()
    assert after.memory - before.memory > 45 * MB, len(held)


async def test_a_session_that_stays_open_is_seen(vitals: Vitals, database_url: URL) -> None:
    """PostgreSQL tells; SQLite has none: its connections are files."""
    name = "sessions of the database"
    if database_url.get_backend_name() == "sqlite":
        assert name not in (await vitals.look()).held
        return
    before = (await vitals.look()).held[name]
    for _ in range(3):  # sessions that were closed just before end by and by
        await asyncio.sleep(0.2)
        before = min(before, (await vitals.look()).held[name])
    # Not by an engine of SQLAlchemy's: that may be handed a connection that an earlier test left (tests/connections.py).
    url = database_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url):
        assert (await vitals.look()).held[name] == before + 1


@pytest.mark.parametrize(("last", "grew"), [(104, False), (90, False), (106, True)])
def test_memory_may_be_five_hundredths_more_in_the_last_quarter(last: int, grew: bool) -> None:  # noqa: FBT001
    """Beside the second; the first is for getting warm, and one look alone says nothing."""
    tally = Tally("events")
    looks = [(0.1, 20), (0.26, 100), (0.3, 100), (0.4, 400), (0.6, 900), (0.8, last), (0.9, last), (1.0, 400)]
    growth.weigh(tally, [(part, held * MB) for part, held in looks])
    assert tally.notes == [f"100.0 MB in the second quarter, {last}.0 in the last"]
    assert tally.wrong == ([f"Memory grew by 6.0%: {tally.notes[0]}."] if grew else [])


def test_memory_that_nobody_looked_at_is_not_flat() -> None:
    """It would be no proof."""
    tally = Tally("events")
    growth.weigh(tally, [(0.3, MB)])
    assert tally.wrong == ["Memory was not looked at in the second quarter, or not in the last."]


def test_a_task_that_comes_and_goes_at_rest_is_no_measure() -> None:
    """What is held most of the time is; of each by itself."""
    looks = [
        Signs(MB, {"tasks": tasks, "files": files}, Counter()) for tasks, files in ((9, 4), (7, 4), (9, 5), (12, 4))
    ]
    assert growth.typical(looks).held == {"tasks": 9, "files": 4}


def test_what_is_held_at_rest_may_not_be_more() -> None:
    """It is said of what, and what is open besides; fewer is no fault."""
    warm = Signs(MB, {"tasks": 12, "files": 9}, Counter({"/a": 9}))
    tally = Tally("events")
    growth.compare(tally, warm, Signs(MB, {"tasks": 11, "files": 9}, Counter({"/a": 9})))
    assert tally.wrong == []
    growth.compare(tally, warm, Signs(MB, {"tasks": 12, "files": 11}, Counter({"/a": 9, "/b": 2})))
    assert tally.wrong == [
        "At rest it held 9 files after the first quarter, and 11 in the end.",
        "Open besides: 2 of /b.",
    ]
    spared = Tally("events")
    growth.compare(spared, warm, Signs(MB, {"tasks": 12, "files": 11}, Counter({"/a": 9, "/b": 2})), spare=2)
    assert spared.wrong == []
