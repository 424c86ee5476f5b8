"""A lead is taken out of a private pocket, and no event tells: what stands open since before shows and does nothing any more."""

from __future__ import annotations

import pytest

from sandbox.records import Channel, Ephemeral, View
from sandbox.slack import Slack
from storage.visibility import FRESH
from tests.conftest import Bot
from tests.memory import Memory

SECRET = "Which launch scares you, swordfish?"


@pytest.fixture
async def room(slack: Slack, memory: Memory) -> Channel:
    """A private pocket with a schedule."""
    channel = slack.channel("quiet", private=True, members=("ana", "ben"))
    await slack.types("ana", "/outloud start Secret purpose", in_=channel)
    await memory.settled()
    await slack.types("ana", f"/prompts weekly wed 10:00 {SECRET}", in_=channel)
    return channel


def take_out(slack: Slack, bot: Bot, room: Channel) -> None:
    """Nobody tells Outloud; what it knew of her has grown old."""
    room.members.pop(slack.find_person("ana").id)
    bot.ahead += 2 * FRESH


async def board(slack: Slack, room: Channel) -> View:
    """The board, open before that."""
    form = (await slack.types("ana", "/prompts", in_=room)).form
    assert form is not None
    return form


def everything(slack: Slack, memory: Memory, room: Channel) -> str:
    """What may not change."""
    tables = ("schedules", "occurrences", "rounds", "digests", "prompts", "pockets", "leads")
    rows = [memory.rows(f"SELECT * FROM {table}") for table in tables]  # noqa: S608
    return str(rows) + str([one.text for one in slack.world.channel(room.id).messages.values()])


@pytest.mark.parametrize(
    "button",
    [
        "Edit",
        "Skip the next",
        "Pause…",
        "Preview to me",
        "Ask now",
        "Duplicate…",
        "Remove",
        "The bank",
        "Schedule a prompt",
    ],
)
async def test_nothing_on_an_open_board_works_any_more(
    slack: Slack, bot: Bot, room: Channel, memory: Memory, button: str
) -> None:
    """It answers as if there were no such pocket: no question, no other lead is named."""
    open_board = await board(slack, room)
    before = everything(slack, memory, room)
    take_out(slack, bot, room)
    answer = await slack.presses("ana", button, on=open_board)
    await memory.settled()
    shown = slack.text_of(answer.form) if answer.form else answer.text
    assert "This channel is not a learning pocket yet" in shown
    assert "swordfish" not in shown
    assert everything(slack, memory, room) == before


@pytest.mark.parametrize("pressed", [("/outloud", "Stop the pocket"), ("/outloud digest", "When it is posted")])
async def test_nor_does_what_stands_beside_a_message(
    slack: Slack, bot: Bot, room: Channel, memory: Memory, pressed: tuple[str, str]
) -> None:
    """The menu, and the digest, which somebody asked for once."""
    line, button = pressed
    await slack.types("ana", line, in_=room)
    shown: Ephemeral = slack.sees("ana").ephemerals[-1]
    before = everything(slack, memory, room)
    take_out(slack, bot, room)
    answer = await slack.presses("ana", button, on=shown)
    assert answer.form is None
    assert "This channel is not a learning pocket yet" in answer.text
    assert everything(slack, memory, room) == before


@pytest.mark.parametrize("form", ["schedule", "settings"])
async def test_a_form_that_is_open_saves_nothing(
    slack: Slack, bot: Bot, room: Channel, memory: Memory, form: str
) -> None:
    """Of a schedule, and of the pocket itself."""
    if form == "schedule":
        opened, entered = (await slack.presses("ana", "Edit", on=await board(slack, room))).form, {"questions": "Mine?"}
    else:
        opened, entered = (await slack.types("ana", "/outloud settings", in_=room)).form, {"purpose": "Mine"}
    assert opened is not None
    before = everything(slack, memory, room)
    take_out(slack, bot, room)
    answer = await slack.submits("ana", opened, entered)
    assert "This channel is not a learning pocket yet" in str(answer.errors)
    assert everything(slack, memory, room) == before


async def test_where_slack_does_not_say_it_is_said_and_nothing_is_lost(
    slack: Slack, bot: Bot, room: Channel, memory: Memory
) -> None:
    """A moment later the same press works."""
    open_board = await board(slack, room)
    bot.ahead += 2 * FRESH
    slack.fails("users.info", "error before")
    told = (await slack.presses("ana", "Preview to me", on=open_board)).form
    assert told is not None
    assert "Please try again in a moment" in slack.text_of(told)
    await slack.closes("ana", told)
    slack.mends()
    shown = (await slack.presses("ana", "Preview to me", on=open_board)).form
    assert shown is not None
    assert "swordfish" in slack.text_of(shown)
    assert memory.rows("SELECT * FROM schedules WHERE state = 'removed'") == []
