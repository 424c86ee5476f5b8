"""The app's Home: what stands in it for whom, and what is done from there."""

from __future__ import annotations

from sandbox.records import Channel, View
from sandbox.slack import Slack
from tests.conftest import Bot
from tests.memory import Memory

OPTIONS = ("What it learned this week", "What is asked there", "What it is for", "Suggest a question", "Share here")


async def home(slack: Slack, memory: Memory, who: str) -> View:
    """What somebody sees who opens it."""
    await slack.opens_home(who)
    await memory.settled()
    return seen(slack, who)


def seen(slack: Slack, who: str) -> View:
    """What stands there now."""
    shown = slack.sees(who).home
    assert shown is not None
    return shown


def text(slack: Slack, who: str) -> str:
    """The same, as they read it."""
    return slack.text_of(seen(slack, who))


async def share(slack: Slack, memory: Memory, who: str, words: str, where: Channel) -> None:
    """Somebody shares, and it stands there."""
    await slack.types(who, f"/share {words}", in_=where)
    await memory.settled()


async def test_it_shows_what_is_theirs_and_what_is_new(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """One publish: pockets, what is new there, what one shared and whom it helped, how the pocket is that one leads."""
    await share(slack, memory, "ana", "Ana's first <!channel> & *bold* `lesson`", pocket)
    await share(slack, memory, "ben", "Ben's", pocket)
    card = next(one for one in slack.sees("ben").channel(pocket) if "first" in slack.text_of(one))
    await slack.presses("ben", "It helped me", on=card)
    await home(slack, memory, "ana")
    assert len(slack.calls("views.publish")) == 1
    for line in (
        "You are in one pocket.",
        "#learning  ·  one new in seven days  ·  you lead it",
        "Ben's\n@ben in #learning",
        "You shared one. Helped by that, so far: one person.",
        "Ana's first <!channel> & bold 'lesson'\n#learning",
        "two learned in seven days, none in the seven before  ·  asks nothing by itself",
    ):
        assert line in text(slack, "ana")
    assert "&lt;!channel&gt; &amp; bold" in str(seen(slack, "ana").content)
    await slack.presses("ana", "It helped me", on=seen(slack, "ana"))
    assert "Noted: it helped you" in await _closed(slack, "ana")
    await memory.settled()
    assert text(slack, "ana").count("helped one") == 2
    await home(slack, memory, "ben")
    assert "you lead" not in text(slack, "ben")
    await home(slack, memory, "dan")
    assert "You are in no pocket yet" in text(slack, "dan")
    assert "Ben's" not in text(slack, "dan")


async def test_after_what_one_does_it_is_made_anew(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Once for each act, and only for whoever opened it."""
    await share(slack, memory, "ben", "Unseen", pocket)
    assert slack.calls("views.publish") == []
    await home(slack, memory, "ana")
    await share(slack, memory, "ana", "Seen", pocket)
    assert "You shared one." in text(slack, "ana")
    assert "Unseen" in text(slack, "ana")
    assert len(slack.calls("views.publish")) == 2
    memory.run("UPDATE homes SET opened_at = opened_at - 90000")
    await share(slack, memory, "ana", "Late", pocket)
    assert len(slack.calls("views.publish")) == 2, "it was left alone for a day"
    await slack.leaves("ana", pocket)
    await memory.settled()
    assert "Unseen" not in text(slack, "ana"), "Slack would show it as it was"


async def test_drafts_are_opened_and_thrown_away_there(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The page itself says that one is gone."""
    await slack.types("ana", "/share", in_=pocket)
    form = slack.sees("ana").form
    assert form is not None
    await slack.presses("ana", "words", on=form, value="Half a thought")
    await slack.presses("ana", "Save as a draft", on=form)
    await _closed(slack, "ana")
    page = await home(slack, memory, "ana")
    assert "Half a thought\n#learning" in text(slack, "ana")
    await slack.presses("ana", "Open", on=page)
    again = slack.sees("ana").form
    assert again is not None
    assert "Half a thought" in slack.text_of(again)
    await slack.closes("ana", again)
    await slack.presses("ana", "Throw away", on=page)
    await memory.settled()
    assert "draft" not in text(slack, "ana")
    assert memory.rows("SELECT * FROM drafts") == []


async def test_all_that_commands_do_starts_there(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Sharing, the board, the digest, settings, help; for leads and for others."""
    assert pocket.name == "learning"
    page = await home(slack, memory, "ana")
    shown = {}
    for option in ("Share here", "What it learned this week", "What is asked there", "What it is for", "Its settings"):
        await slack.presses("ana", "home.pocket", on=page, value=option)
        shown[option] = await _closed(slack, "ana")
    assert "[#learning]" in shown["Share here"]
    assert "Nothing was learned here" in shown["What it learned this week"]
    assert "[Schedule a prompt]" in shown["What is asked there"]
    assert "[Export] [Stop the pocket]" in shown["What it is for"]
    assert "Leads" in shown["Its settings"]
    for button, words in (
        ("Share something", "What did you learn"),
        ("What else there is", "/outloud digest"),
        ("Weekly digest…", "Post it in"),
    ):
        await slack.presses("ana", button, on=page)
        assert words in await _closed(slack, "ana")
    await share(slack, memory, "ben", "Ben's wheel", pocket)
    await slack.presses("ana", "home.find", on=page, value="wheels")
    found = slack.sees("ana").form
    assert found is not None
    assert "Ben's wheel" in slack.text_of(found)
    await slack.presses("ana", "It helped me", on=found)
    assert "Noted: it helped you" in await _closed(slack, "ana")
    assert "Ben's wheel" in await _closed(slack, "ana")
    page = await home(slack, memory, "ben")
    await slack.presses("ben", "home.pocket", on=page, value="What is asked there")
    assert "Nothing is asked here on a schedule yet." in await _closed(slack, "ben")
    await slack.presses("ben", "home.pocket", on=page, value="Suggest a question")
    assert "Suggest" in await _closed(slack, "ben")
    other = slack.channel("other", members=("ben", slack.app.id))
    await slack.presses("ben", "home.start", on=page, value="other")
    assert "What should be different" in await _closed(slack, "ben")
    assert other.id


async def test_open_questions_and_topics_stand_there(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Questions of others, with the form to answer, none that one asked or answered; and one's topics, as they change."""
    assert "Nobody finds you by a topic yet" in text_of_home(slack, await home(slack, memory, "ana"))
    await slack.presses("ana", "Ask a question", on=seen(slack, "ana"))
    form = slack.sees("ana").form
    assert form is not None
    await slack.suggests("ana", form, "pocket", "")
    asked = {"words": "Who knows the <!channel> build?", "pocket": f"#{pocket.name}"}
    assert (await slack.submits("ana", form, asked)).closed
    await memory.settled()
    assert "could answer" not in text(slack, "ana")
    page = await home(slack, memory, "ben")
    assert "Who knows the <!channel> build?\n@ana in #learning" in text(slack, "ben")
    assert "no answer yet" in text(slack, "ben")
    await slack.presses("ben", "Answer", on=page)
    form = slack.sees("ben").form
    assert form is not None
    await slack.submits("ben", form, {"words": "Cleo does."})
    await memory.settled()
    assert "could answer" not in text(slack, "ben")
    assert "one answer" in text_of_home(slack, await home(slack, memory, "cleo"))
    await home(slack, memory, "dan")
    assert "build" not in text(slack, "dan"), "he is not in that pocket"
    await slack.types("ben", "/askme builds", in_=pocket)
    await memory.settled()
    assert "You may be asked about builds." in text(slack, "ben")
    await slack.presses("ben", "My topics…", on=seen(slack, "ben"))
    assert "builds" in await _closed(slack, "ben")


def text_of_home(slack: Slack, page: View) -> str:
    """What a page says."""
    return slack.text_of(page)


async def _closed(slack: Slack, who: str) -> str:
    """What the form says that opened, which is closed."""
    form = slack.sees(who).form
    assert form is not None
    said = slack.text_of(form)
    await slack.closes(who, form)
    return said


async def test_never_keep_mine_is_said_and_taken_back_there(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """What is kept already goes by a press in the form that answers."""
    message = await slack.says("ben", "Worth keeping", in_=pocket)
    await slack.reacts("ana", "bulb", message)
    await memory.settled()
    page = await home(slack, memory, "ben")
    assert "One message of yours is kept." in text(slack, "ben")
    await slack.presses("ben", "Never keep mine", on=page)
    form = slack.sees("ben").form
    assert form is not None
    assert "One earlier message of yours is still kept." in slack.text_of(form)
    await slack.presses("ben", "Take those back too", on=form)
    assert "is taken back" in await _closed(slack, "ben")
    await memory.settled()
    assert "Nothing that you write is kept" in text(slack, "ben")
    assert "Nothing yet." in text(slack, "ben")
    await slack.presses("ben", "Let mine be kept", on=seen(slack, "ben"))
    await memory.settled()
    assert "[Never keep mine]" in text(slack, "ben")


async def test_what_is_held_back_to_keep_the_quiet_stands_there(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """With its buttons, which work there, and it stays owed until it is answered or said."""
    first, second = [await slack.says("ben", f"Worth {number}", in_=pocket) for number in (1, 2)]
    await slack.reacts("ana", "bulb", first)
    await memory.settled()
    assert len(slack.sees("ben").dms) == 1
    await slack.reacts("ana", "bulb", second)
    await memory.settled()
    memory.run("UPDATE people SET told_kept_at = told_kept_at - 700000 WHERE told_kept_at IS NOT NULL")
    page = await home(slack, memory, "ben")
    assert "Waiting for you" in text(slack, "ben")
    assert "A message of yours was kept since you last heard of it." in text(slack, "ben")
    await slack.presses("ben", "Undo", on=page)
    assert "Taken back" in await _closed(slack, "ben")
    await memory.settled()
    assert "Waiting for you" not in text(slack, "ben")
    assert [one.words for one in memory.learnings()] == ["Worth 1"]


async def test_what_slack_does_not_say_in_time_is_left_out_and_said(
    slack: Slack, pocket: Channel, memory: Memory, bot: Bot
) -> None:
    """Once, with what is one's own; *Look again* asks anew."""
    await share(slack, memory, "ana", "Mine", pocket)
    assert bot.outloud is not None
    await bot.stop()
    await bot.start()  # it has forgotten what it knew of people
    slack.fails("users.conversations", "error before")
    slack.fails("users.info", "error before")
    await home(slack, memory, "ana")
    assert "Slack did not say in time what else you may see" in text(slack, "ana")
    assert "Mine" not in text(slack, "ana")
    assert "in no pocket" not in text(slack, "ana")
    slack.mends()
    await slack.presses("ana", "Look again", on=seen(slack, "ana"))
    await memory.settled()
    assert "You shared one." in text(slack, "ana")


async def test_a_guest_sees_only_where_they_are(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """No pocket, nothing new, and no way to start one; and however much there is, it fits."""
    guest = slack.person("gus", guest="multi")
    await share(slack, memory, "ana", "Not for guests", pocket)
    await home(slack, memory, "gus")
    assert "Not for guests" not in text(slack, "gus")
    assert "Make a channel a pocket" not in text(slack, "gus")
    assert guest.id
    memory.run(
        "INSERT INTO drafts (workspace, person, key, channel, words, kind, without_name, saved_at)"
        " SELECT workspace, :ana, key || author || state || said_at, channel, :long, 'learning', :no, 1 FROM learnings",
        ana=slack.find_person("ana").id,
        long="<@U1> " * 500,
        no=False,
    )
    assert len((await home(slack, memory, "ana")).content["blocks"]) <= 100
