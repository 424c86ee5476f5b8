"""When something was missed: one long absence, or several short ones that may have swallowed all of Slack's tries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import Session

from storage import gaps, pockets
from storage.channels import ChannelFacts
from storage.gaps import Rhythm
from storage.ids import ChannelId, Person, PersonId, Place, Ts, WorkspaceId
from storage.tables import Owed
from tests.storage.rows import open_workspace

RHYTHM = Rhythm()
W = WorkspaceId("T1")
TRIES = (0.0, 60.0, 360.0)
"""Seconds after an event at which Slack delivers it (docs.slack.dev/apis/events-api)."""


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A workspace with one pocket."""
    with Session(engine) as session:
        open_workspace(session, W)
        place = Place(W, ChannelId("C1"))
        pockets.start(session, place, ChannelFacts("c", is_private=False), by=Person(W, PersonId("U1")), at=0.0)
        session.execute(text("DELETE FROM outbox"))
        yield session


def beats(session: Session, times: list[float], *, starts: frozenset[float] = frozenset()) -> None:
    """Outloud is there at these times, in seconds."""
    for at in times:
        gaps.pulse(session, W, at=at, heard=None, rhythm=RHYTHM, just_started=at in starts)


def caught_up(session: Session) -> list[tuple[float, float]]:
    """The gaps that are to be caught up with."""
    bodies = session.scalars(select(Owed.body).where(Owed.kind == "begin catching up").order_by(Owed.owed_at)).all()
    session.execute(delete(Owed))
    return [(body["since"], body["until"]) for body in bodies]


def test_nothing_is_missed_while_it_is_there(session: Session) -> None:
    """Every five seconds, once ten."""
    beats(session, [0, 5, 10, 15, 25, 30])
    assert caught_up(session) == []


def test_a_long_absence_is_a_gap(session: Session) -> None:
    """Longer than Slack goes on delivering, or nearly."""
    beats(session, [0, 5, 306])
    assert caught_up(session) == [(5, 306)]


def test_a_short_one_is_none(session: Session) -> None:
    """Slack delivers again what was not taken in."""
    beats(session, [0, 5, 65, 70], starts=frozenset({65}))
    assert caught_up(session) == []


def test_short_ones_that_meet_all_of_slacks_tries_are_a_gap(session: Session) -> None:
    """An event of second 7 was tried at 7, 67 and 367, and Outloud was away each time."""
    there = [0, 5, 10, *range(15, 65, 5), 70, *range(75, 365, 5), 370]
    beats(session, [float(at) for at in there], starts=frozenset({10.0, 70.0, 370.0}))
    assert caught_up(session) == [(5, 370)]


def test_what_was_caught_up_with_counts_no_more(session: Session) -> None:
    """The next short absence begins anew."""
    beats(session, [0, 400, 405, 410], starts=frozenset({400, 410}))
    assert caught_up(session) == [(0, 400)]
    beats(session, [415, 500], starts=frozenset({500}))
    assert caught_up(session) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    absences=st.lists(st.tuples(st.integers(1, 120), st.integers(1, 400)), min_size=1, max_size=8),
    event=st.integers(0, 2000),
)
def test_no_event_falls_between_an_absence_and_a_gap(
    session: Session, absences: list[tuple[int, int]], event: int
) -> None:
    """Whatever times it was there and away: an event that met it away at all three tries lies in a gap."""
    session.execute(text("UPDATE workspaces SET alive_at = NULL, away_since = NULL, away_until = NULL"))
    clock, away, times, starts = 0.0, list[tuple[float, float]](), [0.0], set[float]()
    for there, gone in absences:
        times += [clock + second for second in range(5, there, 5)]
        clock = times[-1]
        away.append((clock, clock + gone))
        clock += gone
        times.append(clock)
        starts.add(clock)
    beats(session, times, starts=frozenset(starts))
    missed = all(any(start < event + wait < end for start, end in away) for wait in TRIES)
    found = caught_up(session)
    if missed and event + TRIES[-1] < clock:
        assert any(since <= event <= until for since, until in found)


def test_the_newest_that_was_heard_is_kept(session: Session) -> None:
    """An older one, as after a restart, changes nothing."""
    for at, heard in ((0.0, "1700000002.000000"), (5.0, None), (10.0, "1700000001.000000")):
        newest = gaps.pulse(session, W, at=at, heard=Ts(heard) if heard else None, rhythm=RHYTHM, just_started=False)
        assert newest == "1700000002.000000"
