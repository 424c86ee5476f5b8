"""What is due is claimed once, with its next time: whatever clocks, restarts and other processes do."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from storage import people
from storage.ids import Person, PersonId
from storage.places import channels, leads
from storage.prompts import claiming, closing, opening
from storage.prompts.plans import ScheduleId, Source
from storage.prompts.recurrence import Rule
from storage.prompts.refusals import AskedToday, NothingToSkip
from storage.prompts.timing import closes_at, nudges_at
from tests.storage.prompts.stage import ANA, BERLIN, DAILY, HOUR, ONE, WEDNESDAYS, Stage, clock


def test_what_is_due_is_opened_once_and_its_next_time_is_set(stage: Stage) -> None:
    """A second before its time nothing happens; at its time once, and not again."""
    id = stage.add(at=clock(23))
    assert stage.next(id, at=clock(23)) == ["25 Nov", "02 Dec", "09 Dec"]
    stage.ticks(clock(25) - 1)
    assert stage.days() == []
    for later in (0, 0, 1, 60, HOUR):
        stage.ticks(clock(25) + later)
    (asking,) = stage.opened
    assert (asking.question, asking.lead, asking.schedule, asking.place) == (ONE.questions[0], ANA, id, stage.place)
    assert stage.next(id, at=clock(25)) == ["02 Dec", "09 Dec", "16 Dec"]
    assert claiming.next_due(stage.session) == clock(1, month=12)


def test_the_working_day_before_its_lead_is_asked_for_the_first_answer(stage: Stage) -> None:
    """Once, in working hours, and with the question that is asked then; on a Friday for a Monday."""
    stage.add(replace(WEDNESDAYS, weekdays=(0,), time=time(20)), Source("list", ("One?", "Two?")), at=clock(23, 21))
    stage.ticks(clock(27, 16, 59))
    assert stage.asked_first == []
    stage.ticks(clock(27, 17))
    stage.ticks(clock(28, 12))
    (first,) = stage.asked_first
    assert (first.time.on, first.question) == (date(2026, 11, 30), "One?")
    stage.ticks(clock(30, 20))
    assert [asking.question for asking in stage.opened] == ["One?"]
    stage.ticks(clock(4, 17, month=12))
    assert [asking.question for asking in stage.asked_first] == ["One?", "Two?"]


def test_a_schedule_that_begins_within_a_day_asks_its_lead_nothing_before(stage: Stage) -> None:
    """There is no working day left before it."""
    stage.add(replace(WEDNESDAYS, start=date(2026, 11, 25)), at=clock(25, 9))
    stage.ticks(clock(25, 9))
    assert stage.asked_first == []


def test_late_within_the_grace_it_is_asked_with_its_days_date(stage: Stage) -> None:
    """Outloud was away for eleven hours: the round opens late, and closes two working days from then, in working hours."""
    stage.add(at=clock(23))
    stage.ticks(clock(25, 21))
    (asking,) = stage.opened
    assert asking.time.on == date(2026, 11, 25)
    assert asking.closes_at == clock(27, 17)


def test_what_a_lead_can_not_be_told_the_next_lead_is_asked_and_told(stage: Stage) -> None:
    """Slack said that ana can't be written to: ben is asked for the first answer, hears that nobody answered, and of a miss."""
    ben = Person(stage.place.workspace, PersonId("UBEN"))
    channels.seen(stage.session, stage.place, ben, at=1.0)
    leads.add(stage.session, stage.place, ben, at=2.0)
    stage.add(at=clock(23))
    people.lose(stage.session, stage.ana, at=clock(24, 9))
    for at in (clock(24), clock(25)):
        claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=at)
    asked = stage.session.execute(text("SELECT lane FROM outbox WHERE kind = 'ask first'")).scalars().all()
    stage.session.execute(text("UPDATE rounds SET ts = '1.000001'"))
    closing.tick(stage.session, at=clock(27), heard={})
    people.lose(stage.session, stage.ana, at=clock(1, month=12))  # tried again after a week, in vain
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(3, 10, month=12))
    told = stage.session.execute(text("SELECT person, kind FROM notices ORDER BY kind")).all()
    assert asked == [ben.id]
    assert [tuple(one) for one in told] == [(ben.id, "prompt missed"), (ben.id, "silence")]


def test_past_its_grace_it_is_missed_and_not_asked(stage: Stage) -> None:
    """Away for a week and a day: every time of a daily schedule is noted, and the next is what is next by now."""
    id = stage.add(DAILY, at=clock(23, 12))
    stage.ticks(clock(2, 9, month=12))
    assert stage.days() == []
    states = dict(stage.occurrences())
    assert list(states.values()) == ["missed"] * 6
    assert stage.next(id, at=clock(2, 9, month=12))[0] == "02 Dec"
    stage.ticks(clock(2, 10, month=12))
    assert stage.days() == ["02 Dec"]


def test_what_was_missed_or_skipped_today_can_be_asked_now_and_what_was_asked_can_not(stage: Stage) -> None:
    """As the notice of it says. What its lead was asked for the first answer to is what is asked, and once."""
    missed = stage.add(source=Source("list", ("One?", "Two?", "Three?")), at=clock(23))
    skipped = stage.add(at=clock(23))
    stage.ticks(clock(24))
    stage.skip_next(skipped, at=clock(25, 9))
    stage.ticks(clock(25, 22, 30))
    assert stage.days() == []
    asked = [
        claiming.ask_now(stage.session, id, lambda *_: None, by=stage.ana, at=clock(25, 22, 40)).question
        for id in (missed, skipped)
    ]
    assert asked == ["One?", ONE.questions[0]]
    assert stage.occurrences() == [("2026-11-25", "opened")] * 2
    for id in (missed, skipped):
        assert stage.next(id, at=clock(25, 23))[0] == "02 Dec"
        with pytest.raises(AskedToday):
            claiming.ask_now(stage.session, id, lambda *_: None, by=stage.ana, at=clock(25, 23))


def test_a_clock_that_is_set_back_and_forth_asks_nothing_twice(stage: Stage) -> None:
    """Set ahead by an hour it asks early; set back, it does not ask again; set ahead by a week, it has asked that too."""
    stage.add(DAILY, at=clock(23, 12))
    for at in (clock(24), clock(24) - HOUR, clock(24), clock(25, 11), clock(25, 9), clock(25), clock(26), clock(24)):
        stage.ticks(at)
    assert stage.days() == ["24 Nov", "25 Nov", "26 Nov"]
    assert len(set(stage.occurrences())) == len(stage.occurrences())


def test_what_comes_up_twice_under_one_date_is_opened_once(stage: Stage) -> None:
    """Whatever brought a schedule's next time back: the occurrence is there already."""
    id = stage.add(at=clock(23))
    stage.ticks(clock(25))
    stage.session.execute(
        text("UPDATE schedules SET next_at = :at, next_on = '2026-11-25', due = :at"), {"at": clock(25)}
    )
    stage.ticks(clock(25, 11))
    assert stage.days() == ["25 Nov"]
    assert stage.next(id, at=clock(25, 11))[0] == "02 Dec"


def test_once_it_is_over_it_has_no_next_time(stage: Stage) -> None:
    """And nothing to skip."""
    id = stage.add(Rule("once", date(2026, 11, 25), time(10), "Europe/Berlin"), at=clock(23))
    stage.ticks(clock(25))
    assert stage.days() == ["25 Nov"]
    assert stage.next(id, at=clock(26)) == []
    with pytest.raises(NothingToSkip):
        stage.skip_next(id, at=clock(26))


def test_a_list_is_asked_in_turn_and_a_shuffled_one_without_repeats(stage: Stage) -> None:
    """Each question once before any comes again; none comes twice in a row."""
    questions = tuple(f"Question {number}?" for number in range(5))
    stage.add(DAILY, Source("list", questions), at=clock(23, 12))
    mixed = stage.add(DAILY, Source("list", questions, shuffled=True), at=clock(23, 12))
    for day in range(1, 31):
        stage.ticks(clock(24) + (day - 1) * 86400.0)
    by_turn = [one.question for one in stage.opened if one.schedule != mixed]
    shuffled = [one.question for one in stage.opened if one.schedule == mixed]
    assert by_turn[:10] == [*questions, *questions]
    assert all(set(shuffled[start : start + 5]) == set(questions) for start in range(0, 20, 5))
    decks = {tuple(shuffled[start : start + 5]) for start in range(0, 20, 5)}
    assert len(decks) > 1  # of four that are mixed each by itself, two in a row are alike by chance one time in seventy
    assert all(one != other for one, other in pairwise(shuffled))


def test_two_processes_share_what_is_due_and_double_nothing(engine: Engine, stage: Stage) -> None:
    """Each holds what it has claimed until it commits; the other takes the rest, and waits for nothing."""
    ids = [stage.add(at=clock(23)) for _ in range(40)]
    stage.session.execute(text("UPDATE schedules SET first_at = NULL, due = next_at"))
    stage.session.commit()
    opened: list[ScheduleId] = []
    taken = threading.Barrier(2, timeout=20)

    def work() -> None:
        with Session(engine) as session:
            mine: list[ScheduleId] = []
            claiming.claim_due(
                session, lambda _s, asking, _at: mine.append(asking.schedule), lambda *_: None, at=clock(25), limit=20
            )
            if engine.dialect.name == "postgresql":
                taken.wait()  # both have claimed, and neither has committed
            session.commit()
            opened.extend(mine)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == sorted(ids)


@pytest.mark.parametrize("why", ["stopped", "archived", "removed"])
def test_where_nothing_can_be_asked_it_rests(stage: Stage, why: str) -> None:
    """Its pocket is stopped, its channel archived, or Outloud removed from it: nothing is opened, and it says why."""
    id = stage.add(at=clock(23))
    change = {
        "stopped": "UPDATE pockets SET stopped_at = 1",
        "archived": "UPDATE channels SET is_archived = true",
        "removed": "UPDATE channels SET has_bot = false",
    }
    stage.session.execute(text(change[why]))
    stage.ticks(clock(25))
    assert stage.opened == []
    row = stage.session.execute(text("SELECT state, rests, due FROM schedules WHERE id = :id"), {"id": id}).one()
    assert tuple(row) == ("resting", why, None)
    assert claiming.next_due(stage.session) is None


def test_a_tick_looks_only_at_what_is_due(stage: Stage) -> None:
    """By the index: the plan of the query reads no other schedule."""
    on_sqlite = stage.session.get_bind().dialect.name == "sqlite"
    for _ in range(30):
        stage.add(at=clock(23))
    if not on_sqlite:
        stage.session.execute(text("SET LOCAL enable_seqscan = off"))
    query = "SELECT id FROM schedules WHERE due <= :now ORDER BY due LIMIT 5"
    explain = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
    found = stage.session.execute(text(f"{explain} {query}"), {"now": clock(24)})
    assert "ix_schedules_due" in str(list(found))


def test_closing_falls_on_a_working_day_in_working_hours() -> None:
    """Over a weekend and a holiday, and never at night."""
    rule = replace(WEDNESDAYS, region="DE")
    opened = datetime(2026, 12, 24, 22, tzinfo=BERLIN)  # a Thursday: Friday is Christmas Day
    closes = datetime.fromtimestamp(closes_at(rule, opened.timestamp(), days=2), BERLIN)
    assert closes == datetime(2026, 12, 29, 17, tzinfo=BERLIN)
    nudges = nudges_at(rule, opened.timestamp(), closes.timestamp())
    assert nudges == (closes - timedelta(hours=3)).timestamp()
    early = datetime(2026, 11, 25, 8, tzinfo=UTC).timestamp()
    closes_early = closes_at(rule, early, days=2)
    assert datetime.fromtimestamp(nudges_at(rule, early, closes_early) or 0, BERLIN) == datetime(
        2026, 11, 26, 16, tzinfo=BERLIN
    )


def test_on_days_in_a_row_the_lead_is_asked_for_each_first_answer(stage: Stage) -> None:
    """For Thursday's when Wednesday's is asked; shortly after that it is late enough."""
    stage.add(replace(WEDNESDAYS, weekdays=(2, 3, 4)), at=clock(23))
    for day, hour in ((24, 10), (25, 10), (26, 10), (27, 12)):
        stage.ticks(clock(day, hour) + 1)
        stage.ticks(clock(day, hour) + 2)
    assert stage.days() == ["25 Nov", "26 Nov", "27 Nov"]
    assert [f"{one.time.on:%d %b}" for one in stage.asked_first] == ["25 Nov", "26 Nov", "27 Nov"]
