"""Guests, and people of other organisations: in a pocket they share and keep, and are kept, like everybody."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.memory import Memory
from tests.sights import cards


@pytest.mark.parametrize("facts", [{"guest": "single"}, {"guest": "multi"}, {"external": True}], ids=str)
async def test_they_share_keep_and_are_kept(
    slack: Slack, pocket: Channel, memory: Memory, facts: dict[str, object]
) -> None:
    """Whoever is in the channel belongs to its pocket."""
    gus = slack.person("gus", **facts)  # type: ignore[arg-type]
    await slack.invites("ana", gus, pocket)
    assert "Shared" in (await slack.types("gus", "/share Mine.", in_=pocket)).text
    theirs = await slack.says("gus", "Said by gus", in_=pocket)
    await slack.reacts("ben", "bulb", theirs)
    others = await slack.says("ana", "Said by ana", in_=pocket)
    await slack.reacts("gus", "bulb", others)
    await memory.settled()
    assert memory.outbox() == []
    by_words = {one.words: one for one in memory.learnings()}
    assert {words: one.author for words, one in by_words.items()} == {
        "Mine.": gus.id,
        "Said by gus": gus.id,
        "Said by ana": slack.find_person("ana").id,
    }
    assert by_words["Said by ana"].curators == {gus.id}
    assert cards(slack, "gus", pocket) == ["Mine.\nby @gus"]
    assert len(slack.sees("gus").dms) == 2
