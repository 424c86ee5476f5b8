"""The bank as leads leaf through it; 500 prompts of a pocket's own fit into forms, page by page."""

from __future__ import annotations

from sandbox.records import Channel, View
from sandbox.slack import Slack
from tests.memory import Memory


async def bank(slack: Slack, pocket: Channel) -> View:
    """What `/prompts bank` opens."""
    view = (await slack.types("ana", "/prompts bank", in_=pocket)).form
    assert view is not None
    return view


def now(slack: Slack, view: View) -> View:
    """An open form as it stands now."""
    return slack.world.views[view.id]


async def test_a_prompt_of_the_bank_is_scheduled(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Another shelf is chosen, and the form has the question of the prompt that was pressed."""
    view = await bank(slack, pocket)
    assert "What is one thing you know today" in slack.text_of(view)
    await slack.presses("ana", "bank.shelf", on=view, value="stuck on")
    shown = now(slack, view)
    assert "What are you stuck on right now" in slack.text_of(shown)
    for block in shown.content["blocks"]:  # of five buttons alike, the last one is pressed
        if block["type"] == "actions" and block["elements"][0].get("value", "stuck-help") != "stuck-help":
            block["elements"] = [one for one in block["elements"] if one["action_id"] != "bank.use"]
    form = (await slack.presses("ana", "Schedule it", on=shown)).form
    assert form is not None
    assert (await slack.submits("ana", form)).errors == {}
    assert "half an hour with one of us" in str(memory.rows("SELECT questions FROM schedules"))


async def test_a_pocket_adds_edits_and_retires_its_own(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """And brings one back; a theme asks what it holds, the pocket's own too."""
    view = await bank(slack, pocket)
    form = (await slack.presses("ana", "Add one of ours", on=view)).form
    assert form is not None
    assert "no question in it" in str((await slack.submits("ana", form, {"question": "  "})).errors)
    await slack.submits(
        "ana", form, {"question": "What broke?", "theme": "ours", "example": "The lift.", "use": "Mondays."}
    )
    shown = slack.text_of(now(slack, view))
    assert all(words in shown for words in ("What broke?", "The lift.", "Mondays."))
    edit = (await slack.presses("ana", "Edit", on=now(slack, view))).form
    assert edit is not None
    await slack.submits("ana", edit, {"question": "What broke lately?"})
    assert "What broke lately?" in slack.text_of(now(slack, view))
    board = (await slack.types("ana", "/prompts", in_=pocket)).form
    assert board is not None
    schedule = (await slack.presses("ana", "Schedule a prompt", on=board)).form
    assert schedule is not None
    assert (await slack.submits("ana", schedule, {"order": "theme", "theme": "ours"})).errors == {}
    preview = (await slack.presses("ana", "Preview to me", on=now(slack, board))).form
    assert preview is not None
    assert "What broke lately?" in slack.text_of(preview)
    await slack.presses("ana", "Retire", on=now(slack, view))
    assert "What broke lately?" not in slack.text_of(now(slack, view))
    await slack.presses("ana", "bank.shelf", on=now(slack, view), value="retired")
    await slack.presses("ana", "Bring back", on=now(slack, view))
    assert [row["state"] for row in memory.rows("SELECT state FROM prompts")] == ["live"]


async def test_of_two_who_edit_a_prompt_at_once_the_second_compares(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Nothing that they typed is lost."""
    view = await bank(slack, pocket)
    form = (await slack.presses("ana", "Add one of ours", on=view)).form
    assert form is not None
    await slack.submits("ana", form, {"question": "What broke?"})
    edit = (await slack.presses("ana", "Edit", on=now(slack, view))).form
    assert edit is not None
    memory.run(
        "UPDATE prompts SET question = 'Theirs?', version = 2, changed_by = :ben", ben=slack.find_person("ben").id
    )
    await slack.submits("ana", edit, {"question": "Mine?"})
    assert "Theirs?" in slack.text_of(now(slack, edit))
    assert memory.rows("SELECT question FROM prompts") == [{"question": "Theirs?"}]
    await slack.submits("ana", now(slack, edit))
    assert memory.rows("SELECT question FROM prompts") == [{"question": "Mine?"}]


async def test_five_hundred_prompts_of_its_own_fit_and_no_more(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """A page at a time; the 501st is told so."""
    me = slack.find_person("ana").id
    memory.run(
        "INSERT INTO prompts (workspace, id, channel, theme, question, by, state, changed_by, created_at)"
        " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
        " SELECT workspace, 'p' || i, channel, 'ours', 'Question ' || i || '?', :me, 'live', :me, i FROM pockets, n",
        me=me,
    )
    view = await bank(slack, pocket)
    await slack.presses("ana", "bank.shelf", on=view, value="ours")
    assert "Page 1 of 50" in slack.text_of(now(slack, view))
    await slack.presses("ana", "More", on=now(slack, view))
    assert "Question 11?" in slack.text_of(now(slack, view))
    form = (await slack.presses("ana", "Add one of ours", on=now(slack, view))).form
    assert form is not None
    assert "500 prompts of its own already" in str((await slack.submits("ana", form, {"question": "More?"})).errors)
