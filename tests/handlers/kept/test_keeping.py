"""Keep: a reaction makes a learning of somebody's message, and taking it back unmakes it."""

from __future__ import annotations

import pytest

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.again import again, last, send
from tests.conftest import BY_EITHER_DOOR
from tests.memory import Memory
from tests.sights import link_of, refusals


@BY_EITHER_DOOR
async def test_a_keep_makes_a_learning_of_its_author(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The words, the author, the curator, the link and the time are the message's; 📚 says that it is kept."""
    message = await slack.says("ana", "WAL lets readers go on & writers <too>.", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.until(lambda: slack.sees("cleo").reactions(message).get("books") == ["outloud"], what="the 📚")
    await memory.settled()
    (learning,) = memory.learnings()
    assert learning.author == slack.find_person("ana").id
    assert learning.curators == {slack.find_person("ben").id}
    assert learning.words == message.text
    assert learning.link == slack.world.permalink(message)
    assert learning.said_at == pytest.approx(float(message.ts))
    assert learning.card_ts is None


async def test_a_second_keep_of_the_same_message_adds_no_learning(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Two people react to one message: one learning, two curators."""
    message = await slack.says("ana", "Readers go on while one writes.", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    (learning,) = memory.learnings()
    assert learning.curators == {slack.find_person("ben").id, slack.find_person("cleo").id}


async def test_a_reply_in_a_thread_can_be_kept(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Its link leads into the thread."""
    parent = await slack.says("ana", "How do I …?", in_=pocket)
    reply = await slack.says("cleo", "Like this.", in_=pocket, thread=parent)
    await slack.reacts("ben", "bulb", reply)
    await memory.settled()
    (learning,) = memory.learnings()
    assert (learning.words, learning.author) == ("Like this.", slack.find_person("cleo").id)
    assert learning.link == slack.world.permalink(reply)
    assert f"thread_ts={parent.ts}" in learning.link


@pytest.mark.parametrize("names", [["bulb"], ["light_bulb"], ["bulb::skin-tone-3"], ["bulb", "bulb::skin-tone-6"]])
async def test_aliases_and_skin_tones_keep_as_well(
    slack: Slack, pocket: Channel, memory: Memory, names: list[str]
) -> None:
    """Whatever name Slack gives it; several by one person are one curator, until the last is taken off."""
    message = await slack.says("ana", "Anything", in_=pocket)
    for name in names:
        await _deliver(slack, "reaction_added", "ben", name, message)
    await memory.settled()
    (learning,) = memory.learnings()
    assert len(learning.curators) == 1
    for name in names:
        assert len(memory.learnings()) == 1
        await _deliver(slack, "reaction_removed", "ben", name, message)
    await memory.settled()
    assert memory.learnings() == []


async def test_other_reactions_keep_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Only the pocket's own keep reaction does."""
    message = await slack.says("ana", "Anything", in_=pocket)
    for name in ("books", "heart", "bulbasaur", "old_key", "ampoule"):
        await _deliver(slack, "reaction_added", "ben", name, message)
        assert memory.learnings(state=None) == [], name
        assert memory.outbox() == [], name


@BY_EITHER_DOOR
async def test_taking_the_last_keep_back_takes_the_learning_back(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """One of two leaves it; the last one takes the words and the 📚 away; a new one brings them back."""
    message = await slack.says("ana", "Readers go on.", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    await slack.unreacts("ben", "bulb", message)
    await memory.settled()
    assert [one.curators for one in memory.learnings()] == [{slack.find_person("cleo").id}]
    await slack.unreacts("cleo", "bulb", message)
    await memory.settled()
    (gone,) = memory.learnings(state=None)
    assert (gone.state, gone.words) == ("taken back", "")
    assert "books" not in slack.sees("ana").reactions(message)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Readers go on."]
    assert "books" in slack.sees("ana").reactions(message)


async def test_a_keep_taken_back_at_once_leaves_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Even when the message was not looked at yet."""
    message = await slack.says("ana", "Oops", in_=pocket)
    added = await _deliver(slack, "reaction_added", "ben", "bulb", message)
    await _deliver(slack, "reaction_removed", "ben", "bulb", message)
    await memory.settled()
    assert added
    assert memory.learnings() == []
    assert "books" not in slack.sees("ana").reactions(message)


async def test_a_late_or_repeated_keep_never_undoes_its_removal(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The order is Slack's, not that of arrival."""
    message = await slack.says("ana", "Disorder", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    added = last(slack, "event")
    await slack.unreacts("ben", "bulb", message)
    for event_id in (added["event_id"], "Ev0ANOTHER"):
        assert (await send(slack, "event", {**added, "event_id": event_id})).status == 200
    await memory.settled()
    assert memory.learnings() == []


async def test_a_removal_that_arrives_before_its_keep_wins(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """What comes later in Slack's order counts, though it came first."""
    message = await slack.says("ana", "Disorder", in_=pocket)
    earlier, later = slack.world.new_ts(), slack.world.new_ts()
    await _deliver(slack, "reaction_removed", "ben", "bulb", message, event_ts=later)
    await _deliver(slack, "reaction_added", "ben", "bulb", message, event_ts=earlier)
    await memory.settled()
    assert memory.learnings(state=None) == []


async def test_a_delivery_that_comes_again_changes_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The same event, by its id and under another one: one learning, one note, one 📚."""
    message = await slack.says("ana", "Once", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    await again(slack, "event")
    await send(slack, "event", {**last(slack, "event"), "event_id": "Ev0ANOTHER"})
    await memory.settled()
    assert len(memory.learnings()) == 1
    assert len(slack.sees("ben").dms) == 1
    assert slack.sees("ana").reactions(message)["books"] == ["outloud"]


async def test_nothing_is_kept_or_remembered_outside_of_pockets(slack: Slack, memory: Memory) -> None:
    """In a channel that is no pocket the bot does nothing, and stores nothing."""
    channel = slack.channel("general", members=("ana", "ben"))
    message = await slack.says("ana", "Not yours", in_=channel)
    await slack.reacts("ben", "bulb", message)
    for table in ("learnings", "keeps", "deliveries", "people", "channels", "memberships", "outbox"):
        assert memory.rows(f"SELECT * FROM {table}") == [], table  # noqa: S608 -- names of our own tables
    assert slack.calls("reactions.get") == []


async def test_messages_of_bots_and_of_slack_itself_are_not_kept(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Whoever tried hears, privately, that it can't be kept."""
    slack.person("deploybot", bot=True)
    await slack.joins("deploybot", pocket)
    message = await slack.says("deploybot", "Deployed 1.2.3", in_=pocket)
    joined = next(one for one in pocket.messages.values() if one.subtype == "channel_join")
    for one in (message, joined):
        await slack.reacts("ben", "bulb", one)
    await memory.settled()
    assert memory.learnings() == []
    assert set(refusals(slack, "ben")) == {
        link_of(slack, message),
        link_of(slack, joined),
    }  # in whatever order they came
    assert len(refusals(slack, "ben")) == 2
    assert "books" not in slack.sees("ben").reactions(message)


async def test_a_message_that_was_deleted_meanwhile_is_not_kept(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The keep came, the message went: nothing is left of it, and the curator hears so."""
    message = await slack.says("ana", "Never mind", in_=pocket)
    await slack.deletes("ana", message)
    await _deliver(slack, "reaction_added", "ben", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []
    assert refusals(slack, "ben") == [link_of(slack, message)]


async def test_a_reaction_on_a_file_is_left_alone(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """`item` may be a file: there is no message in it."""
    message = await slack.says("ana", "Anything", in_=pocket)
    await slack.reacts("ben", "heart", message)
    event = last(slack, "event")
    event["event"] |= {"reaction": "bulb", "item": {"type": "file", "file": "F0123"}}
    assert (await send(slack, "event", {**event, "event_id": "Ev0FILE"})).status == 200
    assert memory.learnings(state=None) == []


async def test_a_long_message_is_kept_whole(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Slack's messages may be far longer than our form's fields."""
    message = await slack.says("ana", "long words " * 3500, in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == [message.text]


async def _deliver(
    slack: Slack, kind: str, who: str, name: str, message: Message, *, event_ts: str | None = None
) -> bool:
    """A reaction event by hand: for names and orders that the sandbox's people would not produce."""
    ts = event_ts or slack.world.new_ts()
    event = {
        "type": kind,
        "user": slack.find_person(who).id,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": ts,
    }
    envelope = {
        "token": "verification",
        "team_id": slack.world.team_id,
        "api_app_id": slack.world.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{ts.replace('.', '')}",
        "event_time": int(float(ts)),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": slack.world.team_id,
                "user_id": slack.world.app.user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }
    reply = await send(slack, "event", envelope)
    assert reply.status == 200, reply
    return True


@pytest.mark.parametrize(
    "words", ["a\x00b", "שלום", "<!channel> <@U123>", "```\nx\n```", "x" * 40_000, "&amp; &lt &broken;"]
)
async def test_any_message_can_be_kept(slack: Slack, pocket: Channel, memory: Memory, words: str) -> None:
    """What no database can hold is left out; all else stands as it is."""
    message = slack.world.post(pocket.id, slack.find_person("ana").id, words)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == [words.replace("\x00", "")]
    assert message.reactions["books"] == [slack.app.id]


async def test_a_reply_that_was_also_sent_to_the_channel_is_kept_like_any_other(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """With its words, and a link to where it stands."""
    root = await slack.says("ana", "A question", in_=pocket)
    reply = await slack.says("ben", "The answer", in_=pocket, thread=root, broadcast=True)
    await slack.reacts("cleo", "bulb", reply)
    await memory.settled()
    assert [(one.words, one.link) for one in memory.learnings()] == [("The answer", slack.world.permalink(reply))]
