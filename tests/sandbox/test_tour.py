"""The tour: that it would say what is not as told."""

from __future__ import annotations

import inspect
import io

import pytest
from rich.console import Console

from sandbox import teller, tour
from sandbox.slack import Slack
from tests.sandbox.parrot import MANIFEST as PARROT
from tests.sandbox.parrot import running


async def test_a_tour_whose_app_does_nothing_of_it_is_not_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step says so."""
    monkeypatch.setattr(teller, "WITHIN", 0.2)
    shown = io.StringIO()
    async with Slack(PARROT) as slack, running(slack):
        for name in ("ana", "ben", "cleo", "dan", "gil"):
            slack.person(name)
        slack.channel("learning", members=("ana", "ben", "cleo", "gil"))
        slack.channel("general", members=("dan",), app=False)
        failures = await tour.play(slack, Console(file=shown))
    assert len(failures) == len(tour.STEPS) + 1
    assert failures[-1] == "It did not show: search, a typo, nothing found, asked and answered, a guest who sees less."
    assert shown.getvalue().count("not as told") == len(tour.STEPS)


TO_BE_SHOWN = {"search", "a typo", "nothing found", "asked and answered", "a guest who sees less"}


def test_each_thing_that_it_is_there_to_show_is_shown_by_a_step() -> None:
    """A step that is taken out, or shortened, takes what it shows with it: here, and at the end of each tour."""
    assert {*tour.MUST_SHOW} == TO_BE_SHOWN
    steps = "".join(inspect.getsource(step) for _, step in tour.STEPS)
    assert [one for one in tour.MUST_SHOW if f'proves="{one}"' not in steps] == []


@pytest.mark.parametrize("lacks", [(), ("a typo",), ("search", "a guest who sees less")])
async def test_a_tour_that_does_not_show_all_is_not_as_told(
    monkeypatch: pytest.MonkeyPatch, lacks: tuple[str, ...]
) -> None:
    """Though each of its steps is; what somebody should have seen and did not proves nothing."""

    async def shows(tell: teller.Teller) -> None:
        for one in TO_BE_SHOWN - {*lacks}:
            tell.saw("Ana", "much", expected="much", proves=one)

    async def lacking(tell: teller.Teller) -> None:
        tell.saw("Ana", "nothing", expected="much", proves="a typo")

    monkeypatch.setattr(tour, "STEPS", (("All goes well", shows), ("But for this", lacking)))
    failures = await tour.play(Slack(PARROT), Console(file=io.StringIO()))
    assert failures[0].startswith("Step 2: Ana should have seen")
    assert failures[1:] == ([f"It did not show: {', '.join(lacks)}."] if lacks else [])
