"""Keeps against a plain model: whatever order Slack's events come in, the last word of each reaction counts."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from storage.ids import ChannelId, Person, PersonId, Place, Ts
from storage.kept import consent, keeps
from storage.kept.keeps import Look
from storage.places import channels, pockets
from storage.refusals import AlreadyUndone
from tests.storage.kept_message import ANA, BEN, CLEO, SAID, Pocket


@dataclass(frozen=True)
class Event:
    """A reaction that came or went, and when the worker next looks."""

    who: PersonId
    emoji: str
    standing: bool
    then_look: bool


EVENTS = st.lists(
    st.builds(
        Event,
        st.sampled_from([ANA, BEN, CLEO]),
        st.sampled_from(["bulb", "bulb::skin-tone-3"]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)


@given(events=EVENTS, data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_message_is_kept_while_anybodys_last_word_is_to_keep_it(
    engine: Engine, events: list[Event], data: st.DataObject
) -> None:
    """Adds and removals of several people, late, twice and in any order, with looks at any time between them."""
    numbered = list(enumerate(events))
    repeated = data.draw(st.lists(st.sampled_from(numbered), max_size=4)) if numbered else []
    arriving = data.draw(st.permutations([*numbered, *repeated]))
    with Session(engine) as session:
        pocket = Pocket.new(session)
        for ts, event in arriving:
            pocket.reacts(event.who, ts, standing=event.standing, emoji=event.emoji)
            if event.then_look:
                pocket.looks()
        pocket.looks()
        last = {(event.who, event.emoji): event.standing for _, event in numbered}
        expected = {who for (who, _), standing in last.items() if standing}
        assert pocket.curators == expected
        assert pocket.state in (("live",) if expected else ("", "taken back"))
        if pocket.learning:
            assert pocket.learning.words == (SAID.words if expected else "")
        assert expected <= {body["person"] for body in pocket.owed("tell curator")}
        assert {body["person"] for body in pocket.owed("tell privately")} <= {ANA}
        assert pocket.owed("refuse keep") == []


@given(events=EVENTS, data=st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_what_cant_be_kept_never_is_and_each_try_is_refused_once(
    engine: Engine, events: list[Event], data: st.DataObject
) -> None:
    """A bot's message: nobody becomes its curator, nobody is told of another's try, and nothing of it is stored."""
    arriving = data.draw(st.permutations(list(enumerate(events))))
    with Session(engine) as session:
        pocket = Pocket.new(session)
        for ts, event in arriving:
            pocket.reacts(event.who, ts, standing=event.standing, emoji=event.emoji)
            pocket.looks(Look(author=None, words="Build 17 failed", link="", by_person=False))
            assert pocket.state in ("", "taken back")
            assert pocket.learning is None or pocket.learning.words == ""
            refused = [body["person"] for body in pocket.owed("refuse keep")]
            assert refused in ([], [event.who])
            assert event.standing or not refused
            pocket.forget("refuse keep")
            assert pocket.curators == set()
        assert pocket.owed("tell curator") == pocket.owed("tell privately") == []


def test_one_event_delivered_twice_counts_once(pocket: Pocket) -> None:
    """Slack repeats an event that it believes lost: the second one is known by its id."""
    pocket.reacts(BEN, 1, delivery="Ev1")
    pocket.looks()
    pocket.forget("mark")
    pocket.reacts(BEN, 1, delivery="Ev1")
    assert pocket.owed("mark") == []


def test_a_late_event_from_before_changes_and_says_nothing(pocket: Pocket) -> None:
    """An "added" that was overtaken by its own removal does not even refuse anybody."""
    pocket.reacts(BEN, 1)
    pocket.looks()
    consent.withhold(pocket.session, pocket.id, by=Person(pocket.workspace, ANA), at=12.0)
    pocket.reacts(CLEO, 5, standing=False)
    pocket.reacts(CLEO, 3)
    assert pocket.owed("refuse keep") == []
    pocket.reacts(CLEO, 7)
    assert [body["person"] for body in pocket.owed("refuse keep")] == [CLEO]


def test_in_a_channel_that_is_no_pocket_a_reaction_leaves_no_trace(pocket: Pocket) -> None:
    """Not even the delivery is remembered."""
    pockets.stop(pocket.session, pocket.message.place, by=Person(pocket.workspace, ANA), at=5.0)
    pocket.reacts(BEN, 1)
    for table in ("keeps", "learnings", "deliveries", "outbox"):
        found = pocket.session.scalar(
            text(f"SELECT count(*) FROM {table} WHERE workspace = :id"),  # noqa: S608 -- a list of our own
            {"id": pocket.workspace},
        )
        assert found == 0, table


def test_undo_is_the_curators_last_word_only_if_it_is_the_last(pocket: Pocket) -> None:
    """An undo that was pressed before they reacted anew, and arrives after, undoes nothing."""
    pocket.reacts(BEN, 1)
    pocket.looks()
    pocket.reacts(BEN, 5, standing=False)
    pocket.reacts(BEN, 6)
    pocket.looks()
    ben = Person(pocket.workspace, BEN)
    with pytest.raises(AlreadyUndone):
        keeps.take_back(pocket.session, pocket.id, by=ben, event_ts=Ts("1700000103.000000"), at=12.0)
    assert pocket.curators == {BEN}
    keeps.take_back(pocket.session, pocket.id, by=ben, event_ts=Ts("1700000107.000000"), at=12.0)
    assert (pocket.state, pocket.curators) == ("taken back", set())
    pocket.reacts(BEN, 6)
    assert pocket.curators == set()
    with pytest.raises(AlreadyUndone):
        keeps.take_back(pocket.session, pocket.id, by=ben, event_ts=Ts("1700000108.000000"), at=12.0)


def test_undo_of_one_curator_leaves_it_to_the_others(pocket: Pocket) -> None:
    """The learning stays as long as anybody keeps it."""
    pocket.reacts(BEN, 1)
    pocket.reacts(CLEO, 2)
    pocket.looks()
    keeps.take_back(
        pocket.session, pocket.id, by=Person(pocket.workspace, BEN), event_ts=Ts("1700000109.000000"), at=12.0
    )
    assert (pocket.state, pocket.curators) == ("live", {CLEO})


def test_a_message_that_is_gone_when_it_is_looked_at_is_refused(pocket: Pocket) -> None:
    """Deleted between the reaction and the look."""
    pocket.reacts(BEN, 1)
    pocket.looks(None)
    assert pocket.state == "taken back"
    assert [body["person"] for body in pocket.owed("refuse keep")] == [BEN]


def test_a_look_that_ends_after_the_keep_was_taken_back_changes_nothing(pocket: Pocket) -> None:
    """The words that it brought are thrown away."""
    pocket.reacts(BEN, 1)
    pocket.reacts(BEN, 2, standing=False)
    pocket.looks()
    assert (pocket.state, pocket.learning.words if pocket.learning else None) == ("taken back", "")


def test_a_channel_whose_members_are_unknown_is_followed_by_nobody(pocket: Pocket) -> None:
    """Events of channels that Outloud was never told to look at leave nothing."""
    elsewhere = Place(pocket.workspace, ChannelId("C9"))
    channels.follow(pocket.session, elsewhere, BEN, standing=True, event_ts=Ts("1.0"), at=1.0)
    assert channels.membership(pocket.session, elsewhere, Person(pocket.workspace, BEN)) is None
