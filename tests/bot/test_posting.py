"""A post whose end is unknown: wherever and whenever it was sent, it is found, and said once."""

from __future__ import annotations

import time
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot import attempts, worker
from bot.posting import Held
from handlers.desk import Desk
from handlers.duties import Message, Post
from sandbox.records import Channel
from sandbox.slack import Slack
from storage.ids import Ts
from storage.owed.outbox import Errand
from tests.bot.wire import Fault, Wire
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import cards

pytestmark = pytest.mark.usefixtures("wire", "hurry")


def owe_answer(memory: Memory, slack: Slack, channel: Channel, thread: str) -> None:
    """Owe an answer in a thread, as a round's will be."""
    memory.run(
        "INSERT INTO outbox (workspace, id, kind, lane, body, due, owed_at)"
        " VALUES (:w, 'E1', 'answer', :lane, :body, 0, 0)",
        w=slack.world.team_id,
        lane=channel.id,
        body=f'{{"thread": "{thread}"}}',
    )


async def answer(_desk: Desk, errand: Errand) -> Message:
    """The answer that is owed."""
    return Message(errand.lane, "In the thread", thread=Ts(errand.body["thread"]))


@pytest.mark.parametrize("reaches", [True, False])
async def test_a_post_in_a_thread_stands_once(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, monkeypatch: pytest.MonkeyPatch, *, reaches: bool
) -> None:
    """It is looked for among the thread's replies: the channel's history doesn't show them."""
    monkeypatch.setitem(handlers.DUTIES, "answer", Post(answer))
    root = await slack.says("ana", "A question", in_=pocket)
    wire.fails("chat.postMessage", Fault(reaches))
    owe_answer(memory, slack, pocket, root.ts)
    await memory.settled()
    assert [one.text for one in slack.sees("ana").thread(root)] == ["In the thread"]


async def test_a_post_in_a_thread_that_is_gone_is_not_looked_for_for_ever(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it hung on was deleted while its end was unknown: it is said no more, and an operator hears why."""
    monkeypatch.setitem(handlers.DUTIES, "answer", Post(answer))
    root = await slack.says("ana", "A question", in_=pocket)
    stop = wire.stops("chat.postMessage")
    wire.fails("chat.postMessage", Fault(reaches=False))
    owe_answer(memory, slack, pocket, root.ts)
    await stop.arrived.wait()
    await slack.deletes("ana", root)
    stop.way.set()
    await slack.until(lambda: memory.outbox(state="parked"))
    assert memory.outbox()[0]["reason"] == "Slack said thread_not_found"


async def test_it_is_looked_for_page_by_page_to_the_end(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Much was said in the channel since: it stands on the second page."""
    wire.fails("chat.postMessage", Fault(reaches=True))
    stop = wire.stops("conversations.history")
    await slack.types("ben", "/share Said once", in_=pocket)
    await stop.arrived.wait()
    ana = slack.find_person("ana").id
    for number in range(230):
        slack.world.post(pocket.id, ana, f"Talk {number}")
    stop.way.set()
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1
    assert [bool(call.args["cursor"]) for call in slack.calls("conversations.history")] == [False, True]


async def test_it_is_looked_for_twice(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack's history may lag behind what it has taken: the first look does not show it."""
    history, looks = AsyncWebClient.conversations_history, list[int]()

    async def lagging(self: AsyncWebClient, **more: Any) -> Any:
        answer = await history(self, **more)
        looks.append(len(answer["messages"]))
        if len(looks) == 1:
            answer.data = {"ok": True, "messages": []}
        return answer

    monkeypatch.setattr(AsyncWebClient, "conversations_history", lagging)
    wire.fails("chat.postMessage", Fault(reaches=True))
    await slack.types("ben", "/share Said once", in_=pocket)
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1
    assert len(looks) == 2


@pytest.mark.parametrize("year", [2018, 2040])
async def test_it_is_looked_for_by_slacks_clock_not_by_ours(
    empty_slack: Slack, bot: Bot, memory: Memory, wire: Wire, year: int
) -> None:
    """Slack's clock may be years away from ours, as in a replay: the look begins at what was heard of it last."""
    slack = empty_slack
    assert bot.outloud
    slack.clock.set(time.mktime((year, 6, 1, 12, 0, 0, 0, 0, 0)))
    pocket = slack.channel("learning", members=("ana", "ben"))
    await slack.types("ana", "/outloud start Learn together", in_=pocket)
    message = await slack.says("ana", "Something that is heard", in_=pocket)
    await memory.settled()
    wire.fails("chat.postMessage", Fault(reaches=True))
    await slack.types("ben", "/share Once", in_=pocket)
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1
    looks = slack.calls("conversations.history")
    assert [float(message.ts) - float(look.args["oldest"]) < 301 for look in looks] == [True]


async def test_where_nothing_was_heard_of_slacks_time_all_is_looked_through(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """A post that an older version tried, which did not note it."""
    stop = wire.stops("chat.postMessage", behind=True)
    wire.fails("chat.postMessage", Fault(reaches=True))
    await slack.types("ben", "/share Once", in_=pocket)
    await stop.arrived.wait()
    memory.run("UPDATE outbox SET after_ts = NULL")
    stop.way.set()
    await memory.settled()
    assert "oldest" not in slack.calls("conversations.history")[0].args
    assert len(cards(slack, "ana", pocket)) == 1


async def test_the_lease_is_looked_at_right_before_sending(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look took so long that somebody else may have the errand by now: this try sends nothing."""
    wire.fails("chat.postMessage", Fault(reaches=False))
    late = 0.0

    def pass_time(_answer: dict[str, Any]) -> None:
        nonlocal late
        late = worker.LEASE - attempts.CLIENT_TIMEOUT + 1

    def held(_: attempts.Attempts, errand: Errand, since: float) -> Held:
        return Held(errand, lambda: time.time() + late, attempts.CLIENT_TIMEOUT, since=since, fresh=attempts.FRESH)

    monkeypatch.setattr(attempts.Attempts, "_held", held)
    wire.changes["conversations.history"] = pass_time
    await slack.types("ben", "/share Once", in_=pocket)
    await slack.until(lambda: [row for row in memory.outbox() if row["reason"] == "its turn came late"])
    assert cards(slack, "ana", pocket) == []
    del wire.changes["conversations.history"]
    late = 0.0
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.delete"])
async def test_a_pause_right_before_the_call_sends_nothing(
    slack: Slack, pocket: Channel, memory: Memory, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """The lease was good when it was looked at; the process stood still then, and somebody else may have the errand."""
    late = 0.0
    call = AsyncWebClient.api_call

    async def paused(client: AsyncWebClient, api_method: str, **arguments: Any) -> Any:
        nonlocal late
        if api_method == method:
            late = worker.LEASE + 1
        return await call(client, api_method, **arguments)

    def held(_: attempts.Attempts, errand: Errand, since: float) -> Held:
        return Held(errand, lambda: time.time() + late, attempts.CLIENT_TIMEOUT, since=since, fresh=attempts.FRESH)

    monkeypatch.setattr(attempts.Attempts, "_held", held)
    monkeypatch.setattr(AsyncWebClient, "api_call", paused)
    before = len(slack.calls(method))
    shared = await slack.types("ben", "/share Once", in_=pocket)
    if method == "chat.delete":
        await memory.settled()
        assert shared.ephemeral is not None
        await slack.presses("ben", "Undo", on=shared.ephemeral)
    await slack.until(lambda: [row for row in memory.outbox() if row["reason"] == "its turn came late"])
    assert len(slack.calls(method)) == before
    monkeypatch.setattr(AsyncWebClient, "api_call", call)
    late = 0.0
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == (method == "chat.postMessage")


def test_the_clients_timeout_is_under_half_the_lease() -> None:
    """Two that have one errand in hand, one after the other, can't both be waiting for Slack."""
    assert attempts.CLIENT_TIMEOUT < worker.LEASE / 2
