"""Looking for something, and asking people who know, as scenarios do it: from a search that found nothing."""

from __future__ import annotations

from typing import Any

from sandbox.answers import Answer
from sandbox.records import Channel, Ephemeral, Message, View
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory

QUESTION = "how do we rotate the keys"
DAY = 86400.0
LATE = "did not say in time"
"""On a machine that has much else to do, Slack may not say in a second what it is asked: then it is asked again."""


async def search(slack: Slack, who: str, pocket: Channel, words: str = QUESTION) -> Ephemeral:
    """What `/recall` finds."""
    found = (await slack.types(who, f"/recall {words}", in_=pocket)).ephemeral
    assert found is not None
    return found


async def looks(slack: Slack, who: str, typed: str, where: Channel) -> Answer:
    """Somebody looks; on a machine that has much else to do, again, as they are told to."""
    answer = await slack.types(who, f"/recall {typed}", in_=where)
    for _ in range(20):
        if "could not be checked" not in answer.text:
            break
        answer = await slack.types(who, f"/recall {typed}", in_=where)
    return answer


async def form_to_ask(slack: Slack, who: str, pocket: Channel, words: str = QUESTION) -> View:
    """*Ask people who know*, below what was found; with the pocket in it."""
    while True:
        pressed = await slack.presses(who, "Ask people who know", on=await search(slack, who, pocket, words))
        if pressed.form is not None and f"#{pocket.name}" in str(pressed.form.content):
            return pressed.form
        assert pressed.form is not None or LATE in pressed.text, pressed.text


async def sends(slack: Slack, who: str, form: View, **values: Any) -> dict[str, str]:
    """Send it; what it says of its fields, if it stays open."""
    while True:
        sent = await slack.submits(who, form, values)
        if LATE not in str(sent.errors):
            assert not sent.failed, sent.failed
            return sent.errors


async def ask(slack: Slack, who: str, pocket: Channel, memory: Memory, words: str = QUESTION, **values: Any) -> None:
    """Ask, and wait until everybody was told who may be."""
    form = await form_to_ask(slack, who, pocket, words)
    assert await sends(slack, who, form, **values) == {}
    await memory.settled()


async def answers(slack: Slack, who: str, note: Message, words: str, **values: Any) -> str:
    """Press *Answer*, and send the form: what it then says."""
    form = await opens(slack, who, note)
    sent = await slack.submits(who, form, {"words": words, **values})
    assert not sent.errors, sent.errors
    return slack.text_of(form)


async def opens(slack: Slack, who: str, note: Message) -> View:
    """Press *Answer*."""
    while True:
        pressed = await slack.presses(who, "Answer", on=note)
        if pressed.form is not None and LATE not in slack.text_of(pressed.form):
            return pressed.form
        assert LATE in pressed.text, pressed.text


def notes(slack: Slack, who: str) -> list[str]:
    """What Outloud says in somebody's direct message, as it stands now."""
    return [slack.text_of(one) for one in slack.sees(who).dms]


async def stand_for_keys(slack: Slack, pocket: Channel, *people: str) -> None:
    """They say that they may be asked."""
    for who in people:
        await slack.types(who, "/askme keys", in_=pocket)


async def later(bot: Bot, memory: Memory, days: float) -> None:
    """Time goes on: what is due by then is done, and what waited for its turn is said."""
    bot.ahead += days * DAY
    assert bot.outloud is not None
    await bot.outloud.tick()
    await bot.outloud.bring_notices()
    await memory.settled()
