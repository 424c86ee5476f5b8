"""What a closed prompt carries besides the answers follows its message, as they do."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.memory import Memory
from tests.rounds import Rounds


@pytest.mark.parametrize("deed", ["edited", "deleted", "let go"])
async def test_what_else_a_closed_prompt_carries_follows_its_message(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds, deed: str
) -> None:
    """A further reply that somebody kept: words that its author took out of Slack don't stand in the prompt."""
    prompt = await rounds.ask()
    await slack.says("ben", "Ask before, not after.", in_=pocket, thread=prompt)
    further = await slack.says("ben", "The password is swordfish.", in_=pocket, thread=prompt)
    await slack.reacts("cleo", "bulb", further)
    await memory.settled()
    await rounds.close()
    assert "swordfish" in rounds.said()
    match deed:
        case "edited":
            await slack.edits("ben", further, "Write it down.")
        case "deleted":
            await slack.deletes("ben", further)
        case _:
            await slack.unreacts("cleo", "bulb", further)
    await memory.settled()
    assert not [one for one in memory.learnings() if "swordfish" in one.words]
    assert "swordfish" not in rounds.said()


async def test_what_is_kept_in_its_thread_once_it_is_closed_is_carried_too(
    slack: Slack, pocket: Channel, memory: Memory, rounds: Rounds
) -> None:
    """Somebody reads it a day later."""
    prompt = await rounds.ask()
    await slack.says("ben", "Ask before, not after.", in_=pocket, thread=prompt)
    further = await slack.says("ben", "And write it down.", in_=pocket, thread=prompt)
    await memory.settled()
    await rounds.close()
    await slack.reacts("cleo", "bulb", further)
    await memory.settled()
    assert "And write it down." in rounds.said()
