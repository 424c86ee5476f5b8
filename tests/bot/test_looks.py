"""A look at a message whose answer is old by the time it is noted; endings that the writer, or Slack, has no time for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from storage.db.database import Database
from storage.refusals import Busy
from tests.bot.wire import Wire
from tests.memory import Memory
from tests.sights import cards

pytestmark = pytest.mark.usefixtures("wire", "hurry")


async def test_an_edit_while_its_message_is_looked_at_is_not_lost(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Slack's answer holds the words from before, and comes after the event that told of the edit: it is looked at anew."""
    stop = wire.stops("reactions.get", behind=True)
    message = await slack.says("ana", "Readers wait.", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await stop.arrived.wait()
    await slack.edits("ana", message, "Readers go on.")
    stop.way.set()
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Readers go on."]
    assert len(slack.calls("reactions.get")) == 2


async def test_a_deletion_while_its_message_is_looked_at_is_not_undone(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """The answer still shows the message."""
    stop = wire.stops("reactions.get", behind=True)
    message = await slack.says("ana", "Gone soon.", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await stop.arrived.wait()
    await slack.deletes("ana", message)
    stop.way.set()
    await memory.settled()
    assert [(one.state, one.words) for one in memory.learnings(state=None)] == [("deleted", "")]


async def test_an_ending_that_the_writer_has_no_time_for_is_noted_a_little_later(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the card would wait for its lease to end, and be looked for."""
    write, refused = Database.write, list[object]()

    async def busy(self: Database, f: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if getattr(f, "__name__", "") == "_note" and args[0].kind == "post card" and len(refused) < 3:
            refused.append(f)
            raise Busy
        return await write(self, f, *args, **kwargs)

    monkeypatch.setattr(Database, "write", busy)
    monkeypatch.setattr("bot.worker.BUSY_FOR", 0.01)
    await slack.types("ben", "/share Once", in_=pocket)
    await memory.settled()
    assert len(refused) == 3
    assert len(cards(slack, "ana", pocket)) == 1
    assert slack.calls("conversations.history") == []


async def test_who_lost_its_lease_leaves_what_follows_to_whoever_has_it(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    """A process that was held up says its post, and another one has the errand by then: it finds the post, and notes it."""
    stop = wire.stops("chat.postMessage", behind=True)
    await slack.types("ben", "/share Once", in_=pocket)
    await stop.arrived.wait()
    memory.run("UPDATE outbox SET lease = 'another'")
    stop.way.set()
    await slack.until(lambda: "had been taken over" in caplog.text)
    assert [one.card_ts for one in memory.learnings()] == [None]
    memory.run("UPDATE outbox SET due = 0")  # that one died, and its lease has ended
    await memory.settled()
    assert [one.card_ts in pocket.messages for one in memory.learnings()] == [True]
    assert len(cards(slack, "ana", pocket)) == 1


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call to Slack may take half a second. Before the bot starts: `usefixtures`."""
    monkeypatch.setattr("bot.wiring.CLIENT_TIMEOUT", 0.5)


@pytest.mark.usefixtures("impatient")
async def test_a_post_that_slack_never_answers_is_given_up_looked_for_and_stands_once(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """By the timeout of the client itself."""
    stop = wire.stops("chat.postMessage", behind=True)
    await slack.types("ben", "/share Once", in_=pocket)
    await memory.settled()
    assert (stop.arrived.is_set(), stop.way.is_set()) == (True, False)
    assert len(cards(slack, "ana", pocket)) == 1
    assert len(slack.calls("conversations.history")) == 1
