"""When more comes in than can be saved in time: people hear it at once, and Slack asks again."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from sandbox.answers import Answer
from sandbox.records import Channel
from sandbox.slack import Slack
from tests.conftest import BY_EITHER_DOOR
from tests.memory import Memory

SENTENCE = "Outloud has too much to do right now, so nothing was saved. Please try again in a moment."


@BY_EITHER_DOOR
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # tests/storage/db/test_backpressure.py tries both
async def test_a_disk_that_hangs_is_said_at_once_and_forgotten_when_it_goes_on(
    disk: threading.Event, slack: Slack, pocket: Channel, memory: Memory, *, by_socket: bool
) -> None:
    """Commands and forms get one plain sentence, words stay in the form, and an event is asked for again and done once."""
    message = await slack.says("ana", "A disk may hang.", in_=pocket)
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await memory.settled()
    first = await _committing(disk, slack, pocket)
    began = time.monotonic()
    assert SENTENCE in (await slack.types("cleo", "/share More", in_=pocket)).text
    sent = await slack.submits("ben", form, {"words": "Precious words"})
    assert (sent.closed, list(sent.errors.values())) == (False, [SENTENCE])
    assert time.monotonic() - began < 3.5  # at once: two that wait for their turn take four
    await slack.reacts("ben", "bulb", message)
    keep = [one for one in slack.courier.deliveries if one.name == "reaction_added"][-1]
    assert {(attempt.status, attempt.reason) for attempt in keep.attempts} == {
        (0, "http_timeout") if by_socket else (503, "http_error")
    }
    disk.set()
    await first
    await slack.until(memory.learnings)  # by now Slack may have given up waiting for it
    while not (sent := await slack.submits("ben", form, {})).closed:  # as the sentence says: in a moment
        assert list(sent.errors.values()) == [SENTENCE]
        await asyncio.sleep(0.1)
    await slack.until(lambda: keep.state == "acknowledged")
    await memory.settled()
    kept = sorted(one.words for one in memory.learnings())
    assert kept == ["A disk may hang.", "Precious words", "The one that is being committed"]


async def _committing(disk: threading.Event, slack: Slack, pocket: Channel) -> asyncio.Task[Answer]:
    """Something is shared, and hangs in its commit: once more, where a write of Outloud's own came before it."""
    while True:
        disk.clear()
        first = asyncio.create_task(slack.types("ben", "/share The one that is being committed", in_=pocket))
        await asyncio.sleep(2.3)  # longer than any write waits
        if not first.done():
            return first
        disk.set()
        assert SENTENCE in first.result().text
