"""What leads change, what becomes of what was asked of them already, and what the clock hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from storage.ids import Person, PersonId, Ts
from storage.places import channels, leads, pocket_settings
from storage.prompts import (
    bank,
    claiming,
    digest_times,
    digests,
    first_answers,
    opening,
    resting,
    rounds,
    schedules,
    views,
)
from storage.prompts.bank import Written
from storage.prompts.plans import Known, Plan, ScheduleId, Source
from storage.prompts.recurrence import Rule
from storage.prompts.refusals import InThePast, NoQuestion, OverByThen, SamePrompt, TakenUp, Unskippable
from tests.storage.prompts.stage import ANA, DAILY, HOUR, ONE, WEDNESDAYS, Stage, clock


def change(stage: Stage, id: ScheduleId, rule: Rule, source: Source, *, at: float) -> None:
    """Ana edits it."""
    version = views.find(stage.session, id, by=stage.ana, at=at).version
    schedules.change(stage.session, Known(id, version), Plan(rule, source), by=stage.ana, at=at)


@pytest.mark.parametrize("deed", ["skip", "pause", "remove", "another question"])
def test_a_first_answer_that_is_not_wanted_any_more_goes_back_to_its_lead(stage: Stage, deed: str) -> None:
    """Skipped, paused, removed, or asked otherwise: what they wrote is not lost."""
    id = stage.add(at=clock(23))
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24))
    first_answers.write(stage.session, rounds.key_of(id, "2026-11-25"), "Mine", by=stage.ana)
    match deed:
        case "skip":
            stage.skip_next(id, at=clock(24, 12))
        case "pause":
            schedules.pause(stage.session, id, date(2026, 12, 9), by=stage.ana, at=clock(24, 12))
        case "remove":
            schedules.remove(stage.session, id, by=stage.ana, at=clock(24, 12))
        case _:
            other = Plan(WEDNESDAYS, Source("question", ("Another?",)))
            schedules.change(stage.session, Known(id, 1), other, by=stage.ana, at=clock(24, 12))
    owed = stage.session.execute(text("SELECT kind FROM outbox WHERE kind = 'give first answer back'")).all()
    assert len(owed) == 1


@pytest.mark.parametrize("deed", ["skip", "pause", "remove"])
def test_what_is_taken_back_is_asked_of_its_lead_anew(stage: Stage, deed: str) -> None:
    """They were asked for the first answer, changed their mind twice, and are asked again."""
    id = stage.add(at=clock(23))
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24))
    match deed:
        case "skip":
            on = stage.skip_next(id, at=clock(24, 12))
            schedules.unskip(stage.session, id, on, by=stage.ana, at=clock(24, 13))
        case "pause":
            schedules.pause(stage.session, id, date(2026, 12, 9), by=stage.ana, at=clock(24, 12))
            schedules.resume(stage.session, id, by=stage.ana, at=clock(24, 13))
        case _:
            schedules.remove(stage.session, id, by=stage.ana, at=clock(24, 12))
            schedules.restore(stage.session, id, by=stage.ana, at=clock(24, 13))
    key = rounds.key_of(id, "2026-11-25")
    assert first_answers.find(stage.session, stage.ana.workspace, key) is None
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24, 14))
    assert first_answers.find(stage.session, stage.ana.workspace, key) is not None


def test_moving_the_time_of_a_day_that_was_asked_asks_no_second_time(stage: Stage) -> None:
    """Never twice on one local date, and what is shown as next says so."""
    id = stage.add(DAILY, at=clock(23, 12))
    stage.ticks(clock(24))
    known = Known(id, views.find(stage.session, id, by=stage.ana, at=clock(24, 11)).version)
    later = Plan(replace(DAILY, time=time(15)), ONE)
    schedules.change(stage.session, known, later, by=stage.ana, at=clock(24, 11))
    assert stage.next(id, at=clock(24, 11))[0] == "25 Nov"
    stage.ticks(clock(24, 15))
    stage.ticks(clock(25, 15))
    assert stage.days() == ["24 Nov", "25 Nov"]


def test_changing_the_zone_or_the_skips_reckons_the_next_time_anew(stage: Stage) -> None:
    """Ten o'clock in New York is four in the afternoon in Berlin; a date that is skipped is not asked."""
    id = stage.add(at=clock(23))
    moved = replace(WEDNESDAYS, zone="America/New_York", skips=frozenset({date(2026, 12, 2)}))
    schedules.change(stage.session, Known(id, 1), Plan(moved, ONE), by=stage.ana, at=clock(23, 11))
    assert stage.next(id, at=clock(23, 11)) == ["25 Nov", "09 Dec", "16 Dec"]
    stage.ticks(clock(25))
    assert stage.opened == []
    stage.ticks(clock(25, 16))
    assert stage.days() == ["25 Nov"]


def test_a_skip_leaves_out_one_time_and_can_be_taken_back(stage: Stage) -> None:
    """As long as that is to come."""
    id = stage.add(at=clock(23))
    assert stage.skip_next(id, at=clock(23)) == date(2026, 11, 25)
    assert stage.next(id, at=clock(23)) == ["02 Dec", "09 Dec", "16 Dec"]
    schedules.unskip(stage.session, id, date(2026, 11, 25), by=stage.ana, at=clock(24))
    assert stage.next(id, at=clock(24)) == ["25 Nov", "02 Dec", "09 Dec"]
    stage.skip_next(id, at=clock(24))
    stage.ticks(clock(25))
    assert stage.opened == []
    with pytest.raises(Unskippable):
        schedules.unskip(stage.session, id, date(2026, 11, 25), by=stage.ana, at=clock(25))


def test_paused_until_a_date_it_asks_from_then_on(stage: Stage) -> None:
    """That date included; resumed before, it asks again at once."""
    id = stage.add(at=clock(23))
    schedules.pause(stage.session, id, date(2026, 12, 9), by=stage.ana, at=clock(23))
    assert stage.next(id, at=clock(23)) == ["09 Dec", "16 Dec", "23 Dec"]
    stage.ticks(clock(2, month=12))
    assert stage.opened == []
    schedules.resume(stage.session, id, by=stage.ana, at=clock(23))
    assert stage.next(id, at=clock(23)) == ["25 Nov", "02 Dec", "09 Dec"]


def test_removed_it_asks_nothing_and_restored_it_goes_on(stage: Stage) -> None:
    """Without what it missed meanwhile."""
    id = stage.add(at=clock(23))
    schedules.remove(stage.session, id, by=stage.ana, at=clock(23))
    stage.ticks(clock(25))
    assert stage.opened == []
    schedules.restore(stage.session, id, by=stage.ana, at=clock(26))
    assert stage.next(id, at=clock(26)) == ["02 Dec", "09 Dec", "16 Dec"]
    stage.ticks(clock(2, month=12))
    assert stage.days() == ["02 Dec"]


def test_a_question_that_changed_is_asked_of_its_lead_anew(stage: Stage) -> None:
    """A quarter of an hour after the last change, once; not where there is no hour left to write."""
    id = stage.add(at=clock(23))
    stage.ticks(clock(24))
    change(stage, id, WEDNESDAYS, Source("question", ("Anothr?",)), at=clock(24, 12))
    change(stage, id, WEDNESDAYS, Source("question", ("Another?",)), at=clock(24, 12, 10))
    change(stage, id, replace(WEDNESDAYS, time=time(11)), Source("question", ("Another?",)), at=clock(24, 12, 12))
    for minute in (20, 30, 40):
        stage.ticks(clock(24, 12, minute))
    assert [one.question for one in stage.asked_first] == [ONE.questions[0], "Another?"]
    change(stage, id, WEDNESDAYS, ONE, at=clock(25, 9, 30))
    stage.ticks(clock(25, 9, 50))
    stage.ticks(clock(25))
    assert len(stage.asked_first) == 2
    assert [one.question for one in stage.opened] == [*ONE.questions]


def test_a_form_that_was_opened_yesterday_or_in_another_zone_still_counts(stage: Stage) -> None:
    """It begins on the day on which it was opened; nobody is told that this is past."""
    ahead = replace(WEDNESDAYS, start=date(2026, 11, 24), zone="Australia/Lord_Howe")
    id = stage.add(ahead, at=clock(24, 23))
    assert stage.next(id, at=clock(24, 23)) == ["25 Nov", "02 Dec", "09 Dec"]


def test_a_skip_leaves_out_that_date_alone(stage: Stage) -> None:
    """Changed from monthly to weekly, what comes before it is asked; of two that were skipped, the first may come back alone."""
    id = stage.add(Rule("day of month", date(2026, 11, 23), time(10), "Europe/Berlin", day=16), at=clock(23))
    stage.skip_next(id, at=clock(23, 11))
    change(stage, id, WEDNESDAYS, ONE, at=clock(23, 12))
    assert stage.next(id, at=clock(23, 12)) == ["25 Nov", "02 Dec", "09 Dec"]
    first = stage.skip_next(id, at=clock(23, 13))
    stage.skip_next(id, at=clock(23, 13))
    schedules.unskip(stage.session, id, first, by=stage.ana, at=clock(23, 14))
    assert stage.next(id, at=clock(23, 14)) == ["25 Nov", "09 Dec", "23 Dec"]
    for day in (24, 25, 32, 39):  # 2 and 9 December
        stage.ticks(clock(min(day, 30)) + max(0, day - 30) * 24 * HOUR)
    assert stage.days() == ["25 Nov", "09 Dec"]


def test_what_was_to_be_asked_once_and_is_put_elsewhere_is_asked(stage: Stage) -> None:
    """Whoever skipped it, and changes its hour, has changed their mind."""
    once = Rule("once", date(2026, 11, 25), time(10), "Europe/Berlin")
    id = stage.add(once, at=clock(23))
    stage.skip_next(id, at=clock(23, 11))
    change(stage, id, replace(once, time=time(15)), ONE, at=clock(23, 12))
    assert stage.next(id, at=clock(23, 12)) == ["25 Nov"]


@pytest.mark.parametrize("deed", ["skip", "another day"])
def test_a_question_whose_time_is_taken_away_is_the_next_of_its_list(stage: Stage, deed: str) -> None:
    """It was drawn when its lead was asked, and nobody else has seen it; what the lead wrote goes back to them."""
    id = stage.add(source=Source("list", ("One?", "Two?")), at=clock(23))
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24))
    first_answers.write(stage.session, rounds.key_of(id, "2026-11-25"), "Mine", by=stage.ana)
    if deed == "skip":
        stage.skip_next(id, at=clock(24, 12))
    else:
        change(stage, id, replace(WEDNESDAYS, weekdays=(4,)), Source("list", ("One?", "Two?")), at=clock(24, 12))
    owed = stage.session.execute(text("SELECT kind FROM outbox WHERE kind = 'give first answer back'")).all()
    assert len(owed) == 1
    for day in range(16):
        stage.ticks(clock(25) + day * 86400.0)
    assert [one.question for one in stage.opened] == ["One?", "Two?"]


def test_an_edit_a_moment_after_its_time_loses_no_prompt(stage: Stage) -> None:
    """It is due, and the clock has not come to it yet."""
    id = stage.add(at=clock(23))
    change(stage, id, replace(WEDNESDAYS, skips=frozenset({date(2026, 12, 2)})), ONE, at=clock(25) + 1)
    stage.ticks(clock(25) + 2)
    assert stage.days() == ["25 Nov"]
    assert stage.next(id, at=clock(25) + 2)[0] == "09 Dec"


def test_a_pocket_that_is_back_goes_on_but_not_before_the_date_that_a_lead_chose(stage: Stage) -> None:
    """*Resume them* is about the channel, and takes nobody's pause away."""
    id = stage.add(at=clock(23))
    schedules.pause(stage.session, id, date(2026, 12, 9), by=stage.ana, at=clock(23))
    resting.rest(stage.session, stage.place, "archived", at=clock(24))
    assert schedules.resume_all(stage.session, stage.place, by=stage.ana, at=clock(24, 12)) == 1
    assert stage.next(id, at=clock(24, 12)) == ["09 Dec", "16 Dec", "23 Dec"]


def test_where_its_lead_is_gone_the_first_who_is_there_is_asked(stage: Stage) -> None:
    """For the first answer, and of what was missed."""
    ben, cleo = PersonId("UBEN"), PersonId("UCLEO")
    stage.add(at=clock(23))
    for at, who in enumerate((ben, cleo)):
        leads.add(stage.session, stage.place, Person(stage.place.workspace, who), at=2.0 + at)
        channels.seen(stage.session, stage.place, Person(stage.place.workspace, who), at=2.0)
    for gone in (ANA, ben):
        channels.follow(stage.session, stage.place, gone, standing=False, event_ts=Ts("9.0"), at=3.0)
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24))
    assert stage.session.execute(text("SELECT lead FROM first_answers")).scalars().all() == [cleo]
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(26))
    told = stage.session.execute(text("SELECT person FROM notices WHERE kind = 'prompt missed'")).scalars().all()
    assert told == [cleo]


def test_where_no_lead_is_there_any_more_nobody_is_asked_first(stage: Stage) -> None:
    """The question is none of the business of those who left; it is asked all the same."""
    stage.add(at=clock(23))
    channels.follow(stage.session, stage.place, ANA, standing=False, event_ts=Ts("9.0"), at=3.0)
    for at in (clock(24), clock(25)):
        claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=at)
    assert stage.session.execute(text("SELECT lead FROM first_answers")).scalars().all() == []
    assert [state for _, state in stage.occurrences()] == ["opened"]


@pytest.mark.parametrize("what", ["a round", "a digest"])
def test_what_opens_or_is_turned_on_wakes_the_clock(stage: Stage, what: str) -> None:
    """It closes, or is posted, at a time that the clock did not know of."""
    stage.session.info.clear()
    if what == "a round":
        asked = rounds.Asking("key", stage.place, "What?", ANA, clock(27))
        rounds.open(stage.session, asked, at=clock(25))
    else:
        digests.turn_on(stage.session, stage.place, digest_times.When(4, "10:00"), by=stage.ana, at=clock(25))
    assert stage.session.info.get("due")


def test_a_digest_in_a_zone_behind_is_posted_this_week(stage: Stage) -> None:
    """In Honolulu it is still Tuesday afternoon when it is Wednesday in London: at five, it is posted."""
    stage.session.execute(text("UPDATE pockets SET timezone = 'Pacific/Honolulu'"))
    at = datetime(2026, 11, 24, 16, tzinfo=ZoneInfo("Pacific/Honolulu")).timestamp()
    digests.turn_on(stage.session, stage.place, digest_times.When(1, "17:00"), by=stage.ana, at=at)
    assert digests.next_due(stage.session) == at + HOUR


def test_a_digest_follows_its_pocket_into_another_timezone(stage: Stage) -> None:
    """East or west: at its hour there, from the moment on at which that is saved; and the clock is told."""
    digests.turn_on(stage.session, stage.place, digest_times.When(4, "16:00"), by=stage.ana, at=clock(23))
    settings = pocket_settings.of(stage.session, stage.place)
    for zone in ("Asia/Tokyo", "Pacific/Honolulu"):
        stage.session.info.clear()
        pocket_settings.write(stage.session, stage.place, replace(settings, timezone=zone), at=clock(23))
        friday = datetime(2026, 11, 27, 16, tzinfo=ZoneInfo(zone)).timestamp()
        assert digests.next_due(stage.session) == friday
        assert stage.session.info.get("due")


def test_a_pause_until_today_ends_today(stage: Stage) -> None:
    """And what is in the past is said to be."""
    id = stage.add(at=clock(23))
    schedules.pause(stage.session, id, date(2026, 11, 24), by=stage.ana, at=clock(24))
    assert stage.next(id, at=clock(24)) == ["25 Nov", "02 Dec", "09 Dec"]
    with pytest.raises(InThePast):
        schedules.pause(stage.session, id, date(2026, 11, 23), by=stage.ana, at=clock(24))


def test_what_another_lead_took_up_is_not_declined_by_an_older_press(stage: Stage) -> None:
    """Nor is a question brought back that stands in the bank again."""
    bank.suggest(stage.session, stage.place, Written("Who helped?"), by=stage.ana, at=1.0)
    (suggested,) = bank.own(stage.session, stage.place, "suggested")
    bank.set_state(stage.session, suggested.prompt.id, "live", by=stage.ana)
    with pytest.raises(TakenUp):
        bank.decline(stage.session, suggested.prompt.id, by=stage.ana)
    bank.set_state(stage.session, suggested.prompt.id, "retired", by=stage.ana)
    bank.add(stage.session, stage.place, Written("Who helped?"), by=stage.ana, at=2.0)
    with pytest.raises(SamePrompt):
        bank.set_state(stage.session, suggested.prompt.id, "live", by=stage.ana)


def test_a_preview_of_a_theme_with_nothing_left_says_so(stage: Stage) -> None:
    """An empty quote would be no question."""
    bank.add(stage.session, stage.place, Written("What?"), by=stage.ana, at=clock(23))
    (one,) = bank.own(stage.session, stage.place, "live")
    id = stage.add(source=Source("theme", theme="ours"), at=clock(23))
    bank.set_state(stage.session, one.prompt.id, "retired", by=stage.ana)
    with pytest.raises(NoQuestion):
        claiming.preview(stage.session, id, by=stage.ana, at=clock(23))


def test_a_pause_past_its_only_date_is_told(stage: Stage) -> None:
    """It would never ask again."""
    id = stage.add(Rule("once", date(2026, 11, 25), time(10), "Europe/Berlin"), at=clock(23))
    with pytest.raises(OverByThen):
        schedules.pause(stage.session, id, date(2026, 12, 9), by=stage.ana, at=clock(23))
    schedules.pause(stage.session, id, date(2026, 11, 25), by=stage.ana, at=clock(23))
    schedules.pause(stage.session, id, None, by=stage.ana, at=clock(23))
