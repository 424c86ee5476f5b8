"""What a yes is to, a no holds against, and *Yes, still* renews."""

from __future__ import annotations

from sqlalchemy import select, text

from storage.experts import asking, endorsing, fading, names, tags
from storage.ids import LearningId, Person, PersonId, Ts
from storage.learned import helps, learnings
from storage.learned.entries import NewLearning
from storage.owed import notices
from storage.places import channels
from storage.tables import ExpertTag
from tests.storage.kept_message import ANA, BEN, CLEO, Pocket
from tests.storage.rows import viewer

DAY = 86400.0


def test_a_yes_brings_back_nothing_that_was_taken_off(pocket: Pocket) -> None:
    """Neither her own word, nor whoever endorsed her before: she is asked about one, and says yes to one."""
    session = pocket.session
    ana, ben, cleo = (Person(pocket.workspace, who) for who in (ANA, BEN, CLEO))
    tags.claim(session, ["sql"], by=ana, at=1.0)
    endorsing.endorse(session, ana, "sql", by=ben, event_ts=Ts("1700000001.0"), at=2.0)
    asking.yes(session, "sql", by=ana, at=3.0)
    tags.take_off(session, ["sql"], by=ana, at=4.0)
    endorsing.endorse(session, ana, "sql", by=cleo, event_ts=Ts("1700000002.0"), at=5.0)
    (asked,) = asking.question(session, viewer(ana), at=6.0 + asking.REST)
    assert asked.endorsers == 1
    asking.yes(session, "sql", by=ana, at=6.0 + asking.REST)
    (tag,) = tags.of(session, ana)
    assert (tag.claimed, tag.endorsed_by, tag.earned) == (False, (CLEO,), False)


def _shared(pocket: Pocket, key: str, topic: str, helped: range) -> None:
    session, place = pocket.session, pocket.message.place
    ana = Person(pocket.workspace, ANA)
    channels.described(session, place, channels.ChannelFacts("learning", is_private=False), at=1.0)
    new = NewLearning(key=key, place=place, words=f"A lesson {key}.", topics=(topic,))
    id = learnings.share(session, new, by=ana, here=True, at=1.0)
    for number in helped:
        by = Person(pocket.workspace, PersonId(f"U{number}"))
        helps.press(session, id, by=by, event_ts=Ts(f"17000000{number:02}.0"), at=5.0)


def test_what_is_earned_while_a_no_rests_is_asked_after_that(pocket: Pocket) -> None:
    """Of itself, as what colleagues say is (docs/decisions/0182)."""
    session, ana = pocket.session, Person(pocket.workspace, ANA)
    asking.no(session, "sql", by=ana, at=2.0)
    _shared(pocket, "k", "sql", range(5))
    assert [one.topic for one in asking.question(session, viewer(ana), at=3.0 + asking.REST)] == ["sql"]
    assert [one.kind for one in notices.waiting(session, ana)] == ["expert tags"]


def test_a_no_holds_by_whatever_name(pocket: Pocket) -> None:
    """What was answered stays answered."""
    session, ana, ben = pocket.session, Person(pocket.workspace, ANA), Person(pocket.workspace, BEN)
    names.merge(session, pocket.message.place, ["py"], "python", by=ana, at=1.0)
    endorsing.endorse(session, ana, "py", by=ben, event_ts=Ts("1700000001.0"), at=2.0)
    asking.no(session, "python", by=ana, at=3.0)
    endorsing.endorse(session, ana, "python", by=ben, event_ts=Ts("1700000002.0"), at=4.0)
    assert asking.question(session, viewer(ana), at=5.0 + asking.REST) == []


def test_yes_still_is_about_what_was_asked(pocket: Pocket) -> None:
    """What was asked about a year before, and not answered, fades on."""
    session, ana = pocket.session, Person(pocket.workspace, ANA)
    tags.claim(session, ["sql"], by=ana, at=1.0)
    tags.claim(session, ["kafka"], by=ana, at=100 * DAY)
    first, second = fading.YEAR + DAY, fading.YEAR + 101 * DAY
    assert fading.old(session, ana, at=first) == ["sql"]
    fading.asked(session, ana, at=first)  # nobody answers
    assert fading.old(session, ana, at=second) == ["kafka"]
    fading.asked(session, ana, at=second)
    fading.still(session, by=ana, at=second)
    touched = dict(session.execute(select(ExpertTag.topic, ExpertTag.touched_at)).all())
    assert touched == {"kafka": second, "sql": 1.0}


def test_what_a_merge_makes_enough_is_asked(pocket: Pocket) -> None:
    """Two were helped on the one, and one on the other: that is three."""
    session, ana = pocket.session, Person(pocket.workspace, ANA)
    _shared(pocket, "k", "py", range(2))
    _shared(pocket, "l", "python", range(2, 3))
    asking.merge(session, pocket.message.place, ["py"], "python", by=ana, at=6.0)
    assert [one.topic for one in asking.question(session, viewer(ana), at=7.0)] == ["python"]
    assert [one.kind for one in notices.waiting(session, ana)] == ["expert tags"]


def test_a_yes_brings_back_nobody_after_a_claim_of_ones_own(pocket: Pocket) -> None:
    """She took it off with whoever had endorsed it, and named it anew herself."""
    session = pocket.session
    ana, ben, cleo = (Person(pocket.workspace, who) for who in (ANA, BEN, CLEO))
    endorsing.endorse(session, ana, "sql", by=ben, event_ts=Ts("1700000001.0"), at=2.0)
    asking.yes(session, "sql", by=ana, at=3.0)
    tags.take_off(session, ["sql"], by=ana, at=4.0)
    tags.claim(session, ["sql"], by=ana, at=5.0)
    endorsing.endorse(session, ana, "sql", by=cleo, event_ts=Ts("1700000002.0"), at=6.0)
    asking.yes(session, "sql", by=ana, at=7.0)
    (tag,) = tags.of(session, ana)
    assert (tag.claimed, tag.endorsed_by) == (True, (CLEO,))


def test_a_yes_brings_back_nobody_by_another_name(pocket: Pocket) -> None:
    """Who endorsed it by both went with it."""
    session = pocket.session
    ana, ben, cleo = (Person(pocket.workspace, who) for who in (ANA, BEN, CLEO))
    names.merge(session, pocket.message.place, ["py"], "python", by=ana, at=1.0)
    endorsing.endorse(session, ana, "python", by=ben, event_ts=Ts("1700000001.0"), at=2.0)
    asking.yes(session, "python", by=ana, at=3.0)
    endorsing.endorse(session, ana, "py", by=ben, event_ts=Ts("1700000002.0"), at=4.0)
    tags.take_off(session, ["python"], by=ana, at=5.0)
    endorsing.endorse(session, ana, "python", by=cleo, event_ts=Ts("1700000003.0"), at=6.0)
    later = 7.0 + asking.REST
    (asked,) = asking.question(session, viewer(ana), at=later)
    assert asked.endorsers == 1
    asking.yes(session, "python", by=ana, at=later)
    (tag,) = tags.of(session, ana)
    assert tag.endorsed_by == (CLEO,)


def test_a_question_that_becomes_a_learning_is_asked_about(pocket: Pocket) -> None:
    """It helped as a question, which earned nothing."""
    session, ana = pocket.session, Person(pocket.workspace, ANA)
    _shared(pocket, "k", "sql", range(0))
    session.execute(text("UPDATE learnings SET kind = 'question'"))
    id = LearningId(session.execute(text("SELECT id FROM learnings")).scalar_one())
    for number in range(4):
        by = Person(pocket.workspace, PersonId(f"U{number}"))
        helps.press(session, id, by=by, event_ts=Ts(f"17000000{number:02}.0"), at=5.0)
    assert notices.waiting(session, ana) == []
    old = learnings.find(session, pocket.workspace, id)
    assert old is not None
    new = NewLearning(key="k", place=old.place, words=old.words, topics=("sql",), kind="learning")
    learnings.change(session, old, new, at=8.0)
    assert [one.kind for one in notices.waiting(session, ana)] == ["expert tags"]
