"""`/recall`: what was shared and kept comes back, privately, to whoever may see it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.answers import Answer
from sandbox.records import Channel, Ephemeral, Message
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.handlers.experts.asking import looks
from tests.memory import Memory
from tests.sights import card_of

HELPED = "It helped me"


def bold(answer: Answer) -> set[str]:
    """The words that stand in bold."""
    lines = [line for block in whispered(answer).blocks for line in block.get("elements", ()) if "elements" in line]
    return {part["text"] for line in lines for part in line["elements"] if part.get("style", {}).get("bold")}


def whispered(answer: Answer) -> Ephemeral:
    """What only they see of it."""
    assert answer.ephemeral is not None
    return answer.ephemeral


async def test_results_say_who_where_and_when_and_what_may_be_done_with_each(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Five at a time, with more; words in bold; a link; it helped me, which its author is not asked; gone ones say so."""
    for number in range(6):
        await slack.types("ben", f"/share Rotate key number {number} each quarter #security", in_=pocket)
    kept = await slack.says("cleo", "Ask @ben before you rotate :key: 'em & all", in_=pocket)
    await slack.reacts("ana", "bulb", kept)
    await memory.settled()
    found = await looks(slack, "ana", "rotating keys <!channel>", pocket)
    assert found.text.startswith("For “rotating keys <!channel>”:")
    assert found.text.count("number") == 5
    assert "quarter #security\n\nby @ben  ·  #learning  ·  today  ·  Open" in found.text
    assert found.text.count(f"[{HELPED}]") == 5
    assert bold(found) == {"Rotate", "key"}
    more = await slack.presses("ana", "More", on=whispered(found))
    assert "before you rotate" in more.text
    assert "'em & all" in more.text
    assert more.text.endswith("[Earlier]\n[Ask this pocket] [Ask people who know] [Who knows this?]")
    assert "[More]" in (await slack.presses("ana", "Earlier", on=whispered(more))).text
    own = await looks(slack, "ben", '"number 3"', pocket)
    assert HELPED not in own.text
    one = await looks(slack, "ana", "from:@cleo rotate", pocket)
    assert "Noted" in (await slack.presses("ana", HELPED, on=whispered(one))).text
    assert "🔑 helped 1" in (await looks(slack, "ana", "in:#learning 'em", pocket)).text
    await slack.deletes("cleo", kept)
    await memory.settled()
    assert "not there any more" in (await slack.presses("ana", HELPED, on=whispered(one))).text
    assert "Nothing that you may read" in (await looks(slack, "ana", "from:@cleo rotate", pocket)).text


async def test_a_typo_help_and_what_can_not_be_found(slack: Slack, pocket: Channel, bot: Bot) -> None:
    """Each says what it is; nothing behind the command is what is new; it works in a direct message, too."""
    assert "Nothing new" in (await looks(slack, "ben", "", pocket)).text
    await slack.types("ben", "/share The <b>kettle</b> descales itself & sings", in_=pocket)
    assert bot.outloud is not None
    await bot.outloud.count_words()
    direct = slack.world.open_dm(slack.find_person("dan").id, slack.app.id)
    assert "instead of “ketlte”" in (await looks(slack, "dan", "ketlte", direct)).text
    assert "The <b>kettle</b> descales" in (await looks(slack, "dan", "", direct)).text
    assert "narrow" in (await looks(slack, "dan", "help", direct)).text
    assert "no word in that" in (await looks(slack, "dan", "++ => \x00", direct)).text
    assert "who is meant by `from:nobody`" in (await looks(slack, "dan", "from:nobody kettle", direct)).text
    unknown = (await looks(slack, "dan", "since:whenever kind:storys`s kettle", direct)).text
    assert "the kind `kind:storyss`. I know `kind:learning`" in unknown
    assert "which day is meant by `since:whenever`. I know `since:2026-01-15`" in unknown
    assert "comes close" in (await looks(slack, "dan", '"sings the kettle"', direct)).text
    for typed in ("x" * 3001, "kettle " * 600, "“”", '"' * 50, "שלום 🚀 'DROP --", "in:#nowhere kettle"):
        answer = await slack.types("dan", f"/recall {typed}", in_=direct)
        assert answer.text, typed
        assert not answer.failed


async def test_what_slack_does_not_say_in_time_is_left_out_and_the_answer_says_so(
    slack: Slack, pocket: Channel
) -> None:
    """Of a private pocket, to somebody whose channels Slack would not name."""
    private = slack.channel("closed", private=True, members=("ana", "ben"))
    await slack.types("ana", "/outloud start Closed", in_=private)
    await slack.types("ana", "/share Kettles whistle behind doors", in_=private)
    await slack.types("ana", "/share Kettles whistle in the open", in_=pocket)
    found = await looks(slack, "ben", "kettle", pocket)
    assert ("doors" in found.text, "open" in found.text) == (True, True)
    slack.fails("users.conversations", "429", seconds=30)
    found = await slack.types("cleo", "/recall kettle", in_=pocket)
    assert ("doors" in found.text, "open" in found.text) == (False, True)
    assert "could not be checked" in found.text


async def test_what_is_hidden_does_not_show_by_what_could_not_be_checked(slack: Slack, pocket: Channel) -> None:
    """A pocket, a word or a phrase that one may not see answers as one that is not there, whether Slack answers or not."""
    private = slack.channel("closed", private=True, members=("ana", "ben"))
    await slack.types("ana", "/outloud start Closed", in_=private)
    await slack.types("ana", "/share Kettles whistle zephyrs behind doors", in_=private)
    await slack.types("ana", "/share Kettles whistle in the open", in_=pocket)
    direct = slack.world.open_dm(slack.find_person("dan").id, slack.app.id)
    for who, where, is_silent in (("dan", direct, False), ("cleo", pocket, True)):
        if is_silent:
            slack.fails("users.conversations", "429", seconds=30)
        for hidden, nothing in (
            ("in:#closed kettle", "in:#absent kettle"),
            ("in:#closed", "in:#absent"),
            ("zephyrs", "quixotry"),
            ('"behind doors"', '"behind lakes"'),
            ("doors kettle whistle", "lakes kettle whistle"),
            ("kettle -zephyrs", "kettle -quixotry"),
        ):
            if is_silent:
                answers = [await slack.types(who, f"/recall {typed}", in_=where) for typed in (hidden, nothing)]
            else:
                answers = [await looks(slack, who, typed, where) for typed in (hidden, nothing)]
            texts = [re.sub("“.*?”", "“…”", answer.text) for answer in answers]
            assert texts[0] == texts[1], (who, hidden)
            assert [("could not be checked" in said) for said in texts] == [is_silent] * 2, (who, hidden)


async def test_what_is_said_of_signs_names_and_many(slack: Slack, pocket: Channel) -> None:
    """Signs alone are looked for; what names nobody is, too, and that is said."""
    await slack.types("ana", "/share An arrow (a => b) has no this, says the From:header", in_=pocket)
    assert "An arrow" in (await looks(slack, "ben", "=>", pocket)).text
    assert (
        "of the newest 400 that you may read, none has “<=>” in it" in (await looks(slack, "ben", "<=>", pocket)).text
    )
    header = (await looks(slack, "ben", "what's the from:header", pocket)).text
    assert "An arrow" in header
    assert "who is meant by `from:header`, so it is looked for as it stands" in header


async def test_what_is_similar_goes_on_without_that_itself(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The next page begins where the first one ended, and *Earlier* leads back to it."""
    for number in range(8):
        await slack.types("ana", f"/share Kettles whistle, number {number}", in_=pocket)
    await memory.settled()
    form = (await slack.uses("ben", "Find similar", card_of(slack, pocket, "number 7"))).form
    pages = list[list[str]]()
    for button in ("More", "Earlier", ""):
        assert form is not None
        pages.append(re.findall(r"\nKettles whistle, number (\d)", slack.text_of(form)))
        form = (await slack.presses("ben", button, on=form)).form if button else None
    assert [len(page) for page in pages] == [5, 2, 5]
    assert {*pages[0], *pages[1]} == {*"0123456"}
    assert pages[0] == pages[2]


async def test_what_is_not_found_can_be_asked_however_it_was_looked_for(slack: Slack, pocket: Channel) -> None:
    """A phrase and a topic alone, too; what narrows is no part of the question."""
    for typed, said in {
        '"connection reset by peer"': "connection reset by peer",
        "#zebras since:2026": "zebras",
        'why "reset by peer" in:#learning': "why reset by peer",
    }.items():
        found = whispered(await looks(slack, "ben", typed, pocket))
        form = (await slack.presses("ben", "Ask this pocket", on=found)).form
        assert form is not None, typed
        assert f'"initial_value": "{said}"' in json.dumps(form.content)
        await slack.closes("ben", form)


async def test_there_is_no_more_of_what_one_may_not_read(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """A page that is full for whoever looks has no next one, though what comes sixth stands behind doors."""
    private = slack.channel("closed", private=True, members=("ana", "ben"))
    await slack.types("ana", "/outloud start Closed", in_=private)
    for number in range(5):
        await slack.types("ana", f"/share Kettles whistle, number {number}", in_=pocket)
    await slack.types(
        "ana", "/share Behind these doors, somebody says, kettles are what tells others of tea", in_=private
    )
    await memory.settled()
    assert "[More]" in (await looks(slack, "ben", "kettles whistle", pocket)).text
    assert "[More]" not in (await looks(slack, "cleo", "kettles whistle", pocket)).text


async def test_days_begin_where_whoever_asks_is(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The day that it is now where it begins first has not begun where it begins last."""
    first, last = "Pacific/Kiritimati", "Etc/GMT+12"
    today = datetime.now(ZoneInfo(first)).date()
    await slack.types("ana", "/share Kettles whistle", in_=pocket)
    await memory.settled()
    for name, zone, finds in (("kiri", first, True), ("howland", last, False)):
        slack.person(name, tz=zone)
        await slack.joins(name, pocket)
        assert ("whistle" in (await looks(slack, name, f"kettles since:{today}", pocket)).text) == finds


async def test_what_is_similar_to_a_learning_is_not_that_itself(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """*Find similar* on a kept message, or on a card: what else there is, below what it was looked for."""
    message = await slack.says("ana", "Descale kettles with vinegar", in_=pocket)
    await slack.reacts("ben", "bulb", message)
    await slack.types("ana", "/share Kettles whistle when they boil", in_=pocket)
    await memory.settled()

    async def similar_to(one: Message) -> str:
        form = (await slack.uses("ben", "Find similar", one)).form
        assert form is not None
        await slack.closes("ben", form)
        return slack.text_of(form).partition("”:\n")[2]

    found = await similar_to(message)
    assert "whistle" in found
    assert "vinegar" not in found
    card = card_of(slack, pocket, "whistle")
    found = await similar_to(card)
    assert "vinegar" in found
    assert "whistle" not in found
    for shortcut in ("Find similar", "Who knows this?"):
        form = (await slack.uses("ben", shortcut, card)).form
        assert form is not None
        assert "Kettles whistle when they boil" in slack.text_of(form)
        assert "shared a learning" not in slack.text_of(form), "what a notification says of a card is not looked for"
        await slack.closes("ben", form)


async def test_ones_own_is_found_where_nobody_told_that_its_channel_is_gone(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Slack is asked what became of a channel that whoever wrote it is in no more: it is theirs alone then."""
    closed = slack.channel("closed", private=True, members=("ana", "ben"))
    await slack.types("ana", "/outloud start Closed", in_=closed)
    await slack.types("ben", "/share Kettles whistle", in_=closed)
    await memory.settled()
    del slack.world.channels[closed.id]
    memory.run("UPDATE channels SET described_at = described_at - 3600 WHERE id = :id", id=closed.id)

    async def finds(who: str) -> bool:
        answer = await slack.types(who, "/recall kettles", in_=pocket)
        while "could not be checked" in answer.text:  # on a machine that has much else to do
            answer = await slack.types(who, "/recall kettles", in_=pocket)
        return "Kettles whistle" in answer.text

    assert await finds("ben")
    assert not await finds("ana")
