"""What an author is owed of the answers below their card, while the message that tells of one is on its way."""

from __future__ import annotations

from sqlalchemy import text

from storage.ids import MessageRef, Person, Ts
from storage.learned import discussion, learnings
from storage.learned.entries import NewLearning
from storage.places import channels
from tests.storage.kept_message import ANA, BEN, Pocket


def test_an_answer_that_came_while_the_first_is_told_and_was_deleted_is_not_told(pocket: Pocket) -> None:
    """It is not known yet whether that message arrived; what came meanwhile waits behind it."""
    session, place = pocket.session, pocket.message.place
    ana, ben = Person(pocket.workspace, ANA), Person(pocket.workspace, BEN)
    channels.described(session, place, channels.ChannelFacts("learning", is_private=False), at=1.0)
    new = NewLearning(key="k", place=place, words="A lesson.", topics=("sql",))
    id = learnings.share(session, new, by=ana, here=True, at=1.0)
    card = MessageRef(place, Ts("1700000000.000001"))
    session.execute(text("UPDATE learnings SET card_ts = :ts WHERE id = :id"), {"ts": card.ts, "id": id})
    discussion.answered(session, card, Ts("1700000001.000001"), by=ben, at=2.0)
    session.execute(text("UPDATE notices SET errand = (SELECT max(id) FROM outbox)"))
    discussion.answered(session, card, Ts("1700000002.000001"), by=ben, at=3.0)
    assert session.execute(text("SELECT count(*) FROM notices WHERE again IS NOT NULL")).scalar_one() == 1
    discussion.deleted(session, card, Ts("1700000002.000001"), at=4.0)
    assert session.execute(text("SELECT count(*) FROM notices WHERE again IS NOT NULL")).scalar_one() == 0
