"""A handler has 2.5 seconds: what could not begin by then is withdrawn, and whoever waits reads one plain sentence."""

from __future__ import annotations

import asyncio
import threading

import pytest

from handlers import routing
from handlers.explaining import TooSlow
from sandbox.records import Channel
from sandbox.slack import Slack
from storage.db.database import Database
from tests.conftest import BY_EITHER_DOOR
from tests.memory import Memory

SENTENCE = TooSlow().words


def test_it_ends_before_slack_gives_up_and_after_a_write_may_have_waited() -> None:
    """Slack waits 3 seconds; a write 2."""
    assert 2.0 < routing.DEADLINE <= 2.5


@BY_EITHER_DOOR
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # tests/storage/db/test_waiting.py tries both
async def test_what_was_answered_too_slow_does_not_happen_afterwards(
    disk: threading.Event,
    slack: Slack,
    pocket: Channel,
    memory: Memory,
    monkeypatch: pytest.MonkeyPatch,
    *,
    by_socket: bool,
) -> None:
    """Three that wait behind a commit that hangs: taken back at the deadline; the words stay, and an event comes again."""
    message = await slack.says("ana", "A keep that waits.", in_=pocket)
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await memory.settled()
    monkeypatch.setattr(routing, "DEADLINE", 0.3)  # well before the 2 s after which a write gives up by itself
    disk.clear()
    first = asyncio.create_task(slack.types("ben", "/share Has begun", in_=pocket))
    await asyncio.sleep(0.1)
    refused = await slack.types("cleo", "/share Never began", in_=pocket)
    assert SENTENCE in refused.text
    assert "Never began" in refused.text
    sent = await slack.submits("ben", form, {"words": "Precious words"})
    assert (sent.closed, list(sent.errors.values())) == (False, [SENTENCE])
    await slack.reacts("ben", "bulb", message)
    keep = [one for one in slack.courier.deliveries if one.name == "reaction_added"][-1]
    assert {(one.status, one.reason) for one in keep.attempts} == {
        (0, "http_timeout") if by_socket else (503, "http_error")
    }
    monkeypatch.setattr(routing, "DEADLINE", 2.5)
    disk.set()
    assert "may or may not be saved" in (await first).text  # it had begun: nobody says that it failed
    await slack.until(lambda: keep.state == "acknowledged")
    await memory.settled()
    assert {one.words for one in memory.learnings(state=None)} == {"Has begun", "A keep that waits."}


@BY_EITHER_DOOR
@pytest.mark.true_pace
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the deadline that is tried, not SQL
async def test_at_true_pace_who_waits_hears_it_before_slack_gives_up(
    slack: Slack, pocket: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler that hangs: Slack's own "did not respond" is never seen."""

    async def hang(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    with monkeypatch.context() as stuck:
        stuck.setattr(Database, "write", hang)
        answer = await slack.types("ben", "/share Words", in_=pocket)
    assert (answer.failed, SENTENCE in answer.text) == ("", True)
