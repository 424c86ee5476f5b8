"""Each command, from anybody, anywhere: a clear sentence, and no failure. One row a place, a person and a command."""

from __future__ import annotations

from typing import Any

import pytest

import handlers
from bench import pockets
from sandbox.records import Channel
from sandbox.slack import Slack
from tests.again import last, send
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import cards

FORM = "a form"
"""In place of words: a form opens."""

TRIES = 3
"""On a machine that has much else to do, Slack may not say in time what kind of place it is."""

HELP = {
    "/share help": "opens a form",
    "/share drafts": "draft",
    "/outloud help": "makes this channel a pocket",
    "/outloud dance": "is nothing that Outloud knows",
    "/recall xyzzy": "Nothing that you may read",
    "/whoknows xyzzy": "Nobody stands for *xyzzy* yet",
    "/askme help": "says: ask me about these",
}
"""What is answered alike everywhere."""


def all_of(lines: str, says: str) -> dict[str, str]:
    """Commands, apart by semicolons, that are all answered so."""
    return {line.strip(): says for line in lines.split(";")}


SHARES, STARTS = "/share; /share Mine", "/outloud start; /outloud start Learn"
LEADS = "/outloud settings; /outloud stop"

IN_A_POCKET = HELP | {
    "/prompts": "Nothing is asked here",
    "/share": FORM,
    "/share Mine": "Shared.",
    "/outloud": "is a learning pocket",
}
NO_POCKET = (
    HELP | {"/outloud": "makes this channel a pocket"} | all_of(f"{LEADS};/prompts", "not a learning pocket yet")
)
IN_A_DM = (
    HELP
    | {"/outloud": "makes this channel a pocket"}
    | all_of(f"{SHARES};{STARTS};{LEADS};/prompts", "works in channels")
)
NOT_FULL = "Only full members of this workspace start a pocket"

MEMBER = "ben"
OTHERS = ("guest", "single", "external")

PLACES: dict[str, dict[str, dict[str, str]]] = {
    "pocket": {
        "ana": IN_A_POCKET | all_of(STARTS, "already") | all_of("/outloud settings; /prompts", FORM),
        **dict.fromkeys((MEMBER, *OTHERS), IN_A_POCKET | all_of(LEADS, "Only a lead")),
    },
    "shared pocket": dict.fromkeys((MEMBER, *OTHERS), IN_A_POCKET | all_of(LEADS, "Only a lead")),
    "private pocket": dict.fromkeys((MEMBER, *OTHERS), IN_A_POCKET | all_of(LEADS, "Only a lead")),
    "plain channel": {
        MEMBER: NO_POCKET | all_of(SHARES, "not a learning pocket yet") | {"/outloud start": FORM},
        **dict.fromkeys(OTHERS, NO_POCKET | all_of(SHARES, "not a learning pocket yet") | all_of(STARTS, NOT_FULL)),
    },
    "shared channel": {
        MEMBER: NO_POCKET | {"/outloud start": FORM, "/outloud start Learn": "another organisation"},
        **dict.fromkeys(OTHERS, NO_POCKET | all_of(STARTS, NOT_FULL)),
    },
    "private channel": {
        MEMBER: NO_POCKET | all_of(SHARES, "not a learning pocket yet") | {"/outloud start": FORM},
        **dict.fromkeys(OTHERS, NO_POCKET | all_of(STARTS, NOT_FULL)),
    },
    "where the bot is not": dict.fromkeys(
        (MEMBER, *OTHERS), NO_POCKET | all_of(f"{SHARES};{STARTS};/prompts", "/invite @Outloud")
    ),
    "private, where the bot is not": dict.fromkeys(
        (MEMBER, *OTHERS), NO_POCKET | all_of(f"{SHARES};{STARTS};/prompts", "/invite @Outloud")
    ),
    "direct message with the bot": dict.fromkeys((MEMBER, *OTHERS), IN_A_DM),
    "direct message with a colleague": dict.fromkeys((MEMBER, *OTHERS), IN_A_DM),
    "group's direct message with the bot": dict.fromkeys(
        (MEMBER, *OTHERS),
        HELP | {"/outloud": "makes this channel a pocket"} | all_of(f"{SHARES};{STARTS};/prompts", "works in channels"),
    ),
}
"""What each kind of person is answered in each kind of place."""


KEEPS: dict[str, str] = {
    "pocket": FORM,
    "shared pocket": FORM,
    "private pocket": FORM,
    "plain channel": "not a learning pocket yet",
    "shared channel": "not a learning pocket yet",
    "private channel": "not a learning pocket yet",
    "where the bot is not": "/invite @Outloud",
    "private, where the bot is not": "/invite @Outloud",
    "direct message with the bot": "in a direct message",
    "direct message with a colleague": "in a direct message",
    "group's direct message with the bot": "in a direct message",
}
"""What *Keep this* answers in each kind of place, whoever uses it."""

KNOWN_SHORTCUTS = {"find_similar", "keep_this", "share_something", "who_knows_this"}
"""Those that are tried in each place."""


@pytest.fixture
async def places(slack: Slack, pocket: Channel, memory: Memory) -> dict[str, Channel]:
    """All kinds of place, with all kinds of people in them."""
    slack.person("guest", guest="multi")
    slack.person("single", guest="single")
    slack.person("external", external=True)
    people = ("ana", MEMBER, *OTHERS)
    for name in OTHERS:
        await slack.invites("ana", name, pocket)
    made = {
        "pocket": pocket,
        "shared pocket": slack.channel("with-others", members=people),
        "private pocket": slack.channel("quiet", private=True, members=people),
        "plain channel": slack.channel("plain", members=people),
        "shared channel": slack.channel("shared", shared=True, members=people),
        "private channel": slack.channel("closed", private=True, members=people),
        "where the bot is not": slack.channel("elsewhere", members=people, app=False),
        "private, where the bot is not": slack.channel("secret", private=True, members=people, app=False),
    }
    for name in ("shared pocket", "private pocket"):
        await pockets.begin(slack, "ana", made[name], line="/outloud start Learn")
    slack.world.share(made["shared pocket"].id)
    await memory.settled()
    return made


def _direct(slack: Slack, place: str, who: str) -> Channel:
    """Somebody's own direct messages."""
    me, ana, dan = (slack.find_person(name).id for name in (who, "ana", "dan"))
    with_whom = {
        "direct message with the bot": (slack.app.id,),
        "direct message with a colleague": (ana if who != "ana" else dan,),
        "group's direct message with the bot": (slack.app.id, dan),
    }
    return slack.world.open_dm(me, *with_whom[place])


async def test_every_command_is_answered_everywhere(slack: Slack, places: dict[str, Channel], memory: Memory) -> None:
    """For each kind of person who can be there; what fails is told at once."""
    rows = [
        (place, who, line, says)
        for place, people in PLACES.items()
        for who, answers in people.items()
        for line, says in answers.items()
    ]
    wrong = []
    for place, who, line, says in rows:
        channel = places.get(place) or _direct(slack, place, who)
        slack.clock.move(5)  # so many looks at channels would be more than Slack allows in a minute
        for _ in range(TRIES):
            answer = await slack.types(who, line, in_=channel)
            found = answer.failed or (FORM if answer.form else answer.text)
            if says in found:
                break
        else:
            wrong.append(f"{place} / {who} / {line}: {found}")
    assert not wrong, "\n".join(wrong)
    await memory.settled()
    assert len(memory.rows("SELECT * FROM pockets WHERE stopped_at IS NULL")) == 3
    assert memory.outbox() == []


async def test_every_shortcut_is_answered_everywhere(slack: Slack, places: dict[str, Channel], memory: Memory) -> None:
    """*Keep this* on a message there, *Share something* from wherever one is."""
    wrong = []
    for who in (MEMBER, *OTHERS):
        for place, says in KEEPS.items():
            channel = places.get(place) or _direct(slack, place, who)
            message = await slack.says(who, f"Said by {who} in {place}", in_=channel)
            slack.clock.move(5)
            for _ in range(TRIES):
                answer = await slack.uses(who, "Keep this", message)
                found = answer.failed or (FORM if answer.form else answer.text)
                if says in found:
                    break
            else:
                wrong.append(f"{place} / {who}: {found}")
        if (await slack.uses(who, "Share something")).form is None:
            wrong.append(f"Share something / {who}")
    assert not wrong, "\n".join(wrong)
    assert memory.learnings(state=None) == []
    await memory.settled()
    assert memory.outbox() == []


async def test_what_looks_up_a_message_works_in_every_place(
    slack: Slack, places: dict[str, Channel], memory: Memory
) -> None:
    """*Find similar* and *Who knows this?*: what they show depends on who asks, and not on where."""
    await slack.types("ana", "/share Mind the kettle: <!channel> #kettles", in_=places["pocket"])
    await memory.settled()
    for name, where in places.items():
        message = await slack.says("ana", 'Is the "kettle" -broken? #kettles <!here> in:#nowhere', in_=where)
        for shortcut, words in (("Find similar", "Mind the kettle"), ("Who knows this?", "@ana")):
            told = (await slack.uses("ben", shortcut, message)).form
            for _ in range(20):  # on a machine that has much else to do, again, as they are told to
                if told is None or "could not be checked" not in slack.text_of(told):
                    break
                told = (await slack.uses("ben", shortcut, message)).form
            assert told is not None, (name, shortcut)
            assert words in slack.text_of(told), (name, shortcut)
            await slack.closes("ben", told)
    (empty,) = [await slack.says("ana", "<!here>", in_=places["pocket"])]
    for shortcut in ("Find similar", "Who knows this?"):
        told = (await slack.uses("ben", shortcut, empty)).form
        assert told is not None


async def test_a_shortcut_of_somebody_in_no_pocket_says_what_to_do(
    slack: Slack, places: dict[str, Channel], memory: Memory
) -> None:
    """And on a message of a bot, or in a pocket that has ended, or is archived, it says why there is nothing to keep."""
    alone = slack.person("alone", guest="single")
    told = (await slack.uses(alone, "Share something")).form
    assert told is not None
    assert "You are in no learning pocket" in slack.text_of(told)
    pocket = places["pocket"]
    message = await slack.says("ben", "Said before the end", in_=pocket)
    bot = slack.person("robot", bot=True)
    await slack.invites("ana", bot, pocket)
    robot = await slack.says(bot, "Beep", in_=pocket)
    assert "Only what people write" in (await slack.uses("ben", "Keep this", robot)).text
    await slack.types("ana", "/outloud stop", in_=pocket)
    assert "no learning pocket any more" in (await slack.uses("ben", "Keep this", message)).text
    other = places["shared pocket"]
    message = await slack.says("ben", "Said before it was archived", in_=other)
    await slack.archives("ana", other)
    await memory.settled()
    told = (await slack.uses("ben", "Keep this", message)).form
    assert told is not None
    assert "archived" in slack.text_of(told)


def test_each_shortcut_has_its_rows() -> None:
    """In each place where commands have theirs."""
    assert set(handlers.SHORTCUTS) == KNOWN_SHORTCUTS
    assert KEEPS.keys() == PLACES.keys()


@pytest.mark.parametrize("place", PLACES)
def test_each_command_has_a_row_everywhere(place: str) -> None:
    """A command that is new is tried in each place, by each person."""
    for who, answers in PLACES[place].items():
        assert {line.split()[0] for line in answers} == set(handlers.COMMANDS), f"{place} / {who}"


@pytest.mark.parametrize("who", OTHERS)
async def test_guests_and_externals_share_and_keep_where_they_are_and_lead_nothing(
    slack: Slack, places: dict[str, Channel], memory: Memory, who: str
) -> None:
    """By the menu of leads, too; whoever leads already may be anybody."""
    pocket = places["pocket"]
    await slack.types(who, "/share Mine", in_=pocket)
    message = await slack.says("ana", "Kept by them", in_=pocket)
    await slack.reacts(who, "bulb", message)
    await memory.settled()
    assert {one.words for one in memory.learnings()} == {"Mine", "Kept by them"}
    assert len(cards(slack, "ana", pocket)) == 1
    form = (await slack.types("ana", "/outloud settings", in_=pocket)).form
    assert form is not None
    errors = (await slack.submits("ana", form, {"leads": ["ana", who]})).errors
    assert "Only full members of this workspace lead a pocket" in errors["leads"]
    assert (await slack.submits("ana", form, {"leads": ["ana", "ben"]})).errors == {}


async def test_a_form_to_start_that_a_guest_has_before_them_starts_nothing(
    slack: Slack, places: dict[str, Channel], memory: Memory
) -> None:
    """They were a full member when it opened; and the offer's button opens none for them."""
    plain = places["plain channel"]
    form = (await slack.types("ben", "/outloud start", in_=plain)).form
    assert form is not None
    slack.find_person("ben").is_restricted = True
    errors = (await slack.submits("ben", form, {"purpose": "Learn"})).errors
    assert "Only full members" in errors["purpose"]
    await slack.invites("guest", slack.app, places["where the bot is not"])
    await memory.settled()
    offer = slack.sees("guest").ephemerals[-1]
    pressed = await slack.presses("guest", "Make it a pocket", on=offer)
    assert pressed.form is None
    assert NOT_FULL in pressed.text


@pytest.mark.parametrize("who", OTHERS)
async def test_where_no_lead_is_left_guests_and_externals_change_nothing(
    slack: Slack, places: dict[str, Channel], memory: Memory, who: str
) -> None:
    """Neither its settings nor its end are theirs, nor is its export."""
    pocket = places["pocket"]
    await slack.leaves("ana", pocket)
    await memory.settled()
    await slack.types(who, "/outloud", in_=pocket)
    shown = slack.text_of(slack.sees(who).ephemerals[-1])
    assert "is a learning pocket" in shown
    assert not any(button in shown for button in ("Settings", "Export", "Stop the pocket"))
    for line in ("/outloud settings", "/outloud stop", "/prompts weekly wed 10:00 What broke?"):
        answer = await slack.types(who, line, in_=pocket)
        assert "any full member can" in answer.text
        assert answer.form is None


async def test_a_lead_who_becomes_a_guest_leads_still(
    slack: Slack, bot: Bot, places: dict[str, Channel], memory: Memory
) -> None:
    """In a channel that they are in; out of it, Slack would not show them what it is for."""
    pocket = places["pocket"]
    menu = (await slack.types("ana", "/outloud", in_=pocket)).ephemeral
    assert menu is not None
    slack.find_person("ana").is_restricted = True
    form = (await slack.types("ana", "/outloud settings", in_=pocket)).form
    assert form is not None
    assert (await slack.submits("ana", form, {"leads": ["ana", "ben"], "purpose": "Learn still"})).errors == {}
    pocket.members.pop(slack.find_person("ana").id)  # and nobody tells
    slack.clock.move(120)
    bot.ahead += 120
    pressed = await slack.presses("ana", "Settings", on=menu)
    assert pressed.form is None
    assert {row["purpose"] for row in memory.rows("SELECT purpose FROM pockets")} >= {"Learn still"}


async def _by_hand(slack: Slack, **fields: str) -> str:
    """A command as it may come, though no client of Slack's would send it now; what is answered."""
    payload: dict[str, Any] = {
        **last(slack, "command"),
        "trigger_id": slack.world.new_trigger(fields["user_id"]),
        **fields,
    }
    return (await send(slack, "command", payload)).body


async def test_a_command_that_was_on_its_way_is_answered_all_the_same(
    slack: Slack, places: dict[str, Channel], memory: Memory
) -> None:
    """Of somebody who was deactivated meanwhile, of a bot, of another workspace, in a group's direct message."""
    plain = places["plain channel"].id
    await slack.deactivates("dan")
    gone, bot = slack.find_person("dan").id, slack.person("robot", bot=True).id
    start = {"command": "/outloud", "text": "start Learn", "channel_id": plain, "channel_name": "plain"}
    for user in (gone, bot):
        assert "Only full members" in await _by_hand(slack, user_id=user, **start)
    digest = {"command": "/outloud", "text": "digest", "channel_id": places["pocket"].id, "channel_name": "pocket"}
    assert "your account here is deactivated" in await _by_hand(slack, user_id=gone, **digest)
    ben = slack.find_person("ben").id
    group = {"channel_id": "C0GROUP", "channel_name": "mpdm-ana--ben--dan-1"}
    assert "works in channels" in await _by_hand(slack, user_id=ben, **{**start, **group})
    share = {"command": "/share", "text": "Mine", **group}
    assert "works in channels" in await _by_hand(slack, user_id=ben, **share)
    await _by_hand(slack, user_id=ben, team_id="T0OTHER", **start)  # answered at the command's address for answers
    assert "is not installed in this workspace" in slack.world.ephemerals[-1].text
    assert len(memory.rows("SELECT * FROM pockets")) == 3
