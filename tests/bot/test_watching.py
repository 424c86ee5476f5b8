"""Eyes on it: one id from the door to the outbox, figures for Prometheus without words or people, and true readiness."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.engine import URL

import migrations
from bot import logs
from bot.watching.figures import Figures
from sandbox.ports import free_port
from sandbox.records import Channel
from sandbox.slack import Slack
from tests.bot.program import address, outloud, ready
from tests.conftest import Bot
from tests.memory import Memory

SECRET_WORDS = "hammocks beat chairs"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged meanwhile, as a program reads it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    logs.set_up(stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
async def figures(bot: Bot) -> Figures:
    """Counts what the bot does, from its first moment."""
    await bot.stop()
    bot.watch = counting = Figures()
    await bot.start()
    return counting


def lines(log: io.StringIO, event: str) -> list[dict[str, Any]]:
    """What was logged under a name."""
    return [line for line in map(json.loads, log.getvalue().splitlines()) if line["event"] == event]


async def test_what_a_delivery_owes_is_logged_by_its_id(
    slack: Slack, pocket: Channel, memory: Memory, log: io.StringIO
) -> None:
    """`/share`, and the card that it led to; and the words stand nowhere."""
    await slack.types("ben", f"/share {SECRET_WORDS}", in_=pocket)
    await memory.settled()
    (asked,) = [line for line in lines(log, "request") if line["what"] == "command /share"]
    (posted,) = [line for line in lines(log, "errand") if line["kind"] == "post card"]
    assert re.fullmatch("[0-9a-f]{12}", asked["request"])
    assert posted["request"] == asked["request"]
    assert (posted["outcome"], posted["tries"]) == ("done", 1)
    assert "hammocks" not in log.getvalue()


async def test_an_operator_finds_the_delivery_of_what_still_waits(
    slack: Slack, pocket: Channel, memory: Memory, log: io.StringIO
) -> None:
    """The row names it as the log does."""
    slack.world.quotas.hold("chat.postMessage", 4000)
    await slack.types("ben", f"/share {SECRET_WORDS}", in_=pocket)
    (asked,) = [line for line in lines(log, "request") if line["what"] == "command /share"]
    assert asked["request"] in {row["cause"] for row in memory.outbox()}


def found(page: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Each figure's value, by its name and labels."""
    families = text_string_to_metric_families(page.decode())
    return {(each.name, tuple(sorted(each.labels.items()))): each.value for one in families for each in one.samples}


async def test_the_figures_tell_how_it_goes_and_of_nobody(
    figures: Figures, slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Acks, errands, the writer, searches and the outbox; no label holds words, people, channels or workspaces."""
    await slack.types("ben", f"/share {SECRET_WORDS}", in_=pocket)
    await slack.types("ben", "/recall hammocks", in_=pocket)
    await slack.types("ben", "/outloud start again", in_=pocket)
    await memory.settled()
    seen = found(await figures.page())

    def value(name: str, **labels: str) -> float:
        return seen[f"outloud_{name}", tuple(sorted(labels.items()))]

    assert value("ack_seconds_count", kind="command /share", outcome="done") == 1
    assert value("ack_seconds_count", kind="command /outloud", outcome="refused") == 1
    assert value("errands_total", kind="post card", method="chat.postMessage", outcome="done") == 1
    assert value("errand_age_seconds_count", method="chat.postMessage") >= 1
    assert value("search_seconds_count") >= 1
    assert value("writer_group_size_count") >= 2
    assert value("outbox", state="waiting") == 0
    assert value("database_up") == 1
    told = {one for _, labels in seen for name, one in labels if name != "le"}
    assert not [one for one in told if re.search(r"hammocks|\b[UCT][A-Z0-9]{5,}", one)]


async def test_the_tasks_of_its_loop_are_counted(figures: Figures) -> None:
    """Those that are begun and never end show, until they end; a few others come and go meanwhile."""
    before = found(await figures.page())["outloud_tasks", ()]
    idle = [asyncio.create_task(asyncio.Event().wait()) for _ in range(100)]
    assert found(await figures.page())["outloud_tasks", ()] > before + 80
    for task in idle:
        task.cancel()
    await asyncio.gather(*idle, return_exceptions=True)
    assert found(await figures.page())["outloud_tasks", ()] < before + 20


async def test_a_kind_that_nobody_knows_gets_no_label_of_its_own() -> None:
    """Else whoever may call could fill the memory of whatever reads it."""
    figures = Figures()
    figures.answered("event thing_happened", "done", 0.1)
    figures.answered("command /elsewhere", "done", 0.1)
    kinds = {dict(labels).get("kind") for _, labels in found(await figures.page())}
    assert {"event other", "command other"} <= kinds
    assert not kinds & {"event thing_happened", "command /elsewhere"}


async def test_prometheus_reads_them_on_a_port_of_their_own(
    empty_slack: Slack, database_url: URL, tmp_path: Path
) -> None:
    """METRICS_PORT says which; the front door's port doesn't tell them."""
    port = free_port()
    async with outloud(empty_slack, tmp_path, DATABASE_URL=address(database_url), METRICS_PORT=str(port)) as bot:
        await ready(empty_slack)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                assert "outloud_database_up 1.0" in await answer.text()
            async with session.get(empty_slack.app_url.replace("/slack/events", "/metrics")) as answer:
                assert answer.status == 404
        bot.terminate()
        async with asyncio.timeout(10):
            assert await bot.wait() == 0


async def test_who_is_not_watched_loads_nothing_of_prometheus() -> None:
    """It would slow every start."""
    asked = "import sys, bot.commands.serving; sys.exit('prometheus_client' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", asked, cwd=Path(__file__).parent.parent.parent)
    assert await process.wait() == 0


async def test_a_writer_that_is_stuck_is_not_ready(
    bot: Bot, disk: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing could be acknowledged, though the database can be read."""
    assert bot.outloud is not None
    monkeypatch.setattr("bot.wiring.STUCK_AFTER", 0.02)
    disk.clear()
    beat = asyncio.create_task(bot.outloud.bring_notices())
    await asyncio.sleep(0.1)
    reasons = await bot.outloud.ready()
    disk.set()
    await beat
    assert reasons == ["The database takes nothing in any more: restart Outloud."]
    assert await bot.outloud.ready() == []


async def test_an_old_schema_is_not_ready_and_a_newer_one_is(bot: Bot, memory: Memory) -> None:
    """A backup that was restored lacks what this version needs; while versions change, the older goes on till it is stopped."""
    assert bot.outloud is not None
    memory.run("UPDATE alembic_version SET version_num = '0001'")
    assert await bot.outloud.ready() == ["The database's schema is older than this version: run `outloud migrate`."]
    memory.run("UPDATE alembic_version SET version_num = 'newer'")
    assert await bot.outloud.ready() == []
    memory.run(
        "UPDATE alembic_version SET version_num = :head", head=migrations.head()
    )  # the next test has this database, too
