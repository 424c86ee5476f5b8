"""Dates that a lead left out: the claim leaves them out as the board does, whatever comes before and after them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import text

from storage.prompts import claiming, opening, schedules
from storage.prompts.plans import ScheduleId, Source
from storage.prompts.recurrence import Rule
from tests.storage.prompts.stage import ONE, WEDNESDAYS, Stage, clock

DAY = 86400.0


def skip_the_one_after_next(stage: Stage, id: ScheduleId) -> None:
    """Two are skipped, and the first comes back: 25 November is asked, 2 December is not."""
    first = stage.skip_next(id, at=clock(23, 11))
    stage.skip_next(id, at=clock(23, 11))
    schedules.unskip(stage.session, id, first, by=stage.ana, at=clock(23, 12))


def test_after_a_round_the_next_that_is_shown_can_be_skipped(stage: Stage) -> None:
    """The claim leaves out what a lead left out, as the board does."""
    id = stage.add(at=clock(23))
    skip_the_one_after_next(stage, id)
    stage.ticks(clock(25))
    assert stage.next(id, at=clock(25, 12))[0] == "09 Dec"
    assert stage.skip_next(id, at=clock(25, 12)) == date(2026, 12, 9)


def test_a_list_in_turn_loses_no_question_to_a_date_that_is_skipped(stage: Stage) -> None:
    """Nothing is drawn for a date on which nothing is asked."""
    id = stage.add(source=Source("list", ("One?", "Two?", "Three?", "Four?")), at=clock(23))
    skip_the_one_after_next(stage, id)
    for day in range(16):
        stage.ticks(clock(24) + day * DAY)
    assert stage.days() == ["25 Nov", "09 Dec"]
    assert [one.question for one in stage.opened] == ["One?", "Two?"]


def test_what_was_skipped_is_not_told_as_missed(stage: Stage) -> None:
    """Outloud was away on a day on which it had nothing to ask."""
    id = stage.add(at=clock(23))
    skip_the_one_after_next(stage, id)
    stage.ticks(clock(25))
    claiming.claim_due(stage.session, opening.opens, opening.asks_first, at=clock(25) + 8 * DAY)
    assert stage.session.execute(text("SELECT kind FROM notices")).scalars().all() == []


@pytest.mark.parametrize("later", [replace(WEDNESDAYS, time=time(15)), replace(WEDNESDAYS, zone="America/New_York")])
def test_a_skipped_date_stays_skipped_though_its_hour_is_moved(stage: Stage, later: Rule) -> None:
    """Between the old hour and the new one, too: the board says what will happen."""
    id = stage.add(at=clock(23))
    stage.skip_next(id, at=clock(23, 11))
    stage.change(id, later, ONE, at=clock(23, 12))
    assert stage.next(id, at=clock(25, 11))[0] == "02 Dec"
    stage.change(id, later, Source("question", ("Another?",)), at=clock(25, 11))
    assert stage.session.execute(text("SELECT next_on FROM schedules")).scalar_one() == "2026-12-02"
