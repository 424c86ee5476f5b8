"""A workspace, and a small app in it."""

from collections.abc import AsyncIterator

import pytest

from sandbox.slack import Slack
from tests.sandbox.parrot import MANIFEST, Parrot, running, teach


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """A workspace: ana and ben in #learning with the app; cleo, a guest, is in #attic."""
    async with Slack(MANIFEST) as slack:
        slack.person("ana")
        slack.person("ben")
        slack.person("cleo", guest="single")
        slack.channel("learning", members=["ana", "ben"])
        slack.channel("attic", members=["ana", "cleo"], app=False)
        yield slack


@pytest.fixture
async def parrot(slack: Slack) -> AsyncIterator[Parrot]:
    """The app, which notes each event and answers the commands `/echo` and `/order`."""
    async with running(slack) as parrot:
        teach(parrot)
        yield parrot
