"""Very close already: whoever shares what is there hears so, alone and after it, and links the two, or undoes it, or neither."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.answers import Answer
from sandbox.records import Channel, Ephemeral
from sandbox.slack import Slack
from tests.again import again, last, send
from tests.conftest import Bot
from tests.handlers.experts.asking import looks
from tests.memory import Memory
from tests.rounds import Rounds
from tests.sights import card_of

FIRST = "Rotate the signing keys each quarter, with both valid for a day."
SECOND = "Rotate the signing keys every quarter, with both valid for one day."
CLOSE = "Something very close is there already"
ALSO = "See also:"
LONG_AGO = "UPDATE learnings SET said_at = said_at - 900"
"""What was said, by Slack's time: a sandbox's goes faster than the bot's."""


def told(slack: Slack, who: str) -> list[Ephemeral]:
    """What somebody was told of what is close to theirs, the oldest first; as long as it says so."""
    return [one for one in slack.sees(who).ephemerals if CLOSE in slack.text_of(one)]


async def share(slack: Slack, memory: Memory, who: str, words: str, where: Channel) -> str:
    """Share by the command, and wait until all is said. Returns its id."""
    answer = await slack.types(who, f"/share {words}", in_=where)
    assert "Shared" in answer.text
    await memory.settled()
    return memory.learnings()[-1].id


async def open_pocket(slack: Slack, name: str, *members: str, private: bool = False) -> Channel:
    """A pocket more, which ana leads."""
    made = slack.channel(name, private=private, members=("ana", *members))
    answer = await slack.types("ana", "/outloud start More", in_=made)
    while "in time" in answer.text:
        answer = await slack.types("ana", "/outloud start More", in_=made)
    return made


async def links(slack: Slack, who: str, on: Ephemeral) -> Answer:
    """Press *Link the two*; on a machine that has much else to do, again, as they are told to."""
    answer = await slack.presses(who, "Link the two", on=on)
    while "in time" in answer.text:
        answer = await slack.presses(who, "Link the two", on=on)
    return answer


async def test_whoever_shares_what_is_there_hears_so_and_links_the_two(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """In a sentence with a link, once it is shared; nobody else hears anything. Pressed twice, it is linked once; and undone."""
    await share(slack, memory, "ana", f"{FIRST} #security", pocket)
    await share(slack, memory, "ben", f"{SECOND} #security", pocket)
    first, second = (card_of(slack, pocket, words) for words in (FIRST, SECOND))
    (note,) = told(slack, "ben")
    assert slack.text_of(note) == (
        f"{CLOSE}: a learning by @ana, in #learning, today.\n[Link the two] [Undo my share] [Leave it]"
    )
    assert slack.world.permalink(first) in str(note.blocks)
    assert [told(slack, who) for who in ("ana", "cleo", "dan")] == [[], [], []]
    assert ALSO not in slack.text_of(first) + slack.text_of(second)
    linked = await links(slack, "ben", note)
    await again(slack, "block_actions")
    await memory.settled()
    assert linked.text == (
        "Linked: the card of each leads to the other, where everybody who reads it may see that one.\n[Unlink]"
    )
    assert len(memory.rows("SELECT * FROM links")) == 1
    for one, other in ((first, second), (second, first)):
        assert f"\n{ALSO} a learning\n" in slack.text_of(one)
        assert slack.world.permalink(other) in str(one.blocks)
    shown = linked.ephemeral
    assert shown is not None
    unlinked = await slack.presses("ben", "Unlink", on=shown)
    await again(slack, "block_actions")
    await memory.settled()
    assert unlinked.text == "They are not linked any more.\n[Link the two]"
    assert ALSO not in slack.text_of(first) + slack.text_of(second)
    assert memory.rows("SELECT * FROM links") == []


async def test_results_lead_to_what_is_linked_for_whoever_may_see_both(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Quietly, as a card does; what one may not read does not show in what one may. Unlinked, none does."""
    inner = await open_pocket(slack, "inner", "ben", private=True)
    await share(slack, memory, "ana", FIRST, pocket)
    await share(slack, memory, "ben", SECOND, inner)
    await links(slack, "ben", told(slack, "ben")[-1])

    async def leads(who: str, typed: str = "signing keys") -> list[str]:
        lines = (await looks(slack, who, typed, pocket)).text.splitlines()
        return [line for line in lines if line.startswith(ALSO)]

    both = [f"{ALSO} a learning in #inner", f"{ALSO} a learning in #learning"]
    assert [sorted(await leads("ben")), sorted(await leads("ben", ""))] == [both, both]
    assert [await leads("cleo"), await leads("cleo", "")] == [[], []]
    memory.run("DELETE FROM links")
    assert await leads("ben") == []


async def test_it_can_be_undone_or_left(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """*Undo my share* takes back what was just shared; *Leave it* changes nothing, and the words go."""
    await share(slack, memory, "ana", FIRST, pocket)
    await share(slack, memory, "ben", SECOND, pocket)
    undone = await slack.presses("ben", "Undo my share", on=told(slack, "ben")[0])
    await memory.settled()
    assert undone.text.startswith("Taken back.")
    assert [one.words for one in memory.learnings()] == [FIRST]
    await share(slack, memory, "cleo", SECOND, pocket)
    left = await slack.presses("cleo", "Leave it", on=told(slack, "cleo")[0])
    assert left.text == "Left as it is. Both stand."
    assert len(memory.learnings()) == 2
    assert memory.rows("SELECT * FROM links") == []


async def test_however_it_is_shared_and_never_of_what_is_kept_or_answered(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """By the form, too, and sent twice it is one; a keep, an edit and what was shared before tell nothing. One's own is told."""
    await share(slack, memory, "ana", FIRST, pocket)
    kept = await slack.says("cleo", SECOND, in_=pocket)
    await slack.reacts("ana", "bulb", kept)
    await memory.settled()
    assert [told(slack, who) for who in ("ana", "cleo")] == [[], []]
    memory.run(LONG_AGO)
    form = (await slack.types("ana", "/share", in_=pocket)).form
    assert form is not None
    assert (await slack.submits("ana", form, {"words": SECOND, "name": "Without my name"})).closed
    await again(slack, "view_submission")
    await memory.settled()
    assert len(memory.learnings()) == 3
    (note,) = told(slack, "ana")
    assert "by @cleo, in #learning, today" in slack.text_of(note)  # the very same
    await slack.deletes("cleo", kept)
    await share(slack, memory, "ana", SECOND, pocket)
    assert "by you, in #learning, today" in slack.text_of(slack.sees("ana").ephemerals[-1])
    draft = (await slack.types("ben", "/share", in_=pocket)).form
    assert draft is not None
    await slack.fills(draft, {"words": SECOND.upper()})
    await slack.presses("ben", "Save as a draft", on=draft)
    listed = (await slack.types("ben", "/share drafts", in_=pocket)).ephemeral
    assert listed is not None
    opened = (await slack.presses("ben", "Open", on=listed)).form
    assert opened is not None
    assert (await slack.submits("ben", opened)).closed
    await memory.settled()
    assert len(told(slack, "ben")) == 1
    own = (await slack.types("cleo", "/share Something else altogether", in_=pocket)).ephemeral
    assert own is not None
    await memory.settled()
    details = (await slack.presses("cleo", "Add details", on=own)).form
    assert details is not None
    assert (await slack.submits("cleo", details, {"words": SECOND})).closed
    await memory.settled()
    assert told(slack, "cleo") == []


async def test_answers_to_a_prompt_are_alike_and_tell_nothing(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """By the form or in the thread; but what is then shared is told of them."""
    prompt = await Rounds(slack, bot, memory, pocket).ask()
    for who in ("ben", "cleo"):
        form = (await slack.presses(who, "Answer", on=prompt)).form
        assert form is not None
        assert (await slack.submits(who, form, {"words": FIRST})).closed
        await memory.settled()
    await slack.says("ana", FIRST, in_=pocket, thread=prompt)
    await memory.settled()
    assert len(memory.learnings()) == 3
    assert [told(slack, who) for who in ("ana", "ben", "cleo")] == [[], [], []]
    memory.run(LONG_AGO)
    await share(slack, memory, "ben", FIRST, pocket)
    assert len(told(slack, "ben")) == 1


async def test_what_has_no_name_and_what_nobody_may_see_keep_it(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """An author without a name is somebody; of a private channel, whoever is not in it hears nothing at all."""
    form = (await slack.types("ana", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ana", form, {"words": FIRST, "name": "Without my name"})
    await memory.settled()
    await share(slack, memory, "ben", SECOND, pocket)
    (note,) = told(slack, "ben")
    assert "a learning by somebody, in #learning" in slack.text_of(note)
    assert slack.find_person("ana").id not in json.dumps(note.blocks)
    closed = await open_pocket(slack, "closed", "cleo", private=True)
    await share(slack, memory, "ana", "Kettles whistle behind closed doors, mostly", closed)
    await share(slack, memory, "ben", "Kettles whistle behind closed doors, mostly", pocket)
    assert len(told(slack, "ben")) == 1
    await share(slack, memory, "cleo", "Kettles whistle behind closed doors, mostly!", pocket)
    assert "by @ben, in #learning" in slack.text_of(told(slack, "cleo")[0]) or "by @ana, in #closed" in slack.text_of(
        told(slack, "cleo")[0]
    )


async def test_a_card_leads_only_where_everybody_who_reads_it_may_go(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """From a private channel to a public one, not back; and not where a guest reads along."""
    closed = await open_pocket(slack, "closed", "cleo", private=True)
    await share(slack, memory, "ana", FIRST, closed)
    await share(slack, memory, "cleo", SECOND, pocket)
    (note,) = told(slack, "cleo")
    assert "by @ana, in #closed, today" in slack.text_of(note)
    assert "Linked" in (await links(slack, "cleo", note)).text
    await memory.settled()
    inner, outer = card_of(slack, closed, FIRST), card_of(slack, pocket, SECOND)
    assert f"{ALSO} a learning in #learning" in slack.text_of(inner)
    assert slack.world.permalink(outer) in str(inner.blocks)
    assert ALSO not in slack.text_of(outer)
    await slack.invites("ana", slack.person("gil", guest="multi"), closed)
    await slack.presses("cleo", "It helped me", on=inner)  # the card is drawn anew
    await memory.settled()
    assert "helped 1" in slack.text_of(inner)
    assert ALSO not in slack.text_of(inner)


async def test_nothing_stands_of_what_is_gone(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Taken back, deleted by a lead, or its message gone: the other card leads nowhere, and no row says that it did."""
    kept = await slack.says("cleo", FIRST, in_=pocket)
    await slack.reacts("ana", "bulb", kept)
    await memory.settled()
    memory.run(LONG_AGO)
    await share(slack, memory, "ben", SECOND, pocket)
    await links(slack, "ben", told(slack, "ben")[0])
    await memory.settled()
    card = card_of(slack, pocket, SECOND)
    assert slack.world.permalink(kept) in str(card.blocks)
    await slack.deletes("cleo", kept)
    await memory.settled()
    assert ALSO not in slack.text_of(card)
    assert memory.rows("SELECT * FROM links") == []
    await share(slack, memory, "cleo", FIRST, pocket)
    note = told(slack, "cleo")[0]
    await links(slack, "cleo", note)
    await memory.settled()
    assert ALSO in slack.text_of(card_of(slack, pocket, FIRST))
    form = (await slack.presses("ana", "Delete", on=card)).form
    assert form is not None
    assert (await slack.submits("ana", form)).closed
    await memory.settled()
    assert ALSO not in slack.text_of(card_of(slack, pocket, FIRST))
    assert memory.rows("SELECT * FROM links") == []
    assert "not there any more" in (await slack.presses("cleo", "Unlink", on=slack.sees("cleo").ephemerals[-1])).text


async def test_what_became_of_either_before_the_press_is_said(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Both are gone by then, or the other's channel is none of theirs any more: it says so, and nothing is linked."""
    other = await open_pocket(slack, "other")
    await share(slack, memory, "ana", FIRST, other)
    await share(slack, memory, "ben", SECOND, pocket)
    (note,) = told(slack, "ben")
    await slack.converts("ana", other, private=True)
    await memory.settled()
    assert "not there any more" in (await links(slack, "ben", note)).text
    await share(slack, memory, "cleo", SECOND, pocket)
    note = told(slack, "cleo")[0]
    memory.run("UPDATE learnings SET state = 'deleted', words = '', why = ''")
    assert "not there any more" in (await links(slack, "cleo", note)).text
    assert memory.rows("SELECT * FROM links") == []


async def test_only_their_authors_and_leads_link_two(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Anybody else is refused in words; and each card's menu unlinks it, for its author and the pocket's leads."""
    await share(slack, memory, "ana", FIRST, pocket)
    await share(slack, memory, "ben", SECOND, pocket)
    await share(slack, memory, "cleo", SECOND, pocket)
    ids = {one.author: one.id for one in memory.learnings()}
    ana, ben = (ids[slack.find_person(name).id] for name in ("ana", "ben"))

    async def press(who: str, action: str) -> str:
        payload: dict[str, Any] = last(slack, "block_actions")
        payload["user"]["id"] = slack.find_person(who).id
        payload["actions"][0] |= {"action_id": action, "value": f"{ben}:{ana}"}
        await send(slack, "block_actions", payload)
        return slack.text_of(slack.sees("cleo").ephemerals[-1])

    await slack.presses("cleo", "Leave it", on=told(slack, "cleo")[0])
    assert "Only whoever wrote one of the two, or a lead" in await press("cleo", "close.link")
    assert memory.rows("SELECT * FROM links") == []
    await press("ana", "close.link")
    await memory.settled()
    assert len(memory.rows("SELECT * FROM links")) == 1
    assert "Only whoever wrote one of the two, or a lead" in await press("cleo", "close.unlink")
    card = card_of(slack, pocket, FIRST)
    assert "Only whoever wrote this, or a lead" in (await slack.presses("ben", "Unlink", on=card)).text
    assert (await slack.presses("ana", "Unlink", on=card)).text.startswith("Unlinked")
    await memory.settled()
    assert ALSO not in slack.text_of(card)
    assert ALSO not in slack.text_of(card_of(slack, pocket, SECOND))
    assert memory.rows("SELECT * FROM links") == []


@pytest.mark.parametrize(
    "words",
    [
        "Kettles",
        "部署数据库之前先备份然后再检查一遍日志",
        "🚀🔑",
        "lesson " * 428,
        "שלום לכולם",
        "<!channel> & *bold* `x`",
    ],
)
async def test_any_words_are_close_to_themselves(slack: Slack, pocket: Channel, memory: Memory, words: str) -> None:
    """A word, 3,000 characters, Chinese, emoji: shared twice by the same person within a second, the second is told, and once."""
    first, second = [await slack.types("ben", f"/share {words}", in_=pocket) for _ in range(2)]
    assert "Shared" in first.text
    assert "Shared" in second.text
    await memory.settled()
    assert len(memory.learnings()) == 2
    (note,) = told(slack, "ben")
    assert f"{CLOSE}: a learning by you" in slack.text_of(note)
    assert memory.outbox() == []


async def test_what_says_no_word_is_close_to_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Nor is an open question, or what is out of date."""
    for _ in range(2):
        await share(slack, memory, "ben", "?! ...", pocket)
    assert told(slack, "ben") == []
    form = (await slack.types("ana", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ana", form, {"words": FIRST, "kind": "Question"})
    await memory.settled()
    await share(slack, memory, "ben", FIRST, pocket)
    assert told(slack, "ben") == []
    await slack.presses("ana", "Mark as answered", on=card_of(slack, pocket, "Open question"))
    await memory.settled()
    await share(slack, memory, "cleo", FIRST, pocket)
    assert len(told(slack, "cleo")) == 1
