"""Whoever is no colleague, a bot or somebody who was deactivated, is told so, and nothing of theirs stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from handlers.learned.cards import render
from sandbox.records import Channel, Person
from sandbox.slack import Slack
from storage.ids import WorkspaceId
from storage.owed.outbox import Errand
from storage.visibility import FRESH
from tests.again import last, send
from tests.conftest import Bot
from tests.memory import Memory
from tests.sights import card_of, cards

DEACTIVATED, BOT = "your account here is deactivated", "this is a bot's account"
SAYS = {"dan": DEACTIVATED, "robot": BOT}

TRIES = 5
"""On a machine that has much else to do, Slack may not say in time who somebody is."""

COMMANDS = (
    *("/share", "/share Mine", "/share drafts", "/recall", "/recall kettles", "/whoknows kettles"),
    *("/askme", "/askme kettles", "/prompts", "/prompts weekly wed 10:00 What broke?"),
    *("/outloud", "/outloud digest", "/outloud settings", "/outloud start Learn", "/outloud stop"),
)


@pytest.fixture
async def people(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> dict[str, Person]:
    """One who was deactivated just now, and a bot; both are in the pocket, where ana shared something."""
    assert bot.outloud is not None
    bot.outloud._desk.viewers._profiles._fresh = FRESH  # noqa: SLF001 -- a minute, however fast Slack goes here
    await slack.types("ana", "/share Mind the kettle #kettles", in_=pocket)
    robot = slack.person("robot", bot=True)
    await slack.invites("ana", robot, pocket)
    await memory.settled()
    await slack.deactivates("dan")
    return {"dan": slack.find_person("dan"), "robot": robot}


def typing(slack: Slack) -> Callable[[Person, str], Any]:
    """A command as no client of Slack's would send it; what is answered."""

    async def types(who: Person, line: str) -> str:
        command, _, text = line.partition(" ")
        fields = {"command": command, "text": text, "user_id": who.id, "user_name": who.name}
        trigger = slack.world.new_trigger(who.id)
        return str((await send(slack, "command", {**last(slack, "command"), **fields, "trigger_id": trigger})).body)

    return types


async def known(types: Callable[[Person, str], Any], who: Person) -> None:
    """Slack says, in time, who they are: on a machine that has much else to do, once it is asked again."""
    for _ in range(TRIES):
        if SAYS[who.name] in await types(who, "/recall kettles"):
            return


@pytest.mark.parametrize("name", SAYS)
async def test_each_command_says_so_once_slack_has(
    slack: Slack, bot: Bot, memory: Memory, people: dict[str, Person], *, name: str
) -> None:
    """What looks something up has asked Slack who they are; from then on, for a minute, nothing else is done either."""
    types = typing(slack)
    for line in ("/recall kettles", "/whoknows kettles", "/recall", "/askme kettles"):
        for _ in range(TRIES):
            bot.ahead += 61  # what was said before holds no more
            if SAYS[name] in (answered := await types(people[name], line)):
                break
        assert SAYS[name] in answered, line
    for line in COMMANDS:
        for _ in range(TRIES):
            await types(people[name], "/recall kettles")
            if SAYS[name] in (answered := await types(people[name], line)):
                break
        assert SAYS[name] in answered, line
        assert "Mind the kettle" not in answered
    assert memory.rows("SELECT * FROM expert_tags") == []
    assert len(memory.learnings(state=None)) == 1


@pytest.mark.parametrize("name", SAYS)
async def test_what_was_taken_from_them_is_let_go_before_its_card_stands(
    slack: Slack, pocket: Channel, memory: Memory, people: dict[str, Person], *, name: str
) -> None:
    """The command is answered before Slack is asked; then neither a card stands, nor a word. The next time they hear why."""
    types = typing(slack)
    assert "Shared" in await types(people[name], "/share Unheard of #unheard")
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Mind the kettle #kettles"]
    assert memory.rows("SELECT words, why FROM learnings WHERE state <> 'live'") == [{"words": "", "why": ""}]
    assert memory.rows("SELECT * FROM learning_topics WHERE topic = 'unheard'") == []
    assert len(cards(slack, "ana", pocket)) == 1
    await known(types, people[name])
    assert SAYS[name] in await types(people[name], "/share Unheard of #unheard")
    assert memory.outbox() == []


async def test_what_is_known_of_a_bot_is_known_for_good(
    slack: Slack, bot: Bot, memory: Memory, people: dict[str, Person]
) -> None:
    """Its second try is refused by what the database says, however long ago the first was."""
    types = typing(slack)
    await types(people["robot"], "/share Beep")
    await memory.settled()
    bot.ahead += 3600
    assert BOT in await types(people["robot"], "/share Beep again")
    assert len(memory.learnings(state=None)) == 2


async def test_whoever_leaves_while_their_card_waits_did_share_it(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Where the card had to wait for more than a minute, they were a colleague when they shared it."""
    await slack.types("ben", "/share Farewell", in_=pocket)
    await memory.settled()
    (learning,) = memory.learnings()
    await slack.deactivates("ben")
    bot.ahead += 61
    assert bot.outloud is not None
    desk = bot.outloud._desk  # noqa: SLF001 -- the very one that the running bot has
    owed = {"lane": pocket.id, "slot": None, "body": {"learning": learning.id}, "lease": "l", "tries": 1}
    at = {"until": desk.now() + 60, "tried_at": desk.now(), "unknown": False, "after_ts": None, "waited": 0.0}
    workspace = WorkspaceId(slack.world.team_id)
    late = Errand(workspace=workspace, id="e", kind="post card", owed_at=desk.now() - 61, **owed, **at)  # type: ignore[arg-type]
    assert await render(desk, late) is not None
    assert [one.words for one in memory.learnings()] == ["Farewell"]
    assert await render(desk, replace(late, owed_at=desk.now())) is None
    assert memory.learnings() == []


async def test_where_slack_says_nothing_it_stands(slack: Slack, pocket: Channel) -> None:
    """A card is not lost, nor held up, because nobody could be asked."""
    slack.fails("users.info", "error before")
    await slack.types("ben", "/share Mine", in_=pocket)
    await slack.until(lambda: cards(slack, "ana", pocket))


@pytest.mark.parametrize("name", SAYS)
async def test_neither_a_button_nor_a_form_of_theirs_does_anything(
    slack: Slack, pocket: Channel, memory: Memory, people: dict[str, Person], *, name: str
) -> None:
    """As long as Slack has said lately who they are."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "Ben's"})
    sent = last(slack, "view_submission")
    await memory.settled()
    await slack.presses("ben", "It helped me", on=card_of(slack, pocket, "Mind the kettle"))
    pressed = last(slack, "block_actions")
    helped = memory.rows("SELECT * FROM helps")
    types, who = typing(slack), people[name]
    await known(types, who)
    user = {"id": who.id, "username": who.name, "team_id": who.team_id}
    said = await send(slack, "block_actions", pressed | {"user": pressed["user"] | user})
    assert said.status == 200
    metadata = sent["view"]["private_metadata"].replace(sent["view"]["private_metadata"][8:20], "another-form")
    answer = await send(
        slack,
        "view_submission",
        sent | {"user": sent["user"] | user, "view": sent["view"] | {"private_metadata": metadata}},
    )
    assert "deactivated" in answer.body or "bot" in answer.body
    assert memory.rows("SELECT * FROM helps") == helped
    assert {one.words for one in memory.learnings()} == {"Mind the kettle #kettles", "Ben's"}
