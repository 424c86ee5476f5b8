"""What its lead was asked for the first answer to, and what became of that since; and the turn of a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import text

from storage.prompts import bank, claiming, first_answers, opening, rounds
from storage.prompts.bank import Written
from storage.prompts.plans import Known, Source
from tests.storage.prompts.stage import ONE, WEDNESDAYS, Stage, clock

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
