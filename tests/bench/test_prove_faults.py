"""faults: that a fault which never struck, and a Slack that is not as the export says, are found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.kept import Remembered
from bench.prove import faults
from sandbox.faults import Kind
from sandbox.slack import Slack
from tests.sandbox.librarian import MANIFEST

KEPT = Remembered("C", "1.0", "U", "w", "l", 1.0, frozenset({"U2"}))


@pytest.mark.parametrize(("door", "more"), [("http", ()), ("socket", faults.CONNECTIONS)])
def test_a_kind_of_fault_that_never_struck_is_found(door: str, more: tuple[Kind, ...]) -> None:
    """Those of connections only where there are some."""
    slack = Slack(MANIFEST)
    assert faults.idle(slack, door) == [*faults.CALLS, *faults.DELIVERIES, *more]
    slack.world.faults.struck.update((*faults.CALLS, *faults.DELIVERIES, *more))
    assert faults.idle(slack, door) == []
    slack.world.faults.struck["late"] = 0
    assert faults.idle(slack, door) == ["late"]


@pytest.mark.parametrize("shown", [[], [replace(KEPT, words="other")], [KEPT, replace(KEPT, ts="2.0")]])
def test_what_slack_shows_must_be_what_the_export_says(shown: list[Remembered]) -> None:
    """One fewer, one otherwise, one more."""
    assert faults.unlike_the_export([KEPT], [KEPT]) == []
    (found,) = faults.unlike_the_export([KEPT], shown)
    assert found.startswith(f"The export has 1 kept messages, Slack shows {len(shown)}, ")
