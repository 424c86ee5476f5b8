"""Private channels can be pockets, where the optional scopes for them were granted; where not, it is said what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bench import pockets
from sandbox.records import Channel
from sandbox.slack import Slack
from tests.handlers.hearing.test_channel_life import PLAIN, check, of
from tests.memory import Memory
from tests.sights import cards


@pytest.fixture
def room(slack: Slack) -> Channel:
    """A private channel that Outloud was invited to."""
    return slack.channel("quiet", private=True, members=("ana", "ben"))


@pytest.fixture
async def private_pocket(slack: Slack, room: Channel, memory: Memory) -> Channel:
    """One that is a pocket."""
    await pockets.begin(slack, "ana", room, line="/outloud start Learn quietly")
    await memory.settled()
    return room


@asynccontextmanager
async def deaf(slack: Slack) -> AsyncIterator[None]:
    """What happens meanwhile, Outloud never hears of."""
    url, slack.app_url = slack.app_url, ""
    yield
    slack.app_url = url


async def test_a_private_channel_is_a_pocket_like_another(
    slack: Slack, private_pocket: Channel, memory: Memory
) -> None:
    """Shared, kept, edited, deleted: Slack tells of it by the events for private channels."""
    assert of(memory, private_pocket) == PLAIN | {"name": "quiet", "is_private": True}
    await slack.types("ben", "/share Behind closed doors", in_=private_pocket)
    message = await slack.says("ana", "Said", in_=private_pocket)
    other = await slack.says("ana", "Gone soon", in_=private_pocket)
    for one in (message, other):
        await slack.reacts("ben", "bulb", one)
    await memory.settled()
    await slack.edits("ana", message, "Said better")
    await slack.deletes("ana", other)
    await memory.settled()
    assert {one.words for one in memory.learnings()} == {"Behind closed doors", "Said better"}
    assert len(cards(slack, "ana", private_pocket)) == 1
    assert memory.outbox() == []


async def test_by_its_form_too(slack: Slack, room: Channel, memory: Memory) -> None:
    """`/outloud start` alone."""
    form = (await slack.types("ana", "/outloud start", in_=room)).form
    assert form is not None
    assert (await slack.submits("ana", form, {"purpose": "Learn"})).errors == {}
    await memory.settled()
    assert memory.rows("SELECT * FROM pockets")


@pytest.mark.parametrize("missing", [("groups:read",), ("groups:history",), ("groups:read", "groups:history")])
async def test_without_the_scopes_it_says_what_an_admin_can_do(
    slack: Slack, room: Channel, memory: Memory, missing: tuple[str, ...]
) -> None:
    """Half of them is as good as none; what was typed is given back."""
    slack.world.app.scopes -= {*missing}
    for line in ("/outloud start", "/outloud start Learn quietly", "/share", "/share Some words"):
        answer = await slack.types("ana", line, in_=room)
        assert "An admin can let it (groups:read, groups:history)" in answer.text.replace("`", ""), line
        assert ("Some words" in answer.text) == ("Some words" in line), line
        assert memory.rows("SELECT * FROM channels") == [], line


async def test_what_is_granted_later_holds_at_once(slack: Slack, room: Channel) -> None:
    """Nobody has to start Outloud anew."""
    slack.world.app.scopes -= {"groups:read", "groups:history"}
    assert "An admin" in (await slack.types("ana", "/outloud start Learn", in_=room)).text
    slack.world.app.scopes |= {"groups:read", "groups:history"}
    assert "is a learning pocket now" in (await slack.types("ana", "/outloud start Learn", in_=room)).text


@pytest.mark.parametrize(("granted", "says"), [(True, "/invite @Outloud"), (False, "An admin can let it")])
async def test_where_outloud_was_not_invited(slack: Slack, granted: bool, says: str) -> None:  # noqa: FBT001
    """A private channel that it is not in does not exist for it."""
    channel = slack.channel("secret", private=True, members=("ana",), app=False)
    slack.world.app.scopes -= set() if granted else {"groups:read"}
    for line in ("/outloud start Learn", "/share Some words"):
        assert says in (await slack.types("ana", line, in_=channel)).text


async def test_whoever_invites_it_is_asked(slack: Slack, memory: Memory) -> None:
    """As in a public one; the button opens the form."""
    channel = slack.channel("secret", private=True, members=("ana",), app=False)
    await slack.invites("ana", slack.app, channel)
    await memory.settled()
    (offer,) = slack.sees("ana").ephemerals
    assert (await slack.presses("ana", "Make it a pocket", on=offer)).form is not None


async def test_who_left_it_starts_nothing_there_by_a_form_that_is_open_still(
    slack: Slack, room: Channel, memory: Memory
) -> None:
    """No event told of it. To them it is a channel that is not there."""
    form = (await slack.types("ana", "/outloud start", in_=room)).form
    assert form is not None
    room.members.pop(slack.find_person("ana").id)
    answer = await slack.submits("ana", form, {"purpose": "Learn quietly"})
    assert "Outloud is not in this channel" in str(answer)
    assert memory.rows("SELECT * FROM pockets") == []
    assert room.messages == {}


async def test_an_author_who_left_still_deletes_what_is_theirs(
    slack: Slack, private_pocket: Channel, memory: Memory
) -> None:
    """Unseen; to edit it they would have to read the channel."""
    message = await slack.says("ben", "Something I regret", in_=private_pocket)
    await slack.reacts("ana", "bulb", message)
    await memory.settled()
    told = slack.sees("ben").dms[-1]
    await slack.leaves("ben", private_pocket)
    await memory.settled()
    assert "you can only delete it here" in (await slack.presses("ben", "Edit", on=told)).text
    form = (await slack.presses("ben", "Delete", on=told)).form
    assert form is not None
    assert "regret" not in slack.text_of(form)
    await slack.submits("ben", form)
    await memory.settled()
    assert memory.learnings() == []


async def test_its_life_is_followed(slack: Slack, private_pocket: Channel, memory: Memory) -> None:
    """Renamed, archived, opened again, and gone."""
    private = PLAIN | {"is_private": True}
    await slack.renames("ana", private_pocket, "quieter")
    await memory.settled()
    assert of(memory, private_pocket) == private | {"name": "quieter"}
    await slack.archives("ana", private_pocket)
    await memory.settled()
    assert of(memory, private_pocket) == private | {"name": "quieter", "is_archived": True}
    await slack.unarchives("ana", private_pocket)
    await memory.settled()
    assert of(memory, private_pocket) == private | {"name": "quieter"}
    await slack.deletes_channel("ana", private_pocket)
    await memory.settled()
    assert of(memory, private_pocket)["is_deleted"] is True


async def test_outloud_is_taken_out_and_comes_back(slack: Slack, private_pocket: Channel, memory: Memory) -> None:
    """What happened meanwhile is read, and what was shared meanwhile is refused."""
    message = await slack.says("ana", "While it was out", in_=private_pocket)
    await slack.removes("ana", slack.app, private_pocket)
    await memory.settled()
    assert of(memory, private_pocket)["has_bot"] is False
    assert "/invite @Outloud" in (await slack.types("ben", "/share Mine", in_=private_pocket)).text
    await slack.reacts("ben", "bulb", message)
    await slack.invites("ana", slack.app, private_pocket)
    await slack.until(lambda: [one.words for one in memory.learnings()] == ["While it was out"])
    assert of(memory, private_pocket)["has_bot"] is True


async def test_a_public_pocket_that_is_made_private_stays_one(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """And back; by the event, or by the hourly look where that is lost."""
    await slack.converts("ana", pocket, private=True)
    await memory.settled()
    assert of(memory, pocket) == PLAIN | {"is_private": True}
    async with deaf(slack):
        await slack.converts("ana", pocket, private=False)
    assert of(memory, pocket)["is_private"] is True
    memory.run("UPDATE channels SET checked_at = 0")
    await check(memory)
    await slack.until(lambda: of(memory, pocket) == PLAIN)


async def test_a_right_that_is_taken_away_leaves_it_in_doubt(
    slack: Slack, private_pocket: Channel, memory: Memory
) -> None:
    """Then nobody but its author sees what was learned there (visibility)."""
    slack.world.app.scopes -= {"groups:read", "groups:history"}
    memory.run("UPDATE channels SET checked_at = 0")
    await check(memory)
    await memory.settled()
    assert of(memory, private_pocket)["is_known"] is False


async def test_a_private_pocket_that_is_shared_has_another_id_and_goes_on(
    slack: Slack, private_pocket: Channel, memory: Memory
) -> None:
    """Everything moves with it: its settings, its leads, what was learned and what is owed."""
    old = private_pocket.id
    message = await slack.says("ana", "Kept before", in_=private_pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.types("ben", "/share Shared before", in_=private_pocket)
    await memory.settled()
    await slack.shares("ana", private_pocket)
    assert private_pocket.id != old
    await memory.settled()
    assert memory.rows("SELECT * FROM channels WHERE id = :old", old=old) == []
    assert of(memory, private_pocket) == PLAIN | {"name": "quiet", "is_private": True, "is_shared": True}
    await slack.unreacts("ben", "bulb", message)
    await slack.types("ben", "/share Shared after", in_=private_pocket)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Shared before", "Shared after"]
    assert (await slack.types("ana", "/outloud settings", in_=private_pocket)).form is not None


async def test_forms_that_are_open_while_it_is_shared_go_where_it_is_now(
    slack: Slack, private_pocket: Channel, memory: Memory
) -> None:
    """To share, to keep, and to change it: nothing that was entered is in vain."""
    message = await slack.says("ana", "Alpha beta", in_=private_pocket)
    share = (await slack.types("ben", "/share", in_=private_pocket)).form
    keep = (await slack.uses("ben", "Keep this", message)).form
    settings = (await slack.types("ana", "/outloud settings", in_=private_pocket)).form
    assert share
    assert keep
    assert settings
    await slack.shares("ana", private_pocket)
    await memory.settled()
    assert (await slack.submits("ben", share, {"words": "Typed for an hour"})).closed
    assert (await slack.submits("ben", keep)).closed
    assert (await slack.submits("ana", settings, {"purpose": "Calm"})).closed
    await memory.settled()
    assert {one.words for one in memory.learnings()} == {"Typed for an hour", "Alpha beta"}
    assert memory.rows("SELECT purpose, channel FROM pockets") == [{"purpose": "Calm", "channel": private_pocket.id}]


async def test_what_came_by_the_old_id_is_read_by_the_new_one(
    slack: Slack, private_pocket: Channel, memory: Memory
) -> None:
    """A keep that was told while the id changed is not lost."""
    message = await slack.says("ana", "In between", in_=private_pocket)
    async with deaf(slack):
        await slack.reacts("ben", "bulb", message)
    assert memory.learnings(state=None) == []
    await slack.shares("ana", private_pocket)
    await slack.until(lambda: [one.words for one in memory.learnings()] == ["In between"])
