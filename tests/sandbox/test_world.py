"""What happens in the world, and what is told of it, in Slack's shapes."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.composing import composed
from sandbox.records import Channel, SlackError
from sandbox.shapes import pings
from sandbox.world import World

MANIFEST = {"features": {"bot_user": {"display_name": "Tester"}}, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}


@pytest.fixture
def world() -> World:
    """A world with ana, ben and the app."""
    world = World(MANIFEST)
    world.add_person("ana", id="U0ANA")
    world.add_person("ben", id="U0BEN")
    return world


@pytest.fixture
def channel(world: World) -> Channel:
    """A channel with all of them."""
    return world.add_channel("pocket", id="C0POCKET", members=("U0ANA", "U0BEN", world.app.user))


@pytest.fixture
def told(world: World) -> list[dict[str, Any]]:
    """What was told, from now on."""
    events: list[dict[str, Any]] = []
    world.listeners.append(lambda happening: events.append(happening.event))
    return events


def error_of(act: Callable[[], object]) -> str:
    """The name of the error an act raises."""
    with pytest.raises(SlackError) as caught:
        act()
    return caught.value.code


def test_a_message_is_told_as_slack_tells_it(world: World, channel: Channel, told: list[dict[str, Any]]) -> None:
    """https://docs.slack.dev/reference/events/message."""
    message = world.post(channel.id, "U0ANA", "A lesson.")
    assert told == [
        {
            "type": "message",
            "user": "U0ANA",
            "text": "A lesson.",
            "ts": message.ts,
            "team": world.team_id,
            "blocks": composed("A lesson.", at=message.ts),
            "channel": "C0POCKET",
            "channel_type": "channel",
            "event_ts": message.ts,
        }
    ]


def test_only_members_write_and_only_where_it_is_open(world: World, channel: Channel) -> None:
    """History, and answers to commands, need no membership."""
    world.add_person("cleo", id="U0CLEO")
    assert error_of(lambda: world.post(channel.id, "U0CLEO", "Hi")) == "not_in_channel"
    assert world.post(channel.id, "U0CLEO", "Long ago.", ts="1500000000.000001").user == "U0CLEO"
    world.archive(channel.id, "U0ANA")
    assert error_of(lambda: world.post(channel.id, "U0ANA", "Hi")) == "is_archived"
    assert error_of(lambda: world.post("C404", "U0ANA", "Hi")) == "channel_not_found"


def test_history_stands_in_order_however_it_came(world: World, channel: Channel) -> None:
    """Messages by their `ts`; what comes next is later than all."""
    for ts in ("1500000002.000000", "1500000001.000000"):
        world.post(channel.id, "U0ANA", ts, ts=ts)
    new = world.post(channel.id, "U0ANA", "Now.")
    assert list(channel.messages) == ["1500000001.000000", "1500000002.000000", new.ts]
    with pytest.raises(ValueError, match="already a message"):
        world.post(channel.id, "U0ANA", "Again.", ts="1500000001.000000")


def test_no_two_things_happen_at_one_ts(world: World, channel: Channel) -> None:
    """However fast they come."""
    stamps = [world.post(channel.id, "U0ANA", "Hi").ts for _ in range(1000)]
    assert len(set(stamps)) == 1000
    assert stamps == sorted(stamps)


def test_an_edit_tells_what_was_before(world: World, channel: Channel, told: list[dict[str, Any]]) -> None:
    """`message_changed`; only its author edits a message."""
    message = world.post(channel.id, "U0ANA", "A leson.")
    world.edit(channel.id, message.ts, "A lesson.", by="U0ANA")
    event = told[-1]
    assert (event["subtype"], event["hidden"], event["channel"]) == ("message_changed", True, channel.id)
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("A leson.", "A lesson.")
    assert event["message"]["edited"]["user"] == "U0ANA"
    assert event["message"]["ts"] == message.ts != event["ts"]
    assert error_of(lambda: world.edit(channel.id, message.ts, "Mine.", by="U0BEN")) == "cant_update_message"


def test_a_deletion_tells_what_was_there(world: World, channel: Channel, told: list[dict[str, Any]]) -> None:
    """`message_deleted`; by its author, or an admin."""
    message = world.post(channel.id, "U0ANA", "A lesson.")
    assert error_of(lambda: world.delete(channel.id, message.ts, by="U0BEN")) == "cant_delete_message"
    world.people["U0BEN"].is_admin = True
    world.delete(channel.id, message.ts, by="U0BEN")
    event = told[-1]
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", message.ts)
    assert event["previous_message"]["text"] == "A lesson."
    assert error_of(lambda: world.message(channel.id, message.ts)) == "message_not_found"


def test_what_has_replies_leaves_a_tombstone(world: World, channel: Channel, told: list[dict[str, Any]]) -> None:
    """It goes when its last reply goes."""
    root = world.post(channel.id, "U0ANA", "A lesson.")
    reply = world.post(channel.id, "U0BEN", "Thanks.", thread_ts=root.ts)
    world.delete(channel.id, root.ts, by="U0ANA")
    event = told[-1]
    assert (event["subtype"], event["message"]["subtype"]) == ("message_changed", "tombstone")
    assert event["previous_message"]["text"] == "A lesson."
    world.delete(channel.id, reply.ts, by="U0BEN")
    assert not channel.messages
    assert not channel.threads


def test_a_reaction_is_told_with_whose_message_it_is(
    world: World, channel: Channel, told: list[dict[str, Any]]
) -> None:
    """A set per message, person and emoji, not a counter."""
    message = world.post(channel.id, "U0ANA", "A lesson.")
    world.react(channel.id, message.ts, "U0BEN", "bulb", event_ts="1700000000.000100")
    assert told[-1] == {
        "type": "reaction_added",
        "user": "U0BEN",
        "reaction": "bulb",
        "item_user": "U0ANA",
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "event_ts": "1700000000.000100",
    }
    assert error_of(lambda: world.react(channel.id, message.ts, "U0BEN", "bulb")) == "already_reacted"
    world.unreact(channel.id, message.ts, "U0BEN", "bulb")
    assert (told[-1]["type"], message.reactions) == ("reaction_removed", {})
    assert error_of(lambda: world.unreact(channel.id, message.ts, "U0BEN", "bulb")) == "no_reaction"


def test_a_person_gives_a_message_so_many_emoji_and_no_more(world: World, channel: Channel) -> None:
    """23."""
    message = world.post(channel.id, "U0ANA", "A lesson.")
    for number in range(23):
        world.react(channel.id, message.ts, "U0BEN", f"custom{number}")
    assert error_of(lambda: world.react(channel.id, message.ts, "U0BEN", "bulb")) == "too_many_reactions"


def test_joining_and_leaving_are_told_twice(world: World, channel: Channel, told: list[dict[str, Any]]) -> None:
    """As an event of its own, and as a line in the channel; who is in already joins silently."""
    world.add_person("cleo", id="U0CLEO")
    world.join(channel.id, "U0CLEO", inviter="U0ANA")
    world.join(channel.id, "U0CLEO")
    world.leave(channel.id, "U0CLEO")
    assert [(event["type"], event.get("subtype")) for event in told] == [
        ("member_joined_channel", None),
        ("message", "channel_join"),
        ("member_left_channel", None),
        ("message", "channel_leave"),
    ]
    assert (told[0]["inviter"], told[0]["channel_type"], told[1]["inviter"]) == ("U0ANA", "C", "U0ANA")
    assert error_of(lambda: world.leave(channel.id, "U0CLEO")) == "not_in_channel"


@pytest.mark.parametrize("private", [False, True])
def test_the_app_that_is_taken_out_hears_that_it_left(
    private: bool,  # noqa: FBT001 -- pytest hands parameters over by position or name
    world: World,
    channel: Channel,
    told: list[dict[str, Any]],
) -> None:
    """`channel_left`, or `group_left`."""
    channel.is_private = private
    world.leave(channel.id, world.app.user)
    assert told[-1]["type"] == ("group_left" if private else "channel_left")


@pytest.mark.parametrize(("private", "family"), [(False, "channel"), (True, "group")])
def test_what_becomes_of_a_channel_is_told(
    private: bool,  # noqa: FBT001 -- the same
    family: str,
    world: World,
    channel: Channel,
    told: list[dict[str, Any]],
) -> None:
    """Archived, opened again, renamed, deleted: by the events of its family."""
    channel.is_private = private
    world.archive(channel.id, "U0ANA")
    assert error_of(lambda: world.archive(channel.id, "U0ANA")) == "already_archived"
    world.unarchive(channel.id, "U0ANA")
    assert error_of(lambda: world.unarchive(channel.id, "U0ANA")) == "not_archived"
    world.rename(channel.id, "puddle", "U0ANA")
    world.delete_channel(channel.id, "U0ANA")
    kinds = [event["type"] for event in told if event["type"] != "message"]
    assert kinds == [f"{family}_{what}" for what in ("archive", "unarchive", "rename", "deleted")]
    subtypes = [event["subtype"] for event in told if event["type"] == "message"]
    assert subtypes == ["channel_archive", "channel_unarchive", "channel_name"]
    assert error_of(lambda: world.channel(channel.id)) == "channel_not_found"


def test_a_conversion_is_told_by_a_line_in_the_channel(
    world: World, channel: Channel, told: list[dict[str, Any]]
) -> None:
    """Its id stays; nothing happens where nothing changes."""
    world.convert(channel.id, "U0ANA", private=False)
    world.convert(channel.id, "U0ANA", private=True)
    world.convert(channel.id, "U0ANA", private=False)
    assert [event["subtype"] for event in told] == ["channel_convert_to_private", "channel_convert_to_public"]
    assert [event["channel_type"] for event in told] == ["group", "channel"]


def test_direct_messages_are_no_channels(world: World) -> None:
    """Nobody joins, archives or renames one; three people have another one than two."""
    pair = world.open_dm("U0ANA", "U0BEN")
    three = world.open_dm("U0ANA", "U0BEN", world.app.user)
    assert (pair.type, three.type, world.open_dm("U0BEN", "U0ANA")) == ("im", "mpim", pair)
    for act in (lambda: world.join(pair.id, "U0ANA"), lambda: world.archive(three.id, "U0ANA")):
        assert error_of(act) == "method_not_supported_for_channel_type"
    assert error_of(lambda: world.open_dm("U0ANA")) == "not_enough_users"
    assert error_of(lambda: world.open_dm("U0ANA", "U404")) == "user_not_found"


def test_a_name_is_taken_once_and_an_archived_channel_keeps_its_own(world: World, channel: Channel) -> None:
    """Neither is it converted, nor joined, nor left."""
    world.add_channel("puddle")
    assert error_of(lambda: world.rename(channel.id, "puddle", "U0ANA")) == "name_taken"
    world.archive(channel.id, "U0ANA")
    acts: list[Callable[[], object]] = [
        lambda: world.rename(channel.id, "pond", "U0ANA"),
        lambda: world.convert(channel.id, "U0ANA", private=True),
        lambda: world.join(channel.id, "U0ANA"),
        lambda: world.leave(channel.id, "U0ANA"),
    ]
    assert [error_of(act) for act in acts] == ["is_archived"] * 4


def test_a_groups_direct_message_holds_nine(world: World) -> None:
    """And no tenth."""
    ids = [world.add_person(f"p{number}").id for number in range(10)]
    assert len(world.open_dm(*ids[:9]).members) == 9
    assert error_of(lambda: world.open_dm(*ids)) == "too_many_users"


def test_nobody_reacts_in_an_archived_channel(world: World, channel: Channel) -> None:
    """Nor takes a reaction back, nor edits."""
    message = world.post(channel.id, "U0ANA", "A lesson.")
    world.react(channel.id, message.ts, "U0ANA", "bulb")
    world.archive(channel.id, "U0ANA")
    acts: list[Callable[[], object]] = [
        lambda: world.react(channel.id, message.ts, "U0BEN", "bulb"),
        lambda: world.unreact(channel.id, message.ts, "U0ANA", "bulb"),
        lambda: world.edit(channel.id, message.ts, "Changed.", by="U0ANA"),
    ]
    assert [error_of(act) for act in acts] == ["is_archived"] * 3


def test_nobody_replies_to_what_slack_wrote_or_edits_it(world: World, channel: Channel) -> None:
    """The lines of joins and the like."""
    world.add_person("cleo", id="U0CLEO")
    world.join(channel.id, "U0CLEO")
    ts = next(iter(channel.messages))
    assert error_of(lambda: world.post(channel.id, "U0ANA", "Hi", thread_ts=ts)) == "cannot_reply_to_message"
    assert error_of(lambda: world.edit(channel.id, ts, "Hi", by="U0CLEO")) == "cant_update_message"


def test_a_private_channel_that_is_shared_has_another_id(world: World) -> None:
    """A public one keeps its own; an archived one is not shared. What was said moves with it."""
    room = world.add_channel("quiet", members=("U0ANA",), is_private=True)
    message = world.post(room.id, "U0ANA", "Hi")
    old, told = room.id, []
    world.listeners.append(lambda happening: told.append(happening.event["type"]))
    world.share(old)
    assert (room.id != old, told) == (True, ["channel_id_changed", "channel_shared"])
    assert world.message(room.id, message.ts).channel == room.id
    assert error_of(lambda: world.channel(old)) == "channel_not_found"
    public = world.add_channel("open", members=("U0ANA",))
    before = public.id
    assert world.share(before).id == before
    world.archive(public.id, "U0ANA")
    assert error_of(lambda: world.share(public.id)) == "is_archived"


def test_nobody_leaves_or_closes_the_general_channel(world: World) -> None:
    """Each refusal has its own name."""
    general = world.add_channel("general", members=("U0ANA",), is_general=True)
    acts = [world.leave, world.archive, world.delete_channel]
    errors = [error_of(lambda act=act: act(general.id, "U0ANA")) for act in acts]  # type: ignore[misc]
    assert errors == ["cant_leave_general", "cant_archive_general", "cant_delete_general"]


@pytest.mark.parametrize(
    ("message", "pinged"),
    [
        ({"text": "Hi <@U0ANA> and <@U0BEN|ben>"}, {"U0ANA", "U0BEN"}),
        ({"text": "<!channel> <!here|here> <!everyone>"}, {"channel", "here", "everyone"}),
        ({"text": "<!subteam^S012|@team>"}, {"S012"}),
        ({"text": "&lt;!channel&gt; @channel <#C1|pocket> <https://a.b|<@U>>"}, set()),
        ({"text": "", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<@U0ANA>"}}]}, {"U0ANA"}),
        ({"text": "", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "<!channel>"}}]}, set()),
        ({"blocks": [{"elements": [{"type": "broadcast", "range": "here"}]}]}, {"here"}),
        ({"blocks": [{"elements": [{"type": "user", "user_id": "U0ANA"}]}]}, {"U0ANA"}),
        ({"blocks": [{"type": "rich_text", "elements": [{"type": "text", "text": "<!channel>"}]}]}, set()),
        ({"attachments": [{"text": "<!channel>", "fallback": "<@U0ANA>"}]}, {"channel", "U0ANA"}),
    ],
)
def test_whom_a_message_pings_is_known(message: dict[str, Any], pinged: set[str]) -> None:
    """By its text, blocks and attachments; what is escaped, or plain, pings nobody."""
    assert pings(message) == pinged
