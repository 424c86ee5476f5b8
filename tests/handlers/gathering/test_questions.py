"""Questions: asked of a pocket, answered below their card as prompts are, and open until somebody says that they are answered."""

from __future__ import annotations

from sandbox.records import Channel, Message, View
from sandbox.slack import Slack
from tests.memory import Memory
from tests.sights import card_of, cards

OUT_OF_SIGHT = "Somebody answered a question of yours, in a channel that you can't read just now."
"""What is said instead, on a machine that has much else to do, where Slack did not say in time who may read what."""


async def form_to_ask(slack: Slack, who: str, pocket: Channel) -> View:
    """*Ask a question*, in the pocket's menu."""
    menu = (await slack.types(who, "/outloud", in_=pocket)).ephemeral
    assert menu is not None
    form = (await slack.presses(who, "Ask a question", on=menu)).form
    assert form is not None
    return form


async def ask(slack: Slack, who: str, pocket: Channel, memory: Memory, words: str, **more: str) -> Message:
    """Ask, and wait for the card."""
    sent = await slack.submits(who, await form_to_ask(slack, who, pocket), {"words": words, **more})
    assert sent.closed
    await memory.settled()
    return card_of(slack, pocket, words.split("<", maxsplit=1)[0].split("&", maxsplit=1)[0])


async def test_a_question_is_asked_answered_and_opened_again(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Each person's first reply is a learning; who asked hears of it; they or a lead say that it is answered, and undo it."""
    card = await ask(slack, "ben", pocket, memory, "How do we rotate <!channel> & keys?")
    assert slack.sees("ben").ephemerals[-1].text.startswith("Asked. You'll hear privately")
    said = slack.text_of(card)
    assert "How do we rotate &lt;!channel&gt; &amp; keys?" in str(card.blocks)
    assert "by @ben  ·  Question" in said
    assert "❓ Open question. Answer in the thread: each person's first answer is kept as a learning" in said
    assert "[Answer] [Mark as answered] [Edit | Delete]" in said
    await slack.says("cleo", "With the script, on Mondays.", in_=pocket, thread=card)
    await slack.says("cleo", "Mind the cache.", in_=pocket, thread=card)
    await memory.settled()
    assert [(one.words, one.kind) for one in memory.learnings()[1:]] == [("With the script, on Mondays.", "learning")]
    (note,) = slack.sees("ben").dms
    assert slack.text_of(note).startswith(("@cleo answered your question in #learning.", OUT_OF_SIGHT))
    await slack.presses("cleo", "Mark as answered", on=card)
    assert "Only whoever wrote this, or a lead" in slack.sees("cleo").ephemerals[-1].text
    assert "❓ Open question" in slack.text_of(card)
    await slack.presses("ana", "Mark as answered", on=card)
    await slack.presses("ana", "Mark as answered", on=card)
    await memory.settled()
    said = slack.text_of(card)
    assert "With the script, on Mondays.  · @cleo" in said
    assert "✅ Answered. One answered here." in said
    assert "[Not answered yet] [Edit | Delete]" in said
    await slack.says("ana", "Too late", in_=pocket, thread=card)
    await slack.presses("ben", "Not answered yet", on=card)
    await memory.settled()
    assert "❓ Open question" in slack.text_of(card)
    await slack.says("ana", "In time", in_=pocket, thread=card)
    await memory.settled()
    assert [one.words for one in memory.learnings()[1:]] == ["With the script, on Mondays.", "In time"]


async def test_a_question_and_an_answer_without_a_name(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Neither is named to anybody; who asked hears that somebody answered, and says so themselves that it is."""
    card = await ask(slack, "ben", pocket, memory, "Who reads the log?", name="Without my name")
    form = (await slack.presses("cleo", "Answer", on=card)).form
    assert form is not None
    assert "Who reads the log?" in str(form.content)
    sent = await slack.submits("cleo", form, {"words": "Nobody, I fear.", "name": "Without my name"})
    assert sent.closed
    await memory.settled()
    assert "Nobody, I fear." in slack.text_of(slack.sees("ana").thread(card)[-1])
    (note,) = slack.sees("ben").dms
    assert slack.text_of(note).startswith(("Somebody answered your question", OUT_OF_SIGHT))
    await slack.presses("ben", "Mark as answered", on=card)
    await memory.settled()
    seen = slack.text_of(card)
    assert "Nobody, I fear.  · somebody" in seen
    assert not any(name in text for text in cards(slack, "ana", pocket) for name in ("@ben", "@cleo"))


async def test_an_answer_to_what_is_answered_or_gone_by_now_says_so(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """The form was open: the words stay in it."""
    card = await ask(slack, "ben", pocket, memory, "Who reads the log?")
    forms = [(await slack.presses(who, "Answer", on=card)).form for who in ("cleo", "dan")]
    await slack.presses("ben", "Mark as answered", on=card)
    for form, who, says in zip(
        forms, ("cleo", "dan"), ("question is answered by now", "not there any more"), strict=True
    ):
        assert form is not None
        sent = await slack.submits(who, form, {"words": "Nobody, I fear."})
        assert says in sent.errors["words"], sent
        memory.run("UPDATE learnings SET state = 'taken back', words = ''")


async def test_sharing_a_question_asks_it_and_another_kind_does_not(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """There is one thing of that name, however it came about; what is taken back is open no more."""
    form = (await slack.types("ben", "/share", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"words": "Why two queues?", "kind": "Question"})
    await memory.settled()
    card = card_of(slack, pocket, "Why two queues?")
    assert "❓ Open question" in slack.text_of(card)
    shown = slack.sees("ben").ephemerals[-1]
    for kind, is_asked in (("Idea", False), ("Question", True)):
        form = (await slack.presses("ben", "Add details", on=shown)).form
        assert form is not None
        await slack.submits("ben", form, {"kind": kind})
        await memory.settled()
        assert ("❓ Open question" in slack.text_of(card)) is is_asked
        assert ("It helped me" in slack.text_of(card)) is not is_asked
    await slack.presses("ben", "Undo", on=shown)
    await memory.settled()
    assert cards(slack, "ana", pocket) == []
    assert memory.rows("SELECT closed_at IS NULL AS open, question FROM rounds") == [{"open": False, "question": ""}]


async def test_a_digest_says_what_is_still_open_and_what_was_answered(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """What was asked is nothing that was learned; the answers are."""
    one = await ask(slack, "ben", pocket, memory, "How do we rotate the keys?")
    await ask(slack, "ben", pocket, memory, "Who is on call?", name="Without my name")
    await slack.says("cleo", "By the script.", in_=pocket, thread=one)
    await memory.settled()
    await slack.presses("ben", "Mark as answered", on=one)
    await memory.settled()
    shown = (await slack.types("ana", "/outloud digest", in_=pocket)).ephemeral
    assert shown is not None
    learned, rest = slack.text_of(shown).split("What was asked, and answered")
    asked, still = rest.split("Still open")
    assert "By the script." in learned
    assert "How do we rotate the keys?" not in learned
    assert "How do we rotate the keys?  · one answered" in asked
    assert "Who is on call?  · nobody answered yet" in still
    assert "@ben" not in still


async def test_what_can_not_be_asked_is_said_in_the_form_and_what_is_odd_is_asked_as_it_is(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """An old button offers no pocket that one is not in any more."""
    menu = (await slack.types("ben", "/outloud", in_=pocket)).ephemeral
    form = await form_to_ask(slack, "ben", pocket)
    sent = await slack.submits("ben", form, {"words": " \u200b "})
    assert "There are no words in it yet." in sent.errors["words"]
    await slack.submits("ben", form, {"words": "\x00\u202eWhy? <@U1> 🔑 سؤال"})
    await memory.settled()
    assert [one.words for one in memory.learnings()] == ["\u202eWhy? <@U1> 🔑 سؤال"]
    assert "&lt;@U1&gt;" in str(card_of(slack, pocket, "سؤال").blocks)
    await slack.leaves("ben", pocket)
    assert menu is not None
    again = (await slack.presses("ben", "Ask a question", on=menu)).form
    assert again is not None
    assert "#learning" not in str(again.content)
