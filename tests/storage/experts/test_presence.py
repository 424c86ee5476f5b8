"""Being there: who shared lately, of what somebody sees; the newest alone are looked at, however far back they stand."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.experts import presence
from storage.experts.ranking import LATELY
from storage.ids import PersonId
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.search.looking import Look
from tests.storage.kept_message import ANA, BEN, CLEO
from tests.storage.rows import viewer

from .test_consent import Room, room

NOW = 1e9


def shares(here: Room, who: PersonId, *, ago: float, nameless: bool = False) -> None:
    """Somebody shared something so many seconds ago."""
    place = here.pocket.message.place
    new = NewLearning(key=f"k{here.ts()}", place=place, words="Words.", without_name=nameless)
    learnings.share(here.pocket.session, new, by=here.person(who), here=True, at=NOW - ago)


def found(here: Room, *, inside: bool = True) -> dict[PersonId, float]:
    """How much Ben and Cleo shared lately, in the eyes of a guest."""
    channels = frozenset({here.pocket.message.place.channel} if inside else ())
    looking = viewer(here.person(ANA), "guest", channels=channels)
    return presence.of(Look(here.pocket.session, looking, NOW), [BEN, CLEO])


def test_who_shared_lately_is_seen_by_who_may_see_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It halves with a quarter; what bears no name, or stands where one is not, says nothing; nor what is too long ago."""
    with Session(engine) as session:
        here = room(session)
        assert found(here) == {}
        for ago in (0.0, 2 * 86400.0, LATELY):
            shares(here, BEN, ago=ago)
        shares(here, CLEO, ago=LATELY)
        shares(here, CLEO, ago=presence.LONGEST)
        shares(here, CLEO, ago=1.0, nameless=True)
        shares(here, ANA, ago=1.0)
        assert found(here) == {BEN: 1.0, CLEO: pytest.approx(0.5 / 2.5, rel=0.01)}
        assert found(here, inside=False) == {}
        monkeypatch.setattr(presence, "MOST", 2)
        assert found(here) == {BEN: 1.0}, "the newest two are Ben's"
