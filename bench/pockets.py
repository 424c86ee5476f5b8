"""Pockets as the benches and proofs begin them."""

from __future__ import annotations

import asyncio

from sandbox.answers import Answer
from sandbox.records import Channel, Person
from sandbox.slack import Slack

START = "/outloud start Learn together"
STARTED, ALREADY = "learning pocket now", "learning pocket already"
"""What its starter hears; and what they hear at the second try, where only the answer to the first came too late."""

WHEN = "When it is posted"
"""The button below a digest by which a lead says so."""

TRIES, PAUSE = 20, 0.5
"""Seconds between two: Slack may want to be left alone for a while."""


async def begin(slack: Slack, who: Person | str, channel: Channel, *, line: str = START) -> None:
    """Make a channel a pocket. Raises as `taken`."""
    await taken(slack, who, line, channel, STARTED, ALREADY)


async def taken(slack: Slack, who: Person | str, line: str, channel: Channel, *expected: str) -> Answer:
    """Type a command until its answer says one of these: on a busy machine one is told to try again, and does.

    Raises `RuntimeError` where it is not taken.
    """
    for _ in range(TRIES):
        answer = await slack.types(who, line, in_=channel)
        if any(one in answer.text for one in expected):
            return answer
        await asyncio.sleep(PAUSE)
    raise RuntimeError(f"The bot did not take {line}: {answer}")


async def post_digest(slack: Slack, who: Person | str, channel: Channel, *, day: str, time: str) -> None:
    """Have a pocket's digest posted then. Raises `RuntimeError` where the bot does not take that."""
    shown = (await taken(slack, who, "/outloud digest", channel, WHEN)).ephemeral
    form = (await slack.presses(who, WHEN, on=shown)).form if shown else None
    if form is None or not (await slack.submits(who, form, {"day": day, "time": time})).closed:
        raise RuntimeError("The bot did not take when a digest is posted.")
