"""An export is owed once until it came, however often and from wherever it is wanted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import JSON, Engine, text
from sqlalchemy.orm import Session

from storage.ids import ChannelId, Person, PersonId, Place, WorkspaceId
from storage.owed import outbox
from storage.places import exports, pockets
from storage.places.channels import ChannelFacts
from tests.storage.at_once import at_once
from tests.storage.rows import open_workspace

PLACES = [Place(WorkspaceId("T1"), ChannelId(f"C{number}")) for number in range(4)]
ANA = Person(WorkspaceId("T1"), PersonId("UANA"))


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """With pockets that ana leads."""
    with Session(engine) as session:
        open_workspace(session)
        for place in PLACES:
            pockets.start(session, place, ChannelFacts(place.channel, is_private=False), by=ANA, at=1.0)
        session.commit()
        yield session


def want(session: Session, place: Place = PLACES[0]) -> None:
    """She presses *Export*."""
    exports.owe(session, place, by=ANA, at=2.0)


def owed(session: Session) -> list[str]:
    """Of which pockets an export is owed."""
    lines = text("SELECT body FROM outbox WHERE kind = 'send export'")
    bodies = session.execute(lines.columns(body=JSON)).scalars()
    return sorted(body["channel"] for body in bodies)


def test_wanted_at_once_of_several_processes_it_comes_once(engine: Engine, session: Session) -> None:
    """Of each pocket; on PostgreSQL the second waits until it can see what the first owes."""
    for place in PLACES:
        at_once(engine, *(lambda s, place=place: want(s, place) for _ in range(4)))
    assert owed(session) == [place.channel for place in PLACES]


def test_wanted_again_while_it_is_on_its_way_it_comes_once(session: Session) -> None:
    """Also where it is not known whether it came: it is looked for. What was given up is owed anew."""
    want(session)
    (errand,) = [
        one
        for one in outbox.claim(session, outbox.due(session, at=3.0), at=3.0, lease=30.0)
        if one.kind == "send export"
    ]
    want(session)
    assert len(owed(session)) == 1
    outbox.park(session, errand, reason="Slack said no")
    want(session)
    assert len(owed(session)) == 2
