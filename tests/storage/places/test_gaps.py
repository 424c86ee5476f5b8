"""When something was missed: one long absence, or several short ones that may have swallowed all of Slack's tries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import Session

from storage.ids import ChannelId, MessageRef, Person, PersonId, Place, Ts, WorkspaceId
from storage.kept.curators import Given
from storage.kept.sources import Shown
from storage.owed import outbox
from storage.places import catching_up, channels, gaps, pockets
from storage.places.catching_up import Gap, Page
from storage.places.channels import ChannelFacts
from storage.places.gaps import Rhythm
from storage.tables import Keep, Owed
from tests.storage.rows import open_workspace

RHYTHM = Rhythm()
W = WorkspaceId("T1")
LEAD = Person(W, PersonId("U1"))
TRIES = (0.0, 60.0, 360.0)
"""Seconds after an event at which Slack delivers it (docs.slack.dev/apis/events-api)."""


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A workspace with one pocket."""
    with Session(engine) as session:
        open_workspace(session, W)
        place = Place(W, ChannelId("C1"))
        pockets.start(session, place, ChannelFacts("c", is_private=False), by=LEAD, at=0.0)
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


def owed(session: Session, kind: str) -> list[dict[str, Any]]:
    """What is owed of a kind; it counts as done afterwards."""
    rows = session.execute(select(Owed).where(Owed.kind == kind).order_by(Owed.lane)).scalars().all()
    bodies = [dict(row.body) for row in rows]
    session.execute(delete(Owed))
    return bodies


def start(session: Session, channel: str, *, heard: str | None = None) -> Place:
    """One more pocket, of which nothing waits."""
    place = Place(W, ChannelId(channel))
    facts = ChannelFacts(channel.lower(), is_private=False, known=Ts(heard) if heard else None)
    pockets.start(session, place, facts, by=LEAD, at=0.0)
    session.execute(delete(Owed))
    return place


def read_from(at: float) -> dict[str, Any]:
    """What the catching up with a gap at `at` begins with."""
    return {"since": at, "until": at, "known": f"{at:.6f}", "oldest": f"{at - gaps.LOOK_BACK:.6f}"}


def a_gap(session: Session, *, at: float = 1e9) -> dict[str, Any]:
    """Outloud was away for an hour. Returns what the catching up begins with."""
    beats(session, [at, at + 3600])
    (body,) = owed(session, "begin catching up")
    return body


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


def test_who_stood_still_beside_another_process_may_have_missed_what_was_sent_to_it(session: Session) -> None:
    """The other one noted all the while that Outloud was there; Slack sent over the connections of the one that was not."""
    beats(session, [float(at) for at in range(0, 400, 5)])
    gaps.pulse(session, W, at=400, heard=None, rhythm=RHYTHM, just_started=False, stood_still=310.0)
    assert caught_up(session) == [(90, 400)]
    gaps.pulse(session, W, at=1400, heard=None, rhythm=RHYTHM, just_started=False, stood_still=5.0)
    assert caught_up(session) == [(400, 1400)]


def test_a_clock_that_is_moved_is_no_absence(session: Session) -> None:
    """A sandbox's: by a week, there and back. Whoever has just started was away all the same, and so was who stood still."""
    beats(session, [1000, 1005])
    for at in (700_000.0, 1010.0):
        gaps.pulse(session, W, at=at, heard=None, rhythm=RHYTHM, just_started=False, moved=True)
    assert caught_up(session) == []
    gaps.pulse(session, W, at=2000, heard=None, rhythm=RHYTHM, just_started=False, moved=True, stood_still=310.0)
    assert caught_up(session) == [(1690, 2000)]
    gaps.pulse(session, W, at=3000, heard=None, rhythm=RHYTHM, just_started=True, moved=True)
    assert caught_up(session) == [(2000, 3000)]


def test_a_short_stand_still_after_a_short_absence_may_have_met_all_of_slacks_tries(session: Session) -> None:
    """One after the other, they are as long as Slack tries."""
    beats(session, [1000, *range(1150, 1330, 5)], starts=frozenset({1150}))
    assert caught_up(session) == []
    gaps.pulse(session, W, at=1330, heard=None, rhythm=RHYTHM, just_started=False, stood_still=175.0)
    assert caught_up(session) == [(1000, 1330)]


def test_what_was_turned_away_until_nobody_was_there_is_a_gap(session: Session) -> None:
    """An event of second 1007 was refused at 1007 and at 1067, as too much waited; at 1367 Outloud was starting anew."""
    for at in [1000, *range(1005, 1370, 5), 1375]:
        away = at in (1010, 1070)
        gaps.pulse(session, W, at=at, heard=None, rhythm=RHYTHM, just_started=at == 1375, turned_away=away)
        assert caught_up(session) == ([] if at < 1375 else [(1005, 1375)])


def test_what_was_turned_away_and_taken_later_is_none(session: Session) -> None:
    """However long it goes on: whatever met Slack's last try was refused, and is read up on as that."""
    for at in range(1000, 3000, 5):
        gaps.pulse(session, W, at=at, heard=None, rhythm=RHYTHM, just_started=False, turned_away=at % 100 == 0)
    assert caught_up(session) == []


def test_a_hurried_slack_waits_no_less_for_each_answer(session: Session) -> None:
    """At 25 times the pace: tried at 1000, at 1002.4 until 1005.4, and 12 seconds later; each time somebody was away."""
    rhythm = RHYTHM.faster(25)
    there = [999.75, 1002.5, *(1002.75 + step / 4 for step in range(58)), 1018]
    for at in there:
        gaps.pulse(session, W, at=at, heard=None, rhythm=rhythm, just_started=at in (1002.5, 1018))
    assert caught_up(session) == [(999.75, 1018)]


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


@pytest.mark.parametrize("short_ones", [False, True])
def test_it_is_read_from_before_the_gap_whatever_was_heard_since(session: Session, *, short_ones: bool) -> None:
    """It was away for ten days, and hears of today before it notices; or of each day between two short absences."""
    day = 86400.0
    first, last = 1.5e9, 1.5e9 + 10 * day
    there = [(0.0, first), (5.0, first), (70.0, first + 5 * day), (130.0, last)] if short_ones else [(0.0, first)]
    for at, heard in [*there, (500.0, last)]:
        newest = Ts(f"{heard:.6f}")
        gaps.pulse(session, W, at=at, heard=newest, rhythm=RHYTHM, just_started=at > 5)
    (body, *_) = owed(session, "begin catching up")
    assert (body["known"], body["oldest"]) == (f"{last:.6f}", f"{first - gaps.LOOK_BACK:.6f}")


def test_a_clock_that_was_set_back_hides_no_gap(session: Session) -> None:
    """How long it was away can't be known then, so it was long."""
    beats(session, [1000, 400])
    assert caught_up(session) == [(400, 400)]


def test_two_whose_clocks_are_little_apart_find_no_gap(session: Session) -> None:
    """Or of which one waited longer for the writer: each beat may be told a moment behind the other's."""
    beats(session, [1000 + step for n in range(20) for step in (5 * n + 0.1, 5 * n + 0.05)])
    assert caught_up(session) == []
    assert session.scalar(text("SELECT alive_at FROM workspaces")) == 1095.1
    beats(session, [1096.0 + RHYTHM.long + 1])
    assert caught_up(session) == [(1095.1, 1096.0 + RHYTHM.long + 1)]


def test_an_event_that_was_refused_at_slacks_last_try_is_a_gap(session: Session) -> None:
    """Outloud was there, and could not take it. One reading, some minutes later, makes up for all that were."""
    beats(session, [1200])
    for at in (1205, 1210, 1215):
        gaps.pulse(session, W, at=at, heard=None, rhythm=RHYTHM, just_started=False, refused=True)
    (due,) = session.scalars(select(Owed.due)).all()
    assert due == 1205 + RHYTHM.limited
    assert caught_up(session) == [(1205 - RHYTHM.tries, 1205 + RHYTHM.limited)]


def test_many_pockets_are_caught_up_with_some_at_a_time(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in its turn, and none of them twice: the writer is everybody's."""
    monkeypatch.setattr(catching_up, "AT_ONCE", 2)
    names = [f"C{number}" for number in range(2, 6)]
    for name in names:
        start(session, name)
    body, found, rounds = a_gap(session), list[str](), 0
    while True:
        catching_up.begin(session, W, body, at=2e9)
        rest = session.scalars(select(Owed.body).where(Owed.kind == "begin catching up")).all()
        found += [one["channel"] for one in owed(session, "catch up")]
        rounds += 1
        if not rest:
            break
        (body,) = rest
    assert found == ["C1", *names]
    assert rounds == 3


def test_of_a_stopped_pocket_only_what_is_known_is_looked_at(session: Session) -> None:
    """Nothing new is kept there; what was deleted is deleted."""
    body = a_gap(session)
    pockets.stop(session, Place(W, ChannelId("C1")), by=LEAD, at=1e9)
    session.execute(delete(Owed))
    catching_up.begin(session, W, body, at=2e9)
    (walk,) = session.scalars(select(Owed)).all()
    assert (walk.kind, walk.body["before"]) == ("check older", catching_up.NOW)


def test_in_a_pocket_that_was_stopped_before_its_page_was_read_nothing_new_is_kept(session: Session) -> None:
    """The reading was owed while it was one."""
    place = Place(W, ChannelId("C1"))
    pockets.stop(session, place, by=LEAD, at=1.0)
    gap = Gap(place, since=0.0, until=1.0, known=Ts("1.000000"), oldest=Ts("0.000000"))
    kept = Shown(MessageRef(place, Ts("2.000000")), "Kept too late", frozenset({Given(PersonId("U2"), "bulb")}))
    catching_up.read(session, gap, Page((kept,), since=gap.oldest, until=catching_up.NOW), at=3.0)
    assert session.scalars(select(Keep)).all() == []
    assert session.scalars(select(Owed)).all() == []


def test_nothing_from_before_the_start_is_read(session: Session) -> None:
    """What was said before the channel became a pocket is nobody's business."""
    started = f"{1e9 - 60:.6f}"
    start(session, "C2", heard=started)
    catching_up.begin(session, W, a_gap(session), at=2e9)
    bounds = {one["channel"]: one["oldest"] for one in owed(session, "catch up")}
    assert bounds == {"C1": f"{1e9 - gaps.LOOK_BACK:.6f}", "C2": started}


def test_a_gap_that_was_being_read_when_the_next_one_began_is_read_to_its_beginning(session: Session) -> None:
    """A process died with the reading in hand. Where that one fails once more, the newer one takes its place."""
    first, second = 1.5e9, 1.5e9 + 30 * 86400
    catching_up.begin(session, W, read_from(first), at=first)
    (reading,) = [one for one in outbox.due(session, at=first) if one.kind == "catch up"]
    (under_way,) = outbox.claim(session, [reading], at=first, lease=60 * 86400)
    catching_up.begin(session, W, read_from(second), at=second)
    outbox.put_off(session, under_way, until=second, reason="Slack asked for a pause")
    (left,) = session.scalars(select(Owed.body).where(Owed.kind == "catch up")).all()
    assert left["oldest"] == under_way.body["oldest"]
    assert (left["since"], left["until"]) == (first, second), "these hours are missing where it can't be read"


@pytest.mark.parametrize("order", [(1, 30), (30, 1)])
def test_of_two_gaps_of_which_none_is_read_yet_both_are(session: Session, order: tuple[int, int]) -> None:
    """Whichever waits: the one that reaches further back may be found later, as its turn comes late in a large workspace."""
    for days in order:
        body = read_from(1.5e9 - days * 86400) | {"until": 1.5e9}
        catching_up.begin(session, W, body, at=1.5e9)
    (left,) = session.scalars(select(Owed.body).where(Owed.kind == "catch up")).all()
    longest = read_from(1.5e9 - 30 * 86400)
    assert (left["oldest"], left["since"], left["until"]) == (longest["oldest"], longest["since"], 1.5e9)


def test_after_a_stop_nothing_is_read_from_before_the_new_start(session: Session) -> None:
    """The reading was owed before the stop, and waited until after."""
    place = Place(W, ChannelId("C1"))
    gap = Gap(place, since=0.0, until=1.0, known=Ts("1.000000"), oldest=Ts("0.000000"))
    pockets.stop(session, place, by=LEAD, at=1.0)
    again = ChannelFacts("c", is_private=False, known=Ts("1700000000.000000"))
    pockets.start(session, place, again, by=LEAD, at=2.0)
    assert catching_up.as_known_now(session, gap).oldest == "1700000000.000000"


def test_after_a_long_time_out_of_a_channel_it_is_read_from_before_that(session: Session) -> None:
    """Whether its return is told, or found out by a look; and however often it was looked at in between."""
    day, place = 86400.0, Place(W, ChannelId("C1"))
    for back in (True, False):
        out = 1.5e9 + (0 if back else 60 * day)
        channels.set_bot(session, place, there=False, event_ts=Ts(f"{out:.6f}"))
        away = ChannelFacts("c", is_private=False, known=Ts(f"{out + 20 * day:.6f}"), has_bot=False)
        gaps.described(session, place, away, at=out)
        session.execute(delete(Owed))
        if back:
            gaps.joined(session, place, event_ts=Ts(f"{out + 30 * day:.6f}"), at=2e9)
        else:
            gaps.described(session, place, replace(away, known=Ts(f"{out + 30 * day:.6f}"), has_bot=True), at=2e9)
        kinds = session.scalars(select(Owed.kind)).all()
        assert "list members" in kinds, "whoever invited it waits"
        (reading,) = owed(session, "catch up")
        assert reading["oldest"] == f"{out - gaps.LOOK_BACK:.6f}"


def test_an_earlier_time_out_of_a_channel_counts_no_more(session: Session) -> None:
    """That was read up on when it came back. Of its next removal it may hear nothing but that it is invited again."""
    day, place = 86400.0, Place(W, ChannelId("C1"))
    channels.set_bot(session, place, there=False, event_ts=Ts(f"{1.5e9:.6f}"))
    for back in (1.5e9 + day, 1.5e9 + 300 * day):
        session.execute(delete(Owed))
        gaps.joined(session, place, event_ts=Ts(f"{back:.6f}"), at=2e9)
    (reading,) = owed(session, "catch up")
    assert reading["oldest"] == f"{back - gaps.LOOK_BACK:.6f}"


def test_where_nothing_was_heard_before_an_absence_it_is_read_from_its_beginning(session: Session) -> None:
    """By our clock, then: what was heard right after it says nothing of it."""
    start, end = 1.5e9, 1.5e9 + 10 * 86400
    gaps.pulse(session, W, at=start, heard=None, rhythm=RHYTHM, just_started=True)
    gaps.pulse(session, W, at=end, heard=Ts(f"{end:.6f}"), rhythm=RHYTHM, just_started=True)
    (body,) = owed(session, "begin catching up")
    assert body["oldest"] == f"{start - gaps.LOOK_BACK:.6f}"


def test_which_hours_are_missing_is_told_once(session: Session) -> None:
    """Of each gap, however many of its pages can't be read."""
    place = Place(W, ChannelId("C1"))
    told = []
    for since in (0.0, 0.0, 5000.0):
        gap = Gap(place, since=since, until=since + 1, known=Ts("1.000000"), oldest=Ts("0.000000"))
        catching_up.missed(session, gap, at=9000.0)
        told.append(len(owed(session, "tell privately")))
    assert told == [1, 0, 1]


def test_the_same_thread_is_read_once_however_often_a_gap_begins(session: Session) -> None:
    """Gaps may come faster than Slack lets them be read up on."""
    place = Place(W, ChannelId("C1"))
    page = Page((), cut=(Ts("5.000000"),), threads=(Ts("6.000000"),), since=Ts("1.000000"), until=catching_up.NOW)
    for since in (0.0, 50.0, 100.0):
        gap = Gap(place, since=since, until=since + 1, known=Ts("1.000000"), oldest=Ts("1.000000"))
        catching_up.read(session, gap, page, at=9000.0)
    assert session.scalars(select(Owed.kind).order_by(Owed.kind)).all() == ["catch up thread", "check source"]
