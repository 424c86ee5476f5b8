"""The words of the bot's by which proofs know what it said: they are copied, for no code of its is imported by what proves it."""

from __future__ import annotations

from pathlib import Path

import pytest

import storage.db
from bench.prove import database
from bench.prove.traffic import NOTHING_SAVED
from handlers.explaining import TooSlow
from storage.refusals import Busy, Refusal, Unavailable, Unsure


@pytest.mark.parametrize(("refusal", "says"), [(Busy, True), (Unavailable, True), (TooSlow, True), (Unsure, False)])
def test_the_bot_says_that_nothing_was_saved_in_the_words_that_are_looked_for(
    refusal: type[Refusal],
    says: bool,  # noqa: FBT001
) -> None:
    """Where it is not known, it says so."""
    assert (NOTHING_SAVED in refusal().words) == says


@pytest.mark.parametrize("event", [one.event for one in database.EXCUSES])
def test_what_the_log_may_say_of_a_database_that_is_away_is_said_there(event: str) -> None:
    """What is excused and never said would be an excuse for something else."""
    assert any(f'"{event}"' in file.read_text() for file in Path(*storage.db.__path__).glob("*.py"))
