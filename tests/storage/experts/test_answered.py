"""Answered: a question names who answered it, as far as whoever asks may open that, and never who asked it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.experts import finding, tags, wishes
from storage.ids import ChannelId, LearningId, PersonId
from storage.learned import changes, learnings
from storage.learned.entries import NewLearning
from storage.prompts import answers, asked
from tests.storage.kept_message import ANA, BEN, CLEO
from tests.storage.rows import viewer

from .test_consent import Room, room

NOW = 1e9
ASKED = "How do we rotate the signing keys?"


def says(
    here: Room, who: PersonId, words: str, *, kind: str = "learning", nameless: bool = False, topic: str = ""
) -> LearningId:
    """Somebody shares this."""
    place, topics = here.pocket.message.place, (topic,) if topic else ()
    new = NewLearning(key=f"k{here.ts()}", place=place, words=words, kind=kind, without_name=nameless, topics=topics)
    return learnings.share(here.pocket.session, new, by=here.person(who), here=True, at=NOW)


def answer(here: Room, question: LearningId, who: PersonId, words: str, *, nameless: bool = False) -> LearningId:
    """Somebody answers it."""
    round = asked.by(here.pocket.session, here.pocket.workspace, question)
    assert round is not None
    id = says(here, who, words, nameless=nameless)
    answers.take_form(here.pocket.session, round, who, id)
    return id


def found(here: Room, words: str, *, kind: str = "member", inside: bool = True) -> dict[PersonId, finding.Found]:
    """Whom Ana finds."""
    channels = frozenset({here.pocket.message.place.channel if inside else ChannelId("CELSE")})
    looking = viewer(here.person(ANA), kind, channels=channels)  # type: ignore[arg-type]
    return {one.person: one for one in finding.people(here.pocket.session, looking, words, at=NOW)}


@pytest.mark.parametrize("words", ["who can rotate signing keys", "security"])
def test_a_question_names_who_answered_it_and_not_who_asked(engine: Engine, words: str) -> None:
    """By its words, or its topic; whatever the answer says, which is what one may open."""
    with Session(engine) as session:
        here = room(session)
        question = says(here, BEN, ASKED, kind="question", topic="security")
        assert found(here, words) == {}, "to ask is not to know"
        script = answer(here, question, CLEO, "With the script, on Mondays.")
        assert {who: one.learnings for who, one in found(here, words).items()} == {CLEO: (script,)}
        assert found(here, words)[CLEO].score == pytest.approx(3.0), "the best one's weight, and she helped most"
        changes.outdate(session, script, "", by=here.person(CLEO), at=NOW)
        assert found(here, words) == {}, "what is out of date names nobody"


def test_an_answer_names_nobody_who_is_not_to_be_named(engine: Engine) -> None:
    """Not who left their name out, hides, or answered where whoever asks can't read; nor once it was taken back."""
    with Session(engine) as session:
        here = room(session)
        question = says(here, BEN, ASKED, kind="question")
        answer(here, question, PersonId("UDAN"), "As ever.", nameless=True)
        assert found(here, ASKED) == {}
        script = answer(here, question, CLEO, "With the script.")
        assert [*found(here, ASKED)] == [*found(here, ASKED, kind="guest")] == [CLEO]
        assert found(here, ASKED, kind="guest", inside=False) == {}
        wishes.save(session, here.person(CLEO), hidden=True, a_week=None, stopped=False)
        assert found(here, ASKED) == {}
        wishes.save(session, here.person(CLEO), hidden=False, a_week=None, stopped=False)
        learnings.withdraw(session, script, by=here.person(CLEO), at=NOW)
        assert found(here, ASKED) == {}


def test_what_one_asks_about_is_not_suggested_to_stand_for(engine: Engine) -> None:
    """Nor counted among what speaks for a topic of theirs; what they shared is."""
    with Session(engine) as session:
        here = room(session)
        says(here, BEN, ASKED, kind="question", topic="security")
        looking = viewer(here.person(BEN), channels=frozenset({here.pocket.message.place.channel}))
        assert tags.suggestions(session, looking) == []
        assert tags.shared(session, looking, ["security"]) == {}
        says(here, BEN, "Rotate them by the script.", topic="security")
        assert tags.suggestions(session, looking) == ["security"]
        assert tags.shared(session, looking, ["security"]) == {"security": 1}
