"""A schedule in a line: what is understood, and what is said of the rest."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import words
from handlers.prompting import dates, line, spoken
from handlers.prompting.line import NotUnderstood, OnTheBoard
from handlers.words import schedules
from storage.prompts.refusals import NotADate
from storage.refusals import Refusal

TODAY = date(2026, 11, 25)


def when(typed: str) -> str:
    """A line in plain words, as the board shows it."""
    return schedules.when(line.read(typed, zone="Europe/Berlin", today=TODAY).rule)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("weekly wed 10:00 What?", "Every Wednesday at 10:00, Europe/Berlin"),
        ("WEEKLY Wednesdays 9.30 What?", "Every Wednesday at 09:30, Europe/Berlin"),
        ("weekly tue,thu What?", "Every Tuesday and Thursday at 10:00, Europe/Berlin"),
        ("weekly tue, thu 8:05 What?", "Every Tuesday and Thursday at 08:05, Europe/Berlin"),
        ("weekly mon tue wed thu fri 14:00 What?", "Monday to Friday at 14:00, Europe/Berlin"),
        ("every wed What?", "Every Wednesday at 10:00, Europe/Berlin"),
        ("every 2 weeks wed 10:00 What?", "Every 2 weeks on Wednesday at 10:00, Europe/Berlin"),
        ("monthly first mon 10:00 What?", "Every first Monday of the month at 10:00, Europe/Berlin"),
        ("monthly last fri What?", "Every last Friday of the month at 10:00, Europe/Berlin"),
        ("monthly last 16:00 What?", "On the last day of every month at 16:00, Europe/Berlin"),
        ("monthly 3 What?", "On the 3rd of every month at 10:00, Europe/Berlin"),
        ("monthly 12th 11:00 What?", "On the 12th of every month at 11:00, Europe/Berlin"),
        ("once 24 Dec 11:00 What?", "Once, on 24 Dec 2026 at 11:00, Europe/Berlin"),
        ("once 2027-01-05 What?", "Once, on 5 Jan 2027 at 10:00, Europe/Berlin"),
        ("once 24 Nov 2027 What?", "Once, on 24 Nov 2027 at 10:00, Europe/Berlin"),
        ("weekly wednesday at 14:00 What?", "Every Wednesday at 14:00, Europe/Berlin"),
        ("weekly on wed at 9 What?", "Every Wednesday at 09:00, Europe/Berlin"),
        ("Every Wednesday, 14:00: What?", "Every Wednesday at 14:00, Europe/Berlin"),
        ("weekly 14:00 wed What?", "Every Wednesday at 14:00, Europe/Berlin"),
        ("weekly wed 2pm What?", "Every Wednesday at 14:00, Europe/Berlin"),
        ("weekly wed 12:15 am - What?", "Every Wednesday at 00:15, Europe/Berlin"),
        ("weekly wed 14h What?", "Every Wednesday at 14:00, Europe/Berlin"),
        ("weekly mon and wed 14:00 What?", "Every Monday and Wednesday at 14:00, Europe/Berlin"),
        ("weekly tues & thurs What?", "Every Tuesday and Thursday at 10:00, Europe/Berlin"),
        ("weekly mon-fri 9:00 What?", "Monday to Friday at 09:00, Europe/Berlin"),
        ("weekly sat to mon What?", "Every Monday, Saturday and Sunday at 10:00, Europe/Berlin"),
        ("weekdays 9:00 What?", "Monday to Friday at 09:00, Europe/Berlin"),
        ("every weekday at 9:00 What?", "Monday to Friday at 09:00, Europe/Berlin"),
        ("daily What?", "Every day at 10:00, Europe/Berlin"),
        ("every day What?", "Every day at 10:00, Europe/Berlin"),
        ("every week wed What?", "Every Wednesday at 10:00, Europe/Berlin"),
        ("every other week on wed What?", "Every 2 weeks on Wednesday at 10:00, Europe/Berlin"),
        ("every other wed What?", "Every 2 weeks on Wednesday at 10:00, Europe/Berlin"),
        ("fortnightly wed What?", "Every 2 weeks on Wednesday at 10:00, Europe/Berlin"),
        ("every three weeks wed What?", "Every 3 weeks on Wednesday at 10:00, Europe/Berlin"),
        ("every first mon What?", "Every first Monday of the month at 10:00, Europe/Berlin"),
        ("every month on the 15th at 9:00 What?", "On the 15th of every month at 09:00, Europe/Berlin"),
        ("monthly on the last friday of the month What?", "Every last Friday of the month at 10:00, Europe/Berlin"),
        ("monthly on the last day What?", "On the last day of every month at 10:00, Europe/Berlin"),
        ("once 24 Dec at 11:00 What?", "Once, on 24 Dec 2026 at 11:00, Europe/Berlin"),
        ("once on 24.12. 11:00 What?", "Once, on 24 Dec 2026 at 11:00, Europe/Berlin"),
        ("once today 15:00 What?", "Once, on 25 Nov 2026 at 15:00, Europe/Berlin"),
        ("once tomorrow What?", "Once, on 26 Nov 2026 at 10:00, Europe/Berlin"),
        ("once wed What?", "Once, on 2 Dec 2026 at 10:00, Europe/Berlin"),
        ("weekly wed 10:00 America/New_York What?", "Every Wednesday at 10:00, America/New York"),
        ("weekly wed 10:00 europe/berlin What?", "Every Wednesday at 10:00, Europe/Berlin"),
        (
            "weekly wed america/argentina/buenos_aires 9:00 What?",
            "Every Wednesday at 09:00, America/Argentina/Buenos Aires",
        ),
        ("weekly wed 10:00 in (Europe/Paris): What?", "Every Wednesday at 10:00, Europe/Paris"),
        ("weekly wed 10:00 utc What?", "Every Wednesday at 10:00, UTC"),
        ("weekly wed 10:00 CET What?", "Every Wednesday at 10:00, CET"),
        ("weekly wed 10.00 Uhr What?", "Every Wednesday at 10:00, Europe/Berlin"),
        ("weekly wed noon What?", "Every Wednesday at 12:00, Europe/Berlin"),
        ("daily at midnight UTC What?", "Every day at 00:00, UTC"),
        ("weekly wed 10:00 until 24 Dec What?", "Every Wednesday at 10:00, Europe/Berlin, until 24 Dec 2026"),
        ("weekly wed until 2026-12-24 9:00 UTC What?", "Every Wednesday at 09:00, UTC, until 24 Dec 2026"),
        ("every 2 weeks wed starting 9 Dec 10:00 What?", "Every 2 weeks on Wednesday at 10:00, Europe/Berlin"),
        ("`weekly wed What?`", "Every Wednesday at 10:00, Europe/Berlin"),
        ("/prompts weekly wed “What?”", "Every Wednesday at 10:00, Europe/Berlin"),
    ],
)
def test_a_line_is_a_schedule(typed: str, says: str) -> None:
    """With what follows as its question, as it was typed."""
    assert when(typed) == says
    assert line.read(typed, zone="UTC", today=TODAY).source.questions == ("What?",)


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("weekly wed We shipped: what nearly went wrong?", "We shipped: what nearly went wrong?"),
        ("weekly wed Day by day: what changed?", "Day by day: what changed?"),
        ("weekly wed And what did you learn?", "And what did you learn?"),
        ("weekly wed 10:00 Europe: what is new there?", "Europe: what is new there?"),
        ("weekly wed “Done” is when?", "“Done” is when?"),
        ("weekly wed 10:00 Singapore: what is new there?", "Singapore: what is new there?"),
        ("weekly wed 10:00 API design: what puzzled you?", "API design: what puzzled you?"),
        ("weekly wed 10:00 UTC CI/CD: what broke?", "CI/CD: what broke?"),
        ("weekly wed 10:00 “CI/CD: what broke?”", "CI/CD: what broke?"),
        ("weekly wed 10:00 Until when do you wait?", "Until when do you wait?"),
        ("weekly wed 10:00 Until Friday, what is left to do?", "Until Friday, what is left to do?"),
        ("weekly wed Morning meetings: which helped?", "Morning meetings: which helped?"),
        ("weekly wed 10:00 From whom did you learn?", "From whom did you learn?"),
        ("weekly wed 10:00 In short: what changed?", "In short: what changed?"),
        ("weekly wed Met anybody new?", "Met anybody new?"),
        ("weekly wed 10:00 am I the only one who guesses?", "am I the only one who guesses?"),
        ("weekly wed 10:00 am What?", "What?"),
        ("weekly wed 10:00 “until yesterday, what was hard?”", "until yesterday, what was hard?"),
        ("weekly wed 10:00 “am I the only one?”", "am I the only one?"),
        ("weekly wed 10:00 “13:00, and still no lunch: why?”", "13:00, and still no lunch: why?"),
        ("weekly wed 10:00 skip a step: which one?", "skip a step: which one?"),
        ("weekly wed 10:00 Every 2 weeks we meet: what for?", "Every 2 weeks we meet: what for?"),
    ],
)
def test_a_question_keeps_its_first_words(typed: str, question: str) -> None:
    """Also where they might be a day, a count or a place, and where only some of it stands in quotes."""
    plan = line.read(typed, zone="Europe/Berlin", today=TODAY)
    assert (plan.source.questions, plan.rule.weekdays) == ((question,), (2,))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("yearly 24 Dec What?", "Not understood: “yearly”, where “weekly”"),
        ("What did we learn?", "Not understood: “What”, where “weekly”"),
        ("every second wed What?", "“second”: write “every 2 weeks wed” or “monthly second wed”"),
        ("weekly wed 3 things you learned?", "“3”, where a time of day goes, such as 10:00 or 2pm"),
        ("weekly wed 13pm What?", "“13pm”, where a time of day goes"),
        ("weekly", "Understood: weekly. Not understood: the day of the week is missing."),
        ("weekly someday What?", "Understood: weekly. Not understood: “someday”, where a day of the week goes"),
        (
            "weekly wed 25:00 What?",
            "Understood: weekly, on Wednesday. Not understood: “25:00”, where a time of day goes",
        ),
        (
            "weekly wed 10:00 Europe/Pariss What?",
            "on Wednesday, at 10:00. Not understood: “Europe/Pariss”, where a timezone goes, such as Europe/Paris",
        ),
        ("weekly wed 10:00 in europe/berlim What?", "“europe/berlim”, where a timezone goes, such as Europe/Berlin"),
        ("weekly wed 10:00 PST What?", "“PST”, where a timezone goes, such as America/Los_Angeles"),
        ("weekly wed 10:00 EST What?", "“EST”, where a timezone goes, such as America/New_York"),
        ("weekly wed 10:00 IST What?", "“IST”, where a timezone goes, such as Asia/Kolkata"),
        ("weekly wed 10:00 BST What?", "“BST”, where a timezone goes, such as Europe/London"),
        ("weekly wed 10:00 CAT What?", "“CAT”, where a timezone goes, such as Africa/"),
        ("weekly wed 10:00 UTC+1 What?", "“UTC+1”, where a timezone goes, such as Europe/Berlin"),
        ("weekly wed 10:00-11:00 What?", "“10:00-11:00”, where a time of day goes"),
        ("weekly wed morning What?", "“morning”, where a time of day goes"),
        ("weekly wed in the morning What?", "“in the morning”, where a time of day goes"),
        ("weekly wed 10:00 until 31 Feb What?", "“until 31 Feb”, where “until” and a date that there is goes"),
        (
            "weekly wed 10:00 until yesterday What?",
            "at 10:00. Not understood: “until yesterday”, where “until” and a date",
        ),
        ("weekly wed 10:00 till further notice: what?", "“till further”, where “till” and a date that there is goes"),
        ("weekly wed 10:00 from now on: what?", "“from now”, where “from” and a date that there is goes"),
        ("monthly 30 feb What?", "monthly, on day 30. Not understood: “feb”, where the question goes"),
        (
            "monthly 24 Dec 10:00 What?",
            "“Dec”, where the question goes, such as What did we learn? (for one day, write once;",
        ),
        ("monthly on the 24th of December What?", "“of December”, where the question goes"),
        (
            "monthly first mon of january What?",
            "monthly, first Monday. Not understood: “of january”, where the question",
        ),
        ("weekly wed 10 am I the only one?", "“10 am I”, where a time of day goes, such as 10:00 or 2pm"),
        ("once 24 Dec 10:00 until 26 Dec What?", "“until 26 Dec”, where the question goes"),
        ("weekly wed 10:61 What?", "“10:61”, where a time of day goes"),
        ("weekly wed 10:00", "Understood: weekly, on Wednesday, at 10:00. Not understood: the question is missing."),
        ("every 2 wed What?", "“2” without “weeks” behind it"),
        ("monthly 32 What?", "“32”, where a day of the month goes"),
        ("monthly first someday What?", "where a day of the month goes"),
        ("once 31 February What?", "“31 February”, where a date that there is goes"),
        ("once upon a time", "where a date that there is goes"),
        (
            "monthly 5th fri What?",
            "“5th fri”, where which of the month goes, such as first, second, third, fourth or last",
        ),
        (
            "weekly wed 10:00 13:00 What?",
            "“13:00”, where the question goes, such as What did we learn? (a question that",
        ),
        ("weekly fri 10:00 skip 25 Dec What?", "“skip 25 Dec”, where the question goes"),
        ("weekly fri except 25.12. What?", "“except 25.12. What?”, where the question goes"),
        ("weekly wed 10:00 every 2 weeks What?", "“every 2 weeks”, where the question goes"),
        ("once", "the date is missing"),
        ("weekly wed 10:00 and fri 11:00 What?", "“and fri”, where the question goes"),
        ("weekly wed 10:00, fri 11:00 What?", "“fri 11:00”, where the question goes"),
        ("weekly wed 10:00 and 15:00 What?", "“and 15:00”, where the question goes"),
        ("every wed and every fri 10:00 What?", "“and every”, where the question goes"),
        ("monthly 1st and 15th 10:00 What?", "“and 15th”, where the question goes"),
        ("monthly first mon and third mon 10:00 What?", "“and third”, where the question goes"),
        ("once 24 Dec and 31 Dec 10:00 What?", "“and 31”, where the question goes"),
        ("daily except fri 10:00 What?", "“except fri”, where the question goes"),
        ("weekly 10:00 wed on fri What?", "“on fri”, where the question goes"),
    ],
)
def test_bad_words_get_what_was_understood_and_what_was_not(typed: str, says: str) -> None:
    """And a whole line to copy."""
    with pytest.raises(NotUnderstood) as refused:
        when(typed)
    assert says in refused.value.words
    assert "/prompts weekly wed 10:00" in refused.value.words


@pytest.mark.parametrize("typed", ["list", "Pause", "/prompts remove the second", "skip next"])
def test_what_is_done_on_the_board_is_sent_there(typed: str) -> None:
    """Nobody has to guess how a schedule that is there is changed."""
    with pytest.raises(OnTheBoard) as refused:
        when(typed)
    assert refused.value.words.startswith("`/prompts` alone opens what is scheduled here")


@pytest.mark.parametrize(
    "typed", ["EST", "IST", "BST", "PST", "MST", "CEST", "AEST", "UTC+2", "GMT-3", "CI/CD", "europe/"]
)
def test_the_timezone_that_is_proposed_is_taken(typed: str) -> None:
    """Whoever copies it is not refused again."""
    assert spoken.zone(spoken.nearest_zone(typed)) == spoken.nearest_zone(typed)


@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(["weekly", "every", "once", "monthly", "last", "2", "weeks", "wed", ",", "10:00", "x"])
    ).map(" ".join)
)
def test_whatever_is_typed_is_a_plan_or_a_sentence(typed: str) -> None:
    """Nothing else is raised, and no line that somebody typed breaks out of its quotes."""
    try:
        plan = line.read(typed or "x", zone="UTC", today=TODAY)
    except (NotUnderstood, OnTheBoard) as error:
        refused = error
    else:
        assert plan.source.questions[0]
        assert plan.rule.time <= time(23, 59)
        return
    assert refused.words.count("`") == 2


def each_day(first: date, last: date) -> set[date]:
    """From one to the other."""
    return {first + timedelta(days=more) for more in range((last - first).days + 1)}


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("24 Dec 2026, 31 Dec 2026", {date(2026, 12, 24), date(2026, 12, 31)}),
        ("24 Dec\n1 Jan; 6 Jan 2027", {date(2026, 12, 24), date(2027, 1, 1), date(2027, 1, 6)}),
        ("Dec 24, 2026\n2026-12-25,2026-12-26", {date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)}),
        ("24.12.2026", {date(2026, 12, 24)}),
        ("29 February", {date(2028, 2, 29)}),
        ("24 Dec to 2 Jan", each_day(date(2026, 12, 24), date(2027, 1, 2))),
        ("2026-12-24 - 2027-01-02; 6 Jan", {*each_day(date(2026, 12, 24), date(2027, 1, 2)), date(2027, 1, 6)}),
        ("24.12.-2.1.", each_day(date(2026, 12, 24), date(2027, 1, 2))),
        ("24 Dec 2027 \u2013 2 Jan", each_day(date(2027, 12, 24), date(2028, 1, 2))),
        ("24-31 Dec", each_day(date(2026, 12, 24), date(2026, 12, 31))),
        ("24.-31.12.2027", each_day(date(2027, 12, 24), date(2027, 12, 31))),
        ("Dec 24-31, 2027", each_day(date(2027, 12, 24), date(2027, 12, 31))),
        ("Dec 24th through 26th", each_day(date(2026, 12, 24), date(2026, 12, 26))),
        ("2026-12-24 to 2026-12-24", {date(2026, 12, 24)}),
        (" \n ", set()),
    ],
)
def test_dates_are_read_as_people_write_them(typed: str, means: set[date]) -> None:
    """Without a year, the next one there is."""
    assert dates.several(typed, today=TODAY, field="skips") == means


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("24 Dec to 25 Dec", date(2026, 12, 24), date(2026, 12, 25)),
        ("24.12. to 24.12.", date(2026, 12, 24), date(2026, 12, 24)),
        ("31 Dec to 1 Jan", date(2026, 12, 31), date(2027, 1, 1)),
        ("24 Dec to 25 Dec 2026", date(2026, 12, 24), date(2026, 12, 25)),
    ],
)
def test_a_short_break_is_short(typed: str, first: date, last: date) -> None:
    """It begins with the last such day before its end, and not with that of the year before."""
    found = dates.several(typed, today=TODAY, field="skips")
    assert found == each_day(first, last)


def test_of_a_break_that_has_begun_what_is_to_come_is_skipped() -> None:
    """Said between the years, it is this one, not the next."""
    found = dates.several("24 Dec to 2 Jan", today=date(2026, 12, 27), field="skips")
    assert found == each_day(date(2026, 12, 27), date(2027, 1, 2))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("5 Jan 2027 to 2 Jan 2027", "ends before it begins"),
        ("31-24 Dec", "ends before it begins"),
        ("2026-12-24 to 9999-12-31", "more than 200 days"),
        ("24 Dec to", "is no date"),
        ("to 24 Dec", "is no date"),
        ("24 to 31", "is no date"),
        ("30-31 February", "is no date"),
        ("0001-01-01 to 2 Jan", "more than 200 days"),
    ],
)
def test_a_break_that_is_none_is_said(typed: str, why: str) -> None:
    """With what was typed, and what to do."""
    with pytest.raises(Refusal, match=why) as refused:
        dates.several(typed, today=TODAY, field="skips")
    assert typed in refused.value.words


@given(days=st.sets(st.dates(TODAY, TODAY + timedelta(days=90)), max_size=40))
def test_dates_to_skip_are_shown_as_they_can_be_typed(days: set[date]) -> None:
    """For a change, all of them stand in the field; and sent as they are, they are the same."""
    shown = "\n".join(words.schedules.breaks(days, date.isoformat))
    assert dates.several(shown, today=TODAY, field="skips") == days


@pytest.mark.parametrize("typed", ["31 February", "2026-02-30", "Christmas", "24", "32 Dec", "29 Feb 2027"])
def test_what_is_no_date_is_said(typed: str) -> None:
    """With what was typed."""
    with pytest.raises(NotADate) as refused:
        dates.several(f"24 Dec 2026\n{typed}", today=TODAY, field="skips")
    assert typed in refused.value.words
