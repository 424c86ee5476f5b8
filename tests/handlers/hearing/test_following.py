"""A kept message's edit or deletion in Slack: its learning follows, in Slack's order, however late it is told."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.again import send
from tests.memory import Memory


@pytest.fixture
async def kept(slack: Slack, pocket: Channel, memory: Memory) -> Message:
    """A message of ana's that ben keeps."""
    message = await slack.says("ana", "Readers wait.", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    return message


def told(slack: Slack, name: str) -> list[dict[str, Any]]:
    """The payloads of the events of a subtype that were delivered."""
    found = [one.payload for one in slack.courier.deliveries if one.kind == "event" and one.name == "message"]
    return [payload for payload in found if payload["event"].get("subtype") == name]


async def test_an_edit_of_a_kept_message_changes_its_learning(slack: Slack, kept: Message, memory: Memory) -> None:
    """The new words, at the same place, with the same author and curators."""
    before = memory.learnings()[0]
    await slack.edits("ana", kept, "Readers go on.")
    (after,) = memory.learnings()
    assert (after.words, after.id, after.curators) == ("Readers go on.", before.id, before.curators)


async def test_an_earlier_edit_that_is_told_later_changes_nothing(slack: Slack, kept: Message, memory: Memory) -> None:
    """Slack delivers the first of two edits once more, after the second."""
    await slack.edits("ana", kept, "Readers go on, mostly.")
    await slack.edits("ana", kept, "Readers go on.")
    first = told(slack, "message_changed")[0]
    assert (await send(slack, "event", {**first, "event_id": "EvAnother"})).is_ack
    assert [learning.words for learning in memory.learnings()] == ["Readers go on."]


async def test_an_edit_before_the_keep_is_not_lost(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Nobody kept it then, so that nothing of it was remembered; the keep reads what stands."""
    message = await slack.says("ana", "Readers wait.", in_=pocket)
    await slack.edits("ana", message, "Readers go on.")
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert [learning.words for learning in memory.learnings()] == ["Readers go on."]


async def test_words_that_were_edited_away_leave_no_learning(slack: Slack, kept: Message, memory: Memory) -> None:
    """What is left may be a picture: no words, nothing to keep, and no 📚."""
    await slack.edits("ana", kept, "")
    await memory.settled()
    assert [(one.state, one.words) for one in memory.learnings(state=None)] == [("taken back", "")]
    assert "books" not in kept.reactions


async def test_a_deletion_deletes_the_words_and_the_keeps(slack: Slack, kept: Message, memory: Memory) -> None:
    """What remains says only that there was something."""
    await slack.deletes("ana", kept)
    await memory.settled()
    (gone,) = memory.learnings(state=None)
    assert (gone.state, gone.words, gone.link, gone.curators) == ("deleted", "", None, frozenset())
    assert memory.outbox() == []


async def test_a_deleted_message_with_replies_is_deleted_too(
    slack: Slack, pocket: Channel, kept: Message, memory: Memory
) -> None:
    """Slack leaves a tombstone for the thread, and tells of it as of a change."""
    await slack.says("cleo", "Since when?", in_=pocket, thread=kept)
    await slack.deletes("ana", kept)
    assert [one.state for one in memory.learnings(state=None)] == ["deleted"]


async def test_a_keep_or_an_edit_that_is_told_after_the_deletion_brings_nothing_back(
    slack: Slack, kept: Message, memory: Memory
) -> None:
    """Both happened before it, and come once more, with other ids."""
    await slack.edits("ana", kept, "Readers go on.")
    await slack.deletes("ana", kept)
    added = next(one.payload for one in slack.courier.deliveries if one.name == "reaction_added")
    for payload in (added, told(slack, "message_changed")[0]):
        assert (await send(slack, "event", {**payload, "event_id": "EvAnother"})).is_ack
    assert [(one.state, one.words, one.curators) for one in memory.learnings(state=None)] == [
        ("deleted", "", frozenset())
    ]
    assert memory.rows("SELECT * FROM keeps") == []
    await memory.settled()
    assert memory.outbox() == []


async def test_what_nobody_kept_is_not_remembered_when_it_changes(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Neither words, nor edits, nor deletions; nor Outloud's own cards, of which Slack tells as well."""
    message = await slack.says("ana", "Secret words.", in_=pocket)
    await slack.edits("ana", message, "Other secret words.")
    await slack.deletes("ana", message)
    answer = await slack.types("ben", "/share A card", in_=pocket)
    await memory.settled()
    await slack.presses("ben", "Undo", on=answer.ephemeral or slack.sees("ben").ephemerals[-1])
    await memory.settled()
    assert [one.state for one in memory.learnings(state=None)] == ["taken back"]
    assert memory.rows("SELECT * FROM keeps") == []


@pytest.mark.parametrize("subtype", ["message_changed", "message_deleted"])
async def test_a_change_that_does_not_say_of_what_is_answered_4xx(
    slack: Slack, kept: Message, memory: Memory, subtype: str
) -> None:
    """Slack never sends it."""
    event = {"type": "message", "subtype": subtype, "channel": kept.channel, "event_ts": "1700000000.000100"}
    payload = {"type": "event_callback", "team_id": slack.world.team_id, "event_id": "EvOdd", "event": event}
    assert (await send(slack, "event", payload)).status == 400
    assert [one.state for one in memory.learnings()] == ["live"]
