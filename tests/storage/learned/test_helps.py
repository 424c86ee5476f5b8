"""Helps against a plain model: whatever order Slack's events come in, the last word of each way counts, and people once."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import people
from storage.ids import MessageRef, Person, PersonId, Ts
from storage.kept.curators import Given
from storage.learned import cards, helps, learnings
from storage.learned.entries import NewLearning
from storage.learned.helps import Helped
from storage.places import channels
from tests.storage.kept_message import ANA, BEN, CLEO, Pocket

CARD = "1700000000.000200"
BOT = PersonId("UROBOT")


@dataclass(frozen=True)
class Said:
    """Somebody says that it helped, or takes that back: by the button, or by an emoji on the card."""

    who: PersonId
    emoji: str
    standing: bool


SAID = st.lists(
    st.builds(
        Said, st.sampled_from([ANA, BEN, CLEO, BOT]), st.sampled_from(["key", "key::skin-tone-2"]), st.booleans()
    ),
    max_size=12,
)


def shared(pocket: Pocket) -> learnings.LearningView:
    """Ana shares, and its card stands."""
    place, ana = pocket.message.place, Person(pocket.workspace, ANA)
    channels.seen(pocket.session, place, ana, at=1.0)
    id = learnings.share(pocket.session, NewLearning(key="k", place=place, words="A lesson."), by=ana, at=1.0)
    cards.stands(pocket.session, pocket.workspace, id, ts=Ts(CARD), at=1.0)
    for who in (BEN, CLEO, BOT):
        people.is_known_to_be(pocket.session, Person(pocket.workspace, who), bot=who == BOT)
    found = learnings.find(pocket.session, pocket.workspace, id)
    assert found
    return found


def at(number: int) -> Ts:
    """One of Slack's times."""
    return Ts(f"17000001{number:02}.000000")


@given(said=SAID, data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whoever_says_so_last_by_any_way_is_counted_once(engine: Engine, said: list[Said], data: st.DataObject) -> None:
    """Late, twice and in any order; and however often Slack shows what stood at some time between them."""
    numbered = list(enumerate(said))
    repeated = data.draw(st.lists(st.sampled_from(numbered), max_size=4)) if numbered else []
    arriving = data.draw(st.permutations([*numbered, *repeated]))
    lost = data.draw(st.sets(st.sampled_from(range(len(said))))) if said else set()
    last = {(one.who, one.emoji): one.standing for one in said}
    stands = frozenset(Given(*key) for key, standing in last.items() if standing)
    with Session(engine) as session:
        pocket = Pocket.new(session)
        learning = shared(pocket)
        message = MessageRef(learning.place, Ts(CARD))
        for number, one in arriving:
            if number not in lost:
                reaction = Helped(message, one.who, one.emoji, at(number), one.standing)
                helps.follow(session, reaction, at=5.0)
        if lost:  # a gap: Slack is asked, after all of it
            helps.seen(session, message, stands, stands, known=at(len(said)), at=6.0)
        assert helps.count(session, learning) == len({one.person for one in stands} - {ANA, BOT})


def test_what_was_heard_later_than_what_slack_shows_stays(pocket: Pocket) -> None:
    """Given after the look, or taken back after it: the look tells of an earlier time."""
    learning = shared(pocket)
    message = MessageRef(learning.place, Ts(CARD))
    session = pocket.session
    helps.follow(session, Helped(message, BEN, "key", at(9), standing=True), at=5.0)
    helps.follow(session, Helped(message, CLEO, "key", at(9), standing=False), at=5.0)
    shown = frozenset({Given(CLEO, "key")})
    helps.seen(session, message, shown, shown, known=at(5), at=6.0)
    assert helps.count(session, learning) == 1
    helps.seen(session, message, frozenset(), frozenset(), known=at(9), at=7.0)
    assert helps.count(session, learning) == 0


def test_where_it_is_no_pocket_any_more_helps_only_end(pocket: Pocket) -> None:
    """What Slack shows of new ones there is left alone."""
    learning = shared(pocket)
    message = MessageRef(learning.place, Ts(CARD))
    helps.follow(pocket.session, Helped(message, BEN, "key", at(1), standing=True), at=5.0)
    shown = frozenset({Given(CLEO, "key")})
    helps.seen(pocket.session, message, shown, shown, known=at(5), at=6.0, may_give=False)
    assert helps.count(pocket.session, learning) == 0


def test_the_card_waits_once_however_many_it_helped(pocket: Pocket) -> None:
    """A hundred presses in a second are one refresh."""
    learning = shared(pocket)
    for number in range(10):
        who = Person(pocket.workspace, PersonId(f"U{number}"))
        helps.press(pocket.session, learning.id, by=who, event_ts=at(number), at=5.0)
    assert len(pocket.owed("refresh card")) == 1
    assert helps.count(pocket.session, learning) == 10
