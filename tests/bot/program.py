"""`outloud run` as a program of its own, against a local Slack."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from sqlalchemy.engine import URL

from sandbox.ports import free_port
from sandbox.slack import Slack

ROOT = Path(__file__).parent.parent.parent


@asynccontextmanager
async def outloud(slack: Slack, folder: Path, *, command: str = "run", **environment: str) -> AsyncIterator[Process]:
    """`outloud run`, or another command, in a folder, talking to this Slack; killed at the end, if it has not ended by then."""
    port = str(free_port())
    known = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "SLACK_PACE": "100",
        "PORT": port,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command,
        cwd=folder, env=known | slack.environment | environment, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    before, slack.app_url = slack.app_url, f"http://127.0.0.1:{port}/slack/events"
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
        slack.app_url = before


async def ready(slack: Slack) -> None:
    """Wait until it says that it can work."""
    address = slack.app_url.replace("/slack/events", "/readyz")
    async with aiohttp.ClientSession() as session, asyncio.timeout(20):
        while True:
            try:
                async with session.get(address) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass  # it does not listen yet
            await asyncio.sleep(0.02)


def address(url: URL) -> str:
    """What DATABASE_URL says."""
    return url.render_as_string(hide_password=False)
