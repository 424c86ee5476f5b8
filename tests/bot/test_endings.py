"""How long an errand waits after a failure, and when it is given up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import attempts, endings
from handlers.duties import Later
from storage.ids import WorkspaceId
from storage.owed.outbox import Errand
from storage.refusals import Unavailable

ERRAND = Errand(workspace=WorkspaceId("T1"), id="E1", kind="mark", lane="C1", slot=None, body={}, lease="x", until=30.0,
    tries=1, unknown=False, owed_at=0.0, tried_at=0.0, after_ts=None, waited=0.0)  # fmt: skip


@pytest.mark.parametrize("tries", range(1, endings.MOST_TRIES))
def test_each_failure_doubles_the_wait_up_to_five_minutes_with_jitter(tries: int) -> None:
    """Half of it is chance, so that not all come back at once."""
    longest = min(endings.LONGEST_WAIT, 2.0**tries)
    ended = [endings.of(Unavailable(), replace(ERRAND, tries=tries), repeatable=True, at=0.0) for _ in range(50)]
    waits = [one.seconds for one in ended if isinstance(one, endings.PutOff)]
    assert len(waits) == 50
    assert all(longest / 2 <= wait <= longest for wait in waits)
    assert max(waits) - min(waits) > longest / 10


def test_after_forty_failures_it_is_parked_with_its_reason() -> None:
    """Some three hours later: an operator decides."""
    ended = endings.of(Unavailable(), replace(ERRAND, tries=endings.MOST_TRIES), repeatable=True, at=0.0)
    assert ended == endings.Parked("the database was out of reach, 40 times")


def test_a_post_is_looked_for_only_when_the_client_has_surely_given_up() -> None:
    """What may still be on its way would not show, and be said again."""
    assert attempts.CLIENT_TIMEOUT < endings.LOOK_AFTER
    ended = endings.of(TimeoutError(), ERRAND, repeatable=False, at=0.0)
    assert isinstance(ended, endings.Unknown)


def test_what_is_too_soon_waits_for_its_time_and_is_known_to_be_unsaid() -> None:
    """However often: it is no try, and nothing has to be looked for afterwards."""
    ended = endings.of(Later(1500.0), replace(ERRAND, tries=endings.MOST_TRIES), repeatable=False, at=1000.0)
    assert ended == endings.PutOff(500.0, "waits for its time", counted=False, unsaid=True)


def test_what_may_stand_where_no_look_reaches_is_not_known_to_be_unsaid() -> None:
    """It is to be looked for again, once it may be said."""
    ended = endings.of(endings.Unlooked(1500.0), replace(ERRAND, unknown=True), repeatable=False, at=1000.0)
    assert ended == endings.PutOff(500.0, "waits for its time", counted=False)
