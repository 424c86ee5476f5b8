"""A post in a thread whose end is unknown is looked for there, also where there is nothing to say any more by then."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.bot.wire import Fault, Wire
from tests.conftest import Bot
from tests.memory import Memory
from tests.rounds import Rounds

pytestmark = pytest.mark.usefixtures("wire", "hurry")

KEYS = "Rotate the keys in the vault, then restart the gateway."


async def test_an_answer_that_was_taken_back_meanwhile_is_taken_away_below_its_prompt(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """Its card stands, and Slack's answer was lost; looked for in the channel alone, it would stand for good."""
    prompt = await Rounds(slack, bot, memory, pocket).ask()
    form = (await slack.presses("ben", "Answer", on=prompt)).form
    assert form is not None
    stop = wire.stops("chat.postMessage", behind=True)
    wire.fails("chat.postMessage", Fault(reaches=True))
    await slack.submits("ben", form, {"words": "Perhaps not"})
    await stop.arrived.wait()
    assert slack.sees("cleo").thread(prompt)
    await slack.until(lambda: slack.sees("ben").ephemerals)
    await slack.presses("ben", "Undo", on=slack.sees("ben").ephemerals[-1])
    stop.way.set()
    await memory.settled()
    assert [one.state for one in memory.learnings(state=None)] == ["taken back"]
    assert slack.sees("cleo").thread(prompt) == []


async def test_who_showed_it_here_hears_of_no_failure_where_it_stands(
    slack: Slack, pocket: Channel, memory: Memory, wire: Wire
) -> None:
    """It was taken back while it was not known whether it stands: it does, below what they had asked."""
    await slack.types("ana", f"/share {KEYS}", in_=pocket)
    root = await slack.says("cleo", "The keys are old.", in_=pocket)
    await slack.says("ben", "@outloud rotate the keys", in_=pocket, thread=root)
    await memory.settled()
    stop = wire.stops("chat.postMessage", behind=True)
    wire.fails("chat.postMessage", Fault(reaches=True))
    await slack.presses("ben", "Post this here", on=slack.sees("ben").ephemerals[-1])
    await stop.arrived.wait()
    await slack.presses("ana", "Undo", on=slack.sees("ana").ephemerals[-1])
    stop.way.set()
    await memory.settled()
    assert memory.learnings() == []
    assert [one.user for one in slack.sees("cleo").thread(root)].count(slack.app.id) == 1
    assert slack.sees("ben").dms == []
