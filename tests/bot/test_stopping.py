"""`outloud run` as a program of its own: how it starts, and that a stop under load loses nothing and says nothing twice."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy.engine import URL

from sandbox.ports import free_port
from sandbox.records import Channel
from sandbox.slack import Slack
from tests.bot.program import address, outloud, ready
from tests.conftest import BY_EITHER_DOOR
from tests.memory import Memory
from tests.sights import cards


async def start_pocket(slack: Slack, memory: Memory) -> Channel:
    """A pocket with ben in it."""
    channel = slack.channel("learning", members=("ana", "ben"))
    await slack.types("ana", "/outloud start Learn together", in_=channel)
    await memory.settled()
    return channel


@BY_EITHER_DOOR
async def test_a_stop_under_load_loses_nothing_that_was_acknowledged_and_says_nothing_twice(
    empty_slack: Slack, database_url: URL, memory: Memory, tmp_path: Path
) -> None:
    """SIGTERM while four people share as fast as they can: exit 0 in time, then a new process says what was left."""
    slack, acknowledged = empty_slack, list[str]()
    async with outloud(slack, tmp_path, DATABASE_URL=address(database_url)) as bot:
        await ready(slack)
        pocket = await start_pocket(slack, memory)

        async def share_on(who: int) -> None:
            for number in range(1000):
                words = f"Learning {who}-{number}"
                answer = await slack.types("ben", f"/share {words}", in_=pocket)
                if answer.failed or "Shared" not in answer.text:
                    return
                acknowledged.append(words)

        load = [asyncio.create_task(share_on(who)) for who in range(4)]
        await slack.until(lambda: len(acknowledged) >= 30, within=20)
        bot.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await bot.wait() == 0
        await asyncio.gather(*load)
    stored = [learning.words for learning in memory.learnings()]
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored)
    async with outloud(slack, tmp_path, DATABASE_URL=address(database_url)):
        await ready(slack)
        await memory.settled()
        shown = [card.splitlines()[0] for card in cards(slack, "ana", pocket)]
        assert sorted(shown) == sorted(stored)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_that_was_asked_for_is_no_failure(
    empty_slack: Slack, tmp_path: Path, sign: signal.Signals
) -> None:
    """Exit 0 and no traceback; its SQLite file was made and migrated by `run` itself."""
    async with outloud(empty_slack, tmp_path) as bot:
        await ready(empty_slack)
        assert (tmp_path / "outloud.db").exists()
        bot.send_signal(sign)
        async with asyncio.timeout(10):
            _, said = await bot.communicate()
    assert bot.returncode == 0
    assert b"Traceback" not in said
    assert b"Outloud listens on" in said


async def test_a_token_that_slack_refuses_ends_it_with_a_sentence(empty_slack: Slack, tmp_path: Path) -> None:
    """Exit 2, what is wrong and where to look; no traceback, and no token."""
    token = "xoxb-not-this-one"
    async with outloud(empty_slack, tmp_path, SLACK_BOT_TOKEN=token) as bot, asyncio.timeout(20):
        _, said = await bot.communicate()
    assert bot.returncode == 2
    assert said.decode().strip().splitlines()[-1] == (
        "Slack does not accept SLACK_BOT_TOKEN (invalid_auth). "
        "Copy the Bot User OAuth Token anew, from *OAuth & Permissions*."
    )
    assert b"Traceback" not in said
    assert token.encode() not in said


@pytest.mark.parametrize("by_socket", [True], indirect=True)
async def test_an_app_token_that_slack_refuses_ends_it_with_a_sentence(empty_slack: Slack, tmp_path: Path) -> None:
    """The same for Socket Mode, whose token is another one."""
    token = "xapp-not-this-one"
    async with outloud(empty_slack, tmp_path, SLACK_APP_TOKEN=token) as bot, asyncio.timeout(20):
        _, said = await bot.communicate()
    assert bot.returncode == 2
    assert said.decode().strip().splitlines()[-1] == (
        "Slack does not accept SLACK_APP_TOKEN (invalid_auth). "
        "Copy an App-Level Token (connections:write) from *Basic Information*."
    )
    assert b"Traceback" not in said
    assert token.encode() not in said


async def test_it_waits_for_a_slack_that_is_away(empty_slack: Slack, tmp_path: Path) -> None:
    """It listens and is not ready; what comes in meanwhile is answered so that Slack asks again."""
    nowhere = f"http://127.0.0.1:{free_port()}/api/"
    async with outloud(empty_slack, tmp_path, SLACK_API_URL=nowhere) as bot, aiohttp.ClientSession() as session:
        place = empty_slack.app_url.replace("/slack/events", "/readyz")
        async with asyncio.timeout(20):
            while True:
                try:
                    async with session.get(place) as answer:
                        assert answer.status == 503
                        assert "Slack has not said yet who this bot is" in await answer.text()
                        break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.02)
        bot.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await bot.wait() == 0
