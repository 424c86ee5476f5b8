"""Who knows: people are found for what they say, what others endorse, and what they shared; and only if they wish."""

from __future__ import annotations

import re

from bench import pockets
from sandbox.records import Channel, Ephemeral
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory

DAY = 86400.0


async def said(slack: Slack, who: str, typed: str, where: Channel) -> str:
    """What a command answers, as it is read."""
    answer = await slack.types(who, typed, in_=where)
    return slack.text_of(answer.ephemeral) if answer.ephemeral else answer.text


async def asks(slack: Slack, who: str, what: str, where: Channel) -> Ephemeral:
    """Who is found: the answer that somebody gets, until Slack has said in time what they may see."""
    while True:
        answer = (await slack.types(who, f"/whoknows {what}", in_=where)).ephemeral
        assert answer is not None
        if "did not say in time" not in slack.text_of(answer):
            return answer


def whispers(slack: Slack, who: str) -> list[str]:
    """What the bot said to somebody alone, the newest first."""
    return [slack.text_of(one) for one in reversed(slack.sees(who).ephemerals)]


async def a_day_later(bot: Bot, memory: Memory, days: float = 1.0) -> None:
    """What waited for its turn is said."""
    bot.ahead += days * DAY + 60
    assert bot.outloud is not None
    await bot.outloud.bring_notices()
    await memory.settled()


async def test_people_are_found_for_what_they_say_and_what_they_shared(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """With why, and how it is with them; in a topic's any spelling, and within a question; each undo undoes."""
    slack.find_person("ben").status_text, slack.find_person("ben").status_emoji = "Vacation <!here>", ":palm_tree:"
    assert "*python* and *incident-review*" in await said(slack, "ben", "/askme Python , incident review", pocket)
    await slack.types("cleo", "/share The GIL can be off now #python", in_=pocket)
    await memory.settled()
    found = slack.text_of(await asks(slack, "ana", "how does PYTHON handle threads?", pocket))
    assert "@ben: asks to be asked about *python*" in found
    assert "away, they say: “Vacation <!here>”" in found
    assert "@cleo: shared The GIL can be off now" in found
    assert found.index("@cleo") < found.index("@ben")  # who is away stands lower, and says so
    assert "@ana" not in slack.text_of(await asks(slack, "ana", "incident-review", pocket))
    assert "Nobody stands for *cobol* yet" in await said(slack, "ana", "/whoknows cobol", pocket)
    await slack.types("ana", "/askme cobol", in_=pocket)
    assert "Nobody but you stands for *cobol* yet" in await said(slack, "ana", "/whoknows cobol", pocket)
    gone = (await slack.types("ben", "/askme -python", in_=pocket)).ephemeral
    assert gone is not None
    assert "@ben" not in slack.text_of(await asks(slack, "ana", "python", pocket))
    assert "Undone" in (await slack.presses("ben", "Undo", on=gone)).text
    assert "@ben" in slack.text_of(await asks(slack, "ana", "python", pocket))


async def test_the_form_suggests_from_what_one_shared_and_hides_one_at_once(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """The very next question finds nobody; who wrote as often as they want to be asked stands there as such."""
    await slack.types("ben", "/share WAL lets readers go on #sqlite", in_=pocket)
    await slack.types("ben", "/askme python", in_=pocket)
    await memory.settled()
    form = (await slack.types("ben", "/askme", in_=pocket)).form
    assert form is not None
    await slack.presses("ben", "askme.suggest", on=form)
    sent = await slack.submits("ben", form, {"suggested": ["sqlite"], "a_week": "1"})
    assert sent.closed, sent.errors
    found = await asks(slack, "ana", "sqlite", pocket)
    assert "asks to be asked about *sqlite*; shared" in slack.text_of(found)
    await slack.presses("ana", "who.write", on=found)
    assert "has had their questions for this week" in slack.text_of(await asks(slack, "cleo", "sqlite", pocket))
    form = (await slack.types("ben", "/askme", in_=pocket)).form
    assert form is not None
    sent = await slack.submits("ben", form, {"choices": ["hidden"]})
    assert sent.closed, sent.errors
    for who in ("ana", "cleo"):
        assert "Nobody stands for" in slack.text_of(await asks(slack, who, "sqlite", pocket))
    assert "You chose not to be found" in await said(slack, "ben", "/askme bash", pocket)


async def test_an_endorsement_waits_for_a_yes(slack: Slack, bot: Bot, pocket: Channel, memory: Memory) -> None:
    """Unseen until its person is asked, once for all together; then it is a reason; taken back, it is none."""
    await slack.types("ben", "/askme alembic", in_=pocket)
    for giver in ("ana", "cleo"):
        pressed = await slack.presses(giver, "who.endorse", on=await asks(slack, giver, "alembic", pocket))
        assert "not counted unless they say yes" in pressed.text
    again = await slack.presses("ana", "who.endorse", on=await asks(slack, "ana", "alembic", pocket))
    assert "already. It is not counted so far." in again.text
    assert "endorsed" not in slack.text_of(await asks(slack, "ana", "alembic", pocket))
    await memory.settled()
    assert slack.sees("ben").dms == []
    await a_day_later(bot, memory)
    (asked,) = slack.sees("ben").dms
    assert "Two people would ask you about *alembic*" in slack.text_of(asked)
    await slack.presses("ben", "List me", on=asked)
    found = await asks(slack, "cleo", "alembic", pocket)
    assert "endorsed by @ana and @cleo" in slack.text_of(found)
    again = await slack.presses("ana", "who.endorse", on=await asks(slack, "ana", "alembic", pocket))
    assert "said yes to it: it counts" in again.text
    assert again.ephemeral is not None
    await slack.presses("ana", "Take it back", on=again.ephemeral)
    assert "endorsed by @cleo" in slack.text_of(await asks(slack, "cleo", "alembic", pocket))


async def test_a_reaction_endorses_whoever_wrote_a_message(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """For the topics of the learning that it is; of any other it is asked for what. Taken off, it is taken back."""
    await slack.types("ben", "/share Batch mode copies the table #alembic", in_=pocket)
    await memory.settled()
    card = slack.sees("cleo").channel(pocket)[-1]
    await slack.reacts("cleo", "mortar_board", card)
    await slack.reacts("ben", "mortar_board", card)
    message = await slack.says("ben", "Happy to explain.", in_=pocket)
    await slack.reacts("ana", "mortar_board", message)
    await memory.settled()
    assert "You would ask whoever wrote that about *alembic*" in whispers(slack, "cleo")[0]
    assert [row["giver"] for row in memory.rows("SELECT giver FROM endorsements")] == [slack.find_person("cleo").id]
    (what,) = [one for one in slack.sees("ana").ephemerals if "Say about what" in slack.text_of(one)]
    form = (await slack.presses("ana", "Say about what", on=what)).form
    assert form is not None
    assert not (await slack.submits("ana", form, {"about": " , "})).closed
    await slack.submits("ana", form, {"about": "alembic, python"})
    await slack.unreacts("cleo", "mortar_board", card)
    await a_day_later(bot, memory)
    (asked,) = slack.sees("ben").dms
    assert slack.text_of(asked).count("Somebody would ask you about") == 2


async def test_a_lead_merges_topics_and_undoes_it(slack: Slack, pocket: Channel) -> None:
    """All names find the same people; nobody else may; what is no merge is said."""
    await slack.types("ben", "/askme py", in_=pocket)
    done = await slack.types("ana", "/outloud topics py, python3 = Python", in_=pocket)
    assert "*py* and *python3* are called *python*" in done.text
    undo = done.ephemeral
    assert undo is not None
    assert "@ben: asks to be asked about *python*" in slack.text_of(await asks(slack, "ana", "python3", pocket))
    assert "are one already" in (await slack.types("ana", "/outloud topics python = py", in_=pocket)).text
    assert "/outloud topics py, python3 = python" in (await slack.types("ana", "/outloud topics py", in_=pocket)).text
    for careless, right in (
        ("python = py, python3", "py, python3 = python"),
        ("a = b = c", "a, b = c"),
        ("a, b = c, d", "py, python3 = python"),
    ):
        assert (
            f"`/outloud topics {right}`" in (await slack.types("ana", f"/outloud topics {careless}", in_=pocket)).text
        )
    assert "Only a lead" in (await slack.types("cleo", "/outloud topics a = b", in_=pocket)).text
    await slack.presses("ana", "Undo", on=undo)
    assert "Nobody stands for *python3*" in slack.text_of(await asks(slack, "ana", "python3", pocket))
    assert "@ben" in slack.text_of(await asks(slack, "ana", "py", pocket))


async def test_the_form_leaves_alone_what_was_done_since_it_was_opened(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """What a command added meanwhile stays, what it took off stays off; what was unchosen in the form goes."""
    await slack.types("ben", "/askme python, sql, bash", in_=pocket)
    form = (await slack.types("ben", "/askme", in_=pocket)).form
    assert form is not None
    await slack.types("ben", "/askme kafka, -sql", in_=pocket)
    await slack.presses("ben", "askme.suggest", on=form)
    sent = await slack.submits("ben", form, {"tags": ["python", "sql"]})
    assert sent.closed, sent.errors
    held = "SELECT topic FROM expert_tags WHERE off_at IS NULL ORDER BY topic"
    assert [row["topic"] for row in memory.rows(held)] == ["kafka", "python"]


async def test_a_topic_of_a_channel_that_one_may_not_read_is_a_word_like_any_other(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """A question is understood by what its asker may see: of what others have, the answer tells nothing."""
    vault = slack.channel("vault", private=True, members=("ana", "ben"))
    await pockets.begin(slack, "ana", vault)
    await slack.types("ben", "/share Layoffs are planned #zeus", in_=vault)
    await slack.types("ana", "/outloud topics hera = olympus", in_=vault)
    await slack.types("ben", "/share Layoffs are planned #olympus", in_=vault)
    await memory.settled()

    async def answers(who: str, word: str) -> str:
        found = slack.text_of(await asks(slack, who, f"who here knows all about {word} now", pocket))
        return found.replace(word, "it")

    for word in ("zeus", "hera", "olympus"):
        assert "*it*" not in await answers("cleo", word)
        assert await answers("cleo", word) == await answers("cleo", "nonesuch")
    assert "*zeus*" in slack.text_of(await asks(slack, "ana", "who here knows all about zeus now", pocket))
    assert "Nobody stands for *hera* yet" in slack.text_of(await asks(slack, "cleo", "hera", pocket))


async def test_a_guest_is_told_of_no_endorser_who_is_not_where_they_are(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """As Slack says it now, though nobody told that they left: not beside who is found, nor in a profile."""
    await slack.types("ben", "/askme alembic", in_=pocket)
    await slack.presses("cleo", "who.endorse", on=await asks(slack, "cleo", "alembic", pocket))
    await a_day_later(bot, memory)
    await slack.presses("ben", "List me", on=slack.sees("ben").dms[-1])
    gus = slack.person("gus", guest="multi")
    await slack.invites("ana", gus, pocket)
    assert "endorsed by @cleo" in slack.text_of(await asks(slack, "gus", "alembic", pocket))
    slack.world.channel(pocket.id).members.pop(slack.find_person("cleo").id)  # and nobody tells
    bot.ahead += 120
    found = slack.text_of(await asks(slack, "gus", "alembic", pocket))
    assert "@ben: asks to be asked about *alembic*" in found
    assert "endorsed" not in found
    await slack.opens_home("gus")
    await memory.settled()
    page = slack.sees("gus").home
    assert page is not None
    await slack.presses("gus", "home.person", on=page, value="ben")
    form = slack.sees("gus").form
    assert form is not None
    assert "*alembic*: they ask to be asked" in slack.text_of(form)
    assert "endorsed" not in slack.text_of(form)


async def test_a_guest_reads_of_nobody_elsewhere_who_endorses_them(
    slack: Slack, bot: Bot, pocket: Channel, memory: Memory
) -> None:
    """In their own form, too: colleagues are named there, whoever is not in a channel with them is not."""
    gus = slack.person("gus", guest="multi")
    await slack.invites("ana", gus, pocket)
    await slack.types("gus", "/askme alembic", in_=pocket)
    for giver in ("ben", "cleo"):
        await slack.presses(giver, "who.endorse", on=await asks(slack, giver, "alembic", pocket))
    await a_day_later(bot, memory)
    await slack.presses("gus", "List me", on=slack.sees("gus").dms[-1])
    slack.world.channel(pocket.id).members.pop(slack.find_person("cleo").id)  # and nobody tells
    bot.ahead += 120
    form = (await slack.types("gus", "/askme", in_=pocket)).form
    assert form is not None
    assert "endorsed by @ben" in slack.text_of(form)
    assert "@cleo" not in slack.text_of(form)


async def stand_for(slack: Slack, many: int, topic: str, where: Channel) -> list[str]:
    """So many people say that they may be asked about it. Returns who they are, in the order in which they are found."""
    for number in range(many):
        await slack.joins(slack.person(f"p{number}"), where)
        await slack.types(f"p{number}", f"/askme {topic}", in_=where)
    return sorted((f"p{number}" for number in range(many)), key=lambda who: slack.find_person(who).id)


def named_in(slack: Slack, found: Ephemeral) -> list[str]:
    """Who is named, in order."""
    return re.findall(r"@(\w+): ", slack.text_of(found))


async def test_who_is_gone_or_away_hides_nobody_behind_them(slack: Slack, bot: Bot, pocket: Channel) -> None:
    """Up to five who are there are named, however many stand before them who are not; who is away stands behind."""
    people = await stand_for(slack, 13, "tea", pocket)
    assert named_in(slack, await asks(slack, "ana", "tea", pocket)) == people[:5]
    for who in people[:10]:
        slack.find_person(who).status_emoji = ":palm_tree:"
    bot.ahead += 120
    assert named_in(slack, await asks(slack, "ana", "tea", pocket)) == [*people[10:], *people[:2]]
    for who in people[:10]:
        slack.find_person(who).deleted = True
    bot.ahead += 120
    assert named_in(slack, await asks(slack, "ana", "tea", pocket)) == people[10:]


async def test_a_name_is_taken_back_by_typing_also_of_a_pocket_that_is_none_any_more(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """While it is one, its leads alone do; the list may have no room for it."""
    other = slack.channel("other", members=("cleo",))
    await pockets.begin(slack, "cleo", other)
    await slack.types("cleo", "/outloud topics go = golang", in_=other)
    assert "only they take it back" in (await slack.types("ana", "/outloud topics go = chess", in_=pocket)).text
    assert "Nothing of this pocket's" in (await slack.types("ana", "/outloud topics -go", in_=pocket)).text
    await slack.types("cleo", "/outloud stop", in_=other)
    await memory.settled()
    assert "`/outloud topics -go`" in (await slack.types("ana", "/outloud topics go = chess", in_=pocket)).text
    assert "*go* is a topic of its own again" in (await slack.types("ana", "/outloud topics -Go", in_=pocket)).text
    assert "*go* is called *chess*" in (await slack.types("ana", "/outloud topics go = chess", in_=pocket)).text
