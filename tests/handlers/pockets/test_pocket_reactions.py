"""Each pocket's own emoji: which keeps, helps and endorses, and what a change of them changes."""

from __future__ import annotations

import pytest

from sandbox.records import Channel, Message, View
from sandbox.slack import Slack
from storage.db.database import Database
from storage.ids import ChannelId, Place, WorkspaceId
from storage.places import pocket_reactions
from tests.conftest import Bot
from tests.memory import Memory

PARROT = "https://emoji.example.com/parrot.gif"


async def settings(slack: Slack, pocket: Channel) -> View:
    """The form with a pocket's settings, before its lead."""
    form = (await slack.types("ana", "/outloud settings", in_=pocket)).form
    assert form is not None
    return form


async def choose(slack: Slack, pocket: Channel, **emoji: str) -> dict[str, str]:
    """Its lead enters these; what the form says."""
    entered = {f"{deed}_emoji": typed for deed, typed in emoji.items()}
    return (await slack.submits("ana", await settings(slack, pocket), entered)).errors


async def kept(slack: Slack, memory: Memory, pocket: Channel, emoji: str) -> bool:
    """Whether a reaction with this emoji keeps a new message; it is taken off again."""
    message = await slack.says("ben", "Something", in_=pocket)
    await slack.reacts("cleo", emoji, message)
    await memory.settled()
    found = [one for one in memory.learnings() if one.source_ts == message.ts]
    await slack.unreacts("cleo", emoji, message)
    await memory.settled()
    assert not [one for one in memory.learnings() if one.source_ts == message.ts]
    return bool(found)


@pytest.mark.parametrize("typed", [":star:", "star", "⭐", " :STAR: "])
async def test_a_pocket_keeps_by_the_emoji_that_its_lead_chose(
    slack: Slack, pocket: Channel, memory: Memory, typed: str
) -> None:
    """However it was entered; and no more by the usual one."""
    assert await choose(slack, pocket, keep=typed) == {}
    assert await kept(slack, memory, pocket, "star")
    assert not await kept(slack, memory, pocket, "bulb")
    assert "⭐" in slack.text_of(await settings(slack, pocket))


async def test_a_custom_emoji_keeps_and_so_do_its_aliases(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """As the workspace's own list of emoji has them; an alias may also be chosen."""
    slack.world.emoji |= {"parrot": PARROT, "polly": "alias:parrot", "idea": "alias:bulb", "other": PARROT}
    assert await kept(slack, memory, pocket, "idea") is False, "nobody has looked at the list yet"
    assert await choose(slack, pocket, keep="bulb") == {}
    assert await kept(slack, memory, pocket, "idea")
    assert await choose(slack, pocket, keep=":polly:") == {}
    assert ":polly:" in (await slack.types("ben", "/outloud", in_=pocket)).text
    for emoji, keeps in (("polly", True), ("parrot", True), ("other", False), ("idea", False)):
        assert await kept(slack, memory, pocket, emoji) is keeps, emoji


async def test_an_emoji_that_the_workspace_lacks_is_said_at_its_field(slack: Slack, pocket: Channel) -> None:
    """And what is none at all."""
    errors = await choose(slack, pocket, keep=":no_such_emoji:", helped="key")
    assert "no emoji that is called :no_such_emoji:" in errors["keep_emoji"]
    errors = await choose(slack, pocket, helped="two words <!channel>")
    assert "is no emoji" in errors["helped_emoji"]
    assert "<!channel>" in errors["helped_emoji"], "in plain text, it is no mention"


async def test_without_the_list_a_name_is_taken_as_it_is(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """`emoji:read` is optional; a standard emoji is known all the same."""
    slack.world.app.scopes.discard("emoji:read")
    slack.world.emoji |= {"parrot": PARROT}
    assert await choose(slack, pocket, keep="parrot") == {}
    assert await kept(slack, memory, pocket, "parrot")
    assert "is no emoji" in (await choose(slack, pocket, keep="!!"))["keep_emoji"]


async def test_the_three_differ_from_each_other_and_from_outlouds_own(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Nothing is changed then."""
    for emoji, field in (
        ({"helped": "bulb"}, "helped_emoji"),
        ({"endorse": "key"}, "endorse_emoji"),
        ({"keep": "light_bulb", "endorse": "💡"}, "endorse_emoji"),
        ({"keep": "books"}, "keep_emoji"),
        ({"helped": "❌"}, "helped_emoji"),
        ({"endorse": ":wave::skin-tone-2:", "helped": "👋🏾"}, "endorse_emoji"),
    ):
        assert list(await choose(slack, pocket, **emoji)) == [field], emoji
        (row,) = memory.rows("SELECT keep_emoji, helped_emoji, endorse_emoji FROM pockets")
        assert tuple(row.values()) == ("bulb", "key", "mortar_board"), emoji


async def test_what_was_entered_empty_is_the_usual_one(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """An emptied field is no mistake."""
    assert await choose(slack, pocket, keep="star") == {}
    assert await choose(slack, pocket, keep="") == {}
    assert await kept(slack, memory, pocket, "bulb")


async def _kept_before(slack: Slack, pocket: Channel, memory: Memory) -> Message:
    message = await slack.says("ben", "Kept before", in_=pocket)
    await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    assert await choose(slack, pocket, keep="star") == {}
    return message


async def test_what_was_kept_by_another_emoji_stays_and_taking_that_off_takes_it_back(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Given anew, the old one keeps nothing."""
    message = await _kept_before(slack, pocket, memory)
    assert [one.words for one in memory.learnings()] == ["Kept before"]
    await slack.unreacts("cleo", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []
    await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []


async def test_reading_up_on_a_gap_knows_the_emoji_of_before(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """What it kept stays kept where it stands still, and ends where it was taken off meanwhile; it begins nothing."""
    message = await _kept_before(slack, pocket, memory)
    gone = await slack.says("ben", "Kept before, too", in_=pocket)
    assert await choose(slack, pocket, keep="bulb") == {}
    await slack.reacts("cleo", "bulb", gone)
    await memory.settled()
    assert await choose(slack, pocket, keep="star") == {}
    await bot.stop()
    new, late = [await slack.says("ben", words, in_=pocket) for words in ("New", "Late")]
    await slack.reacts("cleo", "star", new)
    await slack.reacts("cleo", "bulb", late)
    await slack.unreacts("cleo", "bulb", gone)
    memory.run("UPDATE workspaces SET alive_at = alive_at - 3600")
    await bot.start()
    await slack.until(lambda: {one.words for one in memory.learnings()} == {"Kept before", "New"})
    await memory.settled()
    assert {one.words for one in memory.learnings()} == {"Kept before", "New"}
    assert slack.sees("ana").reactions(message).get("books") == ["outloud"]


async def test_people_read_of_the_pockets_own_emoji(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """In help, in the menu, and in what a first keep tells."""
    await choose(slack, pocket, keep="star")
    for line in ("/outloud", "/outloud help", "/share help", "/outloud dance"):
        text = (await slack.types("ben", line, in_=pocket)).text
        assert "⭐" in text, line
        assert "💡" not in text, line
    message = await slack.says("ana", "Something", in_=pocket)
    await slack.reacts("ben", "star", message)
    await memory.settled()
    assert "⭐ off the message" in slack.sees("ben").dms[0].text
    assert "react with ⭐" in (await slack.types("ben", "/outloud start", in_=pocket)).text


async def test_what_an_emoji_does_in_a_place_is_told_by_one_function(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """In a pocket; nowhere else."""
    await choose(slack, pocket, helped=":raised_hands:")
    db = Database(memory.url)
    place = Place(WorkspaceId(slack.world.team_id), ChannelId(pocket.id))
    told = [await db.read(pocket_reactions.deed_of, place, name) for name in ("bulb", "key", "raised_hands", "wave")]
    assert told == ["keep", None, "helped", None]
    await slack.types("ana", "/outloud stop", in_=pocket)
    assert await db.read(pocket_reactions.deed_of, place, "bulb") is None
    await db.close()
