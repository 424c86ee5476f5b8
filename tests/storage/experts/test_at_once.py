"""What several do at once to topics and endorsements; and how soon an endorsement fades."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from storage import people
from storage.experts import endorsing, finding, names, tags, wishes
from storage.experts.ranking import ENDORSED
from storage.ids import Person, PersonId, Ts
from storage.refusals import Refusal
from storage.tables import Endorsement, ExpertTag
from tests.storage.at_once import at_once
from tests.storage.kept_message import ANA, BEN, CLEO, Pocket
from tests.storage.rows import viewer

TRIES = 6
DAY = 86400.0


def _or_refused(work: Callable[[Session], object]) -> Callable[[Session], object]:
    def run(session: Session) -> object:
        try:
            return work(session)
        except Refusal as refusal:
            return refusal

    return run


def test_merges_at_once_make_no_cycle_and_lose_no_tag(engine: Engine) -> None:
    """Each topic is called one thing, that is called so itself; what was written meanwhile is found by it."""
    with Session(engine) as session:
        pocket = Pocket.new(session)
        place, ana, ben = pocket.message.place, Person(pocket.workspace, ANA), Person(pocket.workspace, BEN)
        session.commit()
        for turn in range(TRIES):
            a, b, c = (f"{letter}{turn}" for letter in "abc")
            merge = partial(names.merge, place=place, by=ana, at=1.0)
            at_once(
                engine,
                _or_refused(partial(merge, typed=[a], into=b)),
                _or_refused(partial(merge, typed=[b], into=a)),
                _or_refused(partial(merge, typed=[c], into=a)),
                _or_refused(partial(tags.claim, typed=[a], by=ben, at=2.0)),
                _or_refused(partial(tags.claim, typed=[c], by=Person(ana.workspace, CLEO), at=2.0)),
            )
            called = names.called(session, pocket.workspace, [a, b, c])
            (root,) = set(called.values())
            assert called[root] == root
            assert [one.person for one in finding.people(session, viewer(ana), root, at=3.0)] == [BEN, CLEO]
            session.commit()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite lets in one writer at a time
def test_who_hides_while_they_are_endorsed_is_not_found(engine: Engine) -> None:
    """In whatever order the two end."""
    with Session(engine) as session:
        pocket = Pocket.new(session)
        ana, ben = Person(pocket.workspace, ANA), Person(pocket.workspace, BEN)
        session.commit()
        for turn in range(TRIES):
            given = partial(endorsing.endorse, topic=f"t{turn}", event_ts=Ts(f"170000000{turn}.0"), at=2.0)
            at_once(
                engine,
                partial(wishes.save, person=ana, hidden=True, a_week=None, stopped=False),
                partial(given, person=ana, by=ben),
            )
            assert finding.people(session, viewer(ben), f"t{turn}", at=3.0) == []
            session.commit()


def test_an_endorsement_fades_as_its_pocket_says(engine: Engine) -> None:
    """One that was given by a reaction there weighs half after that pocket's time, one by a button after half a year."""
    with Session(engine) as session:
        pocket = Pocket.new(session)
        w, place = pocket.workspace, pocket.message.place
        for who in (ANA, BEN, CLEO):
            people.meet(session, Person(w, who))
        session.execute(text("UPDATE pockets SET half_life = 91 WHERE workspace = :id"), {"id": w})
        row = {
            "workspace": w,
            "giver": CLEO,
            "topic": "tea",
            "event_ts": "1.0",
            "standing": True,
            "state": "yes",
            "given_at": 0.0,
        }
        for who, channel in ((ANA, place.channel), (BEN, "")):
            session.execute(insert(Endorsement), [row | {"person": who, "channel": channel}])
            session.execute(
                insert(ExpertTag),
                [{"workspace": w, "person": who, "topic": "tea", "endorsed_at": 0.0, "touched_at": 0.0}],
            )
        seen = viewer(Person(w, PersonId("UDAN")))
        found = finding.people(session, seen, "tea", at=182 * DAY)
        assert [one.person for one in found] == [BEN, ANA]
        assert [one.score for one in found] == pytest.approx([ENDORSED / 2, ENDORSED / 4])
