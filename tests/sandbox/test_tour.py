"""The tour: that it would say what is not as told."""

from __future__ import annotations

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
    assert len(failures) == len(tour.STEPS)
    assert shown.getvalue().count("not as told") == len(tour.STEPS)
