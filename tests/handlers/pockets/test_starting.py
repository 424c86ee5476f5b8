"""Pockets: how a channel becomes one, ends being one, and what is said everywhere else."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.again import last, send
from tests.conftest import Bot
from tests.memory import Memory


async def test_starting_makes_the_channel_a_pocket_and_its_starter_lead(slack: Slack, memory: Memory) -> None:
    """The channel hears it once; everybody in it is known as a member."""
    channel = slack.channel("learning", members=("ana", "ben"))
    answer = await slack.types("ana", "/outloud start Learn together", in_=channel)
    assert "you are its lead" in answer.text
    await memory.settled()
    (heard,) = slack.sees("ben").texts(channel)
    assert "@ana made this channel a learning pocket" in heard
    (lead,) = memory.rows("SELECT * FROM leads")
    assert lead["person"] == slack.find_person("ana").id
    members = {row["person"] for row in memory.rows("SELECT person FROM memberships WHERE standing")}
    assert {slack.find_person("ana").id, slack.find_person("ben").id} <= members


async def test_a_pocket_is_not_started_twice(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The second one hears that it is a pocket already; nobody else hears anything."""
    answer = await slack.types("ben", "/outloud start Learn together", in_=pocket)
    assert "already" in answer.text
    await memory.settled()
    assert len(slack.sees("cleo").texts(pocket)) == 1
    assert len(memory.rows("SELECT * FROM leads")) == 1


async def test_stopping_ends_the_pocket_and_keeps_what_was_learned(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Only a lead can; then nothing more is kept there; started again, it goes on."""
    message = await slack.says("ben", "Kept", in_=pocket)
    await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    refused = await slack.types("ben", "/outloud stop", in_=pocket)
    assert "Only a lead" in refused.text
    assert "@ana" in refused.text
    assert "What was learned stays" in (await slack.types("ana", "/outloud stop", in_=pocket)).text
    other = await slack.says("ben", "Too late", in_=pocket)
    await slack.reacts("cleo", "bulb", other)
    assert "no learning pocket any more" in (await slack.types("ben", "/share Too late", in_=pocket)).text
    assert [one.words for one in memory.learnings()] == ["Kept"]
    await slack.types("ben", "/outloud start Learn together", in_=pocket)
    await slack.types("cleo", "/share Again", in_=pocket)
    assert {one.words for one in memory.learnings()} == {"Kept", "Again"}


@pytest.mark.parametrize("line", ["/outloud start\nLearn together", "/outloud  Start \t Learn together "])
async def test_a_purpose_may_stand_on_a_line_of_its_own(slack: Slack, memory: Memory, line: str) -> None:
    """What parts the word from it is no part of either."""
    channel = slack.channel("learning", members=("ana",))
    assert "you are its lead" in (await slack.types("ana", line, in_=channel)).text
    assert [row["purpose"] for row in memory.rows("SELECT purpose FROM pockets")] == ["Learn together"]


@pytest.mark.parametrize("gone", ["left", "deactivated"])
async def test_where_no_lead_is_left_any_full_member_may_stop_the_pocket(
    slack: Slack, pocket: Channel, memory: Memory, gone: str
) -> None:
    """Also where Slack counts a lead among the channel's members who was deactivated; and whoever starts it again leads it."""
    await (slack.leaves("ana", pocket) if gone == "left" else slack.deactivates("ana"))
    await memory.settled()
    await slack.types("ben", "/outloud", in_=pocket)
    assert "Settings" in slack.text_of(slack.sees("ben").ephemerals[-1])
    assert "The pocket is closed" in (await slack.types("ben", "/outloud stop", in_=pocket)).text
    await slack.types("cleo", "/outloud start Learn together", in_=pocket)
    assert "Only a lead" in (await slack.types("ben", "/outloud stop", in_=pocket)).text
    leads = {row["person"] for row in memory.rows("SELECT person FROM leads")}
    assert slack.find_person("cleo").id in leads


@pytest.mark.parametrize("line", ["/share", "/share Some words", "/outloud stop"])
async def test_elsewhere_every_command_says_that_this_is_no_pocket(slack: Slack, memory: Memory, line: str) -> None:
    """And how to start one; what was typed is given back."""
    channel = slack.channel("general", members=("ana",))
    answer = await slack.types("ana", line, in_=channel)
    assert "not a learning pocket yet" in answer.text
    assert "/outloud start" in answer.text
    assert ("Some words" in answer.text) == ("Some words" in line)
    assert memory.learnings(state=None) == []


async def test_what_was_written_behind_a_refused_command_comes_back(slack: Slack) -> None:
    """Slack has cleared it from where it was typed. A word that says what is to be done is nothing to write again."""
    elsewhere = slack.channel("elsewhere", members=("ana",), app=False)
    for line, comes_back in (
        ("/share Some words", "Some words"),
        ("/outloud start Fewer surprises", "start Fewer surprises"),
        ("/prompts weekly wed 10:00 What broke?", "weekly wed 10:00 What broke?"),
        ("/outloud settings", ""),
        ("/outloud stop", ""),
        ("/prompts", ""),
    ):
        answer = await slack.types("ana", line, in_=elsewhere)
        assert answer.ephemeral is not None, line
        shown = slack.text_of(answer.ephemeral)
        assert ("here is what you wrote" in shown) == bool(comes_back), line
        assert comes_back in shown


@pytest.mark.parametrize("line", ["/share drafts", "/share HELP", "/share drafts of a plan"])
async def test_what_is_no_words_to_share_does_not_come_back_as_some(
    slack: Slack, pocket: Channel, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Where it fails; `drafts` alone lists them, and more behind it is something to share."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    for name in ("storage.learned.drafts.of", "storage.places.pocket_reactions.of", "storage.learned.learnings.share"):
        monkeypatch.setattr(name, fail)
    answer = await slack.types("ben", line, in_=pocket)
    assert answer.ephemeral is not None
    shown = slack.text_of(answer.ephemeral)
    assert "Something broke here" in shown
    assert ("here is what you wrote" in shown) == ("plan" in line)


async def test_while_slack_is_silent_it_is_said_what_is_known(slack: Slack) -> None:
    """That it is no pocket stands in Outloud's own memory; whether it must be invited first, its next step says."""
    channel = slack.channel("elsewhere", members=("ana",), app=False)
    slack.fails("conversations.info", "error before")
    answer = await slack.types("ana", "/share Some words", in_=channel)
    assert "not a learning pocket yet" in answer.text
    assert "Some words" in answer.text
    assert "Slack did not" in (await slack.types("ana", "/outloud start Learn", in_=channel)).text
    slack.mends()
    assert "/invite @Outloud" in (await slack.types("ana", "/outloud start Learn", in_=channel)).text


async def test_help_says_what_there_is_anywhere(slack: Slack) -> None:
    """`/outloud`, `/outloud help`, and a word that it does not know."""
    channel = slack.channel("general", members=("ana",))
    for line in ("/outloud", "/outloud HELP", "/outloud dance <!channel>"):
        answer = await slack.types("ana", line, in_=channel)
        assert "/outloud start" in answer.text
    assert answer.ephemeral is not None
    assert "&lt;!channel&gt;" in answer.ephemeral.text


async def test_every_usual_way_to_ask_for_help_explains_and_does_nothing(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Nothing of it is a purpose, a topic or something that somebody learned."""
    explained = {
        "/share": "opens a form",
        "/outloud": "makes this channel a pocket",
        "/outloud start": "makes this channel a pocket",
        "/prompts": "schedules it in a line",
        "/recall": "narrow",
        "/whoknows": "names up to",
        "/askme": "ask me about these",
    }
    other = slack.channel("general", members=("ana",))
    for command, says in explained.items():
        for asked in ("help", "Help!", "-h", "--help", "?"):
            answer = await slack.types("ana", f"{command} {asked}", in_=other if "start" in command else pocket)
            assert says in answer.text, (command, asked)
    assert "draft" in (await slack.types("ana", "/share Draft", in_=pocket)).text
    assert memory.learnings(state=None) == []
    assert len(memory.rows("SELECT * FROM pockets")) == 1


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"app": False}, "/invite @Outloud"),
        ({"private": True, "app": False}, "/invite @Outloud"),
        ({"shared": True}, "Type `/outloud start` alone"),
    ],
)
async def test_channels_that_can_not_be_a_pocket_say_why(
    slack: Slack, memory: Memory, facts: dict[str, bool], says: str
) -> None:
    """Where the bot is no member, where it may not look, archived, shared: each has its sentence."""
    channel = slack.channel("elsewhere", members=("ana",), **facts)  # type: ignore[arg-type]
    answer = await slack.types("ana", "/outloud start Learn together", in_=channel)
    assert says in answer.text
    assert memory.rows("SELECT * FROM pockets") == []


async def test_a_channel_that_was_archived_meanwhile_says_so(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Slack's own client stops commands there; one that was on its way is answered all the same."""
    archived = slack.channel("old", archived=True, members=("ana",))
    await slack.types("ana", "/outloud start", in_=pocket)
    command = {**last(slack, "command"), "channel_id": archived.id}
    reply = await send(slack, "command", command)
    assert "archived" in reply.body
    assert [row["channel"] for row in memory.rows("SELECT * FROM pockets")] == [pocket.id]


@pytest.mark.parametrize("private", [False, True])
async def test_who_shares_where_no_pocket_can_start_yet_hears_the_true_first_step(
    slack: Slack, memory: Memory, *, private: bool
) -> None:
    """Not `/outloud start`, which would only send them on."""
    channel = slack.channel("elsewhere", members=("ana",), private=private, app=False)
    for line in ("/share", "/share Some words"):
        answer = await slack.types("ana", line, in_=channel)
        assert "/invite @Outloud" in answer.text, line
        assert "/outloud start" not in answer.text, line
        assert memory.rows("SELECT * FROM channels") == [], line


async def test_where_a_pocket_was_its_end_is_said(slack: Slack, pocket: Channel) -> None:
    """To whoever shares there, and to whoever stops it once more."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.types("ana", "/outloud stop", in_=pocket)
    for line in ("/share Too late", "/share", "/outloud stop"):
        assert "no learning pocket any more" in (await slack.types("ana", line, in_=pocket)).text
    assert "no learning pocket any more" in (await slack.submits("ben", form, {"words": "Mine"})).errors["pocket"]


async def test_in_a_direct_message_commands_say_where_they_work(slack: Slack, memory: Memory) -> None:
    """With Outloud itself as with others."""
    dm = slack.world.open_dm(slack.find_person("ana").id, slack.world.app.user)
    for line in ("/share Some words", "/share", "/outloud start Learn together", "/outloud stop"):
        assert "works in channels" in (await slack.types("ana", line, in_=dm)).text
    assert "/outloud start" in (await slack.types("ana", "/outloud", in_=dm)).text
    assert memory.rows("SELECT * FROM pockets") == []


async def test_when_slack_does_not_say_what_the_channel_is_nothing_is_started(slack: Slack, memory: Memory) -> None:
    """The person hears so, and can try again."""
    channel = slack.channel("learning", members=("ana",))
    slack.world.app.scopes.discard("channels:read")
    answer = await slack.types("ana", "/outloud start Learn together", in_=channel)
    assert "was not given the permission" in answer.text
    assert memory.rows("SELECT * FROM pockets") == []


async def test_who_joins_and_leaves_is_followed_in_pockets_only(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Of other channels nothing is remembered."""
    other = slack.channel("general", members=("ana",))
    dan = slack.find_person("dan").id
    await slack.joins("dan", pocket)
    await slack.joins("dan", other)
    found = "SELECT channel, standing FROM memberships WHERE person = :person"
    assert [(row["channel"], bool(row["standing"])) for row in memory.rows(found, person=dan)] == [(pocket.id, True)]
    await slack.leaves("dan", pocket)
    assert [bool(row["standing"]) for row in memory.rows(found, person=dan)] == [False]


async def test_after_a_restart_everything_goes_on(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Pockets, keeps and cards are in the database; what was owed is done by the next process."""
    message = await slack.says("ana", "Still here", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await bot.stop()
    await bot.start()
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Still here"]
    await slack.types("ben", "/share And so am I", in_=pocket)
    await memory.settled()
    assert any("And so am I" in text for text in slack.sees("ana").texts(pocket))
