"""Whose learning was edited here since it was kept, or helped somebody, is asked when its last keep goes: it stays until then."""

from __future__ import annotations

import pytest

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.memory import Memory


@pytest.fixture(params=["edited", "helped"])
async def kept(request: pytest.FixtureRequest, slack: Slack, pocket: Channel, memory: Memory) -> Message:
    """Ben kept a message of ana's, it was edited here or helped cleo, and he took his 💡 off."""
    message = await slack.says("ana", "Kept words", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    if request.param == "edited":
        form = (await slack.presses("ana", "Edit", on=slack.sees("ana").dms[0])).form
        assert form
        assert "Kept words" not in slack.text_of(form)  # they are the message's
        assert (await slack.submits("ana", form, {"why": "It was new to me.", "kind": "Story"})).closed
    else:
        await slack.reacts("cleo", "key", message)
        await memory.settled()
    await slack.unreacts("ben", "bulb", message)
    await memory.settled()
    return message


def question(slack: Slack) -> Message:
    """What ben was asked."""
    return next(one for one in slack.sees("ben").dms if "Shall it?" in one.text)


async def test_it_stays_and_its_curator_is_asked(slack: Slack, memory: Memory, kept: Message) -> None:
    """Privately, whether to keep it all the same."""
    assert [one.words for one in memory.learnings()] == ["Kept words"]
    assert "books" in kept.reactions
    await slack.presses("ben", "Keep it all the same", on=question(slack))
    assert "It stays" in " ".join(slack.text_of(one) for one in slack.sees("ben").dms)
    assert len(memory.learnings()) == 1


async def test_its_curator_may_take_it_back(slack: Slack, memory: Memory, kept: Message) -> None:
    """Words and 📚 go."""
    await slack.presses("ben", "Take it back", on=question(slack))
    await memory.settled()
    assert [(one.state, one.words) for one in memory.learnings(state=None)] == [("taken back", "")]
    assert "books" not in kept.reactions


async def test_whoever_keeps_it_again_meanwhile_keeps_it(slack: Slack, memory: Memory, kept: Message) -> None:
    """Ben's answer comes late."""
    asked = question(slack)
    await slack.reacts("cleo", "bulb", kept)
    await memory.settled()
    await slack.presses("ben", "Take it back", on=asked)
    await memory.settled()
    assert len(memory.learnings()) == 1
    assert any("keeps this message again" in one.text for one in slack.sees("ben").ephemerals)


async def test_its_authors_no_counts_all_the_same(slack: Slack, memory: Memory, kept: Message) -> None:
    """Edited or not, they are ana's words."""
    await slack.presses("ana", "Undo", on=slack.sees("ana").dms[0])
    await memory.settled()
    assert memory.learnings() == []
    assert "books" not in kept.reactions


@pytest.mark.parametrize("kept", ["edited"], indirect=True)
async def test_what_was_taken_back_and_is_kept_anew_was_not_edited_since(
    slack: Slack, memory: Memory, kept: Message
) -> None:
    """What somebody had edited went with it: nothing is left to ask about."""
    await slack.presses("ben", "Take it back", on=question(slack))
    await memory.settled()
    await slack.reacts("ben", "bulb", kept)
    await memory.settled()
    assert len(memory.learnings()) == 1
    asked = len(slack.sees("ben").dms)
    await slack.unreacts("ben", "bulb", kept)
    await memory.settled()
    assert memory.learnings() == []
    assert len(slack.sees("ben").dms) == asked


async def test_of_what_was_deleted_since_it_is_said_that_it_is_gone(
    slack: Slack, memory: Memory, kept: Message
) -> None:
    """Nobody knows any more who had kept it, so nobody is told that they had no right to."""
    await slack.deletes("ana", kept)
    await memory.settled()
    for answer in ("Take it back", "Keep it all the same"):
        await slack.presses("ben", answer, on=question(slack))
        assert "is not there any more" in slack.sees("ben").ephemerals[-1].text


async def test_the_question_is_true_however_the_last_keep_was_taken_back(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Ben pressed *undo*, and took no emoji off."""
    message = await slack.says("ana", "Kept words", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.reacts("cleo", "key", message)
    await memory.settled()
    await slack.presses("ben", "Undo", on=slack.sees("ben").dms[0])
    await memory.settled()
    assert "You don't keep a message any more, and nobody else does." in slack.text_of(question(slack))


async def test_whom_it_helped_counts_before_slack_has_said_who_they_are(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Slack says nothing of people for a while, and the last keep goes meanwhile: what may have helped is not lost by that."""
    message = await slack.says("ana", "Kept words", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    slack.fails("users.info", "delayed before", seconds=20)
    await slack.reacts("cleo", "key", message)
    await slack.unreacts("ben", "bulb", message)
    assert [one.words for one in memory.learnings()] == ["Kept words"]
    slack.mends()
    await memory.settled()
    assert "Shall it?" in question(slack).text


async def test_a_bots_key_is_no_help(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Nobody is asked: its last keep takes it back."""
    slack.person("deploybot", bot=True)
    await slack.joins("deploybot", pocket)
    message = await slack.says("ana", "Kept words", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.reacts("deploybot", "key", message)
    await memory.settled()
    await slack.unreacts("ben", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []
