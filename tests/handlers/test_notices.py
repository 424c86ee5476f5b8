"""The quiet rule in Slack: what nobody asked for comes in one private message a day, and each part of it stays alive."""

from __future__ import annotations

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from storage.owed.quiet import DAY
from tests.conftest import Bot
from tests.memory import Memory
from tests.owed import owe_hours


async def keep(slack: Slack, memory: Memory, pocket: Channel, words: str = "Kept words") -> Message:
    """Ben keeps a message of ana's."""
    message = await slack.says("ana", words, in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    return message


async def test_what_waits_for_somebody_comes_in_one_message(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Both parts stand in it; a press on one leaves the other as it is."""
    owe_hours(slack, memory, pocket, "ana")
    await keep(slack, memory, pocket)
    (told,) = slack.sees("ana").dms
    assert "could not hear" in slack.text_of(told)
    assert "worth keeping" in slack.text_of(told)
    await slack.presses("ana", "Never keep mine", on=told)
    await slack.presses("ana", "I changed my mind", on=slack.sees("ana").dms[0])
    (told,) = slack.sees("ana").dms
    assert "could not hear" in slack.text_of(told)
    assert "can be kept again" in slack.text_of(told)
    assert "worth keeping" not in slack.text_of(told)
    assert memory.rows("SELECT * FROM notices") == []


async def test_what_is_over_waits_until_the_next_day(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Ana heard of missing hours today; that words of hers are kept she hears tomorrow, with what still stands then."""
    owe_hours(slack, memory, pocket, "ana")
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await memory.settled()
    first = await keep(slack, memory, pocket, "First")
    await keep(slack, memory, pocket, "Second")
    await slack.unreacts("ben", "bulb", first)
    await memory.settled()
    assert len(slack.sees("ana").dms) == 1
    bot.ahead = DAY - 60
    await bot.outloud.bring_notices()
    await memory.settled()
    assert len(slack.sees("ana").dms) == 1
    bot.ahead = DAY + 60
    await bot.outloud.bring_notices()
    await slack.until(lambda: len(slack.sees("ana").dms) == 2, what="the next message")
    await memory.settled()
    (told, _) = sorted(slack.sees("ana").dms, key=lambda one: "worth keeping" not in one.text)
    second = memory.learnings()[0]
    assert second.link
    assert second.link in told.text


async def test_more_than_a_message_takes_comes_in_the_next(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Sixty things: as many as fit, oldest first; nothing is lost."""
    for number in range(60):
        owe_hours(slack, memory, pocket, "ana", since=1e9 + number * 1000)
    assert bot.outloud is not None
    for day in range(1, 9):
        await bot.outloud.bring_notices()
        await memory.settled()
        bot.ahead = day * (DAY + 60)
    said = slack.sees("ana").dms
    assert sum(one.text.count("could not hear") for one in said) == 60
    assert all(len(one.blocks) <= 50 for one in said)
    assert memory.rows("SELECT * FROM notices") == []
