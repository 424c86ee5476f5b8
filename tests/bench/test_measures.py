"""The benches' own parts: what they read off the system, and what they are compared to."""

from __future__ import annotations

import os
import time

import aiohttp

from bench import memory, start
from bench.program import EMPTY, MANIFEST, cpu
from sandbox.companion import Companion
from sandbox.manifest import read_manifest
from sandbox.slack import Slack


async def test_the_empty_app_acknowledges_what_is_signed_and_nothing_else() -> None:
    """A command and an event alike; what it answers without a signature is no answer."""
    async with Slack(read_manifest(MANIFEST)) as slack, Companion(slack, EMPTY), aiohttp.ClientSession() as session:
        slack.person("ana")
        pocket = slack.channel("learning", members=("ana",))
        assert not (await slack.types("ana", "/share Kettles whistle", in_=pocket)).failed
        await slack.says("ana", "They do", in_=pocket)
        await slack.settled()
        assert {one.state for one in slack.courier.deliveries} == {"acknowledged"}
        address = slack.app_url.removesuffix("/slack/events")
        assert await start.signed("not its secret")(session, address) == 401
        assert await start.signed(slack.environment["SLACK_SIGNING_SECRET"])(session, address) == 200


def test_cpu_and_memory_are_those_of_the_process() -> None:
    """What is counted for one that works grows; a resident set is at least what this process holds on to."""
    before, until = cpu(os.getpid()), time.process_time() + 0.1
    while time.process_time() < until:
        pass
    assert 0.05 < cpu(os.getpid()) - before < 5
    held = bytearray(os.urandom(20_000_000))
    assert memory.told(os.getpid())["Rss"] > len(held) / 2**20
