"""Histories that hypothesis makes up: what goes wrong in one of them is told, though it goes well the next time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis.errors import Flaky

from bench.prove.proof import Tally, Trial
from bench.prove.telling import Difference, Step, Telling


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """A short one, of no proof."""
    return Trial("sqlite", tmp_path, tmp_path, seed=1, short=True, advance=lambda _: None)


async def test_a_difference_is_told_that_shows_once(trial: Trial) -> None:
    """And no more: what came next went well."""
    telling = _telling(trial, Difference(["Ben was shown it."], ["ben looks"]))
    await asyncio.to_thread(telling.tell)
    assert telling.tally.wrong[0] == "Ben was shown it."


async def test_what_breaks_off_once_ends_it(trial: Trial) -> None:
    """Else a proof would have tried next to nothing, and said that all was well."""
    with pytest.raises(Flaky):
        await asyncio.to_thread(_telling(trial, RuntimeError("The bot is not there.")).tell)


async def test_fewer_steps_than_were_wanted_are_no_proof(trial: Trial) -> None:
    """Where there was nothing to do them with, or hypothesis had no more histories; as many as were wanted are one."""
    telling = _telling(trial)
    await asyncio.to_thread(telling.tell)
    assert telling.tally.wrong == ["Of 10 steps only 0 were taken."]
    telling = _telling(trial)
    telling.tally.tried = 10
    await asyncio.to_thread(telling.tell)
    assert telling.tally.wrong == []


def _telling(trial: Trial, *errors: Exception) -> Telling:
    """One whose first histories with a step in them go wrong."""
    waiting = list(errors)

    async def go_through(steps: list[Step]) -> None:
        if steps and waiting:
            raise waiting.pop()

    return Telling(trial, Tally("steps"), asyncio.get_running_loop(), ("step",), go_through, wanted=10)
