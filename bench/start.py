"""How long a start takes: from `outloud run` to /readyz, with the database current, beside a served empty app's first answer."""

from __future__ import annotations

import asyncio
import os
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier
from sqlalchemy.engine import URL

from bench.program import EMPTY, MANIFEST, OUTLOUD
from bench.row import Row
from sandbox.companion import AppFailed
from sandbox.manifest import read_manifest
from sandbox.ports import free_port
from sandbox.slack import Slack

ROUNDS = 7
LOOK_EVERY = 0.01
WITHIN = 300.0
"""Seconds; a machine may have much else to do."""

Ask = Callable[[aiohttp.ClientSession, str], Awaitable[int]]
"""Asks a program at an address, and tells with which status it answered."""


class Start(NamedTuple):
    """Seconds until it answered, and seconds of CPU that its process took until then."""

    wall: float
    cpu: float


def measure(_admin: URL) -> Iterator[Row]:
    """In alternated rounds, after one that warms the machine up; the wall's row is the limit's, unless the machine is busy."""
    ours, empty = asyncio.run(_rounds())
    for name, pick in (("start", lambda one: one.wall), ("start, CPU", lambda one: one.cpu)):
        value, baseline = median(map(pick, ours)), median(map(pick, empty))
        yield Row(name, value, "s to the first answer", baseline, value / baseline)


async def _rounds() -> tuple[list[Start], list[Start]]:
    slack = Slack(read_manifest(MANIFEST))
    with tempfile.TemporaryDirectory(prefix="outloud-bench-") as folder:
        async with slack:
            environment = slack.environment | {"DATABASE_URL": f"sqlite:///{folder}/bench.db", "LOG_LEVEL": "warning"}
            command = signed(slack.environment["SLACK_SIGNING_SECRET"])
            ours, empty = list[Start](), list[Start]()
            for _ in range(ROUNDS + 1):
                ours.append(await _start([*OUTLOUD, "run"], environment, _readyz))
                empty.append(await _start(EMPTY, environment, command))
            return ours[1:], empty[1:]


async def _start(program: Sequence[str], environment: Mapping[str, str], ask: Ask) -> Start:
    """Start it, and kill it with its first answer. Raises `AppFailed` where it ends before, `TimeoutError` where none comes."""
    port = free_port()
    before, began = _children(), time.perf_counter()
    process = await asyncio.create_subprocess_exec(*program, env={**os.environ, **environment, "PORT": str(port)})
    try:
        async with asyncio.timeout(WITHIN), aiohttp.ClientSession() as session:
            while not await _answers(ask, session, f"http://127.0.0.1:{port}"):
                if process.returncode is not None:
                    raise AppFailed(f"{program} ended with {process.returncode} before it answered.")
                await asyncio.sleep(LOOK_EVERY)
        wall = time.perf_counter() - began
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    return Start(wall, _children() - before)


async def _answers(ask: Ask, session: aiohttp.ClientSession, address: str) -> bool:
    try:
        return await ask(session, address) == HTTPStatus.OK
    except aiohttp.ClientError:
        return False


async def _readyz(session: aiohttp.ClientSession, address: str) -> int:
    async with session.get(f"{address}/readyz") as answer:
        return answer.status


def signed(secret: str) -> Ask:
    """A command, as Slack brings it: what an empty app answers first."""
    signer = SignatureVerifier(secret)
    body = urlencode({"command": "/share", "text": "", "team_id": "T0SANDBOX", "user_id": "U1", "channel_id": "C1"})

    async def ask(session: aiohttp.ClientSession, address: str) -> int:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signer.generate_signature(timestamp=timestamp, body=body) or "",
        }
        async with session.post(f"{address}/slack/events", data=body, headers=headers) as answer:
            return answer.status

    return ask


def _children() -> float:
    """Seconds of CPU of all children that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
