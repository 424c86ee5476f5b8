"""Whose words are kept decides about them: what author and curator hear the first time, and what they can do about it."""

from __future__ import annotations

from sandbox.records import Channel, Message
from sandbox.slack import Slack
from tests.memory import Memory
from tests.sights import link_of, refusals


async def keep(slack: Slack, memory: Memory, pocket: Channel, *, by: str = "ben", words: str = "Kept words") -> Message:
    """Ana says something, and somebody keeps it."""
    message = await slack.says("ana", words, in_=pocket)
    await slack.reacts(by, "bulb", message)
    await memory.settled()
    return message


async def test_the_first_keep_tells_the_curator_what_it_does_once(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Privately, with the message's link and *undo*; the second keep says nothing."""
    message = await keep(slack, memory, pocket)
    (told,) = slack.sees("ben").dms
    assert "You kept a message by @ana" in slack.text_of(told)
    assert slack.world.permalink(message) in told.text
    await keep(slack, memory, pocket, words="More")
    assert len(slack.sees("ben").dms) == 1


async def test_the_curators_undo_takes_their_keep_back(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """As if the reaction had been taken off; the note says so, and a second press too."""
    message = await keep(slack, memory, pocket)
    (told,) = slack.sees("ben").dms
    await slack.presses("ben", "Undo", on=told)
    await memory.settled()
    assert memory.learnings() == []
    assert "books" not in slack.sees("ana").reactions(message)
    assert "You don't keep it any more" in slack.text_of(slack.sees("ben").dms[0])


async def test_the_undo_of_one_curator_leaves_the_others_keep(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The learning stays as long as anybody keeps it."""
    message = await keep(slack, memory, pocket)
    await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    await slack.presses("ben", "Undo", on=slack.sees("ben").dms[0])
    await memory.settled()
    assert [one.curators for one in memory.learnings()] == [{slack.find_person("cleo").id}]


async def test_an_author_hears_once_that_words_of_theirs_were_kept(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Privately, by whom, with *undo* and *never keep mine*."""
    await keep(slack, memory, pocket)
    await keep(slack, memory, pocket, by="cleo", words="More")
    (told,) = slack.sees("ana").dms
    text = slack.text_of(told)
    assert "@ben found something you wrote" in text
    assert "[Undo] [Never keep mine]" in text


async def test_keeping_ones_own_words_tells_one_thing_only(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Who is curator and author at once hears what a keep does, and no more."""
    await keep(slack, memory, pocket, by="ana")
    (told,) = slack.sees("ana").dms
    assert "a message of yours" in slack.text_of(told)
    assert len(memory.learnings()) == 1


async def test_who_kept_their_own_words_hears_that_others_still_do(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Once they have taken their own keep back, which they may take for the end of it."""
    message = await keep(slack, memory, pocket, by="ana")
    await slack.reacts("ben", "bulb", message)
    await memory.settled()
    assert len(slack.sees("ana").dms) == 1
    await slack.unreacts("ana", "bulb", message)
    await memory.settled()
    (_, told) = slack.sees("ana").dms
    assert "@ben found something you wrote" in slack.text_of(told)


async def test_an_author_who_undoes_it_is_not_kept_by_anybody(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Their no outlives a second try: its curator hears only that the message can't be kept."""
    message = await keep(slack, memory, pocket)
    await slack.presses("ana", "Undo", on=slack.sees("ana").dms[0])
    await memory.settled()
    (gone,) = memory.learnings(state=None)
    assert (gone.state, gone.words) == ("withheld", "")
    assert "books" not in slack.sees("cleo").reactions(message)
    await slack.reacts("cleo", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []
    assert refusals(slack, "cleo") == [link_of(slack, message)]


async def test_an_author_may_keep_their_own_message_after_all(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Who said no may say yes, by a keep of their own."""
    message = await keep(slack, memory, pocket)
    await slack.presses("ana", "Undo", on=slack.sees("ana").dms[0])
    await slack.reacts("ana", "bulb", message)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Kept words"]


async def test_never_keep_mine_holds_from_now_on(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """This message goes at once, no other is kept any more, and nobody learns why."""
    await keep(slack, memory, pocket)
    answer = await slack.presses("ana", "Never keep mine", on=slack.sees("ana").dms[0])
    assert "nothing that you write will be kept" in slack.text_of(slack.sees("ana").dms[0])
    assert answer.failed == ""
    await memory.settled()
    assert memory.learnings() == []
    message = await keep(slack, memory, pocket, by="cleo", words="Later words")
    assert memory.learnings() == []
    assert "books" not in slack.sees("cleo").reactions(message)
    assert refusals(slack, "cleo") == [link_of(slack, message)]


async def test_never_keep_mine_asks_about_what_is_kept_already(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """How many there are, and a button that takes them back, too."""
    await keep(slack, memory, pocket)
    earlier = [await keep(slack, memory, pocket, words=f"Number {number}") for number in (2, 3)]
    await slack.presses("ana", "Never keep mine", on=slack.sees("ana").dms[0])
    assert len(memory.learnings()) == 2
    assert "2 earlier ones are still kept" in slack.text_of(slack.sees("ana").dms[0])
    await slack.presses("ana", "Take those back too", on=slack.sees("ana").dms[0])
    await memory.settled()
    assert memory.learnings() == []
    assert all("books" not in slack.sees("ben").reactions(message) for message in earlier)


async def test_never_can_be_taken_back(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """*I changed my mind*: keeps work again."""
    await keep(slack, memory, pocket)
    await slack.presses("ana", "Never keep mine", on=slack.sees("ana").dms[0])
    await slack.presses("ana", "I changed my mind", on=slack.sees("ana").dms[0])
    await keep(slack, memory, pocket, words="Welcome again")
    assert [one.words for one in memory.learnings()] == ["Welcome again"]


async def test_a_keep_of_somebody_who_never_wants_it_leaves_no_words_behind(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Not in the learning, not in the outbox: they are not stored at all."""
    await keep(slack, memory, pocket)
    await slack.presses("ana", "Never keep mine", on=slack.sees("ana").dms[0])
    await keep(slack, memory, pocket, by="cleo", words="Unspeakable")
    everything = str(memory.rows("SELECT * FROM learnings")) + str(memory.outbox())
    assert "Unspeakable" not in everything


async def test_an_authors_own_keep_stands_alone_after_their_no(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Ben's 💡 keeps nothing since: when ana takes hers off, it is taken back, and ben's later one is refused."""
    message = await keep(slack, memory, pocket)
    await slack.presses("ana", "Undo", on=slack.sees("ana").dms[0])
    await slack.reacts("ana", "bulb", message)
    await memory.settled()
    ana = slack.find_person("ana").id
    assert [one.curators for one in memory.learnings()] == [{ana}]
    await slack.unreacts("ana", "bulb", message)
    await memory.settled()
    assert memory.learnings() == []
    assert "books" not in slack.sees("cleo").reactions(message)


async def test_after_a_change_of_mind_what_was_refused_meanwhile_can_be_kept(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """It was refused for the *never* alone; the message that was taken back itself stays so."""
    first = await keep(slack, memory, pocket)
    await slack.presses("ana", "Never keep mine", on=slack.sees("ana").dms[0])
    second = await keep(slack, memory, pocket, by="cleo", words="Meanwhile")
    await slack.presses("ana", "I changed my mind", on=slack.sees("ana").dms[0])
    await slack.reacts("cleo", "bulb", first)
    await slack.unreacts("cleo", "bulb", second)
    await slack.reacts("cleo", "bulb", second)
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["Meanwhile"]
    assert refusals(slack, "cleo") == [link_of(slack, second), link_of(slack, first)]
