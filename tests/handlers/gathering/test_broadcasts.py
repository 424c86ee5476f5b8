"""Answers that are also sent to the channel: Slack tells of them in another way than of other replies."""

from __future__ import annotations

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.memory import Memory
from tests.rounds import Rounds


async def test_a_reply_that_is_also_sent_to_the_channel_is_an_answer(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """Slack tells of it by a subtype, without its parent's author; its edit and deletion are followed like any other's."""
    prompt = await rounds.ask()
    reply = await slack.says("ben", "The wrong table.", in_=pocket, thread=prompt, broadcast=True)
    await memory.settled()
    assert [(one.words, one.link) for one in memory.learnings()] == [("The wrong table.", slack.world.permalink(reply))]
    await slack.edits("ben", reply, "The wrong index.")
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["The wrong index."]
    await slack.deletes("ben", reply)
    await memory.settled()
    assert memory.learnings() == []
