"""What somebody shares: once for each key, theirs alone to change, and gone when it is taken back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from storage.db.database import Database
from storage.ids import ChannelId, LearningId, Person, PersonId, Place, Ts
from storage.learned import learnings
from storage.learned.entries import MAX_WORDS, NewLearning
from storage.places import channels, leads, pockets
from storage.places.channels import ChannelFacts
from storage.refusals import (
    AlreadyAPocket,
    AlreadyUndone,
    Gone,
    NotALead,
    NotAMember,
    NotAPocket,
    NothingToShare,
    NotInvited,
    NotYours,
    Refusal,
    TooLong,
    UnknownKind,
)
from tests.memory import Memory
from tests.storage.rows import open_workspace


@pytest.fixture
async def place(db: Database) -> Place:
    """A pocket that ana leads; ben and ana are in it, cleo has left."""
    workspace = await db.write(open_workspace)
    made = Place(workspace, ChannelId("C1"))
    ana = Person(workspace, PersonId("UANA"))
    await db.write(pockets.start, made, ChannelFacts("learning", is_private=False), by=ana, at=1.0)
    await db.write(channels.listed, made, [PersonId("UANA"), PersonId("UBEN"), PersonId("UCLEO")], asked_at=1.0)
    await db.write(channels.follow, made, PersonId("UCLEO"), standing=False, event_ts=Ts("1700000000.000000"), at=2.0)
    return made


@pytest.fixture
def ana(place: Place) -> Person:
    """Its lead."""
    return Person(place.workspace, PersonId("UANA"))


@pytest.fixture
def ben(place: Place) -> Person:
    """A member."""
    return Person(place.workspace, PersonId("UBEN"))


@pytest.fixture
def new(place: Place) -> NewLearning:
    """Something to share."""
    return NewLearning(key="form:1", place=place, words="WAL lets readers go on.", topics=("sqlite",))


async def test_the_same_key_is_the_same_learning(db: Database, new: NewLearning, ben: Person, memory: Memory) -> None:
    """A double click changes nothing; changed words are an edit; what was undone is not shared anew."""
    id = await db.write(learnings.share, new, by=ben, here=True, at=3.0)
    assert await db.write(learnings.share, new, by=ben, here=True, at=4.0) == id
    assert [one["kind"] for one in memory.outbox()].count("refresh card") == 0
    changed = replace(new, words="WAL lets readers read.", topics=("sqlite", "wal"))
    assert await db.write(learnings.share, changed, by=ben, here=True, at=5.0) == id
    (learning,) = memory.learnings()
    assert (learning.words, learning.topics, learning.said_at) == ("WAL lets readers read.", ("sqlite", "wal"), 3.0)
    await db.write(learnings.withdraw, id, by=ben, at=6.0)
    assert await db.write(learnings.share, new, by=ben, here=True, at=7.0) == id
    assert memory.learnings() == []
    assert [one["kind"] for one in memory.outbox()].count("post card") == 1


async def test_a_key_belongs_to_whoever_used_it_first(db: Database, new: NewLearning, ana: Person, ben: Person) -> None:
    """Somebody else's form with the same key changes nothing."""
    await db.write(learnings.share, new, by=ben, here=True, at=3.0)
    with pytest.raises(NotYours):
        await db.write(learnings.share, replace(new, words="Mine now"), by=ana, here=True, at=4.0)


async def test_one_form_sent_to_two_processes_at_once_is_one_learning(
    postgres_url: URL,
) -> None:
    """The race ends at the key's constraint, and whoever loses it finds the other's."""
    one, two = Database(postgres_url), Database(postgres_url)
    workspace = await one.write(open_workspace)
    place, ben = Place(workspace, ChannelId("C1")), Person(workspace, PersonId("UBEN"))
    await one.write(pockets.start, place, ChannelFacts("x", is_private=False), by=ben, at=1.0)
    for round in range(20):
        new = NewLearning(key=f"form:{round}", place=place, words="Once")
        sent = [db.write(learnings.share, new, by=ben, here=True, at=2.0) for db in (one, two, one, two)]
        assert len(set(await asyncio.gather(*sent))) == 1
    assert (
        await one.read(lambda session: session.scalar(text("SELECT count(*) FROM outbox WHERE kind = 'post card'")))
        == 20
    )
    await one.close()
    await two.close()


async def test_only_its_author_may_change_or_take_back_a_learning(
    db: Database, new: NewLearning, ana: Person, ben: Person
) -> None:
    """A lead neither; and of what does not exist, or is of another workspace, nobody."""
    id = await db.write(learnings.share, new, by=ben, here=True, at=3.0)
    stranger = Person(await db.write(open_workspace, "T2"), ben.id)
    for somebody, refusal in ((ana, NotYours), (stranger, Gone)):
        with pytest.raises(refusal):
            await db.write(learnings.edit, id, new, by=somebody, at=4.0)
        with pytest.raises(refusal):
            await db.write(learnings.withdraw, id, by=somebody, at=4.0)
        with pytest.raises(refusal):
            await db.read(learnings.own, id, by=somebody)
    with pytest.raises(Gone):
        await db.write(learnings.withdraw, LearningId("nothing"), by=ben, at=4.0)


async def test_what_is_taken_back_is_forgotten_and_cannot_be_changed(
    db: Database, new: NewLearning, ben: Person, memory: Memory
) -> None:
    """No words, no reason, no topics, in any table; a second undo says that it is undone."""
    secret = replace(new, words="swordfish", why="swordfish", topics=("swordfish",))
    id = await db.write(learnings.share, secret, by=ben, here=True, at=3.0)
    await db.write(learnings.withdraw, id, by=ben, at=4.0)
    with pytest.raises(AlreadyUndone):
        await db.write(learnings.withdraw, id, by=ben, at=5.0)
    for change in (db.write(learnings.edit, id, new, by=ben, at=5.0), db.read(learnings.own, id, by=ben)):
        with pytest.raises(Gone):
            await change
    for table in ("learnings", "learning_topics", "outbox", "people", "channels"):
        assert "swordfish" not in str(memory.rows(f"SELECT * FROM {table}")), table  # noqa: S608 -- our own list


async def test_who_may_share_where(db: Database, new: NewLearning, ana: Person, ben: Person) -> None:
    """In a pocket that Outloud is in, and in it oneself: by the list, or by Slack's word that one is there now."""
    cleo, dan = Person(ana.workspace, PersonId("UCLEO")), Person(ana.workspace, PersonId("UDAN"))
    await db.write(learnings.share, new, by=ben, at=3.0)
    for number, person in enumerate((cleo, dan)):
        another = replace(new, key=f"{number}")
        with pytest.raises(NotAMember):
            await db.write(learnings.share, another, by=person, at=3.0)
        await db.write(learnings.share, another, by=person, here=True, at=4.0)
        await db.write(learnings.share, replace(another, key=f"again {number}"), by=person, at=5.0)
    await db.write(channels.set_bot, new.place, there=False, event_ts=Ts("1700000001.000000"))
    with pytest.raises(NotInvited):
        await db.write(learnings.share, replace(new, key="3"), by=ben, at=5.0)
    await db.write(channels.set_bot, new.place, there=True, event_ts=Ts("1700000002.000000"))
    elsewhere = Place(ana.workspace, ChannelId("C2"))
    with pytest.raises(NotAPocket):
        await db.write(learnings.share, replace(new, key="4", place=elsewhere), by=ben, here=True, at=3.0)
    await db.write(pockets.stop, new.place, by=ana, at=4.0)
    with pytest.raises(NotAPocket):
        await db.write(learnings.share, replace(new, key="5"), by=ben, here=True, at=5.0)


BAD = [
    ("words", "", NothingToShare),
    ("words", " \n\t ", NothingToShare),
    ("words", "\u200b\u2060\u00ad", NothingToShare),
    ("words", "x" * (MAX_WORDS + 1), TooLong),
    ("why", "x" * 40_000, TooLong),
    ("kind", "rant", UnknownKind),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad[2].__name__} {bad[1][:5]!a}")
async def test_what_cannot_be_shared_is_refused_at_its_field(
    db: Database, new: NewLearning, ben: Person, bad: tuple[str, str, type[Refusal]]
) -> None:
    """By sharing and by editing alike, and nothing of it stays."""
    field, value, refusal = bad
    id = await db.write(learnings.share, new, by=ben, here=True, at=3.0)
    changed = replace(new, **{field: value})  # type: ignore[arg-type]
    for attempt in (
        db.write(learnings.share, replace(changed, key="2"), by=ben, here=True, at=4.0),
        db.write(learnings.edit, id, changed, by=ben, at=4.0),
    ):
        with pytest.raises(refusal) as caught:
            await attempt
        assert caught.value.field == field
    found = await db.read(learnings.own, id, by=ben)
    assert found.words == new.words


async def test_a_pocket_is_started_once_and_ended_by_a_lead(
    db: Database, ana: Person, ben: Person, place: Place
) -> None:
    """What was learned stays; whoever starts it again leads it, too."""
    facts = ChannelFacts("renamed", is_private=False)
    with pytest.raises(AlreadyAPocket):
        await db.write(pockets.start, place, facts, by=ben, at=2.0)
    with pytest.raises(NotALead, match="<@UANA>"):
        await db.write(pockets.stop, place, by=ben, at=3.0)
    await db.write(pockets.stop, place, by=ana, at=4.0)
    with pytest.raises(NotAPocket):
        await db.write(pockets.stop, place, by=ana, at=5.0)
    await db.write(pockets.start, place, facts, by=ben, at=6.0)
    assert await db.read(leads.of, place) == ("UANA", "UBEN")
    assert (await db.write(pockets.enter, place, ben, name="renamed", at=7.0)).name == "renamed"


async def test_two_who_start_a_pocket_at_once_start_it_once(postgres_url: URL) -> None:
    """One of them is told that it is one already, and the channel hears of it once."""
    one, two = Database(postgres_url), Database(postgres_url)
    place = Place(await one.write(open_workspace), ChannelId("C1"))
    facts = ChannelFacts("x", is_private=False)
    both = [
        db.write(pockets.start, place, facts, by=Person(place.workspace, PersonId(id)), at=1.0)
        for db, id in ((one, "U1"), (two, "U2"))
    ]
    ended = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["AlreadyAPocket", "NoneType"]
    kinds = await one.read(lambda session: list(session.scalars(text("SELECT kind FROM outbox ORDER BY kind"))))
    assert kinds == ["announce pocket", "list members"]
    await one.close()
    await two.close()
