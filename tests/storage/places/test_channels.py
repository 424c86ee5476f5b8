"""Who is in which channel: Slack's list, and the events before, during and after it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import deliveries
from storage.db.database import Database
from storage.ids import ChannelId, Person, PersonId, Place, Ts
from storage.places import channels, pockets
from storage.places.channels import ChannelFacts
from tests.storage.rows import open_workspace, viewer

BEN, CLEO = PersonId("UBEN"), PersonId("UCLEO")
DAY = 86400.0


@pytest.fixture
async def place(db: Database) -> Place:
    """A channel that is known."""
    made = Place(await db.write(open_workspace), ChannelId("C1"))
    await db.write(channels.know, made, ChannelFacts("learning", is_private=False), at=1.0)
    return made


async def standing(db: Database, place: Place, person: PersonId = BEN) -> bool | None:
    """Whether somebody is in the channel."""
    return await db.read(channels.membership, place, Person(place.workspace, person))


async def test_of_somebody_never_heard_of_nothing_is_known(db: Database, place: Place) -> None:
    """Neither in it nor gone."""
    assert await standing(db, place) is None


@given(events=st.lists(st.booleans(), min_size=1, max_size=6), data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_last_event_counts_whatever_order_they_come_in(
    engine: Engine, events: list[bool], data: st.DataObject
) -> None:
    """Joined and left, in Slack's order."""
    with Session(engine) as session:
        place = Place(open_workspace(session), ChannelId("C1"))
        channels.know(session, place, ChannelFacts("learning", is_private=False), at=1.0)
        for ts, joined in data.draw(st.permutations(list(enumerate(events)))):
            event_ts = Ts(f"170000000{ts}.000000")
            channels.follow(session, place, BEN, standing=joined, event_ts=event_ts, at=5.0)
        assert channels.membership(session, place, Person(place.workspace, BEN)) is events[-1]


async def test_who_is_not_on_the_list_has_left(db: Database, place: Place) -> None:
    """A list tells of everybody, also of departures whose event was lost."""
    await db.write(channels.listed, place, [BEN, CLEO], asked_at=1.0)
    await db.write(channels.listed, place, [CLEO], asked_at=2.0)
    assert await standing(db, place, BEN) is False
    assert await standing(db, place, CLEO) is True


async def test_what_was_heard_after_a_list_was_asked_for_is_newer_than_it(db: Database, place: Place) -> None:
    """They left, or came, while its pages were read."""
    await db.write(channels.listed, place, [BEN], asked_at=1.0)
    await db.write(channels.follow, place, BEN, standing=False, event_ts=Ts("1700000005.000000"), at=5.0)
    await db.write(channels.follow, place, CLEO, standing=True, event_ts=Ts("1700000005.000000"), at=5.0)
    await db.write(channels.listed, place, [BEN], asked_at=4.0)
    assert await standing(db, place, BEN) is False
    assert await standing(db, place, CLEO) is True


async def test_an_older_list_changes_nothing(db: Database, place: Place) -> None:
    """Two lists that were read at once, and end in the wrong order."""
    await db.write(channels.listed, place, [BEN], asked_at=2.0)
    await db.write(channels.listed, place, [CLEO], asked_at=1.0)
    assert await standing(db, place, BEN) is True


async def test_a_person_is_offered_the_live_pockets_that_they_are_in(db: Database, place: Place) -> None:
    """By name, and by a part of it; never one that Slack does not say they are in, or that is none any more."""
    ben = Person(place.workspace, BEN)

    def start(session: Session, channel: str, name: str) -> Place:
        made = Place(place.workspace, ChannelId(channel))
        pockets.start(session, made, ChannelFacts(name, is_private=False), by=ben, at=1.0)
        channels.listed(session, made, [BEN], asked_at=1.0)
        return made

    await db.write(start, "C2", "ops_100%")
    await db.write(start, "C3", "learning")
    await db.write(start, "C4", "left")
    ended = await db.write(start, "C5", "ended")
    there = viewer(ben, channels=frozenset({ChannelId("C2"), ChannelId("C3"), ended.channel, ChannelId("CNONE")}))
    await db.write(pockets.stop, ended, by=ben, at=2.0)
    for part, names in (("", ["learning", "ops_100%"]), ("OPS", ["ops_100%"]), ("%", ["ops_100%"]), ("x", [])):
        found = await db.read(pockets.of_viewer, there, containing=part)
        assert [pocket.name for pocket in found] == names, part


async def test_deliveries_are_known_for_two_days(db: Database, place: Place) -> None:
    """As long as Slack may repeat them; the second time it is known, then it is forgotten."""
    assert await db.write(deliveries.first, place.workspace, "Ev1", at=0.0) is True
    assert await db.write(deliveries.first, place.workspace, "Ev1", at=1.0) is False
    await db.write(deliveries.first, place.workspace, "Ev2", at=DAY)
    assert await db.write(deliveries.forget_old, at=2 * DAY - 1) == 0
    assert await db.write(deliveries.forget_old, at=2 * DAY + 1) == 1
    assert await db.write(deliveries.first, place.workspace, "Ev1", at=2 * DAY + 1) is True
    assert await db.write(deliveries.first, place.workspace, "Ev2", at=2 * DAY + 1) is False
