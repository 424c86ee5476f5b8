"""How a pocket begins by its form: what it asks for, what it warns of, and what the channel hears."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.records import Channel, View
from sandbox.slack import Slack
from tests.again import last, send
from tests.memory import Memory


async def opened(slack: Slack, channel: Channel, who: str = "ana") -> View:
    """The form that `/outloud start` opens."""
    form = (await slack.types(who, "/outloud start", in_=channel)).form
    assert form is not None
    return form


@pytest.fixture
def channel(slack: Slack) -> Channel:
    """One that is no pocket yet."""
    return slack.channel("releases", members=("ana", "ben", "cleo"))


async def test_starting_asks_for_purpose_noun_and_timezone(slack: Slack, channel: Channel, memory: Memory) -> None:
    """The zone is that of whoever starts it; the channel hears its purpose and its noun, and the starter what comes next."""
    form = await opened(slack, channel)
    assert "Europe/Berlin" in slack.text_of(form)
    answers = {"purpose": "Fewer <!channel> surprises & scares", "own_noun": "nugget"}
    assert (await slack.submits("ana", form, answers)).errors == {}
    await memory.settled()
    (heard,) = slack.sees("ben").texts(channel)
    assert "@ana made this channel a learning pocket" in heard
    assert "Fewer &lt;!channel&gt; surprises &amp; scares" in slack.sees("ben").channel(channel)[0].text
    assert "shares a nugget" in heard
    assert "worth keeping as a nugget" in slack.sees("ana").ephemerals[-1].text
    (row,) = memory.rows("SELECT purpose, noun, timezone FROM pockets")
    assert row == {"purpose": "Fewer <!channel> surprises & scares", "noun": "nugget", "timezone": "Europe/Berlin"}


async def test_a_purpose_behind_the_command_starts_it_at_once(slack: Slack, channel: Channel, memory: Memory) -> None:
    """With the starter's zone, as the form would."""
    answer = await slack.types("ana", "/outloud start   Fewer\nsurprises", in_=channel)
    assert "you are its lead" in answer.text
    (row,) = memory.rows("SELECT purpose, noun, timezone FROM pockets")
    assert row == {"purpose": "Fewer surprises", "noun": "learning", "timezone": "Europe/Berlin"}


@pytest.mark.parametrize(
    "wrong",
    [
        ("own_noun", "🙂 🙂", "a word or two with a letter"),
        ("purpose", "x" * 301, "300"),
        ("own_noun", "n" * 25, "24"),
    ],
)
async def test_what_can_not_be_is_said_at_its_field(
    slack: Slack, channel: Channel, memory: Memory, wrong: tuple[str, str, str]
) -> None:
    """The form stays open with what was entered."""
    form = await opened(slack, channel)
    field, entered, says = wrong
    errors = (await slack.submits("ana", form, {field: entered})).errors
    assert list(errors) == [field]
    assert says in errors[field]
    assert memory.rows("SELECT * FROM pockets") == []
    form_of_old = {"own_noun": None, "purpose": None}
    assert (await slack.submits("ana", form, form_of_old)).errors == {}


async def test_a_zone_that_is_none_is_said(slack: Slack, channel: Channel, memory: Memory) -> None:
    """Slack's own client would send only what was suggested."""
    form = await opened(slack, channel)
    assert [one["value"] for one in await slack.suggests("ana", form, "timezone", "new york")] == ["America/New_York"]
    assert await slack.suggests("ana", form, "timezone", "atlantis") == []
    await slack.submits("ana", form, {"own_noun": "🙂"})
    sent = last(slack, "view_submission")
    values = sent["view"]["state"]["values"]
    values["own_noun"]["own_noun"]["value"] = None
    values["timezone"]["timezone"]["selected_option"] = {
        "text": {"type": "plain_text", "text": "x"},
        "value": "At/lantis",
    }
    reply = await send(slack, "view_submission", sent)
    assert "no timezone that Outloud knows" in reply.body
    assert memory.rows("SELECT * FROM pockets") == []


async def test_a_form_that_is_sent_twice_starts_it_once(slack: Slack, channel: Channel, memory: Memory) -> None:
    """And two forms of two people start it once, too: the second one hears so, and keeps what they wrote."""
    first, second = await opened(slack, channel), await opened(slack, channel, "ben")
    await asyncio.gather(slack.submits("ana", first, {"purpose": "One"}))
    again = await send(slack, "view_submission", last(slack, "view_submission"))
    assert (again.status, again.body) == (200, "")
    errors = (await slack.submits("ben", second, {"purpose": "Two"})).errors
    assert "already" in errors["purpose"]
    await memory.settled()
    assert len(slack.sees("cleo").texts(channel)) == 1
    assert [row["purpose"] for row in memory.rows("SELECT purpose FROM pockets")] == ["One"]


async def test_in_a_pocket_no_form_opens_to_start_it(slack: Slack, pocket: Channel) -> None:
    """It says that it is one."""
    answer = await slack.types("ben", "/outloud start", in_=pocket)
    assert "already" in answer.text
    assert answer.form is None


async def test_a_shared_channel_is_started_after_a_plain_warning(slack: Slack, memory: Memory) -> None:
    """By the form only: who types a purpose at once is told to read it first."""
    shared = slack.channel("with-partners", members=("ana",), shared=True)
    assert "People of another organisation" in (await slack.types("ana", "/outloud start Now", in_=shared)).text
    form = await opened(slack, shared)
    assert "People of another organisation read this channel" in slack.text_of(form)
    assert (await slack.submits("ana", form)).errors == {}
    await slack.types("ana", "/share Partners see this", in_=shared)
    assert [one.words for one in memory.learnings()] == ["Partners see this"]


async def test_a_channel_that_is_shared_while_the_form_is_open_is_warned_of_before_it_starts(
    slack: Slack, channel: Channel, memory: Memory
) -> None:
    """The form stays open, with the warning and what was entered; sent again, it starts the pocket."""
    form = await opened(slack, channel)
    slack.world.share(channel.id)
    warned = await slack.submits("ana", form, {"purpose": "Calm releases", "own_noun": "nugget"})
    assert memory.rows("SELECT * FROM pockets") == []
    assert warned.form is not None
    shown = slack.text_of(warned.form)
    assert "People of another organisation read this channel" in shown
    assert "Calm releases" in shown
    assert (await slack.submits("ana", warned.form)).closed
    assert memory.rows("SELECT purpose, noun FROM pockets") == [{"purpose": "Calm releases", "noun": "nugget"}]


async def test_where_slack_does_not_say_the_zone_the_form_asks_for_it(slack: Slack, channel: Channel) -> None:
    """`users:read` may not be granted: the form opens all the same."""
    slack.world.app.scopes.discard("users:read")
    form = await opened(slack, channel)
    assert (await slack.submits("ana", form)).errors == {}


async def test_started_again_it_goes_on_as_it_was(slack: Slack, channel: Channel, memory: Memory) -> None:
    """Purpose, noun and zone stand in the form; the channel is not told a second time."""
    await slack.submits("ana", await opened(slack, channel), {"purpose": "Calm releases", "noun": "TIL"})
    await memory.settled()
    await slack.types("ana", "/outloud stop", in_=channel)
    form = await opened(slack, channel, "ben")
    assert all(words in slack.text_of(form) for words in ("Calm releases", "TIL", "Europe/Berlin"))
    await slack.submits("ben", form)
    await memory.settled()
    assert [row["noun"] for row in memory.rows("SELECT noun FROM pockets")] == ["TIL"]
    assert len([text for text in slack.sees("cleo").texts(channel) if "made this channel" in text]) == 1


async def test_started_again_it_still_wants_names(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The form does not ask about names, and so decides nothing about them."""
    settings = (await slack.types("ana", "/outloud settings", in_=pocket)).form
    assert settings is not None
    await slack.submits("ana", settings, {"names": []})
    await slack.types("ana", "/outloud stop", in_=pocket)
    await slack.submits("ana", await opened(slack, pocket), {"purpose": "Again"})
    (row,) = memory.rows("SELECT purpose, names_optional FROM pockets")
    assert (row["purpose"], bool(row["names_optional"])) == ("Again", False)


async def test_whoever_invites_outloud_is_asked_once_whether_it_shall_be_a_pocket(slack: Slack, memory: Memory) -> None:
    """Privately; nobody else hears anything, and a press opens the form."""
    channel = slack.channel("ideas", members=("ana", "ben"), app=False)
    await slack.invites("ana", slack.app, channel)
    await memory.settled()
    (joined,) = [one for one in slack.courier.deliveries if one.name == "member_joined_channel"]
    await send(slack, "event", joined.payload)
    await memory.settled()
    await send(
        slack, "event", joined.payload | {"event_id": "EvAnother"}
    )  # Slack tells one thing under two ids at times
    await memory.settled()
    (offer,) = slack.sees("ana").ephemerals
    assert "Shall this be one?" in offer.text
    assert slack.sees("ben").ephemerals == []
    answer = await slack.presses("ana", "Make it a pocket", on=offer)
    assert answer.form is not None
    await slack.submits("ana", answer.form, {"purpose": "Ideas that travel"})
    await memory.settled()
    assert [row["channel"] for row in memory.rows("SELECT channel FROM pockets")] == [channel.id]
    await slack.presses("ana", "Make it a pocket", on=offer)
    assert "already" in slack.sees("ana").ephemerals[-1].text


async def test_back_in_a_pocket_nothing_is_offered(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """It is one already."""
    await slack.removes("ana", slack.app, pocket)
    await slack.invites("ana", slack.app, pocket)
    await memory.settled()
    assert "Shall this be one?" not in str([one.text for one in slack.sees("ana").ephemerals])


async def test_what_the_channel_hears_has_a_way_out_and_a_way_in(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """*Not mine*: nothing of theirs is kept, until they change their mind. *What is this?* explains."""
    (news,) = slack.sees("cleo").channel(pocket)
    await slack.presses("ben", "What is this?", on=news)
    assert "learn from each other" in slack.sees("ben").ephemerals[-1].text
    await slack.presses("cleo", "Not mine", on=news)
    said = slack.sees("cleo").ephemerals[-1]
    assert "nothing that you write will be kept" in said.text
    message = await slack.says("cleo", "Not for keeping", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []
    await slack.presses("cleo", "I changed my mind", on=said)
    await slack.unreacts("ben", "bulb", message)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Not for keeping"]
    await slack.presses("cleo", "Not mine", on=news)
    await slack.presses("cleo", "Take those back too", on=slack.sees("cleo").ephemerals[-1])
    await memory.settled()
    assert memory.learnings() == []
    assert slack.sees("ben").channel(pocket)[0].text == news.text
