"""People and channels that Slack does not let Outloud reach: nothing is parked, and whoever waits hears why."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.memory import Memory
from tests.sights import link_of


async def test_of_an_author_who_was_deactivated_keeps_go_on_and_nothing_is_parked(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """There is nobody to tell; that is tried once, and not for each keep."""
    messages = [await slack.says("ana", f"Words {number}", in_=pocket) for number in range(3)]
    await slack.deactivates("ana")
    for message in messages:
        await slack.reacts("ben", "bulb", message)
        await memory.settled()
    assert len(memory.learnings()) == 3
    assert memory.outbox() == []
    ana = slack.find_person("ana").id
    assert len([one for one in slack.calls("conversations.open") if one.args["users"] == ana]) == 1


async def test_an_author_who_is_back_after_a_week_hears_it(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """What could not be said is said at the next keep."""
    first, second = [await slack.says("ana", words, in_=pocket) for words in ("One", "Two")]
    await slack.deactivates("ana")
    await slack.reacts("ben", "bulb", first)
    await memory.settled()
    slack.find_person("ana").deleted = False
    memory.run("UPDATE people SET lost_at = lost_at - 8 * 86400 WHERE lost_at IS NOT NULL")
    await slack.reacts("ben", "bulb", second)
    await memory.settled()
    assert len(slack.sees("ana").dms) == 1


@pytest.mark.parametrize("became", ["removed", "deleted"])
async def test_a_keep_that_is_undone_where_no_mark_can_be_set_leaves_nothing_parked(
    slack: Slack, pocket: Channel, memory: Memory, became: str
) -> None:
    """Back in the channel, the mark goes."""
    message = await slack.says("ana", "Once kept", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    (told,) = slack.sees("ana").dms
    if became == "removed":
        await slack.removes("ana", slack.app, pocket)
    else:
        await slack.deletes_channel("ana", pocket)
    await memory.settled()
    await slack.presses("ana", "Undo", on=told)
    await memory.settled()
    assert memory.outbox() == []
    if became == "removed":
        await slack.invites("ana", slack.app, pocket)
        await memory.settled()
        assert slack.sees("cleo").reactions(message) == {"bulb": ["ben"]}


async def test_a_curator_outside_of_the_channel_hears_a_refusal_in_a_direct_message(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Dan reads the public channel without being in it: nothing can be whispered to him there."""
    await slack.invites("ana", slack.person("robo", bot=True), pocket)
    message = await slack.says("robo", "I am no person", in_=pocket)
    await slack.reacts("dan", "bulb", message)
    await memory.settled()
    (told,) = slack.sees("dan").dms
    assert told.text == f"<{link_of(slack, message)}|This message> can't be kept."
    assert memory.outbox() == []


@pytest.mark.parametrize(("became", "says"), [("archived", "archived"), ("deleted", "gone"), ("removed", "/invite")])
async def test_who_shares_where_no_card_can_stand_gets_the_words_back(
    slack: Slack, pocket: Channel, memory: Memory, became: str, says: str
) -> None:
    """The form was open meanwhile, and no news has arrived: they hear in a direct message that it is not shared, and why."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    if became == "archived":
        slack.world.channel(pocket.id).is_archived = True
    elif became == "deleted":
        del slack.world.channels[pocket.id]
    else:
        del slack.world.channel(pocket.id).members[slack.app.id]
    assert (await slack.submits("ben", form, {"words": "All this <for> nothing?", "why": "It & I matter"})).closed
    await memory.settled()
    (told,) = slack.sees("ben").dms
    text = slack.text_of(told)
    assert says in text
    assert "nobody has seen it" in text
    assert "All this <for> nothing?" in text
    assert "It & I matter" in text
    assert [(one.state, one.words) for one in memory.learnings(state=None)] == [("taken back", "")]
    assert memory.outbox() == []
    assert not [one for one in slack.sees("ben").ephemerals if "Shared" in one.text]
