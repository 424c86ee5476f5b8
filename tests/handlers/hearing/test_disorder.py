"""What random histories found (bench/prove/disorder.py): orders in which something was remembered that should not be."""

from __future__ import annotations

import pytest

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.again import last, send, untold
from tests.memory import Memory


async def keep(slack: Slack, memory: Memory, pocket: Channel, *, by: str = "ben") -> Message:
    """Ana says something, and somebody keeps it."""
    message = await slack.says("ana", "Kept words", in_=pocket)
    await slack.reacts(by, "bulb", message)
    await memory.settled()
    return message


async def test_who_was_refused_keeps_nothing_when_the_author_keeps_it_after_all(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Neither whose keep the author's no has ended, nor who was told since that it can't be kept."""
    message = await keep(slack, memory, pocket)
    await slack.presses("ana", "Undo", on=slack.sees("ana").dms[0])
    await slack.reacts("cleo", "bulb", message)
    await slack.reacts("ana", "bulb", message)
    await memory.settled()
    assert [one.curators for one in memory.learnings()] == [{slack.find_person("ana").id}]
    await slack.unreacts("ana", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []


async def test_what_only_never_keep_mine_refused_can_be_kept_after_a_change_of_mind(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """By whoever tries anew."""
    await keep(slack, memory, pocket)
    await slack.presses("ana", "Never keep mine", on=slack.sees("ana").dms[0])
    refused = await keep(slack, memory, pocket, by="cleo")
    await slack.presses("ana", "I changed my mind", on=slack.sees("ana").dms[0])
    await slack.reacts("ben", "bulb", refused)
    await memory.settled()
    assert [one.source_ts for one in memory.learnings()] == [refused.ts]
    assert [one.curators for one in memory.learnings()] == [{slack.find_person("ben").id}]


async def test_an_undo_holds_against_an_earlier_reaction_that_is_told_later(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Ben gave 💡 twice, in two skin tones; of one, Outloud hears only after he undid his keep. A new one counts."""
    message = await slack.says("ana", "Kept words", in_=pocket)
    ben = slack.find_person("ben").id
    late = untold(slack, lambda: slack.world.react(message.channel, message.ts, ben, "bulb::skin-tone-3"))
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    await slack.presses("ben", "Undo", on=slack.sees("ben").dms[0])
    assert (await send(slack, "event", late)).is_ack
    await memory.settled()
    assert memory.learnings() == []
    assert "books" not in slack.sees("ana").reactions(message)
    await slack.unreacts("ben", "bulb::skin-tone-3", message)
    await slack.reacts("ben", "bulb::skin-tone-3", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Kept words"]


@pytest.mark.parametrize("goes_first", [True, False])
async def test_words_that_come_back_are_kept_again(
    slack: Slack, pocket: Channel, memory: Memory, *, goes_first: bool
) -> None:
    """Whether their going was told before or after: the keep stands all the while."""
    message = await keep(slack, memory, pocket)
    gone = untold(slack, lambda: slack.world.edit(message.channel, message.ts, "", by=message.user))
    back = untold(slack, lambda: slack.world.edit(message.channel, message.ts, "Back again", by=message.user))
    for payload in (gone, back) if goes_first else (back, gone):
        assert (await send(slack, "event", payload)).is_ack
        await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Back again"]
    assert "books" in slack.sees("ana").reactions(message)


async def test_an_edit_from_before_words_went_brings_none_back(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """It is told after their end; nobody hears for a second time that there is nothing to keep."""
    message = await keep(slack, memory, pocket)
    early = untold(slack, lambda: slack.world.edit(message.channel, message.ts, "Other words", by=message.user))
    await slack.edits("ana", message, "")
    assert (await send(slack, "event", early)).is_ack
    await memory.settled()
    assert memory.learnings() == []
    assert slack.calls("chat.postEphemeral") == []


async def test_a_command_that_arrives_again_late_takes_no_edit_back(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Details were added in between."""
    answer = await slack.types("ben", "/share A first try", in_=pocket)
    command = last(slack, "command")
    assert answer.ephemeral is not None
    form = (await slack.presses("ben", "Add details", on=answer.ephemeral)).form
    assert form is not None
    assert (await slack.submits("ben", form, {"words": "A better one"})).closed
    assert (await send(slack, "command", command)).is_ack
    assert [one.words for one in memory.learnings()] == ["A better one"]


async def test_no_mark_stays_where_a_deleted_message_stood(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """It had replies, so that something stands in its place; a keep is told late, and the deletion even later."""
    message = await keep(slack, memory, pocket)
    await slack.says("cleo", "Since when?", in_=pocket, thread=message)
    cleo = slack.find_person("cleo").id
    late = untold(slack, lambda: slack.world.react(message.channel, message.ts, cleo, "bulb"))
    later = untold(slack, lambda: slack.world.delete(message.channel, message.ts, by=message.user))
    assert (await send(slack, "event", late)).is_ack
    await memory.settled()
    assert (await send(slack, "event", later)).is_ack
    await memory.settled()
    assert slack.world.message(message.channel, message.ts).reactions == {}
