"""What becomes of a pocket's channel is followed; the event is a hint, and Slack is asked."""

from __future__ import annotations

import pytest

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from storage.db.database import Database
from storage.places import channels as rules
from tests.again import again
from tests.memory import Memory
from tests.sights import cards


def of(memory: Memory, channel: Channel) -> dict[str, object]:
    """What is remembered of a channel."""
    (row,) = memory.rows("SELECT * FROM channels WHERE id = :id", id=channel.id)
    return {name: row[name] if name == "name" else bool(row[name]) for name in NAMES}


NAMES = ("name", "is_private", "is_shared", "is_archived", "is_deleted", "is_known", "has_bot")
PLAIN = dict.fromkeys(NAMES, False) | {"name": "learning", "is_known": True, "has_bot": True}


async def test_a_new_name_is_the_one_that_the_form_offers(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Also where the event of the last one comes again."""
    await slack.renames("ana", pocket, "lessons")
    await again(slack, "event")
    await memory.settled()
    assert of(memory, pocket) == PLAIN | {"name": "lessons"}
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    assert [one["text"]["text"] for one in await slack.suggests("ben", form, "pocket", "less")] == ["#lessons"]


async def test_in_an_archived_channel_nobody_shares_until_it_is_opened_again(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """The form that was open says so, and keeps the words."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.archives("ana", pocket)
    await memory.settled()
    assert of(memory, pocket) == PLAIN | {"is_archived": True}
    sent = await slack.submits("ben", form, {"words": "Too late"})
    assert sent.errors == {"pocket": "This channel is archived. Unarchive it first, then try again."}
    await slack.unarchives("ana", pocket)
    await memory.settled()
    assert (await slack.submits("ben", form, {"words": "Not too late"})).closed
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1


async def test_a_keep_that_is_undone_in_an_archived_channel_loses_its_mark_once_it_is_opened(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Slack takes no reaction off while it is archived; what stays kept keeps its mark."""
    undone, stays = [await slack.says("ana", words, in_=pocket) for words in ("Undone", "Stays")]
    for message in (undone, stays):  # one after the other: what ben is told is of his first keep
        await slack.reacts("ben", "bulb", message)
        await memory.settled()
    direct = await slack.until(lambda: slack.sees("ben").dms[-1])
    await slack.archives("ana", pocket)
    await memory.settled()
    await slack.presses("ben", "Undo", on=direct)
    await memory.settled()
    assert (marked(slack, undone), [one.words for one in memory.learnings()]) == (True, ["Stays"])
    await slack.unarchives("ana", pocket)
    await slack.until(lambda: not marked(slack, undone), what="the mark off")
    await memory.settled()
    assert marked(slack, stays)


@pytest.mark.parametrize("closed", ["archived", "private, and the bot removed"])
async def test_what_changes_while_its_channel_is_closed_stands_on_its_card_once_it_is_open(
    slack: Slack, pocket: Channel, memory: Memory, closed: str
) -> None:
    """Slack lets no message be changed meanwhile; nothing is parked by that."""
    if closed != "archived":
        pocket = slack.channel("inner", private=True, members=("ana", "ben"))
        await slack.types("ana", "/outloud start Learn", in_=pocket)
    shared = (await slack.types("ben", "/share Kettles wistle", in_=pocket)).ephemeral
    assert shared is not None
    await memory.settled()
    form = (await slack.presses("ben", "Add details", on=shared)).form
    assert form is not None
    await (slack.archives("ana", pocket) if closed == "archived" else slack.removes("ana", slack.app, pocket))
    assert (await slack.submits("ben", form, {"words": "Kettles whistle"})).closed
    await memory.settled()
    assert ([one.words for one in memory.learnings()], memory.outbox()) == (["Kettles whistle"], [])
    await (slack.unarchives("ana", pocket) if closed == "archived" else slack.invites("ana", slack.app, pocket))
    await slack.until(lambda: "Kettles whistle" in cards(slack, "ben", pocket)[0], what="its card anew")


def marked(slack: Slack, message: Message) -> bool:
    """Whether 📚 stands on it."""
    return slack.app.id in slack.world.message(message.channel, message.ts).reactions.get("books", ())


async def test_a_channel_that_is_made_private_is_in_doubt_from_then_on(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Where Outloud may not look into private ones: it knows no more who may read it. Made public again, it is as before."""
    slack.world.app.scopes -= {"groups:read", "groups:history"}
    await slack.converts("ana", pocket, private=True)
    memory.run("UPDATE channels SET checked_at = 0")  # the event is one of a private channel: it may never come
    await check(memory)
    await memory.settled()
    assert of(memory, pocket)["is_known"] is False
    await slack.converts("ana", pocket, private=False)
    await memory.settled()
    assert of(memory, pocket) == PLAIN


async def check(memory: Memory) -> None:
    """An hour has passed: what was not looked at for long is looked at. The bot's worker does it at its next round."""
    db = Database(memory.url)
    await db.write(rules.check, at=2e9)
    await db.close()
    memory.run("UPDATE outbox SET due = 0")


@pytest.mark.parametrize("shared", ["is_ext_shared", "is_pending_ext_shared"])
async def test_a_channel_that_is_shared_with_others_is_known_as_such(
    slack: Slack, pocket: Channel, memory: Memory, shared: str
) -> None:
    """By the event or, where that is lost, by the hourly look."""
    setattr(slack.world.channel(pocket.id), shared, True)
    memory.run("UPDATE channels SET checked_at = 0")
    await check(memory)
    await slack.until(lambda: of(memory, pocket)["is_shared"])
    assert of(memory, pocket) == PLAIN | {"is_shared": True}


async def test_a_channel_that_is_shared_is_in_doubt_until_slack_was_asked(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Slack is not in reach just now: nobody else sees what was learned there."""
    slack.fails("conversations.info", "429", seconds=1.0, times=1)
    await slack.act(lambda: slack.world.tell({"type": "channel_shared", "channel": pocket.id}, pocket))
    assert of(memory, pocket)["is_known"] is False
    await slack.until(lambda: of(memory, pocket)["is_known"])


async def test_a_deleted_channel_is_no_pocket_any_more(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """What was learned there stays; nothing waits for a channel that is gone."""
    await slack.types("ben", "/share Before", in_=pocket)
    await memory.settled()
    await slack.deletes_channel("ana", pocket)
    await memory.settled()
    assert of(memory, pocket) == PLAIN | {"is_deleted": True, "is_known": False, "has_bot": False}
    assert memory.rows("SELECT * FROM pockets WHERE stopped_at IS NULL") == []
    assert [one.words for one in memory.learnings()] == ["Before"]
    await check(memory)
    assert memory.outbox() == []


async def test_what_becomes_of_other_channels_is_not_remembered(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Slack tells of all public channels; only pockets matter."""
    other = slack.channel("other", members=("ana",))
    await slack.renames("ana", other, "another")
    await slack.archives("ana", other)
    await memory.settled()
    assert [row["id"] for row in memory.rows("SELECT id FROM channels")] == [pocket.id]
    assert other.id not in {call.args["channel"] for call in slack.calls("conversations.info")}
