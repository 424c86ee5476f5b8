"""`/prompts`: the board of a pocket's schedules, the form, and what leads do there."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta

from sandbox.records import Channel, View
from sandbox.slack import Slack
from storage.prompts import days_off
from tests.again import last, send
from tests.conftest import Bot
from tests.memory import Memory


async def board(slack: Slack, pocket: Channel, who: str = "ana") -> View:
    """What `/prompts` opens for a lead."""
    form = (await slack.types(who, "/prompts", in_=pocket)).form
    assert form is not None
    return form


async def scheduled(slack: Slack, pocket: Channel, line: str = "weekly wed 10:00 What did we learn?") -> None:
    """A schedule, by a line."""
    assert "Scheduled." in (await slack.types("ana", f"/prompts {line}", in_=pocket)).text


async def form_of(slack: Slack, on: View, button: str) -> View:
    """The form that a button on the board lays on it."""
    form = (await slack.presses("ana", button, on=on)).form
    assert form is not None
    return form


def shown(slack: Slack, view: View) -> str:
    """What an open form says now."""
    return slack.text_of(slack.world.views[view.id])


async def test_the_board_lists_each_schedule_in_plain_words(slack: Slack, pocket: Channel) -> None:
    """With its next three times, as they will be."""
    empty = await board(slack, pocket)
    assert "Nothing is asked here yet" in slack.text_of(empty)
    await scheduled(slack, pocket)
    text = slack.text_of(await board(slack, pocket))
    assert "*Every Wednesday at 10:00, Europe/Berlin:* _What did we learn?_" in text
    coming = [day for more in range(22) if (day := datetime.now(UTC) + timedelta(days=more)).weekday() == 2]
    assert f"{coming[1].day} {coming[1]:%b}" in text
    assert "Next " in text


async def test_a_line_that_is_half_understood_schedules_nothing(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """No end that is none becomes the question, and the timezone that is proposed can be typed."""
    typed = await slack.types("ana", "/prompts weekly wed 10:00 until yesterday What did we learn?", in_=pocket)
    assert "Understood: weekly, on Wednesday, at 10:00. Not understood: “until yesterday”" in typed.text
    typed = await slack.types("ana", "/prompts monthly 30 feb What did we learn?", in_=pocket)
    assert "Understood: monthly, on day 30. Not understood: “feb”" in typed.text
    typed = await slack.types("ana", "/prompts weekly wed 10:00 EST What did we learn?", in_=pocket)
    assert "such as America/New_York" in typed.text
    assert memory.rows("SELECT id FROM schedules") == []
    await scheduled(slack, pocket, "weekly wed 10:00 America/New_York am I the only one who guesses?")
    (row,) = memory.rows("SELECT questions FROM schedules")
    assert "am I the only one who guesses?" in str(row["questions"])


async def test_a_schedule_is_made_by_the_form_and_shown_on_the_board(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """A list, every two weeks on two days, in the lead's own zone, without Bavaria's holidays."""
    below = await board(slack, pocket)
    form = await form_of(slack, below, "Schedule a prompt")
    offered = await slack.suggests("ana", form, "zone")
    assert offered[0]["text"]["text"] == "Europe/Berlin (this pocket's)"
    assert [one["value"] for one in await slack.suggests("ana", form, "zone", "lord how")] == ["Australia/Lord_Howe"]
    assert "DE-BY" in [one["value"] for one in await slack.suggests("ana", form, "region", "bayern")]
    answers = {
        "weekdays": ["Tuesday", "Thursday"],
        "every": "Every 2 weeks",
        "time": "09:30",
        "zone": "Australia/Lord_Howe",
        "order": "shuffled",
        "questions": "What surprised you?\n\nWhat <!channel> helped?",
        "region": "DE-BY",
        "moves": "move",
        "skips": "24 Dec 2040, 2041-01-02",
        "open_days": "5 working days",
        "grace": "Ask up to 3 hours late",
        "nudge": ["nudge"],
    }
    assert (await slack.submits("ana", form, answers)).errors == {}
    text = shown(slack, below)
    assert "Every 2 weeks on Tuesday and Thursday at 09:30, Australia/Lord Howe" in text
    assert "2 questions shuffled" in text
    assert "public holidays of Germany, Bayern, 24 Dec 2040, 2 Jan 2041 (asked on the next working day)" in text
    (row,) = memory.rows("SELECT questions, nudge, open_days, grace FROM schedules")
    assert "What <!channel> helped?" in str(row["questions"])
    assert (bool(row["nudge"]), row["open_days"], row["grace"]) == (True, 5, 3 * 3600.0)


WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"start": "2020-01-01"}, "start", "1 Jan 2020 is in the past"),
    ({"start": "2040-05-05", "until": "2040-05-04"}, "until", "before it starts on 5 May 2040"),
    ({"weekdays": None}, "weekdays", "at least one day"),
    ({"kind": "weekday of month", "weekdays": ["Monday", "Friday"]}, "weekdays", "one day of the week"),
    ({"questions": None}, "questions", "no question in it"),
    ({"questions": "x" * 501}, "questions", "501 characters long; up to 500"),
    ({"questions": "why?\n" * 500}, "questions", "500 questions; up to 100"),
    ({"order": "theme"}, "theme", "Choose a theme"),
    ({"skips": "31 February"}, "skips", "“31 February” is no date that there is"),
    ({"skips": "1 Jan 2020"}, "skips", "1 Jan 2020 is in the past"),
    (
        {"skips": ",".join(f"{day}.{month}." for day in range(1, 28) for month in range(1, 9))},
        "skips",
        "216 dates; up to 200",
    ),
    ({"kind": "once", "start": "2040-05-05", "skips": "5 May 2040"}, "skips", "nothing would ever be asked"),
    ({"weekdays": ["Monday"], "start": "2040-05-05", "until": "2040-05-06"}, "until", "nothing would ever be asked"),
    (
        {"weekdays": ["Monday"], "start": "2040-05-07", "until": "2040-05-08", "skips": "7 May 2040"},
        "skips",
        "nothing would ever be asked",
    ),
    (
        {"questions": "What?\n\n" + "x" * 501 + "\nWho?"},
        "questions",
        f"“{'x' * 40}…” (question 2) is 501 characters long",
    ),
    ({"questions": "What?\n---"}, "questions", "“---” (question 2) asks nothing"),
    (
        {"questions": "What?", "order": "theme", "theme": "stuck on"},
        "order",
        "the questions below would never be asked",
    ),
]
"""What is entered, the field to blame, and what it says."""

FORGED: list[tuple[str, str, object, str]] = [
    ("time", "selected_time", "25:00", "“25:00” is no time of day"),
    ("start", "selected_date", "2040-02-31", "“2040-02-31” is no date that there is"),
    ("zone", "selected_option", {"value": "Mars/Olympus"}, "no timezone that Outloud knows"),
    ("region", "selected_option", {"value": "UA"}, "No public holidays are known for “Ukraine”"),
    ("region", "selected_option", {"value": "XX"}, "No public holidays are known for “XX”"),
    ("kind", "selected_option", {"value": "hourly"}, "how often it is asked"),
    ("questions", "value", "x" * 3001, "3001 characters long"),
    ("day", "selected_option", {"value": "32"}, "how often it is asked"),
]
"""A field, where its value stands, a value that Slack's own form would not send, and what it says."""


async def test_what_can_not_be_is_said_at_its_field(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """The form stays open with what was entered, and nothing is scheduled."""
    view = await board(slack, pocket)
    for entered, field, says in WRONG:
        form = await form_of(slack, view, "Schedule a prompt")
        errors = (await slack.submits("ana", form, {"questions": "What?"} | entered)).errors
        assert list(errors) == [field]
        assert says in errors[field]
        await slack.closes("ana", form)
    assert memory.rows("SELECT * FROM schedules") == []


async def test_a_holiday_on_its_only_date_is_blamed_on_the_holidays(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """And not on the dates to skip, which are empty; without the holidays it is scheduled."""
    form = await form_of(slack, await board(slack, pocket), "Schedule a prompt")
    await slack.suggests("ana", form, "region", "germany")
    christmas = {"kind": "once", "start": "2040-12-25", "region": "DE", "questions": "What?"}
    errors = (await slack.submits("ana", form, christmas)).errors
    assert list(errors) == ["region"]
    assert "nothing would ever be asked" in errors["region"]
    assert (await slack.submits("ana", form, christmas | {"region": None})).errors == {}
    assert len(memory.rows("SELECT id FROM schedules")) == 1


async def test_what_slacks_own_form_would_not_send_is_said_too(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Each with its sentence."""
    form = await form_of(slack, await board(slack, pocket), "Schedule a prompt")
    await slack.submits("ana", form, {"questions": None})
    first = last(slack, "view_submission")
    for field, key, value, says in FORGED:
        sent = copy.deepcopy(first)
        values = sent["view"]["state"]["values"]
        values["questions"]["questions"]["value"] = "What?"
        values[field][field][key] = value
        if field == "day":
            values["kind"]["kind"]["selected_option"] = {"value": "day of month"}
        reply = await send(slack, "view_submission", sent)
        assert says in str(json.loads(reply.body)["errors"])
    assert memory.rows("SELECT * FROM schedules") == []


async def test_a_form_without_holidays_waits_for_no_country(slack: Slack, pocket: Channel) -> None:
    """All of them are slow to load, and Slack waits for three seconds."""
    days_off.regions.cache_clear()
    await form_of(slack, await board(slack, pocket), "Schedule a prompt")
    assert days_off.regions.cache_info().currsize == 0


async def test_a_form_that_is_sent_twice_schedules_once(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """By its key."""
    form = await form_of(slack, await board(slack, pocket), "Schedule a prompt")
    await slack.submits("ana", form, {"questions": "What?"})
    again = await send(slack, "view_submission", last(slack, "view_submission"))
    assert again.status == 200
    assert len(memory.rows("SELECT * FROM schedules")) == 1


async def test_of_two_who_edit_at_once_the_second_hears_so_and_loses_nothing(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Their form stays, with the other's version above it; sent again, it counts."""
    await scheduled(slack, pocket)
    (settings,) = [(await slack.types("ana", "/outloud settings", in_=pocket)).form]
    assert settings is not None
    await slack.submits("ana", settings, {"leads": ["ana", "ben"]})
    anas = await form_of(slack, await board(slack, pocket), "Edit")
    bens = (await slack.presses("ben", "Edit", on=await board(slack, pocket, "ben"))).form
    assert bens is not None
    await slack.submits("ben", bens, {"questions": "Ben wants it?"})
    answer = await slack.submits("ana", anas, {"questions": "Ana wants it?", "time": "11:00"})
    assert answer.errors == {}
    text = shown(slack, anas)
    assert "changed this while you had it open" in text
    assert "_Ben wants it?_" in text
    assert "Ben wants it?" in str(memory.rows("SELECT questions FROM schedules"))
    await slack.submits("ana", slack.world.views[anas.id])
    (row,) = memory.rows("SELECT questions, rule FROM schedules")
    assert "Ana wants it?" in str(row["questions"])
    assert "11:00" in str(row["rule"])


async def test_a_lead_who_lost_their_role_meanwhile_changes_nothing(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """It is said at the form, which stays open."""
    form = await form_of(slack, await board(slack, pocket), "Schedule a prompt")
    ben = slack.find_person("ben").id
    memory.run("INSERT INTO people (workspace, id) SELECT workspace, :ben FROM leads", ben=ben)
    memory.run("UPDATE leads SET person = :ben", ben=ben)
    errors = (await slack.submits("ana", form, {"questions": "What?"})).errors
    assert "Only a lead of this pocket" in str(errors)
    assert memory.rows("SELECT * FROM schedules") == []


async def test_skip_pause_resume_remove_and_undo_on_the_board(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Each says what it did; what can be taken back can be taken back there."""
    await scheduled(slack, pocket)
    view = await board(slack, pocket)
    (before,) = memory.rows("SELECT next_on FROM schedules")
    await slack.presses("ana", "Skip the next", on=view)
    assert "Skipped, on " in shown(slack, view)
    assert memory.rows("SELECT next_on FROM schedules") != [before]
    await slack.presses("ana", "Undo", on=slack.world.views[view.id])
    assert memory.rows("SELECT next_on FROM schedules") == [before]
    pause = await form_of(slack, slack.world.views[view.id], "Pause…")
    assert "in the past" in str((await slack.submits("ana", pause, {"until": "2020-01-01"})).errors)
    assert (await slack.submits("ana", pause, {"until": "2041-01-01"})).errors == {}
    assert "Paused until 1 Jan 2041; next 2 Jan, 9 Jan, 16 Jan." in shown(slack, view)
    await slack.presses("ana", "Resume", on=slack.world.views[view.id])
    assert memory.rows("SELECT next_on FROM schedules") == [before]
    forever = await form_of(slack, slack.world.views[view.id], "Pause…")
    await slack.submits("ana", forever, {"until": None})
    assert "Paused, until somebody resumes it." in shown(slack, view)
    await slack.presses("ana", "Resume", on=slack.world.views[view.id])
    await slack.presses("ana", "Remove", on=slack.world.views[view.id])
    assert "Nothing is asked here yet" in shown(slack, view)
    await slack.presses("ana", "Undo", on=slack.world.views[view.id])
    assert "What did we learn?" in shown(slack, view)
    assert memory.rows("SELECT next_on FROM schedules") == [before]


async def test_a_press_skips_the_date_that_it_shows_and_no_other(slack: Slack, pocket: Channel, memory: Memory) -> None:
    """Delivered twice, or pressed twice on a board that is slow: one date. It stands on the board, and can be taken back."""
    await scheduled(slack, pocket)
    view = await board(slack, pocket)
    await slack.presses("ana", "Skip the next", on=view)
    first = last(slack, "block_actions")
    another = copy.deepcopy(first)
    another["actions"][0]["action_ts"] += "1"
    for payload in (first, another):
        assert (await send(slack, "block_actions", payload)).status == 200
    (skipped,) = memory.rows("SELECT schedule, local_date FROM occurrences WHERE state = 'skipped'")
    now = slack.world.views[view.id]
    assert "Skipped: " in shown(slack, view)
    unskip = ":".join(("unskip", skipped["schedule"], skipped["local_date"]))
    await slack.presses("ana", "schedule.more", on=now, value=unskip)
    assert memory.rows("SELECT * FROM occurrences") == []
    assert "Skipped: " not in shown(slack, view)


async def test_asked_now_it_stands_in_the_channel_and_is_not_asked_twice_a_day(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """And a preview shows the question to the lead alone."""
    await scheduled(slack, pocket, "weekly mon,tue,wed,thu,fri,sat,sun 23:59 What did we learn?")
    view = await board(slack, pocket)
    preview = await form_of(slack, view, "Preview to me")
    assert "What did we learn?" in slack.text_of(preview)
    assert len(slack.sees("ben").texts(pocket)) == 1
    await slack.presses("ana", "Ask now", on=view)
    await memory.settled()
    assert "What did we learn?" in slack.sees("ben").texts(pocket)[-1]
    await slack.presses("ana", "Ask now", on=slack.world.views[view.id])
    await memory.settled()
    assert len([text for text in slack.sees("ben").texts(pocket) if "What did we learn?" in text]) == 1
    (occurrence,) = memory.rows("SELECT state FROM occurrences")
    assert occurrence == {"state": "opened"}


async def test_a_schedule_is_duplicated_to_another_pocket_of_mine(
    slack: Slack, pocket: Channel, memory: Memory
) -> None:
    """Only those that I lead are offered."""
    await scheduled(slack, pocket)
    other = slack.channel("releases", members=("ana", "ben"))
    bens = slack.channel("benches", members=("ana", "ben"))
    await slack.types("ana", "/outloud start Calm releases", in_=other)
    await slack.types("ben", "/outloud start Benches", in_=bens)
    form = await form_of(slack, await board(slack, pocket), "Duplicate…")
    assert [one["value"] for one in await slack.suggests("ana", form, "led_pocket", "")] == [other.id]
    await slack.submits("ana", form, {"led_pocket": other.id})
    assert {row["channel"] for row in memory.rows("SELECT channel FROM schedules")} == {pocket.id, other.id}
    assert "What did we learn?" in slack.text_of(await board(slack, other))


async def test_a_schedule_that_is_over_is_not_duplicated(
    slack: Slack, pocket: Channel, bot: Bot, memory: Memory
) -> None:
    """Instead of a form that could not change what is wrong, it says what to do."""
    await scheduled(slack, pocket, "once tomorrow 10:00 What?")
    bot.ahead = 3 * 86400.0
    assert bot.outloud is not None
    await bot.outloud.tick()
    await memory.settled()
    view = await board(slack, pocket)
    assert "it is over" in slack.text_of(view).lower()
    answer = await slack.presses("ana", "Duplicate…", on=view)
    assert "This schedule is over" in str(answer) + shown(slack, view)


async def test_many_schedules_are_paged(slack: Slack, pocket: Channel) -> None:
    """A form takes 100 blocks."""
    for number in range(20):
        await scheduled(slack, pocket, f"weekly wed 10:00 Question {number}?")
    view = await board(slack, pocket)
    assert "Page 1 of 3" in slack.text_of(view)
    await slack.presses("ana", "More", on=view)
    await slack.presses("ana", "More", on=slack.world.views[view.id])
    assert "Page 3 of 3" in shown(slack, view)
    await slack.presses("ana", "Earlier", on=slack.world.views[view.id])
    assert "Page 2 of 3" in shown(slack, view)


async def test_others_see_what_is_scheduled_and_whom_to_ask(slack: Slack, pocket: Channel) -> None:
    """And can change nothing."""
    await scheduled(slack, pocket)
    await slack.types("ben", "/prompts", in_=pocket)
    seen = slack.sees("ben").ephemerals[-1]
    assert "Every Wednesday at 10:00, Europe/Berlin" in slack.text_of(seen)
    assert "asks a lead: @ana" in slack.text_of(seen)
    for number in range(11):
        await scheduled(slack, pocket, f"weekly wed 10:00 {number} {'&' * 400}")
    await slack.types("ben", "/prompts", in_=pocket)
    assert "…and 2 more." in slack.text_of(slack.sees("ben").ephemerals[-1])
    refused = await slack.types("ben", "/prompts weekly wed 10:00 Mine?", in_=pocket)
    assert "Only a lead of this pocket" in refused.text


async def test_in_a_channel_that_is_no_pocket_it_says_how_to_start_one(slack: Slack) -> None:
    """As every command does."""
    channel = slack.channel("random", members=("ana",))
    assert "/outloud start" in (await slack.types("ana", "/prompts", in_=channel)).text


async def test_what_is_due_is_posted_by_the_clock(slack: Slack, pocket: Channel, memory: Memory, bot: Bot) -> None:
    """Its time comes, and the prompt stands in the channel, once."""
    await scheduled(slack, pocket)
    memory.run("UPDATE schedules SET next_at = :now, due = :now, first_at = NULL", now=datetime.now(UTC).timestamp())
    await slack.until(lambda: any("What did we learn?" in text for text in slack.sees("ben").texts(pocket)))
    await bot.stop()
    await bot.start()
    await memory.settled()
    assert len([text for text in slack.sees("ben").texts(pocket) if "What did we learn?" in text]) == 1
