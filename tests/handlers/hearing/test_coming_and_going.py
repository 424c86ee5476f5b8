"""Outloud itself is removed and invited again: what it believes of that, and how it finds out."""

from __future__ import annotations

import time
from typing import Any

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from storage.db.database import Database
from storage.places import channels
from tests.again import last, send
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import cards


async def test_a_removal_that_is_told_again_changes_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """It happened before Outloud was invited again, whenever it is told: nobody even asks Slack."""
    await slack.removes("ana", slack.app, pocket)
    removed = last(slack, "event")
    assert removed["event"]["type"] == "channel_left"
    await slack.invites("ana", slack.app, pocket)
    await send(slack, "event", {**removed, "event_id": "Ev0AGAIN"})
    looks = len(slack.calls("conversations.info"))
    assert "Shared" in (await slack.types("ben", "/share Still here", in_=pocket)).text
    assert len(slack.calls("conversations.info")) == looks
    await memory.settled()
    assert len(cards(slack, "ana", pocket)) == 1


async def test_a_removal_from_before_the_start_changes_nothing(slack: Slack, memory: Memory) -> None:
    """When the channel becomes a pocket, Slack says that Outloud is in it, and says so after the removal."""
    channel = slack.channel("learning", members=("ana", "ben"))
    await slack.removes("ana", slack.app, channel)
    removed = last(slack, "event")
    await slack.invites("ana", slack.app, channel)
    await slack.types("ana", "/outloud start Learn together", in_=channel)
    await send(slack, "event", {**removed, "event_id": "Ev0AGAIN"})
    assert [bool(row["has_bot"]) for row in memory.rows("SELECT has_bot FROM channels")] == [True]


async def test_an_invitation_that_was_never_told_is_found_out_when_somebody_shares(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """By the command, and by the form: Slack is asked before anybody is sent away, and only once."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    for share in ("command", "form"):
        await slack.removes("ana", slack.app, pocket)
        slack.world.channel(pocket.id).members[slack.app.id] = None
        if share == "command":
            assert "Shared" in (await slack.types("ben", "/share By the command", in_=pocket)).text
        else:
            assert (await slack.submits("ben", form, {"words": "By the form"})).closed
        looks = len(slack.calls("conversations.info"))
        assert (await slack.types("cleo", "/share", in_=pocket)).form
        assert len(slack.calls("conversations.info")) == looks
        await memory.settled()  # the card, before it is out again
    assert len(cards(slack, "ana", pocket)) == 2


async def test_where_it_is_really_out_the_form_says_how_to_bring_it_back(slack: Slack, pocket: Channel) -> None:
    """And keeps the words."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.removes("ana", slack.app, pocket)
    sent = await slack.submits("ben", form, {"words": "Into the void?"})
    assert "/invite @Outloud" in sent.errors["pocket"]
    assert "Into the void?" in slack.text_of(form)


async def test_who_left_while_it_was_out_is_found_out_when_it_is_back(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Nobody tells it what happened meanwhile: it asks who is there."""
    await slack.removes("ana", slack.app, pocket)
    await slack.leaves("ben", pocket)
    await slack.invites("ana", slack.app, pocket)
    await memory.settled()
    ben = slack.find_person("ben").id
    (row,) = memory.rows("SELECT standing FROM memberships WHERE person = :ben", ben=ben)
    assert not row["standing"]


async def test_a_channel_keeps_its_name_where_slack_does_not_tell_it(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """A command names a private channel `privategroup`, and may leave the name out."""
    await slack.types("ben", "/share", in_=pocket)
    command = last(slack, "command")
    for name in ("privategroup", "", None):
        changed = {**command, "channel_name": name, "trigger_id": slack.world.new_trigger(slack.find_person("ben").id)}
        if name is None:
            del changed["channel_name"]
        await send(slack, "command", changed)
        assert memory.rows("SELECT name FROM channels") == [{"name": "learning"}]
    forms = [call.args["view"] for call in slack.calls("views.open")]
    assert len(forms) == 4
    assert all("#learning" in str(form) for form in forms)


async def test_a_keep_that_could_not_be_looked_at_is_looked_at_when_it_is_back(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """It was asked to keep something, and was removed before it could read what: nothing is parked, and nothing is lost."""
    message = await slack.says("ana", "Kept just before", in_=pocket)
    slack.world.channel(pocket.id).members.pop(slack.app.id)
    await slack.reacts("ben", "bulb", message)
    await send(slack, "event", reaction(slack, "ben", message))
    await memory.settled()
    assert [one.state for one in memory.learnings(state=None)] == ["pending"]
    assert memory.outbox() == []
    await slack.invites("ana", slack.app, pocket)
    await slack.until(memory.learnings)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Kept just before"]


async def test_an_invitation_while_it_was_away_is_found_by_the_next_look_and_read_up_on(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Nobody told it that it is in the channel again, nor what was kept there since."""
    await slack.removes("ana", slack.app, pocket)
    await bot.stop()
    slack.app_url = ""
    await slack.invites("ana", slack.app, pocket)
    await slack.reacts("ben", "bulb", await slack.says("ana", "Meanwhile", in_=pocket))
    await bot.start()
    await slack.says("ana", "Later", in_=pocket)  # Slack's time goes on, and is heard
    heard = "SELECT 1 FROM workspaces JOIN channels ON heard > bot_ts"
    await slack.until(lambda: memory.rows(heard))
    memory.run("UPDATE channels SET checked_at = 0")
    db = Database(memory.url)
    await db.write(channels.check, at=time.time())
    await db.close()
    await slack.until(memory.learnings)
    assert [one.words for one in memory.learnings()] == ["Meanwhile"]


def reaction(slack: Slack, who: str, message: Message) -> dict[str, Any]:
    """The event of somebody's 💡, as Slack told it to an app that is in the channel."""
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    event = {"type": "reaction_added", "user": slack.find_person(who).id, "reaction": "bulb", "item": item}
    ts = slack.world.new_ts()
    return {
        "type": "event_callback",
        "team_id": slack.world.team_id,
        "api_app_id": slack.world.app.id,
        "event_id": "Ev0BEFORE",
        "event_time": int(float(ts)),
        "event": {**event, "item_user": message.user, "event_ts": ts},
    }
