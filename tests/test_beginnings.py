"""What tests set up by hand, held to what the bot does."""

from __future__ import annotations

import time

from sandbox.slack import Slack
from tests import beginnings
from tests.beginnings import Beginning
from tests.memory import Memory

TRIES = 10


async def test_a_pocket_that_is_set_up_is_as_one_that_began(slack: Slack, memory: Memory) -> None:
    """The same rows, calls of Slack's and private words; the same to read for all in it; and the bot heard of its own message."""
    beginning, text = await _played(slack, memory)
    calls, shown, now = len(slack.world.calls), len(slack.world.ephemerals), time.time()
    channel = await beginnings.set_up(slack, memory, beginning)
    asked, heard = slack.world.calls[calls:][: len(beginning.calls)], slack.world.ephemerals[shown]
    assert beginnings.look(slack, memory, channel, before={}, asked=asked, heard=heard) == beginning
    for name in beginnings.MEMBERS:
        (message,) = slack.sees(name).channel(channel)
        assert slack.text_of(message) == text
    events = [one for one in slack.courier.deliveries if one.kind == "event"]
    assert [events[-1].payload["event"]["ts"]] == list(channel.messages)
    assert events[-1].state == "acknowledged"
    (row,) = memory.rows("SELECT started_at, started_ts FROM pockets")
    assert now - 60 < row["started_at"] <= time.time()
    assert [row["started_ts"]] == list(channel.messages)


async def _played(slack: Slack, memory: Memory) -> tuple[Beginning, str]:
    """A pocket of which nothing stands any more, and what all read there: on a busy machine, not the first that began."""
    for _ in range(TRIES):
        channel, beginning = await beginnings.play(slack, memory)
        text = slack.text_of(slack.sees("ben").channel(channel)[0])
        for table in reversed(beginnings.TABLES):
            memory.run(f"DELETE FROM {table}")  # noqa: S608 -- names of ours
        del slack.world.channels[channel.id]
        if beginning is not None:
            return beginning, text
    raise AssertionError("It never became clear what a pocket leaves behind.")
