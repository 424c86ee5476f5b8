"""The words of the bot's by which proofs know what it said: they are copied, for no code of its is imported by what proves it."""

from __future__ import annotations

import pytest

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
