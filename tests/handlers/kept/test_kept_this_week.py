"""After the first time, authors hear once a week what else was kept of theirs, as it stands then."""

from __future__ import annotations

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from storage.kept.kept_news import WEEK
from storage.owed.quiet import DAY
from tests.conftest import Bot
from tests.memory import Memory
from tests.owed import owe_hours


async def keep(slack: Slack, memory: Memory, pocket: Channel, words: str) -> Message:
    """Ana says it, ben keeps it."""
    message = await slack.says("ana", words, in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    return message


async def later(slack: Slack, bot: Bot, memory: Memory, seconds: float) -> list[Message]:
    """Some time has passed since the beginning. What ana has heard by then."""
    bot.ahead = seconds
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await memory.settled()
    return sorted(slack.sees("ana").dms, key=lambda one: one.ts)


async def test_once_a_week_one_word_for_all_that_stands(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Four were kept after the first, one was taken back: three, with their links; and not before a week is over."""
    await keep(slack, memory, pocket, "First")
    more = [await keep(slack, memory, pocket, f"Number {number}") for number in range(4)]
    await slack.unreacts("ben", "bulb", more[0])
    assert len(await later(slack, bot, memory, WEEK - 60)) == 1
    _, told = await later(slack, bot, memory, WEEK + 60)
    text = slack.text_of(told)
    assert "3 messages of yours were kept" in text
    assert [slack.world.permalink(one) in str(told.blocks) for one in more] == [False, True, True, True]
    await keep(slack, memory, pocket, "Next week's")
    assert len(await later(slack, bot, memory, WEEK + DAY + 120)) == 2
    assert len(await later(slack, bot, memory, 2 * WEEK)) == 2
    *_, last = await later(slack, bot, memory, 2 * WEEK + 120)
    assert "A message of yours was kept" in slack.text_of(last)
    assert memory.rows("SELECT * FROM notices") == []


async def test_of_more_than_one_word_lists_the_others_come_the_next_time(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Each comes with its *Undo*, once."""
    await keep(slack, memory, pocket, "First")
    for number in range(12):
        await keep(slack, memory, pocket, f"Number {number}")
    told = (await later(slack, bot, memory, WEEK + 60))[1:] + (await later(slack, bot, memory, 2 * WEEK + 120))[2:]
    undo = [block["accessory"]["value"] for one in told for block in one.blocks if "accessory" in block]
    assert len(told) == 2
    assert "12 messages of yours were kept" in slack.text_of(told[0])
    assert "2 messages of yours were kept" in slack.text_of(told[1])
    assert (len(undo), len(set(undo))) == (12, 12)


async def test_each_can_be_undone_by_itself_and_all_never_kept(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """An undo leaves the others in the message; *never keep mine* asks about those."""
    await keep(slack, memory, pocket, "First")
    await keep(slack, memory, pocket, "Second")
    await keep(slack, memory, pocket, "Third")
    _, told = await later(slack, bot, memory, WEEK + 60)
    undo = [block["accessory"]["value"] for block in told.blocks if "accessory" in block]
    assert len(undo) == 2
    memory.run("UPDATE people SET never_keep = false")
    payload = next(block for block in told.blocks if block.get("accessory", {}).get("value") == undo[0])
    assert payload["block_id"].endswith(f"{undo[0]}.1")
    await slack.presses("ana", "Never keep mine", on=told)
    _, told = sorted(slack.sees("ana").dms, key=lambda one: one.ts)
    assert "2 earlier ones are still kept" in slack.text_of(told)
    await slack.presses("ana", "Take those back too", on=told)
    await memory.settled()
    assert memory.learnings() == []


async def test_one_undo_of_several_in_a_bundle_takes_that_one_back(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Two lines with an undo each, and another part beside them: what was pressed goes, and all else stays to be pressed."""
    await keep(slack, memory, pocket, "First")
    for words in ("Second", "Third"):
        await keep(slack, memory, pocket, words)
    owe_hours(slack, memory, pocket, "ana")
    _, told = await later(slack, bot, memory, WEEK + 60)
    third = next(one for one in memory.learnings() if one.words == "Third")
    line = next(block for block in told.blocks if block.get("accessory", {}).get("value") == third.id)
    await slack.presses("ana", "Undo", on=told, block=line["block_id"])
    await memory.settled()
    assert sorted(one.words for one in memory.learnings()) == ["First", "Second"]
    _, told = await later(slack, bot, memory, WEEK + 120)
    assert "could not hear" in slack.text_of(told)
    assert "this message of yours is not kept any more" in slack.text_of(told)
    second = next(one for one in memory.learnings() if one.words == "Second")
    await slack.presses(
        "ana",
        "Undo",
        on=told,
        block=next(block["block_id"] for block in told.blocks if block.get("accessory", {}).get("value") == second.id),
    )
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["First"]


async def test_where_nothing_stands_by_then_nothing_is_said(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """The only one was taken back: no message, and nothing waits."""
    await keep(slack, memory, pocket, "First")
    second = await keep(slack, memory, pocket, "Second")
    await slack.unreacts("ben", "bulb", second)
    assert len(await later(slack, bot, memory, WEEK + 60)) == 1
    assert memory.rows("SELECT * FROM notices") == []


async def test_each_says_who_left_words_of_it_out(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """As the first time."""
    await keep(slack, memory, pocket, "First")
    message = await slack.says("ana", "It does not always work, but on Fridays.", in_=pocket)
    form = (await slack.uses("cleo", "Keep this", message)).form
    assert form
    assert (await slack.submits("cleo", form, {"words": "It does always work"})).closed
    await keep(slack, memory, pocket, "Third")
    _, told = await later(slack, bot, memory, WEEK + 60)
    lines = [line for line in slack.text_of(told).splitlines() if line.startswith("•")]
    assert [line.split(" [")[0].endswith("by @cleo, shortened by @cleo") for line in lines] == [True, False]
