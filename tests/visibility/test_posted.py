"""What is posted into a channel stands before all its members: it holds only what came from that very channel."""

from __future__ import annotations

import time

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory
from tests.rounds import Rounds


@pytest.mark.parametrize("private", [False, True], ids=["from a public channel", "from a private channel"])
async def test_nothing_from_elsewhere_is_posted_into_a_channel(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory, *, private: bool
) -> None:
    """Cards, a round with the best of the last, and the weekly digest, where a guest reads along."""
    guest = slack.person("gil", guest="multi")
    await slack.invites("ana", guest, pocket)
    other = slack.channel("elsewhere", members=("ana", "ben"), private=private)
    for where, word in ((pocket, "INNERMOST"), (other, "OUTERMOST")):
        if where is other:
            await slack.types("ana", "/outloud start Elsewhere", in_=other)
        await slack.types("ben", f"/share {word} #{word.lower()}-topic", in_=where)
        rounds = Rounds(slack, bot, memory, where)
        prompt = await rounds.ask(f"Question of {word}?")
        await slack.says("ben", f"Answer of {word}", in_=where, thread=prompt)
        await memory.settled()
        await rounds.close()
    here = Rounds(slack, bot, memory, pocket)
    await here.ask("And what now?")
    form = (await _when(slack, pocket)).form
    assert form is not None
    assert (await slack.submits("ana", form, {"day": "Mondays", "time": "09:30"})).closed
    memory.run("UPDATE digests SET next_at = :now", now=time.time() - 1)
    await here.tick()
    seen = "\n".join(slack.text_of(one) for one in slack.sees(guest).channel(pocket))
    assert "What #learning learned" in seen
    assert "INNERMOST" in seen
    assert "outermost" not in seen.lower()


async def _when(slack: Slack, pocket: Channel):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- the sandbox's own answer
    shown = (await slack.types("ana", "/outloud digest", in_=pocket)).ephemeral
    assert shown is not None
    return await slack.presses("ana", "When it is posted", on=shown)
