"""*Post this here*: what somebody found stands before a whole channel, and is read there by others than whoever found it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from sandbox.records import Channel, Ephemeral
from sandbox.slack import Slack
from tests.handlers.experts.asking import looks
from tests.memory import Memory
from tests.sights import card_of

from .test_asked_aloud import POST

KEYS = "Rotate the keys by the script in tools/."


async def finds(slack: Slack, who: str, typed: str, where: Channel) -> Ephemeral:
    """What somebody finds in a pocket, with *post this here*."""
    found = (await looks(slack, who, typed, where)).ephemeral
    assert found is not None
    assert f"[{POST}]" in slack.text_of(found)
    return found


async def posts(slack: Slack, who: str, found: Ephemeral) -> str:
    """They press *post this here*; on a machine that has much else to do, again. What they hear."""
    said = (await slack.presses(who, POST, on=found)).text
    while "in time" in said:
        said = (await slack.presses(who, POST, on=found)).text
    return said


async def _nameless(slack: Slack, who: str, text: str, where: Channel) -> None:
    form = (await slack.types(who, "/share", in_=where)).form
    assert form is not None
    assert (await slack.submits(who, form, {"words": text, "name": "Without my name"})).closed


@pytest.mark.parametrize("who", ["cleo", "ben"], ids=["by somebody else", "by whoever wrote it"])
async def test_what_is_without_a_name_has_none_where_it_is_posted(
    slack: Slack, pocket: Channel, memory: Memory, *, who: str
) -> None:
    """Nor does it say to everybody that it is theirs, as it says to whoever wrote it."""
    await _nameless(slack, "ben", KEYS, pocket)
    await memory.settled()
    own = (await looks(slack, "ben", "rotate", pocket)).text
    assert "by you, without your name" in own
    assert "It is posted here" in await posts(slack, who, await finds(slack, who, "rotate", pocket))
    await memory.settled()
    said = slack.text_of(card_of(slack, pocket, "shows what was learned"))
    assert said.startswith(f"@{who} shows what was learned in #learning:")
    assert "by somebody in this pocket  ·  #learning" in said
    assert "by you" not in said


async def test_who_is_not_in_this_workspace_is_named_where_it_is_posted(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """By the name that an import brought: a mention of theirs would name nobody, or somebody else."""
    await slack.types("ben", f"/share {KEYS}", in_=pocket)
    await memory.settled()
    memory.run("INSERT INTO people (workspace, id, name) SELECT id, 'U0ELSEWHERE', 'Eve & co' FROM workspaces")
    memory.run("UPDATE learnings SET author = 'U0ELSEWHERE', imported_at = said_at")
    assert "It is posted here" in await posts(slack, "cleo", await finds(slack, "cleo", "rotate", pocket))
    await memory.settled()
    posted = card_of(slack, pocket, "shows what was learned")
    assert "by Eve &amp; co" in str(posted.blocks)
    assert "U0ELSEWHERE" not in str(posted.blocks)


async def _undone(slack: Slack, note: Ephemeral, _where: Channel) -> None:
    await slack.presses("ben", "Undo", on=note)


async def _stopped(slack: Slack, _note: Ephemeral, where: Channel) -> None:
    await slack.types("ana", "/outloud stop", in_=where)


async def _archived_silently(_slack: Slack, _note: Ephemeral, where: Channel) -> None:
    where.is_archived = True


@pytest.mark.parametrize(
    ("becomes", "heard"),
    [
        (_undone, "was taken back meanwhile, so it is not posted"),
        (_stopped, "I can't post in"),
        (_archived_silently, "I can't post in"),
    ],
    ids=["taken back", "stopped", "archived, and nobody told"],
)
async def test_who_wanted_it_posted_hears_why_it_is_not(
    slack: Slack,
    pocket: Channel,
    memory: Memory,
    becomes: Callable[[Slack, Ephemeral, Channel], Awaitable[None]],
    heard: str,
) -> None:
    """What they found goes, or the channel closes, between the press and the post: nothing is shown, and nothing waits."""
    note = (await slack.types("ben", f"/share {KEYS}", in_=pocket)).ephemeral
    assert note is not None
    await memory.settled()
    found = await finds(slack, "cleo", "rotate", pocket)
    slack.fails("chat.postMessage", "429", seconds=1.0)
    assert "It is posted here" in await posts(slack, "cleo", found)
    await slack.until(slack.world.faults.struck.total)  # what was drawn before would be posted all the same
    await becomes(slack, note, pocket)
    slack.mends()
    await memory.settled()
    assert heard in slack.sees("cleo").dms[-1].text
    shown = [one for one in pocket.messages.values() if "shows what was learned" in slack.text_of(one)]
    assert shown == []
    assert memory.outbox() == []


async def test_what_was_taken_back_between_the_list_and_the_click_is_gone(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """*Post this here* says so, and posts nothing."""
    note = (await slack.types("ben", f"/share {KEYS}", in_=pocket)).ephemeral
    assert note is not None
    await memory.settled()
    found = await finds(slack, "cleo", "rotate", pocket)
    await slack.presses("ben", "Undo", on=note)
    await memory.settled()
    before = len(pocket.messages)
    assert "not there any more" in await posts(slack, "cleo", found)
    await memory.settled()
    assert (len(pocket.messages), memory.outbox()) == (before, [])


async def test_there_is_no_more_where_the_rest_was_taken_back_before_the_click(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """*More* says so; *Earlier* leads back to what is there still."""
    notes = [
        (await slack.types("ben", f"/share Rotate the keys, number {number}", in_=pocket)).ephemeral
        for number in range(6)
    ]
    await memory.settled()
    found = (await looks(slack, "cleo", "rotate keys", pocket)).ephemeral
    assert found is not None
    for note in notes[:5]:
        assert note is not None
        await slack.presses("ben", "Undo", on=note)
    await memory.settled()
    more = await slack.presses("cleo", "More", on=found)
    assert more.text.startswith("That was all. Something that stood here before may be gone by now.")
    assert "number" not in more.text
    assert more.ephemeral is not None
    earlier = (await slack.presses("cleo", "Earlier", on=more.ephemeral)).text
    assert [number for number in range(6) if f"number {number}" in earlier] == [5]
