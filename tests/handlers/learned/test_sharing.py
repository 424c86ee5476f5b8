"""Share by the command: from what somebody types to the card in their pocket, and back."""

from __future__ import annotations

import pytest

from sandbox.records import Channel
from sandbox.shapes import pings
from sandbox.slack import Slack
from tests.again import again
from tests.conftest import BY_EITHER_DOOR
from tests.memory import Memory
from tests.sights import cards


@BY_EITHER_DOOR
async def test_words_after_the_command_are_shared_at_once(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """One learning, one card, and a private answer with *add details* and *undo*."""
    answer = await slack.types("ben", "/share WAL mode lets readers go on. #sqlite #Python", in_=pocket)
    assert "Shared" in answer.text
    assert "[Add details] [Undo]" in answer.text
    (learning,) = memory.learnings()
    assert learning.words == "WAL mode lets readers go on."
    assert learning.topics == ("sqlite", "python")
    assert learning.author == slack.find_person("ben").id
    await memory.settled()
    assert cards(slack, "cleo", pocket) == ["WAL mode lets readers go on.\nby @ben ·  #sqlite  ·  #python"]


async def test_a_card_pings_nobody_whatever_it_says(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Mentions that were typed into the words are shown as they were typed."""
    await slack.types("ben", "/share <!channel> <!here> <@U123> <!subteam^S1> &amp; <https://x.y|z>", in_=pocket)
    await memory.settled()
    (card,) = [one for one in slack.sees("ana").channel(pocket) if "here" in one.text and one.blocks]
    assert "&lt;!channel&gt;" in str(card.blocks)
    assert pings(card) <= {slack.find_person("ben").id}


async def test_entities_that_were_typed_stand_as_they_were_typed(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """By the command as by the form: they are the person's own signs."""
    typed = "&lt;b&gt; is <b> & &amp; is &"
    await slack.types("ben", f"/share {typed}", in_=pocket)
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"words": typed})
    assert [one.words for one in memory.learnings()] == [typed, typed]


async def test_hashtags_become_topics_only_where_they_are_ones(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """An issue's number and C# are words; a tag inside the sentence stays in it; Slack's own channel links count."""
    typed = "PR #42 moved our #Incident_Review from C# to <#C123|Go-lang> #ci/cd."
    await slack.types("ben", f"/share {typed}", in_=pocket)
    (learning,) = memory.learnings()
    assert learning.topics == ("incident-review", "go-lang", "ci/cd")
    assert learning.words == typed


async def test_a_topic_that_stands_in_the_words_is_not_repeated_below_them(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """However it is written there: the topic is the same."""
    await slack.types("ben", "/share Our #Incident_Review was short. #sre #Ci/Cd", in_=pocket)
    await memory.settled()
    assert memory.learnings()[0].topics == ("incident-review", "sre", "ci/cd")
    assert cards(slack, "ana", pocket) == ["Our #Incident_Review was short.\nby @ben ·  #sre  ·  #ci/cd"]


async def test_topics_alone_are_nothing_to_share(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Whoever typed them hears so, and gets them back."""
    answer = await slack.types("ben", "/share #python #sql", in_=pocket)
    assert "no words in it yet" in answer.text
    assert "#python #sql" in answer.text
    assert memory.learnings(state=None) == []


async def test_what_is_far_too_long_is_not_looked_through(
    slack: Slack, pocket: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its length alone refuses it: nobody else waits meanwhile."""
    monkeypatch.setattr("handlers.learned.hashtags.split", _not_looked_through)
    answer = await slack.types("ben", f"/share x{chr(10) * 39_990}y", in_=pocket)
    assert "39992 characters long" in answer.text


async def test_help_explains_in_five_lines(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """`/share help`, in any case, shares nothing."""
    for line in ("/share help", "/share  HELP "):
        answer = await slack.types("ben", line, in_=pocket)
        assert len(answer.text.splitlines()) == 5
    assert memory.learnings(state=None) == []


@BY_EITHER_DOOR
async def test_undo_takes_the_card_and_the_words_away(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """What was undone stands nowhere any more, nor whom it helped; a second press says that it is undone."""
    answer = await slack.types("ben", "/share A secret that slipped out #oops", in_=pocket)
    await memory.settled()
    card = next(one for one in slack.sees("cleo").channel(pocket) if "slipped" in one.text)
    await slack.presses("cleo", "It helped me", on=card)
    await memory.settled()
    shown = answer.ephemeral
    assert shown is not None
    undone = await slack.presses("ben", "Undo", on=shown)
    assert "Taken back" in undone.text
    await memory.settled()
    assert cards(slack, "cleo", pocket) == []
    (learning,) = memory.learnings(state=None)
    assert (learning.state, learning.words, learning.topics, learning.card_ts) == ("taken back", "", (), None)
    assert memory.rows("SELECT * FROM helps") == []


async def test_undo_pressed_twice_at_once_says_so_and_harms_nothing(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """A double click: the second one is told that there is nothing left to take back."""
    answer = await slack.types("ben", "/share Twice", in_=pocket)
    shown = answer.ephemeral
    assert shown is not None
    memory.run("UPDATE learnings SET state = 'taken back', words = ''")
    again = await slack.presses("ben", "Undo", on=shown)
    assert "undone already" in again.text


async def test_details_can_be_added_to_what_was_shared(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The form comes with the words in it; what is saved stands on the same card."""
    answer = await slack.types("ben", "/share Vacuum needs twice the room. #sqlite", in_=pocket)
    await memory.settled()
    shown = answer.ephemeral
    assert shown is not None
    opened = await slack.presses("ben", "Add details", on=shown)
    form = opened.form
    assert form is not None
    assert "Vacuum needs twice the room" in slack.text_of(form)
    topics = await slack.suggests("ben", form, "topics", "Disk Space")
    entered = {"why": "The disk was full", "kind": "Story", "topics": [topics[-1]["value"]]}
    saved = await slack.submits("ben", form, entered)
    assert saved.closed
    await memory.settled()
    (learning,) = memory.learnings()
    assert (learning.why, learning.kind, learning.topics) == ("The disk was full", "story", ("disk-space",))
    expected = "Vacuum needs twice the room.\nWhy it matters: The disk was full\nby @ben  ·  Story ·  #disk-space"
    assert [text.replace("*", "") for text in cards(slack, "cleo", pocket)] == [expected]


async def test_only_who_shared_it_may_undo_or_change_it(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """A press that names somebody else's learning is refused, in words."""
    answer = await slack.types("ben", "/share Mine", in_=pocket)
    theirs = await slack.types("cleo", "/share Hers", in_=pocket)
    (mine, hers) = memory.learnings()
    shown = theirs.ephemeral
    assert answer.ephemeral is not None
    assert shown is not None
    shown.blocks = [{**one, **_with_value(one, mine.id)} for one in shown.blocks]
    for button in ("Undo", "Add details"):
        refused = await slack.presses("cleo", button, on=shown)
        assert "Only the person who wrote this" in refused.text
    assert [one.state for one in memory.learnings()] == ["live", "live"]
    assert hers.words == "Hers"


async def test_the_same_command_delivered_twice_shares_once(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Slack says that it does not repeat commands; if it does, the trigger tells that it is the same."""
    await slack.types("ben", "/share Once", in_=pocket)
    (learning,) = memory.rows("SELECT key FROM learnings")
    assert learning["key"].startswith("command:")
    repeated = await again(slack, "command")
    assert "Shared" in repeated.body
    await memory.settled()
    assert len(memory.learnings()) == 1
    assert len(cards(slack, "ana", pocket)) == 1


def _with_value(block: dict[str, object], value: str) -> dict[str, object]:
    elements = block.get("elements")
    if not isinstance(elements, list):
        return {}
    return {"elements": [{**element, "value": value} for element in elements]}


def _not_looked_through(typed: str) -> None:
    raise AssertionError(f"{len(typed)} characters are looked through")


async def test_nothing_but_spaces_opens_the_form(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """As no words at all do."""
    for spaces in ("", " ", "  \t ", "\u3000"):
        assert (await slack.types("ben", f"/share {spaces}", in_=pocket)).form is not None, repr(spaces)
        assert memory.learnings(state=None) == [], repr(spaces)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("a\x00b", "Shared"),
        ("שלום, עולם", "Shared"),
        ("```\nx < 1 && y\n```", "Shared"),
        ("x" * 3000, "Shared"),
        ("&lt &broken; &amp", "Shared"),
        ("Words. #" + "x" * 60, "Shared"),
        ("x" * 3001, "3001 characters"),
        ("Words. #" + "x" * 61, "too long"),
        ("Words. " + " ".join(f"#t{number}" for number in range(50)), "50 topics"),
    ],
)
async def test_any_text_can_be_typed_behind_the_command(
    slack: Slack, pocket: Channel, memory: Memory, typed: str, says: str
) -> None:
    """It is shared as it was typed, or refused in a sentence and given back whole."""
    answer = await slack.types("ben", f"/share {typed}", in_=pocket)
    assert says in answer.text
    kept = typed.replace("\x00", "")
    if says == "Shared":
        assert kept.startswith(memory.learnings()[0].words)
        await memory.settled()
        assert len(cards(slack, "ana", pocket)) == 1
    else:
        assert answer.ephemeral is not None
        blocks = answer.ephemeral.blocks
        assert "".join(b["text"]["text"] for b in blocks if b["text"]["type"] == "plain_text") == kept
        assert memory.learnings(state=None) == []
