"""Drafts: put aside in the form to share, seen by nobody else, opened again, shared, thrown away, forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from bench import pockets
from bot.wiring import Outloud
from sandbox.records import Channel, View
from sandbox.slack import Slack
from tests.again import again, last, send
from tests.conftest import BY_EITHER_DOOR, Bot
from tests.memory import Memory
from tests.sights import cards


@pytest.fixture
async def form(slack: Slack, pocket: Channel) -> View:
    """The form to share, open before ben."""
    opened = await slack.types("ben", "/share", in_=pocket)
    assert opened.form is not None
    return opened.form


async def put_aside(slack: Slack, form: View, **entered: Any) -> str:
    """Ben enters something and saves it as a draft; what the form says then."""
    await slack.fills(form, entered)
    pressed = await slack.presses("ben", "Save as a draft", on=form)
    assert not pressed.failed
    top = slack.sees("ben").form
    assert top is not None
    return slack.text_of(top)


async def opened(slack: Slack, pocket: Channel) -> View:
    """Ben opens the one draft that he has."""
    answer = await slack.types("ben", "/share drafts", in_=pocket)
    assert answer.ephemeral is not None
    form = (await slack.presses("ben", "Open", on=answer.ephemeral)).form
    assert form is not None
    return form


def drafts(memory: Memory) -> list[dict[str, Any]]:
    """What is put aside."""
    return memory.rows("SELECT * FROM drafts ORDER BY saved_at")


@BY_EITHER_DOOR
async def test_a_draft_holds_all_that_the_form_holds_and_is_shared_from_there(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """Words, why, topics, kind, pocket and name come back; shared, it is one learning, and no draft any more."""
    await slack.suggests("ben", form, "topics", "keys")
    said = await put_aside(
        slack, form, words="Rotate keys.", why="Holidays.", topics=["keys"], kind="Idea", name="Without my name"
    )
    assert "Saved as a draft" in said
    assert "30 days" in said
    assert (memory.learnings(state=None), memory.outbox(), len(drafts(memory))) == ([], [], 1)
    again_open = await opened(slack, pocket)
    shown = slack.text_of(again_open)
    for part in ("[Rotate keys.]", "[Holidays.]", "[keys]", "[Idea]", "[#learning]", "[Without my name]"):
        assert part in shown
    assert (await slack.submits("ben", again_open)).closed
    await memory.settled()
    (learning,) = memory.learnings()
    assert (learning.words, learning.why, learning.topics) == ("Rotate keys.", "Holidays.", ("keys",))
    assert (learning.kind, learning.without_name) == ("idea", True)
    assert drafts(memory) == []
    assert len(cards(slack, "ana", pocket)) == 1


async def test_a_draft_that_is_sent_twice_is_one_learning(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """It has the key of the form that it was saved in: a double click, and the form of before, share it once."""
    await put_aside(slack, form, words="Once")
    await slack.submits("ben", await opened(slack, pocket))
    assert (await again(slack, "view_submission")).status == 200
    await memory.settled()
    assert len(memory.learnings()) == 1
    assert len(cards(slack, "ana", pocket)) == 1


async def test_a_draft_saved_twice_is_one_with_the_later_words(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """A double click changes nothing; opened and saved again, it says what was entered last."""
    await put_aside(slack, form, words="First")
    assert (await again(slack, "block_actions")).status == 200
    await put_aside(slack, await opened(slack, pocket), words="Second")
    assert [one["words"] for one in drafts(memory)] == ["Second"]


async def test_a_draft_may_be_incomplete_and_is_checked_when_it_is_shared(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """A why without words: it is put aside, listed, opened; the words are asked for at their field."""
    await put_aside(slack, form, why="Because of the holidays")
    listed = await slack.types("ben", "/share drafts", in_=pocket)
    assert "Because of the holidays" in listed.text
    sent = await slack.submits("ben", await opened(slack, pocket))
    assert list(sent.errors) == ["words"]
    assert len(drafts(memory)) == 1


async def test_more_topics_than_fit_wait_until_it_is_shared(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """All of them come back, and the field says then how many fit."""
    await put_aside(slack, form, words="On everything")
    payload = last(slack, "block_actions")
    chosen = [{"text": {"type": "plain_text", "text": f"t{n}"}, "value": f"t{n}"} for n in range(12)]
    payload["view"]["state"]["values"]["topics"]["topics"]["selected_options"] = chosen
    assert (await send(slack, "block_actions", payload)).status == 200
    form = await opened(slack, pocket)
    sent = await slack.submits("ben", form)
    assert "12 topics; up to 10 fit" in sent.errors["topics"]
    assert (await slack.submits("ben", form, {"topics": ["t1", "t2"]})).closed
    assert [one.topics for one in memory.learnings()] == [("t1", "t2")]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "nothing in this form yet"),
        ("  \n ", "nothing in this form yet"),
        ("\u200b", "nothing in this form yet"),
        ("\x00", "nothing in this form yet"),
        ("a" * 3001, "3001 characters"),
        ("a" * 40_000, "40000 characters"),
    ],
)
async def test_what_is_no_draft_is_said_and_stays_in_the_form(
    slack: Slack, form: View, memory: Memory, value: str | None, says: str
) -> None:
    """In a form above the one that it was typed into."""
    await slack.presses("ben", "Save as a draft", on=form)
    payload = last(slack, "block_actions")
    payload["view"]["state"]["values"]["words"]["words"]["value"] = value
    status = 0
    while status != 200:  # where Slack is slow to show it, its own warning sign says that it failed: ben presses again
        payload["trigger_id"] = slack.world.new_trigger(slack.find_person("ben").id, view=form.id)
        status = (await send(slack, "block_actions", payload)).status
    said = slack.sees("ben").form
    assert said is not None
    assert says in slack.text_of(said)
    assert form.open
    assert drafts(memory) == []


@pytest.mark.parametrize("words", ["<!channel> <@U123> &amp; *b*", "שלום", "a\x00b", "```\nx\n```", "x" * 3000])
async def test_any_words_can_be_put_aside_and_come_back(
    slack: Slack, pocket: Channel, form: View, memory: Memory, words: str
) -> None:
    """As they were typed; in the list they ping nobody."""
    await put_aside(slack, form, words=words)
    listed = await slack.types("ben", "/share drafts", in_=pocket)
    assert listed.ephemeral is not None
    assert "<!channel>" not in str(listed.ephemeral.blocks)
    await slack.submits("ben", await opened(slack, pocket))
    assert [one.words for one in memory.learnings()] == [words.replace("\x00", "")]


async def test_nobody_else_sees_or_touches_a_draft(slack: Slack, pocket: Channel, form: View, memory: Memory) -> None:
    """Not in a list, not by its key: for others it is not there."""
    await put_aside(slack, form, words="Half a thought")
    assert "You have no drafts" in (await slack.types("cleo", "/share drafts", in_=pocket)).text
    assert all("Half a thought" not in slack.sees(who) for who in ("ana", "cleo", "dan"))
    answer = await slack.types("ben", "/share drafts", in_=pocket)
    assert answer.ephemeral is not None
    await slack.presses("ben", "Throw away", on=answer.ephemeral)
    payload = last(slack, "block_actions")
    await put_aside(slack, (await slack.types("ben", "/share", in_=pocket)).form or form, words="Another")
    payload["actions"][0]["value"] = drafts(memory)[0]["key"]
    payload["user"]["id"] = slack.find_person("cleo").id
    for action in ("draft.throw_away", "draft.open"):
        payload["actions"][0]["action_id"] = action
        assert (await send(slack, "block_actions", payload)).status == 200
    assert slack.sees("cleo").form is None
    assert [one["words"] for one in drafts(memory)] == ["Another"]


async def test_a_draft_can_be_thrown_away(slack: Slack, pocket: Channel, form: View, memory: Memory) -> None:
    """After *are you sure?*; the list says what is left, and a second press that it is gone."""
    await put_aside(slack, form, words="Not worth it")
    answer = await slack.types("ben", "/share drafts", in_=pocket)
    assert answer.ephemeral is not None
    assert '"confirm"' in str(answer.blocks).replace("'", '"')
    await slack.presses("ben", "Throw away", on=answer.ephemeral)
    assert drafts(memory) == []
    assert "You have no drafts" in answer.text
    payload = last(slack, "block_actions")
    payload["actions"][0]["action_id"] = "draft.open"
    await send(slack, "block_actions", payload)
    assert "not there any more" in slack.sees("ben").ephemerals[-1].text


async def test_drafts_are_listed_anywhere_newest_first(slack: Slack, pocket: Channel) -> None:
    """With their first words and their pocket; in a channel that is no pocket, and in a direct message, too."""
    lunch = slack.channel("lunch", members=("ben",))
    for words in ("The older one", "The newer one " + "and on " * 60):
        form = (await slack.types("ben", "/share", in_=pocket)).form
        assert form is not None
        await put_aside(slack, form, words=words)
    for where in (lunch, slack.app):
        lines = (await slack.types("ben", "/share  Drafts", in_=where)).text.splitlines()
        assert lines[0] == "2 drafts of yours, which nobody else sees. Outloud forgets what you leave for 30 days."
        assert lines[1].startswith("The newer one and on")
        assert lines[1].endswith("…")
        assert lines[2].startswith("#learning  ·  saved ")
        assert lines[4] == "The older one"


async def test_one_draft_too_many_says_what_to_do(slack: Slack, pocket: Channel, form: View, memory: Memory) -> None:
    """Twenty fit, and the list of them is one that Slack takes; the form stays open with its words."""
    await put_aside(slack, form, words="One of many")
    for n in range(19):
        memory.run("INSERT INTO drafts SELECT workspace, person, :key, channel, words, why, kind, topics, without_name,"
                   " saved_at FROM drafts LIMIT 1", key=f"k{n}")  # fmt: skip
    listed = await slack.types("ben", "/share drafts", in_=pocket)
    assert listed.text.startswith("20 drafts of yours")
    form = (await slack.types("ben", "/share", in_=pocket)).form or form
    assert "no more fit" in await put_aside(slack, form, words="One too many")
    assert form.open
    assert "One too many" in slack.text_of(form)
    assert len(drafts(memory)) == 20


async def test_a_draft_whose_pocket_ended_says_so_when_it_is_shared(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """At the pocket's field; nothing is lost, and another pocket can be chosen."""
    await put_aside(slack, form, words="All this for nothing?")
    other = slack.channel("ops", members=("ben",))
    await pockets.begin(slack, "ben", other)
    await slack.types("ana", "/outloud stop", in_=pocket)
    form = await opened(slack, pocket)
    sent = await slack.submits("ben", form)
    assert "no learning pocket any more" in sent.errors["pocket"]
    assert len(drafts(memory)) == 1
    await slack.suggests("ben", form, "pocket", "ops")
    assert (await slack.submits("ben", form, {"pocket": "#ops"})).closed
    assert drafts(memory) == []


async def test_a_draft_for_a_channel_that_one_left_says_so_without_its_name(
    slack: Slack, pocket: Channel, form: View, memory: Memory
) -> None:
    """What the channel is called by now is nothing that they can see in Slack."""
    await put_aside(slack, form, words="From outside")
    await slack.leaves("ben", pocket)
    await slack.renames("ana", pocket, "secret-plans")
    await memory.settled()
    lunch = slack.channel("lunch", members=("ben",))
    listed = await slack.types("ben", "/share drafts", in_=lunch)
    form = await opened(slack, lunch)
    assert "secret" not in listed.text + slack.text_of(form)
    sent = await slack.submits("ben", form)
    assert "not in that channel" in sent.errors["pocket"]


async def test_what_was_shared_can_not_be_put_aside_any_more(slack: Slack, form: View, memory: Memory) -> None:
    """Two clicks that overtake each other: the learning stands, and no draft of it is left."""
    await slack.submits("ben", form, {"words": "Shared"})
    payload = last(slack, "view_submission")
    pressed = {"type": "button", "action_id": "draft.save", "value": "draft", "action_ts": slack.world.new_ts()}
    trigger = slack.world.new_trigger(slack.find_person("ben").id)
    await send(
        slack, "block_actions", {**payload, "type": "block_actions", "actions": [pressed], "trigger_id": trigger}
    )
    assert drafts(memory) == []


async def test_where_slack_does_not_say_that_it_is_saved_it_is(slack: Slack, form: View, memory: Memory) -> None:
    """The form stays as it was; sharing it then ends the draft."""
    slack.fails("views.update", "error before", times=1)
    await slack.fills(form, {"words": "Saved all the same"})
    assert not (await slack.presses("ben", "Save as a draft", on=form)).failed
    assert len(drafts(memory)) == 1
    assert (await slack.submits("ben", form)).closed
    assert (len(drafts(memory)), len(memory.learnings())) == (0, 1)


async def test_a_draft_is_forgotten_after_thirty_days(slack: Slack, form: View, memory: Memory, bot: Bot) -> None:
    """By the hourly tidying; one that was saved since stays. In SQLite's file, nothing of it is left."""
    await put_aside(slack, form, words="Forgotten swordfish")
    assert isinstance(bot.outloud, Outloud)
    await bot.outloud._tidy()  # noqa: SLF001 -- what the clock calls every hour
    assert len(drafts(memory)) == 1
    memory.run("UPDATE drafts SET saved_at = saved_at - 30 * 86400 - 60")
    await bot.outloud._tidy()  # noqa: SLF001
    assert drafts(memory) == []
    if memory.url.database and memory.url.drivername.startswith("sqlite"):
        memory.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        with open(memory.url.database, "rb") as file:  # noqa: PTH123, ASYNC230 -- a small file of a test's
            assert b"swordfish" not in file.read()


async def test_no_log_and_no_errand_holds_what_was_put_aside(
    slack: Slack, pocket: Channel, form: View, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    """Saved, listed, opened, refused, shared."""
    with caplog.at_level("DEBUG"):
        await put_aside(slack, form, words="swordfish")
        again_open = await opened(slack, pocket)
        await slack.types("ana", "/outloud stop", in_=pocket)
        await slack.submits("ben", again_open)
    ours = [one for one in caplog.records if one.name.partition(".")[0] in ("bot", "handlers", "storage")]
    assert all("swordfish" not in one.getMessage() for one in ours)
    assert all("swordfish" not in str(row) for row in memory.outbox())
