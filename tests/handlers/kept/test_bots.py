"""People keep: another bot's reaction makes no learning, and keeps none."""

from __future__ import annotations

import pytest

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.handlers.hearing.test_catching_up import gap
from tests.memory import Memory


@pytest.fixture
async def message(slack: Slack, pocket: Channel) -> Message:
    """What ben wrote, in a pocket where a bot gives 💡 to whatever it likes."""
    slack.person("robot", bot=True)
    await slack.joins("robot", pocket)
    return await slack.says("ben", "Plain words", in_=pocket)


def nothing(slack: Slack, memory: Memory, message: Message) -> None:
    """Nobody keeps it, nothing of it is stored, and nobody heard anything."""
    assert [one.state for one in memory.learnings(state=None) if one.state != "taken back"] == []
    assert "Plain words" not in str(memory.rows("SELECT * FROM learnings"))
    assert "books" not in message.reactions
    for who in ("ana", "ben", "cleo"):
        assert slack.sees(who).dms == []
    assert "kept" not in str([one.text for one in slack.sees("ben").ephemerals])


async def test_a_bots_reaction_keeps_nothing(slack: Slack, memory: Memory, message: Message) -> None:
    """Neither the first, of which nobody knows yet whose it is, nor the next."""
    await slack.reacts("robot", "bulb", message)
    await memory.settled()
    nothing(slack, memory, message)
    await slack.unreacts("robot", "bulb", message)
    await slack.reacts("robot", "bulb", message)
    await memory.settled()
    nothing(slack, memory, message)
    robot = slack.find_person("robot").id
    assert len([one for one in slack.calls("users.info") if one.args["user"] == robot]) == 1


@pytest.mark.parametrize("order", [("robot", "cleo"), ("cleo", "robot")])
async def test_what_a_person_keeps_too_is_theirs_alone(
    slack: Slack, memory: Memory, message: Message, order: tuple[str, str]
) -> None:
    """With the person's reaction it goes."""
    for who in order:
        await slack.reacts(who, "bulb", message)
        await memory.settled()
    assert [one.curators for one in memory.learnings()] == [{slack.find_person("cleo").id}]
    await slack.unreacts("cleo", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []
    assert "books" not in message.reactions


async def test_what_it_gave_during_a_gap_keeps_nothing_either(
    slack: Slack, bot: Bot, memory: Memory, message: Message
) -> None:
    """It is seen to stand, twice."""
    for _ in range(2):
        async with gap(slack, bot, memory):
            if "bulb" not in message.reactions:
                await slack.reacts("robot", "bulb", message)
        nothing(slack, memory, message)


async def test_nothing_is_kept_before_slack_said_whose_it_is(slack: Slack, memory: Memory, message: Message) -> None:
    """A hiccup of Slack holds it up, and no more."""
    slack.fails("users.info", "429", times=1, seconds=0.1)
    await slack.reacts("robot", "bulb", message)
    await memory.settled()
    nothing(slack, memory, message)
    slack.fails("users.info", "429", times=1, seconds=0.1)
    await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Plain words"]
