"""Helpfulness: who helped others lately, of what somebody sees; the newest alone are looked at, however far back they stand."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import people
from storage.experts import helpfulness
from storage.experts.ranking import LATELY, SHARED
from storage.ids import LearningId, MessageRef, PersonId, Ts
from storage.kept import curators
from storage.learned import helps, learnings
from storage.learned.entries import NewLearning
from storage.prompts import answers, asked
from storage.search.looking import Look
from storage.tables import Learning
from tests.storage.kept_message import ANA, BEN, CLEO
from tests.storage.rows import viewer

from .test_consent import Room, room

NOW = 1e9
DAN = PersonId("UDAN")


def shares(
    here: Room, who: PersonId, *, ago: float = 0.0, nameless: bool = False, kind: str = "learning"
) -> LearningId:
    """Somebody shared something so many seconds ago."""
    place = here.pocket.message.place
    new = NewLearning(key=f"k{here.ts()}", place=place, words="Words.", without_name=nameless, kind=kind)
    return learnings.share(here.pocket.session, new, by=here.person(who), here=True, at=NOW - ago)


def helped(here: Room, id: LearningId, *whom: PersonId) -> None:
    """They say so by the card's button."""
    for one in whom:
        people.meet(here.pocket.session, here.person(one))
        helps.press(here.pocket.session, id, by=here.person(one), event_ts=here.ts(), at=NOW)


def found(here: Room, *, inside: bool = True) -> dict[PersonId, float]:
    """How much Ben and Cleo helped lately, in the eyes of a guest."""
    channels = frozenset({here.pocket.message.place.channel} if inside else ())
    looking = viewer(here.person(ANA), "guest", channels=channels)
    return helpfulness.of(Look(here.pocket.session, looking, NOW), [BEN, CLEO])


def test_who_shared_lately_is_seen_by_who_may_see_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It halves with a quarter; what bears no name, or stands where one is not, says nothing; nor what is too long ago."""
    with Session(engine) as session:
        here = room(session)
        assert found(here) == {}
        for ago in (0.0, 2 * 86400.0, LATELY):
            shares(here, BEN, ago=ago)
        shares(here, CLEO, ago=LATELY)
        shares(here, CLEO, ago=helpfulness.LONGEST)
        shares(here, CLEO, ago=1.0, nameless=True)
        shares(here, ANA, ago=1.0)
        assert found(here) == {BEN: 1.0, CLEO: pytest.approx(0.5 / 2.5, rel=0.01)}
        assert found(here, inside=False) == {}
        monkeypatch.setattr(helpfulness, "MOST", 2)
        assert found(here) == {BEN: 1.0}, "the newest two are Ben's"


def test_whom_it_helped_counts_and_much_that_helped_nobody_hardly(engine: Engine) -> None:
    """Who says so, by whatever; not a bot, nor its author; the same person once."""
    with Session(engine) as session:
        here = room(session)
        for _ in range(5):
            shares(here, BEN)
        one = shares(here, CLEO)
        assert found(here) == {BEN: 1.0, CLEO: pytest.approx(0.2)}, "nobody helped anybody: who shares is there"
        helped(here, one, DAN)
        assert found(here) == {BEN: pytest.approx(5 * SHARED / (1 + SHARED)), CLEO: 1.0}
        people.is_known_to_be(session, here.person(DAN), bot=True)
        assert found(here) == {BEN: 1.0, CLEO: pytest.approx(0.2)}


def test_who_kept_it_and_who_asked_were_helped(engine: Engine) -> None:
    """Once each, however they say so; to keep or answer what is one's own helps nobody."""
    with Session(engine) as session:
        here = room(session)
        of_nobody, kept = shares(here, BEN), shares(here, CLEO)
        message = MessageRef(here.pocket.message.place, Ts("1700000500.000000"))
        row = session.get_one(Learning, (here.pocket.workspace, kept))
        row.source_ts = message.ts  # as if it had been kept
        session.flush()
        for keeper in (CLEO, DAN):
            people.meet(session, here.person(keeper))
            people.is_known_to_be(session, here.person(keeper), bot=False)
            curators.follow(session, message, keeper, "bulb", standing=True, event_ts=here.ts())
        assert found(here) == {BEN: pytest.approx(SHARED / (1 + SHARED)), CLEO: 1.0}
        question = shares(here, DAN, kind="question")
        round = asked.by(session, here.pocket.workspace, question)
        assert round is not None
        answers.take_form(session, round, BEN, of_nobody)
        assert found(here) == {BEN: 1.0, CLEO: 1.0}
        helped(here, of_nobody, DAN)
        assert found(here) == {BEN: 1.0, CLEO: 1.0}, "Dan is one person"
        own = shares(here, CLEO, kind="question", ago=LATELY)
        round = asked.by(session, here.pocket.workspace, own)
        assert round is not None
        before = found(here)
        answers.take_form(session, round, CLEO, shares(here, CLEO, ago=LATELY))
        assert found(here)[BEN] == pytest.approx((1 + SHARED) / (1 + SHARED + 2 * SHARED * 0.5)), before
