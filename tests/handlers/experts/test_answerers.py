"""Who answered a question is found for it, and not who asked; what can be no topic says so where it is typed."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.handlers.gathering.test_questions import ask
from tests.memory import Memory

from .test_who_knows import asks, said


async def test_whoever_answered_a_question_is_found_for_what_it_asks(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """By the answer, which one may open, however few words it has; whoever asked is nobody to ask about it."""
    card = await ask(slack, "ben", pocket, memory, "How do we rotate the signing keys?")
    assert "Nobody stands for" in slack.text_of(await asks(slack, "ana", "rotate signing keys", pocket))
    await slack.says("cleo", "With the script, on Mondays.", in_=pocket, thread=card)
    await memory.settled()
    found = slack.text_of(await asks(slack, "ana", "who can rotate signing keys", pocket))
    assert "@cleo: shared With the script, on Mondays." in found
    assert "@ben" not in found
    form = (await slack.types("cleo", "/askme", in_=pocket)).form
    assert form is not None
    await slack.submits("cleo", form, {"choices": ["hidden"]})
    assert "Nobody stands for" in slack.text_of(await asks(slack, "ana", "rotate signing keys", pocket))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (" , ,", "There is no topic in it yet."),
        ("!?", "letter"),
        ("x" * 81, "too long: up to 60 characters fit"),
        (", ".join(f"t{number}" for number in range(60)), "10"),
        ("-cobol", "You have no topic “cobol” to take off."),
    ],
    ids=["none", "signs", "81", "60", "not mine"],
)
async def test_what_can_be_no_topic_of_mine_says_so(
    slack: Slack, pocket: Channel, memory: Memory, typed: str, why: str
) -> None:
    """In a sentence, to them alone; and nothing of it is stored."""
    assert why in await said(slack, "ben", f"/askme {typed}", pocket)
    assert memory.rows("SELECT * FROM expert_tags") == []


async def test_an_emoji_is_a_topic_and_pings_nobody(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """`<!here>` is the word in it."""
    words = await said(slack, "ben", "/askme 🦫, <!here>", pocket)
    assert "*🦫*" in words
    assert "<!here>" not in words
    assert [row["topic"] for row in memory.rows("SELECT topic FROM expert_tags ORDER BY topic")] == ["here", "🦫"]
