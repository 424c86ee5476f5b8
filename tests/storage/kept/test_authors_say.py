"""What an author says to being kept: this one not, never mine, or go on."""

from __future__ import annotations

import pytest

from storage.ids import MessageRef, Person, PersonId, Ts
from storage.kept import consent, sources
from storage.kept.curators import Given
from storage.kept.sources import Shown
from storage.learned import entries, learnings
from storage.refusals import AlreadyUndone, Gone, NotYours
from tests.storage.kept_message import ANA, BEN, CLEO, SAID, Pocket


def test_an_author_withholds_and_only_they_may_bring_it_back(pocket: Pocket) -> None:
    """Its words go; others' keeps are refused; the author's own is a yes."""
    pocket.reacts(BEN, 1)
    pocket.looks()
    ana, ben = Person(pocket.workspace, ANA), Person(pocket.workspace, BEN)
    with pytest.raises(NotYours):
        consent.withhold(pocket.session, pocket.id, by=ben, at=12.0)
    consent.withhold(pocket.session, pocket.id, by=ana, at=12.0)
    with pytest.raises(AlreadyUndone):
        consent.withhold(pocket.session, pocket.id, by=ana, at=12.0)
    assert pocket.learning
    assert (pocket.state, pocket.learning.words, pocket.learning.link) == ("withheld", "", None)
    pocket.reacts(CLEO, 2)
    assert pocket.state == "withheld"
    pocket.reacts(ANA, 3)
    pocket.looks()
    assert pocket.state == "live"


@pytest.mark.parametrize("state", ["asked", "withheld"])
def test_an_authors_own_is_a_yes_also_where_it_is_seen_after_a_gap(pocket: Pocket, state: str) -> None:
    """Whoever else reacted meanwhile, and by whatever id."""
    if state == "asked":
        pocket.start_after_message()
    pocket.reacts(BEN, 1)
    pocket.looks()
    if state == "withheld":
        consent.withhold(pocket.session, pocket.id, by=Person(pocket.workspace, ANA), at=12.0)
    assert pocket.state == state
    given = frozenset(Given(person, "bulb") for person in (PersonId("UAARON"), ANA, BEN))
    seen = Shown(pocket.message, SAID.words, given, reactions=given)
    sources.shown(pocket.session, [seen], known=Ts("1700000200.000000"), at=20.0)
    pocket.looks()
    assert pocket.state == "live"


def test_never_keep_mine_holds_from_now_on_and_may_reach_back(pocket: Pocket) -> None:
    """This message goes at once, the earlier ones when asked for; new tries are refused until the author allows them."""
    ana = Person(pocket.workspace, ANA)
    first = pocket.message
    pocket.reacts(BEN, 1)
    pocket.looks()
    pocket.message = MessageRef(first.place, Ts("1700000000.000200"))
    pocket.reacts(BEN, 2)
    pocket.looks()
    with pytest.raises(NotYours):
        consent.never_keep(pocket.session, pocket.id, by=Person(pocket.workspace, BEN), at=12.0)
    assert consent.never_keep(pocket.session, pocket.id, by=ana, at=12.0) == 1
    assert pocket.state == "withheld"
    assert consent.withhold_all(pocket.session, by=ana, at=13.0) == 1
    assert consent.withhold_all(pocket.session, by=ana, at=13.0) == 0
    pocket.message = MessageRef(first.place, Ts("1700000000.000300"))
    pocket.reacts(CLEO, 3)
    pocket.looks()
    assert pocket.state == "taken back"
    assert [body["person"] for body in pocket.owed("refuse keep")] == [CLEO]
    consent.keep_again(pocket.session, by=ana, at=9.0)
    pocket.reacts(CLEO, 4, standing=False)
    pocket.reacts(CLEO, 5)
    pocket.looks()
    assert pocket.state == "live", "it was refused for the never alone, and that is over"
    pocket.message = first
    pocket.reacts(CLEO, 6)
    assert pocket.state == "withheld", "this very message was taken back"
    pocket.message = MessageRef(first.place, Ts("1700000000.000400"))
    pocket.reacts(CLEO, 7)
    pocket.looks()
    assert pocket.state == "live"


def test_what_was_shared_is_not_withheld_as_if_it_had_been_kept(pocket: Pocket) -> None:
    """The authors' answers to a keep do nothing to a learning that has a card."""
    ana = Person(pocket.workspace, ANA)
    new = entries.NewLearning(key="form:1", place=pocket.message.place, words="Mine")
    id = learnings.share(pocket.session, new, by=ana, here=True, at=1.0)
    for answer in (consent.withhold, consent.never_keep):
        with pytest.raises(Gone):
            answer(pocket.session, id, by=ana, at=2.0)
    found = learnings.find(pocket.session, pocket.workspace, id)
    assert found
    assert found.is_live
