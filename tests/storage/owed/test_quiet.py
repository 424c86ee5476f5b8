"""The quiet rule by itself: how often something unasked may be said to a person, and in a channel."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from storage.ids import Person
from storage.owed import quiet
from storage.owed.quiet import DAY, TooSoon
from tests.storage.kept_message import ANA, BEN, Pocket

NOW = 1_800_000_000.0


def test_a_person_hears_something_unasked_once_a_day(pocket: Pocket) -> None:
    """To the second: and what somebody else hears says nothing about them."""
    session, ana, ben = pocket.session, Person(pocket.workspace, ANA), Person(pocket.workspace, BEN)
    quiet.take_word(session, ana, "E1", at=NOW)
    assert not quiet.may_hear(session, ana, at=NOW + DAY - 1)
    assert quiet.may_hear(session, ben, at=NOW)
    with pytest.raises(TooSoon) as soon:
        quiet.take_word(session, ana, "E2", at=NOW + DAY - 1)
    assert soon.value.until == NOW + DAY
    assert quiet.may_hear(session, ana, at=NOW + DAY)
    quiet.take_word(session, ana, "E2", at=NOW + DAY)


def test_a_turn_counts_from_when_the_message_stood(pocket: Pocket) -> None:
    """Not from when it was first tried, and one errand that is tried again has one turn."""
    session, ana = pocket.session, Person(pocket.workspace, ANA)
    quiet.take_word(session, ana, "E1", at=NOW)
    quiet.take_word(session, ana, "E1", at=NOW + 600)
    quiet.posted(session, pocket.workspace, "E1", at=NOW + 700)
    assert not quiet.may_hear(session, ana, at=NOW + DAY + 699)
    assert quiet.may_hear(session, ana, at=NOW + DAY + 700)


def test_a_turn_that_was_not_needed_is_given_back(pocket: Pocket) -> None:
    """There was nothing to say."""
    session, ana = pocket.session, Person(pocket.workspace, ANA)
    quiet.take_word(session, ana, "E1", at=NOW)
    quiet.give_back(session, pocket.workspace, "E1")
    assert quiet.may_hear(session, ana, at=NOW)


@dataclass(frozen=True)
class Ask:
    """Something is to be posted, so long after what was before it."""

    after: float


@given(asks=st.lists(st.builds(Ask, st.floats(0.0, 4 * DAY)), max_size=25))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_channel_sees_two_unasked_posts_in_any_seven_days(engine: Engine, asks: list[Ask]) -> None:
    """Whatever is asked for when: never three in a window, and whenever the rule allows one it may be."""
    with Session(engine) as session:
        place = Pocket.new(session).message.place
        stood, at = list[float](), NOW
        for number, ask in enumerate(asks):
            at += ask.after
            allowed = sum(one + 7 * DAY > at for one in stood) < 2
            assert quiet.may_post(session, place, at=at) == allowed
            if allowed:
                quiet.take_post(session, place, f"E{number}", at=at)
                stood.append(at)
            else:
                with pytest.raises(TooSoon) as soon:
                    quiet.take_post(session, place, f"E{number}", at=at)
                assert soon.value.until == stood[-2] + 7 * DAY
        held = session.scalar(text("SELECT count(*) FROM unasked WHERE workspace = :w"), {"w": place.workspace})
        assert held <= 2, "what counts no longer is forgotten"
