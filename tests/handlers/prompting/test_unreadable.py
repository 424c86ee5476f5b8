"""A schedule that this version can't read: the board shows all others, a plain line for that one, and how to remove it."""

from __future__ import annotations

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.handlers.prompting.test_board import board, scheduled, shown
from tests.memory import Memory

NEWER = '{"kind": "hourly", "start": "2026-11-23", "time": "10:00"}'


async def test_the_board_shows_the_others_and_how_to_remove_it(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """To others, too. What was removed by mistake is there again."""
    for question in ("What is lost?", "What did we learn?"):
        await scheduled(slack, pocket, f"weekly wed 10:00 {question}")
    lose(memory)
    form = await board(slack, pocket)
    text = slack.text_of(form)
    assert "_What did we learn?_" in text
    assert (
        "*Can't be read:* this version of Outloud asks nothing by it. Remove it, or ask whoever runs Outloud." in text
    )
    theirs = (await slack.types("ben", "/prompts", in_=pocket)).text
    assert "_What did we learn?_" in theirs
    assert "Can't be read" in theirs
    await slack.presses("ana", "Remove", on=form)
    assert "Removed, and asked no more: one that can't be read." in shown(slack, form)
    assert "Can't be read:" not in shown(slack, form)
    await slack.presses("ana", "Undo", on=slack.world.views[form.id])
    assert "Can't be read:" in shown(slack, form)


async def test_its_lead_hears_once_that_it_asks_no_more(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """When it comes due. A button on a board from before says the same."""
    await scheduled(slack, pocket)
    form = await board(slack, pocket)
    lose(memory, question="What did we learn?")
    memory.run("UPDATE schedules SET due = 1, next_at = 1, first_at = NULL")
    assert bot.outloud is not None
    for _ in range(2):
        await bot.outloud.tick()
        await bot.outloud.bring_notices()
        await memory.settled()
    (told,) = slack.sees("ana").dms
    assert "asks nothing any more: this version of Outloud can't read it. *Remove*, in *`/prompts`* there" in told.text
    refused = await slack.presses("ana", "Skip the next", on=form)
    assert refused.form is not None
    assert "This version of Outloud can't read this schedule" in slack.text_of(refused.form)


def lose(memory: Memory, *, question: str = "What is lost?") -> None:
    """A schedule says what a newer version would understand."""
    memory.run(
        "UPDATE schedules SET rule = :rule WHERE CAST(questions AS TEXT) LIKE :one", rule=NEWER, one=f"%{question}%"
    )
