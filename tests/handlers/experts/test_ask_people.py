"""Ask people who know: at most three hear it privately, the first answer is the answer, and both say whether it is shared."""

from __future__ import annotations

from sandbox.records import Channel
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.handlers.experts.asking import (
    QUESTION,
    answers,
    ask,
    form_to_ask,
    later,
    notes,
    opens,
    search,
    sends,
    stand_for_keys,
)
from tests.memory import Memory
from tests.owed import owe_hours
from tests.sights import card_of, cards, helped

OVER = "Somebody else has answered it by now. Thank you for being there"


async def test_the_first_answer_wins_and_becomes_a_learning_if_both_agree(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Who was asked hears it once; the others' message says that they are released; the answer is the asker's alone at first."""
    await slack.joins("dan", pocket)
    await stand_for_keys(slack, pocket, "ana", "ben", "dan")
    form = await form_to_ask(slack, "cleo", pocket)
    assert "@ana, @ben and @dan can be asked about this now" in slack.text_of(form)
    assert QUESTION in str(form.content)
    assert await sends(slack, "cleo", form) == {}
    await memory.settled()
    (mine,) = slack.sees("cleo").dms
    assert slack.text_of(mine).startswith("You asked @ana, @ben and @dan, privately.")
    asked = {who: slack.sees(who).dms for who in ("ana", "ben", "dan")}
    for (note,) in asked.values():
        assert "@cleo, who reads #learning, asks you this" in slack.text_of(note)
        assert QUESTION in slack.text_of(note)
    said = await answers(slack, "ben", asked["ben"][0], "With <!channel> the script.", may_share="Yes, with my name")
    assert "whoever else was asked is released" in said
    await memory.settled()
    assert OVER in notes(slack, "ana")[0]
    assert QUESTION not in notes(slack, "ana")[0]
    assert "You answered what you were asked." in notes(slack, "ben")[0]
    assert [len(slack.sees(who).dms) for who in asked] == [1, 1, 1]
    answer = slack.sees("cleo").dms[-1]
    assert "@ben answers what you asked:" in slack.text_of(answer)
    assert "With <!channel> the script." in slack.text_of(answer)
    assert memory.learnings() == []
    await slack.presses("cleo", "asked.helped", on=answer)
    await slack.presses("cleo", "Yes, share both", on=answer)
    await slack.presses("cleo", "asked.helped", on=answer)
    await memory.settled()
    assert "It helped them." in notes(slack, "ben")[0]
    learning, question = sorted(memory.learnings(), key=lambda one: one.kind)
    people = {one.id: one.name for one in slack.world.people.values()}
    assert (question.kind, people[question.author or ""]) == ("question", "cleo")
    assert (learning.kind, people[learning.author or ""]) == ("learning", "ben")
    card = card_of(slack, pocket, QUESTION)
    assert "✅ Answered. One answered here." in slack.text_of(card)
    below = slack.sees("ana").thread(card)[-1]
    assert "With <!channel> the script." in slack.text_of(below).replace("&lt;", "<").replace("&gt;", ">")
    assert helped(slack, below) == 1
    await slack.presses("cleo", "Undo", on=answer)
    await memory.settled()
    assert memory.learnings() == []
    assert cards(slack, "ana", pocket) == []
    assert memory.rows("SELECT words, answer FROM asked_questions") == [{"words": "", "answer": ""}]


async def test_not_this_time_asks_the_next_best_once(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Where there is one; a second press changes nothing; and what was asked without a name names nobody."""
    for who in ("dan", slack.person("eve")):
        await slack.joins(who, pocket)
    await stand_for_keys(slack, pocket, "ana", "ben", "dan", "eve")
    await ask(slack, "cleo", pocket, memory, name="Without my name")
    asked = [who for who in ("ana", "ben", "dan", "eve") if slack.sees(who).dms]
    assert len(asked) == 3
    (left,) = {"ana", "ben", "dan", "eve"} - {*asked}
    note = slack.sees(asked[0]).dms[0]
    assert "Somebody in #learning asks you this" in slack.text_of(note)
    assert "@cleo" not in slack.text_of(note)
    await slack.presses(asked[0], "Not this time", on=note)
    await memory.settled()
    assert notes(slack, asked[0]) == ["All right: you are not asked this any more, and nobody hears why."]
    assert QUESTION in notes(slack, left)[0]
    await slack.presses(asked[1], "Not this time", on=slack.sees(asked[1]).dms[0])
    await answers(slack, left, slack.sees(left).dms[0], "By hand.")
    await memory.settled()
    assert len(notes(slack, asked[0])) == 1
    heard = slack.sees("cleo").dms[-1]
    assert f"@{left} answers" in slack.text_of(heard)
    assert "may become a learning" not in slack.text_of(heard)


async def test_the_later_of_two_answers_is_told_kindly_and_has_its_words_back(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """The form was open by then; an old button says that nothing is asked any more; the same form again changes nothing."""
    await stand_for_keys(slack, pocket, "ana", "ben")
    await ask(slack, "cleo", pocket, memory)
    forms = {who: await opens(slack, who, slack.sees(who).dms[0]) for who in ("ana", "ben")}
    old = {who: slack.sees(who).dms[0] for who in forms}
    assert (
        "There are no words in it" in (await slack.submits("ana", forms["ana"], {"words": " \u200b "})).errors["words"]
    )
    await slack.submits("ana", forms["ana"], {"words": "First."})
    await slack.submits("ben", forms["ben"], {"words": "Second <@U1>."})
    assert "somebody else was a moment quicker" in slack.text_of(forms["ben"])
    assert "Second <@U1>." in slack.text_of(forms["ben"])
    await memory.settled()
    assert OVER in slack.text_of(old["ben"])
    assert "First." in notes(slack, "cleo")[-1]
    assert memory.rows("SELECT answer FROM asked_questions") == [{"answer": "First."}]


async def test_unanswered_after_two_working_days_it_goes_to_the_pocket_if_its_asker_said_so(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Once; who was asked is released; who did not say so hears privately that nobody answered, and may ask the pocket."""
    await stand_for_keys(slack, pocket, "ben")
    await ask(slack, "cleo", pocket, memory, to_pocket=["yes"])
    await ask(slack, "ana", pocket, memory, "where are the keys")
    await later(bot, memory, 1.5)
    assert cards(slack, "ben", pocket) == []
    await later(bot, memory, 5)
    await later(bot, memory, 1)
    card = card_of(slack, pocket, QUESTION)
    assert "❓ Open question" in slack.text_of(card)
    assert len(cards(slack, "ben", pocket)) == 1
    assert "so it is a question in #learning now, as you wished" in notes(slack, "cleo")[-1]
    assert all("Its time is over" in note for note in notes(slack, "ben"))
    told = slack.sees("ana").dms[-1]
    assert "Nobody whom you asked answered within two working days." in slack.text_of(told)
    assert "where are the keys" in slack.text_of(told)
    form = (await slack.presses("ana", "Ask this pocket", on=told)).form
    assert form is not None
    assert "where are the keys" in str(form.content)
    assert {row["words"] for row in memory.rows("SELECT words FROM asked_questions")} == {""}


async def test_who_asked_takes_it_back(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The messages say so, and hold its words no more; an old form has nothing to answer; a second press is none."""
    await stand_for_keys(slack, pocket, "ben")
    await ask(slack, "cleo", pocket, memory)
    form = await opens(slack, "ben", slack.sees("ben").dms[0])
    (mine,) = slack.sees("cleo").dms
    await slack.presses("cleo", "Take it back", on=mine)
    await memory.settled()
    assert notes(slack, "cleo") == ["Taken back: nobody is asked any more, and Outloud has forgotten the words."]
    assert "It was taken back by whoever asked it." in notes(slack, "ben")[0]
    assert QUESTION not in str(slack.sees("ben").dms[0].blocks)
    await slack.submits("ben", form, {"words": "Too late."})
    assert "Too late." in slack.text_of(form)
    assert memory.rows("SELECT words, answer, state FROM asked_questions") == [
        {"words": "", "answer": "", "state": "taken back"}
    ]


async def test_who_has_no_room_is_away_or_hides_is_not_asked(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Then it says so, and offers the pocket. Whoever hides while it waits to be said hears nothing, and the next best does."""
    await slack.joins("dan", pocket)
    slack.find_person("dan").status_emoji = ":palm_tree:"
    await stand_for_keys(slack, pocket, "ana", "ben", "dan")
    form = (await slack.types("ben", "/askme", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"a_week": "1"})
    owe_hours(slack, memory, pocket, "ben")
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await memory.settled()  # ben has heard something today: what he is asked waits
    await ask(slack, "ana", pocket, memory)
    assert len(slack.sees("ben").dms) == 1
    form = await form_to_ask(slack, "cleo", pocket)
    assert "@ana can be asked" in slack.text_of(form)  # ben's one question of this week is taken
    form = (await slack.types("ben", "/askme", in_=pocket)).form
    assert form is not None
    await slack.submits("ben", form, {"choices": ["hidden"]})
    await later(bot, memory, 1.1)
    assert not any(QUESTION in note for note in notes(slack, "ben"))
    while "Nobody whom you could ask" not in (pressed := await _presses(slack, "ana", pocket)):
        assert "did not say in time" in pressed
    assert memory.rows("SELECT state FROM asked_people") == [{"state": "released"}]


async def _presses(slack: Slack, who: str, pocket: Channel) -> str:
    """What the button says where it opens no form."""
    pressed = await slack.presses(who, "Ask people who know", on=await search(slack, who, pocket))
    assert pressed.form is None
    assert "[Ask this pocket]" in pressed.text or "[Ask a pocket]" in pressed.text
    return pressed.text


async def test_what_else_a_message_says_stays_when_its_question_is_over(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """What waits for a person goes into one message: each part of it is a word of its own."""
    await stand_for_keys(slack, pocket, "ben", "cleo")
    owe_hours(slack, memory, pocket, "ben")
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await memory.settled()
    owe_hours(slack, memory, pocket, "ben", since=1.1e9)
    await ask(slack, "ana", pocket, memory)
    assert not any(QUESTION in note for note in notes(slack, "ben"))
    await slack.opens_home("ben")
    await memory.settled()
    home = slack.sees("ben").home
    assert home is not None
    assert QUESTION in str(home.content)
    await later(bot, memory, 1.1)
    note = slack.sees("ben").dms[-1]
    assert QUESTION in slack.text_of(note)
    other = slack.text_of(note).split("\n")[0]
    await answers(slack, "cleo", slack.sees("cleo").dms[-1], "So.")
    await memory.settled()
    assert OVER in slack.text_of(note)
    assert QUESTION not in slack.text_of(note)
    assert other in slack.text_of(note)


async def test_what_can_not_be_asked_is_said_in_the_form(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Empty, and too long; what looks like a ping is none; where the pocket is stopped meanwhile, nothing is asked or shared."""
    await stand_for_keys(slack, pocket, "ben")
    form = await form_to_ask(slack, "cleo", pocket)
    assert "There are no words in it" in (await sends(slack, "cleo", form, words=" "))["words"]
    assert (await sends(slack, "cleo", form, words="keys " * 601)).keys() == {"words"}
    assert "Ask the pocket itself." in (await sends(slack, "cleo", form, words="Who cooks today?"))["words"]
    assert await sends(slack, "cleo", form, words="Which <!channel> keys & <@U1>?") == {}
    await memory.settled()
    (note,) = slack.sees("ben").dms
    assert "Which <!channel> keys & <@U1>?" in slack.text_of(note)
    assert "<!channel>" not in note.text
    await answers(slack, "ben", note, "These.", may_share="Yes, without my name")
    await memory.settled()
    answer = slack.sees("cleo").dms[-1]
    assert "without their name" in slack.text_of(answer)
    late = await form_to_ask(slack, "cleo", pocket)
    await slack.types("ana", "/outloud stop", in_=pocket)
    assert "no learning pocket any more" in (await sends(slack, "cleo", late))["pocket"]
    assert "no learning pocket any more" in (await slack.presses("cleo", "Yes, share both", on=answer)).text
    assert memory.learnings() == []
    await slack.presses("cleo", "No, leave it between us", on=answer)
    assert "It stays between you." in slack.text_of(answer)
    assert "These." in slack.text_of(answer)


async def test_where_the_pocket_is_stopped_meanwhile_nobody_hears_it_any_more(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """Nor is the pocket asked; who asked hears that, with the words."""
    await stand_for_keys(slack, pocket, "ben")
    owe_hours(slack, memory, pocket, "ben")
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await memory.settled()  # ben has heard something today: what he is asked waits
    await ask(slack, "ana", pocket, memory, to_pocket=["yes"])
    await slack.types("ana", "/outloud stop", in_=pocket)
    await later(bot, memory, 1.1)
    assert not any(QUESTION in note for note in notes(slack, "ben"))
    await later(bot, memory, 6)
    told = slack.sees("ana").dms[-1]
    assert "could not be asked either: it is no pocket any more" in slack.text_of(told)
    assert QUESTION in slack.text_of(told)
    assert "[Ask a pocket]" in slack.text_of(told)
    assert memory.learnings() == []
