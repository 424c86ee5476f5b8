"""Reactions that endorse follow their channel: by whatever id it goes, each is taken back as it was given."""

from __future__ import annotations

from storage.experts import endorsing
from storage.experts.endorsing import Reaction
from storage.ids import ChannelId, MessageRef, Person, Place, Ts
from storage.learned import cards, learnings
from storage.learned.entries import NewLearning
from storage.places import channel_ids
from tests.storage.kept_message import ANA, BEN, Pocket


def test_a_reaction_is_taken_back_in_a_channel_that_has_another_id_by_now(pocket: Pocket) -> None:
    """What it gave stands until then, and not after."""
    session, old, ana = pocket.session, pocket.message.place, Person(pocket.workspace, ANA)
    new = Place(pocket.workspace, ChannelId("C2NEW"))
    said = NewLearning(key="k", place=old, words="A lesson.", topics=("sql",))
    id = learnings.share(session, said, by=ana, here=True, at=1.0)
    before, now = (MessageRef(place, Ts("1700000000.000900")) for place in (old, new))
    cards.stands(session, pocket.workspace, id, ts=before.ts, at=1.0)
    given = Reaction(before, BEN, "mortar_board", Ts("1700000010.0"), standing=True)
    endorsing.react(session, given, None, at=2.0)
    channel_ids.changed(session, old, new.channel, event_ts=Ts("1700000020.0"), at=3.0)
    session.expire_all()
    assert endorsing.given_by(session, now, BEN, "mortar_board") == ("sql",)
    taken = Reaction(now, BEN, "mortar_board", Ts("1700000030.0"), standing=False)
    endorsing.react(session, taken, None, at=4.0)
    assert endorsing.given_by(session, now, BEN, "mortar_board") == ()
    ben = Person(pocket.workspace, BEN)
    assert endorsing.endorse(session, ana, "sql", by=ben, event_ts=Ts("1700000040.0"), at=5.0) == "new"
