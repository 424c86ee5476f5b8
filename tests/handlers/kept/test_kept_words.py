"""What was kept reads, wherever it is shown again, as its message reads in Slack; and pings nobody."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.shapes import pings
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory
from tests.rounds import Rounds


@pytest.fixture
def said(slack: Slack) -> str:
    """A message as Slack has it."""
    return f"Ask <@{slack.find_person('dan').id}> & read <https://a.example/?b=1&amp;c=2|this page> if 1 &lt; 2"


READ = "read this page (https://a.example/?b=1&c=2) if 1 < 2"
"""How its end reads."""


async def test_a_kept_message_reads_as_in_slack(slack: Slack, pocket: Channel, memory: Memory, said: str) -> None:
    """In the digest, and in the form to keep it."""
    message = await slack.says("ana", said.replace(" & ", " &amp; "), in_=pocket, raw=True)
    form = (await slack.uses("ben", "Keep this", message)).form
    assert form is not None
    assert f"[Ask @somebody & {READ}]" in slack.text_of(form)
    assert (await slack.submits("ben", form, {})).closed
    await memory.settled()
    assert [one.words for one in memory.learnings()] == [message.text]
    shown = (await slack.types("cleo", "/outloud digest", in_=pocket)).ephemeral
    assert shown is not None
    assert f"Ask @somebody & {READ}" in slack.text_of(shown)
    dan = slack.find_person("dan").id
    assert dan not in pings({"text": shown.text, "blocks": shown.blocks}) | pings(form.content)


async def test_an_answer_reads_as_in_slack(slack: Slack, bot: Bot, pocket: Channel, memory: Memory, said: str) -> None:
    """In the prompt that carries it at its end."""
    rounds = Rounds(slack, bot, memory, pocket)
    prompt = await rounds.ask()
    await slack.says("ben", said.replace(" & ", " &amp; "), in_=pocket, thread=prompt, raw=True)
    await memory.settled()
    await rounds.close()
    assert f"Ask @somebody & {READ}" in rounds.said()
    assert slack.find_person("dan").id not in pings(rounds.prompt())


async def test_what_was_typed_is_shown_as_it_was_typed(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Of what was shared, nothing is read as Slack's signs: somebody may have learned how they are written."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "Write &lt; for < and <https://a.example|x> for a link"})
    await memory.settled()
    shown = (await slack.types("cleo", "/outloud digest", in_=pocket)).ephemeral
    assert shown is not None
    assert "Write &lt; for < and <https://a.example|x> for a link" in slack.text_of(shown)


async def test_a_quote_a_list_and_code_are_kept_as_their_text(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Slack's client sends them as rich text, too, in which nothing is escaped: that is not read."""
    said = "> Be <brave> & go\n• one\n    ◦ two\n```\nif a < b:\n```\n`c < d`"
    message = await slack.says("ana", said, in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    await slack.edits("ana", message, f"{said}!")
    await memory.settled()
    (learning,) = memory.learnings()
    assert learning.words == message.text
    assert "&gt; Be &lt;brave&gt; &amp; go" in learning.words
    found = (await slack.types("cleo", "/recall brave", in_=pocket)).ephemeral
    assert found is not None
    assert "> Be *brave*" in slack.text_of(found) or "Be <brave>" in slack.text_of(found)
