"""What its lead was asked for the first answer to, and what became of that since; and the turn of a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import text

from storage.ids import Ts
from storage.prompts import bank, claiming, closing, first_answers, opening, rounds
from storage.prompts.bank import Written
from storage.prompts.plans import Known, Source
from tests.storage.prompts.stage import HOUR, ONE, WEDNESDAYS, Stage, clock

DAY = 86400.0


@pytest.mark.parametrize("deed", ["retired", "edited"])
def test_what_became_of_a_prompt_of_ours_since_its_lead_was_asked_counts(stage: Stage, deed: str) -> None:
    """What was retired is not asked; what was corrected is asked as it stands."""
    for question in ("Waht?", "Good?"):
        bank.add(stage.session, stage.place, Written(question), by=stage.ana, at=clock(23))
    stage.add(source=Source("theme", theme="ours"), at=clock(23))
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24))
    drawn, prompt = stage.session.execute(text("SELECT question, prompt FROM occurrences")).one()
    if deed == "retired":
        bank.set_state(stage.session, prompt, "retired", by=stage.ana)
    else:
        version = bank.find(stage.session, prompt, by=stage.ana).version
        bank.change(stage.session, Known(prompt, version), Written("What?"), by=stage.ana)
    stage.ticks(clock(25))
    (asked,) = [one.question for one in stage.opened]
    assert asked != drawn
    assert deed == "retired" or asked == "What?"


def test_whoever_answers_first_hears_of_the_hour_that_it_is_by_now(stage: Stage) -> None:
    """It was moved after they were asked."""
    id = stage.add(at=clock(23))
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24))
    stage.change(id, replace(WEDNESDAYS, time=time(15)), ONE, at=clock(24, 12))
    found = first_answers.find(stage.session, stage.ana.workspace, rounds.key_of(id, "2026-11-25"))
    assert found is not None
    assert found.opens_at == clock(25, 15)


def test_a_question_that_was_announced_and_missed_is_the_next_of_its_list(stage: Stage) -> None:
    """Nobody has seen it but its lead."""
    stage.add(source=Source("list", ("One?", "Two?")), at=clock(23))
    stage.ticks(clock(24))
    for day in range(7):
        stage.ticks(clock(26) + day * DAY)
    assert [one.question for one in stage.opened] == ["One?"]


def test_a_question_that_is_added_to_a_list_that_is_through_is_asked_next(stage: Stage) -> None:
    """In turn: not after all the others once more."""
    id = stage.add(source=Source("list", ("One?", "Two?")), at=clock(23))
    for day in range(9):
        stage.ticks(clock(24) + day * DAY)
    stage.change(id, WEDNESDAYS, Source("list", ("One?", "Two?", "Three?")), at=clock(24) + 9 * DAY)
    for day in range(9, 17):
        stage.ticks(clock(24) + day * DAY)
    assert [one.question for one in stage.opened] == ["One?", "Two?", "Three?"]


def test_a_prompt_that_is_scheduled_the_day_before_asks_its_lead_too(stage: Stage) -> None:
    """There are 23 hours left to write, as after an edit, or once it is resumed."""
    stage.add(at=clock(24, 11))
    for hour in range(11, 24):
        stage.ticks(clock(24, hour))
    assert len(stage.asked_first) == 1


def test_a_drawn_question_whose_prompt_never_stood_is_next(stage: Stage) -> None:
    """Slack was away until its round was over."""
    stage.add(source=Source("list", ("One?", "Two?")), at=clock(23))
    for hour in range(24 * 5):
        claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24) + hour * HOUR)
        closing.tick(stage.session, at=clock(24) + hour * HOUR, heard={})
    assert [state for _, state in stage.occurrences()][:1] == ["missed"]
    for hour in range(24 * 5, 24 * 9):
        claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24) + hour * HOUR)
    asked = stage.session.execute(text("SELECT question FROM rounds ORDER BY opened_at")).scalars().all()
    assert asked == ["One?", "One?"]


def test_what_was_too_late_today_is_asked_now_after_all(stage: Stage) -> None:
    """Its lead hears so at once, and once."""
    id = stage.add(source=Source("list", ("One?", "Two?")), at=clock(23))
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(25))
    (row,) = stage.session.execute(text("SELECT workspace, id FROM rounds")).all()
    at = clock(25, 22, 30)
    round = rounds.find(stage.session, row.workspace, row.id)
    assert round is not None
    assert opening.is_too_late(stage.session, round, at=at)
    for _ in range(2):  # two processes may find it
        opening.lapsed(stage.session, round, at=at)
    assert stage.session.execute(text("SELECT kind FROM notices")).scalars().all() == ["prompt missed"]
    asked = claiming.ask_now(stage.session, id, opening.opens, by=stage.ana, at=at)
    assert asked.question == "One?"
    assert stage.session.execute(text("SELECT count(*) FROM rounds WHERE closed_at IS NULL")).scalar_one() == 1


def test_an_answer_to_a_prompt_that_was_corrected_since_follows_it(stage: Stage) -> None:
    """A slip of the pen in the bank takes nobody's answer away."""
    bank.add(stage.session, stage.place, Written("Waht?"), by=stage.ana, at=clock(23))
    id = stage.add(source=Source("theme", theme="ours"), at=clock(23))
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(24))
    key = rounds.key_of(id, "2026-11-25")
    first_answers.write(stage.session, key, "Mine.", by=stage.ana)
    prompt = stage.session.execute(text("SELECT prompt FROM occurrences")).scalar_one()
    version = bank.find(stage.session, prompt, by=stage.ana).version
    bank.change(stage.session, Known(prompt, version), Written("What?"), by=stage.ana)
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(25))
    round = rounds.find_by_key(stage.session, stage.ana.workspace, key)
    assert round is not None
    first_answers.stands(stage.session, round, Ts("1700000000.000100"), at=clock(25))
    assert stage.session.execute(text("SELECT words FROM learnings")).scalars().all() == ["Mine."]
