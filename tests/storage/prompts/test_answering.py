"""Answers by the form: two at once are one."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.ids import Person, PersonId, RoundId, Ts
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.places import channels
from storage.prompts import answering, answers, questions
from storage.prompts.answering import NewAnswer
from storage.refusals import AnsweredByForm
from storage.tables import Learning
from tests.storage.at_once import at_once
from tests.storage.prompts.stage import Stage


def answer(session: Session, *, by: Person, round: RoundId, key: str) -> str:
    """Somebody sends a form; what came of it."""
    new = NewAnswer(round, key, f"By {key}.", without_name=False)
    try:
        return answering.answer(session, new, by=by, at=50.0)
    except AnsweredByForm:
        session.rollback()
        return "answered already"


def test_of_forms_that_are_sent_at_once_one_is_the_answer(engine: Engine, stage: Stage) -> None:
    """The others are told so, and nothing of them stays; on PostgreSQL they wait for the first."""
    ben = Person(stage.place.workspace, PersonId("UBEN"))
    channels.listed(stage.session, stage.place, [stage.ana.id, ben.id], asked_at=2.0)
    for number in range(6):
        new = NewLearning(key=f"question {number}", place=stage.place, words="Why?", kind="question")
        asked = learnings.share(stage.session, new, by=stage.ana, at=10.0)
        questions.stands(stage.session, stage.place.workspace, asked, Ts(f"{number}0.000001"), at=10.0)
        found = learnings.find(stage.session, stage.place.workspace, asked)
        standing = questions.standing(stage.session, found) if found else None
        stage.session.commit()  # SQLite has one writer
        assert standing is not None
        round = standing.round
        sent = (partial(answer, by=ben, round=round.id, key=f"form {number}:{one}") for one in range(3))
        came = at_once(engine, *sent)
        assert came.count("answered already") == 2
        (first,) = [one for one in came if one != "answered already"]
        given = answers.given(stage.session, round, ben.id)
        theirs = select(Learning.id).where(Learning.author == ben.id, Learning.key.like(f"form {number}:%"))
        assert stage.session.scalars(theirs).all() == [first]
        stage.session.commit()
        assert given is not None
        assert given.learning == first
