"""Open questions: each viewer's, by who may see what; what was answered, taken back, or rests elsewhere is none."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from storage import visibility
from storage.ids import ChannelId, LearningId, Person, PersonId, Place, Ts
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.places import channels, pockets
from storage.places.channels import ChannelFacts
from storage.prompts import answering, questions
from storage.prompts.answering import NewAnswer
from storage.visibility import Viewer
from tests.storage.prompts.stage import ANA, Stage
from tests.storage.rows import viewer

BEN = PersonId("UBEN")
PRIVATE = ChannelId("C2")


def ask(stage: Stage, words: str, *, by: PersonId = ANA, place: Place | None = None, at: float = 10.0) -> LearningId:
    """Somebody asks, and the card stands."""
    here = place or stage.place
    new = NewLearning(key=words, place=here, words=words, kind="question")
    id = learnings.share(stage.session, new, by=Person(here.workspace, by), at=at)
    questions.stands(stage.session, here.workspace, id, Ts(f"{at:.0f}.000001"), at=at)
    return id


def private(stage: Stage) -> Place:
    """A private pocket of ana's."""
    place = Place(stage.place.workspace, PRIVATE)
    pockets.start(stage.session, place, ChannelFacts("inner", is_private=True), by=stage.ana, at=1.0)
    channels.seen(stage.session, place, stage.ana, at=1.0)
    return place


def seen(stage: Stage, who: Viewer, *, to_answer: bool = False) -> list[str]:
    """What somebody sees that is open; Slack said of each channel lately what it is."""
    stage.session.execute(text("UPDATE channels SET described_at = 1"))
    return [one.learning.words for one in questions.open_questions(stage.session, who, to_answer=to_answer)]


def test_everybody_sees_the_open_questions_that_they_may_read(stage: Stage) -> None:
    """The newest first: a member those of public channels, and of a private one who is in it; a guest only where they are."""
    ask(stage, "First?")
    ask(stage, "Inner?", place=private(stage), at=11.0)
    ben = Person(stage.place.workspace, BEN)
    outside, inside = frozenset[ChannelId](), frozenset({stage.place.channel, PRIVATE})
    assert seen(stage, viewer(ben, channels=inside)) == ["Inner?", "First?"]
    assert seen(stage, viewer(ben, channels=outside)) == ["First?"]
    assert seen(stage, viewer(ben)) == ["First?"]
    assert seen(stage, viewer(ben, "guest", channels=outside)) == []
    assert seen(stage, viewer(ben, "guest", channels=frozenset({PRIVATE}))) == ["Inner?"]
    assert seen(stage, viewer(ben, "unknown", channels=inside)) == []
    assert seen(stage, viewer(ben, channels=inside, is_active=False)) == []
    needs = visibility.needs(stage.session, viewer(ben), questions.asked_somewhere(ben.workspace))
    assert needs.memberships


def test_what_one_could_answer_is_others_and_not_answered_by_oneself(stage: Stage) -> None:
    """In pockets that one is in; an answer that was taken back is none."""
    channels.listed(stage.session, stage.place, [ANA, BEN], asked_at=2.0)
    ask(stage, "Mine?", by=BEN)
    theirs = ask(stage, "Theirs?", at=11.0)
    ben = Person(stage.place.workspace, BEN)
    me = viewer(ben, channels=frozenset({stage.place.channel}))
    assert seen(stage, me, to_answer=True) == ["Theirs?"]
    assert seen(stage, replace(me, channels=frozenset()), to_answer=True) == []
    (question,) = questions.open_questions(stage.session, me, to_answer=True)
    answer = NewAnswer(question.round.id, "form:1", "Yes.", without_name=False)
    given = answering.answer(stage.session, answer, by=ben, at=12.0)
    assert seen(stage, me, to_answer=True) == []
    assert [one.answers for one in questions.open_questions(stage.session, me)] == [1, 0]
    assert questions.open_in(stage.session, stage.place)[0].answers == 1
    learnings.withdraw(stage.session, given, by=ben, at=13.0)
    assert seen(stage, me, to_answer=True) == ["Theirs?"]
    assert theirs == question.learning.id


def test_what_is_answered_taken_back_or_of_a_stopped_pocket_is_open_no_more(stage: Stage) -> None:
    """And is again, where that was undone."""
    me = viewer(stage.ana, channels=frozenset({stage.place.channel}))
    one, other = ask(stage, "One?"), ask(stage, "Other?", at=11.0)
    questions.answered(stage.session, one, by=stage.ana, pressed=Ts("12.000001"), at=12.0)
    assert seen(stage, me) == ["Other?"]
    questions.reopened(stage.session, one, by=stage.ana, pressed=Ts("13.000001"), at=13.0)
    learnings.withdraw(stage.session, other, by=stage.ana, at=13.0)
    assert seen(stage, me) == ["One?"]
    round = questions.open_in(stage.session, stage.place)[0].round
    assert [round.takes(Ts(f"{second}.5")) for second in (11, 12, 13)] == [True, False, True]
    pockets.stop(stage.session, stage.place, by=stage.ana, at=14.0)
    assert seen(stage, me) == []
    assert questions.open_in(stage.session, stage.place) == questions.open_in(stage.session, stage.place, limit=0)
