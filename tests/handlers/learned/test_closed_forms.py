"""A form to share that is closed with words in it: they are offered back, and nobody stores what nobody asked to keep."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.learned import unsaved
from handlers.learned.unsaved import Unsaved
from sandbox.records import Channel, Ephemeral, View
from sandbox.slack import Slack
from storage.ids import ChannelId, Person, PersonId, WorkspaceId
from storage.learned.drafts import NewDraft
from tests.again import again
from tests.conftest import Bot
from tests.memory import Memory

EITHER_ANSWER = pytest.mark.parametrize("with_state", [False, True], ids=["state left out", "state told"])
"""Whether Slack tells, when a form is closed, what stood in it."""


@pytest.fixture
async def form(slack: Slack, pocket: Channel) -> View:
    """The form to share, open before ben."""
    opened = await slack.types("ben", "/share", in_=pocket)
    assert opened.form is not None
    return opened.form


def offers(slack: Slack) -> list[Ephemeral]:
    """What ben is asked, privately."""
    return [one for one in slack.sees("ben").ephemerals if "You closed the form" in one.text]


def drafts(memory: Memory) -> list[dict[str, Any]]:
    """What is put aside."""
    return memory.rows("SELECT * FROM drafts")


@EITHER_ANSWER
async def test_words_of_a_closed_form_are_offered_back_and_stored_only_when_asked(
    slack: Slack,
    form: View,
    memory: Memory,
    with_state: bool,  # noqa: FBT001 -- a case
) -> None:
    """The offer shows how they begin; a yes makes a draft of all that stood there."""
    slack.closes_with_state = with_state
    await slack.suggests("ben", form, "topics", "keys")
    await slack.fills(
        form, {"topics": ["keys"], "kind": "Idea", "why": "Holidays.", "words": "Rotate <!channel> keys."}
    )
    await slack.closes("ben", form)
    (offer,) = offers(slack)
    assert "“Rotate &lt;!channel&gt; keys.”" in offer.text
    assert (drafts(memory), memory.outbox(), memory.learnings(state=None)) == ([], [], [])
    assert "You closed" not in str(slack.sees("cleo"))
    await slack.presses("ben", "Save as a draft", on=offer)
    (draft,) = drafts(memory)
    assert (draft["words"], draft["why"], draft["kind"]) == ("Rotate <!channel> keys.", "Holidays.", "idea")
    assert draft["topics"] == "keys"
    assert "Nobody but you sees it" in slack.sees("ben").ephemerals[-1].text


async def test_a_second_press_finds_it_saved(slack: Slack, form: View, memory: Memory) -> None:
    """A double click: both are answered as done."""
    await slack.fills(form, {"words": "Once"})
    await slack.closes("ben", form)
    await slack.presses("ben", "Save as a draft", on=offers(slack)[0])
    assert (await again(slack, "block_actions")).status == 200
    assert len(drafts(memory)) == 1


@EITHER_ANSWER
async def test_what_is_thrown_away_is_gone(
    slack: Slack,
    form: View,
    memory: Memory,
    bot: Bot,
    with_state: bool,  # noqa: FBT001 -- a case
) -> None:
    """From memory, too: a later yes finds nothing."""
    slack.closes_with_state = with_state
    await slack.fills(form, {"words": "Never mind"})
    await slack.closes("ben", form)
    (offer,) = offers(slack)
    await slack.presses("ben", "Throw away", on=offer)
    assert "Nothing of it was stored" in slack.sees("ben").ephemerals[-1].text
    assert (drafts(memory), held(bot)) == ([], 0)


@EITHER_ANSWER
async def test_a_form_closed_without_words_says_nothing(
    slack: Slack,
    form: View,
    bot: Bot,
    with_state: bool,  # noqa: FBT001 -- a case
) -> None:
    """Empty, only spaces, or words that were deleted again."""
    slack.closes_with_state = with_state
    await slack.fills(form, {"words": "Something", "kind": "Idea"})
    await slack.fills(form, {"words": "  "})
    await slack.closes("ben", form)
    assert offers(slack) == []
    assert held(bot) == 0


async def test_what_is_shared_or_saved_is_offered_by_nobody_and_held_no_more(
    slack: Slack, pocket: Channel, form: View, bot: Bot
) -> None:
    """Slack closes a form that was submitted by itself; a saved one says that it is saved, and is just closed."""
    await slack.submits("ben", form, {"words": "Shared"})
    assert held(bot) == 0
    second = (await slack.types("ben", "/share", in_=pocket)).form
    assert second is not None
    await slack.fills(second, {"words": "Saved"})
    await slack.presses("ben", "Save as a draft", on=second)
    await slack.closes("ben", second)
    assert offers(slack) == []
    assert held(bot) == 0


@EITHER_ANSWER
async def test_a_draft_that_is_opened_and_closed_as_it_was_says_nothing(
    slack: Slack,
    pocket: Channel,
    form: View,
    memory: Memory,
    with_state: bool,  # noqa: FBT001 -- a case
) -> None:
    """With other words in it, those are offered; saved, it is the same draft."""
    slack.closes_with_state = with_state
    await slack.fills(form, {"words": "First"})
    await slack.presses("ben", "Save as a draft", on=form)
    for words in ("First", "Second"):
        listed = (await slack.types("ben", "/share drafts", in_=pocket)).ephemeral
        assert listed is not None
        again_open = (await slack.presses("ben", "Open", on=listed)).form
        assert again_open is not None
        if words != "First":
            await slack.fills(again_open, {"words": words})
        await slack.closes("ben", again_open)
        assert len(offers(slack)) == (0 if words == "First" else 1)
    await slack.presses("ben", "Save as a draft", on=offers(slack)[0])
    assert [one["words"] for one in drafts(memory)] == ["Second"]


async def test_who_can_not_be_whispered_to_hears_it_in_a_direct_message(
    slack: Slack, pocket: Channel, form: View
) -> None:
    """They left the channel while the form was open."""
    await slack.fills(form, {"words": "From outside"})
    await slack.leaves("ben", pocket)
    await slack.closes("ben", form)
    await slack.until(lambda: slack.sees("ben").dms)
    assert "“From outside”" in slack.sees("ben").dms[0].text


async def test_one_draft_too_many_leaves_the_words_within_reach(slack: Slack, form: View, memory: Memory) -> None:
    """The offer stays, and a yes counts once there is room."""
    await slack.fills(form, {"words": "One too many"})
    await slack.closes("ben", form)
    for n in range(20):
        memory.run(
            "INSERT INTO drafts (workspace, person, key, channel, words, kind, without_name, saved_at)"
            " VALUES (:w, :p, :k, '', 'w', 'learning', false, 9e9)",
            w=slack.world.team_id,
            p=slack.find_person("ben").id,
            k=f"k{n}",
        )
    (offer,) = offers(slack)
    await slack.presses("ben", "Save as a draft", on=offer)
    assert "no more fit" in slack.sees("ben").ephemerals[-1].text
    memory.run("DELETE FROM drafts WHERE key = 'k7'")
    await slack.presses("ben", "Save as a draft", on=offer)
    assert len(drafts(memory)) == 20


async def test_what_nobody_asked_to_keep_is_let_go(
    slack: Slack, form: View, bot: Bot, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its time it is in no memory any more, and a yes says so."""
    monkeypatch.setattr(unsaved, "HOLD_FOR", 0.001)
    slack.closes_with_state = True
    await slack.fills(form, {"words": "Too late"})
    await slack.closes("ben", form)
    (offer,) = offers(slack)
    await slack.until(lambda: held(bot) == 0)
    await slack.presses("ben", "Save as a draft", on=offer)
    assert "does not have those words any more" in slack.sees("ben").ephemerals[-1].text
    assert drafts(memory) == []


async def test_no_log_and_no_table_holds_what_was_typed(
    slack: Slack, form: View, memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    """Typed, closed, offered."""
    with caplog.at_level("DEBUG"):
        await slack.fills(form, {"words": "swordfish"})
        await slack.closes("ben", form)
    ours = [one for one in caplog.records if one.name.partition(".")[0] in ("bot", "handlers", "storage")]
    assert offers(slack)
    assert all("swordfish" not in one.getMessage() for one in ours)
    for table in ("drafts", "learnings", "outbox", "deliveries", "people"):
        assert "swordfish" not in str(memory.rows(f"SELECT * FROM {table}")), table  # noqa: S608 -- our own tables


async def test_of_too_many_forms_the_oldest_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that is told of again counts as new."""
    monkeypatch.setattr(unsaved, "MAX_HELD", 2)
    held, ben = Unsaved(), Person(WorkspaceId("T1"), PersonId("U1"))
    for key in ("1", "2", "1", "3"):
        held.hold(ben, NewDraft(key=key, channel=ChannelId("C1"), words=key))
    assert [held.of(ben, key) is not None for key in ("1", "2", "3")] == [True, False, True]
    assert held.of(Person(WorkspaceId("T1"), PersonId("U2")), "1") is None
    for key in ("1", "3"):
        held.drop(ben, key)


def held(bot: Bot) -> int:
    """How many forms the bot's memory holds something of."""
    assert bot.outloud is not None
    return len(bot.outloud._desk.unsaved._held)  # noqa: SLF001 -- nothing else shows what is let go
