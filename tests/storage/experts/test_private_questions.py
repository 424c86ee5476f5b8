"""Private questions, without Slack: who is asked, who was first, and when it is over; with whatever happens at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from storage.experts import private_answers, private_endings, private_questions, private_views, wishes
from storage.experts.private_questions import NewQuestion
from storage.experts.refusals import NobodyToAsk
from storage.ids import AskedId, Person, PersonId, Ts
from storage.places import channels, pocket_settings
from storage.places.pocket_settings import PocketSettings
from storage.refusals import Refusal
from tests.storage.at_once import at_once
from tests.storage.kept_message import ANA, BEN, CLEO, Pocket

DAN, EVE = PersonId("UDAN"), PersonId("UEVE")
EXPERTS = (BEN, CLEO, DAN, EVE)
WEEK = wishes.WEEK


def new(pocket: Pocket, id: str, **more: bool) -> NewQuestion:
    """Something to ask."""
    return NewQuestion(AskedId(id), pocket.message.place, "Why?", **more)


def ask(pocket: Pocket, id: str, *, by: PersonId = ANA, at: float = 100.0, **more: bool) -> list[PersonId]:
    """Somebody asks; who is asked now."""
    person = Person(pocket.workspace, by)
    channels.seen(pocket.session, pocket.message.place, person, at=1.0)
    private_questions.ask(pocket.session, new(pocket, id, **more), EXPERTS, by=person, at=at)
    return asked(pocket, id)


def asked(pocket: Pocket, id: str) -> list[PersonId]:
    """Who is asked now, in order."""
    found = text("SELECT person FROM asked_people WHERE question = :id AND state = 'asked' ORDER BY turn")
    return [PersonId(one) for one in pocket.session.scalars(found, {"id": id})]


def state(pocket: Pocket, id: str) -> str:
    """What became of it."""
    found = private_views.find(pocket.session, pocket.workspace, AskedId(id))
    assert found is not None
    return found.state


def answer(session: Session, pocket: Pocket, who: PersonId, id: str = "q") -> bool:
    """Whether theirs is the first."""
    by = Person(pocket.workspace, who)
    return private_answers.answer(session, AskedId(id), f"{who} says so.", "no", by=by, at=200.0)


def test_of_answers_at_once_one_is_the_first(engine: Engine) -> None:
    """Whoever is later reads so, and nothing of theirs is stored; on PostgreSQL each waits for the question's row."""
    with Session(engine) as session:
        pocket = Pocket.new(session)
        ids = [f"q{number}" for number in range(8)]
        for id in ids:
            assert ask(pocket, id) == [BEN, CLEO, DAN]
        session.commit()
        for id in ids:
            came = at_once(engine, *(partial(answer, pocket=pocket, who=who, id=id) for who in EXPERTS[:3]))
            assert sorted(map(bool, came)) == [False, False, True]
            found = private_views.find(session, pocket.workspace, AskedId(id))
            session.commit()  # SQLite has one writer
            assert found is not None
            assert found.answered_by == EXPERTS[came.index(True)]
            assert found.answer == f"{found.answered_by} says so."
            assert answer(session, pocket, found.answered_by, id)  # the same form again
            session.commit()
        assert len(pocket.owed("give asked answer")) == len(ids)


def test_what_is_due_ends_once_however_many_processes_look(engine: Engine) -> None:
    """Each takes what no other has in hand; who asked hears it once."""
    with Session(engine) as session:
        pocket = Pocket.new(session)
        for number in range(6):
            ask(pocket, f"q{number}", to_pocket=number % 2 == 0)
        assert private_endings.next_due(session) == private_questions.due_at(session, pocket.message.place, at=100.0)
        session.commit()
        later = 100.0 + WEEK
        at_once(engine, *(lambda s: private_endings.tick(s, at=later) for _ in range(3)))
        at_once(engine, *(lambda s: private_endings.tick(s, at=later) for _ in range(3)))
        assert [state(pocket, f"q{number}") for number in range(6)] == ["passed on", "unanswered"] * 3
        assert len(pocket.owed("say unanswered")) == 6
        assert len(pocket.owed("post card")) == 3
        assert private_endings.next_due(session) is None
        assert private_endings.forget_old(session, at=later + private_endings.KEPT - 1) == 0
        assert private_endings.forget_old(session, at=later + private_endings.KEPT + 1) == 6
        assert session.scalar(text("SELECT count(*) FROM asked_people")) == 0


def test_a_question_counts_among_those_that_one_wants_in_a_week(pocket: Pocket) -> None:
    """Each by itself, whoever asks; what was over before they were told is none; and nobody is asked who has no room."""
    ben = Person(pocket.workspace, BEN)
    wishes.save(pocket.session, ben, hidden=False, a_week=2, stopped=False)
    wishes.approach(pocket.session, ben, by=Person(pocket.workspace, CLEO), at=90.0)
    assert ask(pocket, "q1") == [BEN, CLEO, DAN]
    assert ask(pocket, "q2") == [CLEO, DAN, EVE]
    private_questions.take_back(pocket.session, AskedId("q1"), by=Person(pocket.workspace, ANA), at=101.0)
    assert BEN in ask(pocket, "q3")
    private_questions.stands(pocket.session, AskedId("q3"), ben, ts=Ts("1.0"), at=102.0)
    private_questions.take_back(pocket.session, AskedId("q3"), by=Person(pocket.workspace, ANA), at=103.0)
    assert BEN not in ask(pocket, "q4")
    assert BEN in ask(pocket, "q5", at=101.0 + WEEK)
    for who in EXPERTS:
        wishes.save(pocket.session, Person(pocket.workspace, who), hidden=False, a_week=1, stopped=False)
    assert ask(pocket, "q6", at=101.0 + WEEK) == [EVE]
    with pytest.raises(NobodyToAsk):
        ask(pocket, "q7", at=101.0 + WEEK)


def test_whoever_is_told_while_it_ends_sees_that_it_is_over(pocket: Pocket) -> None:
    """What was on its way then is looked at again once it stands; and nobody else is asked instead of who was told."""
    ask(pocket, "q")
    ben, ana, id = Person(pocket.workspace, BEN), Person(pocket.workspace, ANA), AskedId("q")
    private_questions.stands(pocket.session, id, Person(pocket.workspace, CLEO), ts=Ts("1.0"), at=101.0)
    private_questions.pass_over(pocket.session, id, Person(pocket.workspace, CLEO), at=101.0)
    assert asked(pocket, "q") == [BEN, CLEO, DAN]
    assert pocket.owed("refresh asked") == []
    private_questions.take_back(pocket.session, id, by=ana, at=102.0)
    private_questions.stands(pocket.session, id, ben, ts=Ts("2.0"), at=103.0)
    assert [one["person"] for one in pocket.owed("refresh asked")] == [CLEO, BEN]


def test_two_working_days_are_the_pockets(pocket: Pocket) -> None:
    """In its zone, over the weekend, and without the public holidays that its prompts leave out; in working hours."""
    place = pocket.message.place

    def due(day: int, hour: int) -> datetime:
        at = datetime(2026, 12, day, hour, tzinfo=UTC).timestamp()
        return datetime.fromtimestamp(private_questions.due_at(pocket.session, place, at=at), UTC)

    assert due(18, 15) == datetime(2026, 12, 22, 15, tzinfo=UTC)  # a Friday
    assert due(19, 3) == datetime(2026, 12, 22, 9, tzinfo=UTC)
    pocket_settings.write(pocket.session, place, PocketSettings(timezone="Europe/Berlin"), at=1.0)
    assert due(18, 20) == datetime(2026, 12, 22, 16, tzinfo=UTC)
    schedule = (
        "INSERT INTO schedules (workspace, id, channel, lead, rule, zone, source, questions, deck, changed_by, created_at)"
        " VALUES (:workspace, 'S1', :channel, 'UANA', :rule, 'UTC', 'question', '[\"q\"]', '[]', 'UANA', 1)"
    )
    rule = '{"kind": "weekly", "start": "2026-11-25", "time": "10:00", "weekdays": [2], "region": "DE-BY"}'
    pocket.session.execute(text(schedule), {"workspace": place.workspace, "channel": place.channel, "rule": rule})
    assert due(23, 12) == datetime(2026, 12, 28, 12, tzinfo=UTC)  # 25 and 26 December


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "hide", "show", "decline", "pass", "answer", "take back"]), st.sampled_from(EXPERTS)
    ),
    max_size=16,
)


@given(acts=ACTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whoever_hides_is_never_asked(engine: Engine, acts: list[tuple[str, PersonId]]) -> None:
    """Not by a new question, nor instead of another; nor told what they were asked before. At most three are, each once."""
    with Session(engine) as session:
        pocket = Pocket.new(session)
        hidden, ids = set[PersonId](), list[str]()
        for deed, who in acts:
            by, before = Person(pocket.workspace, who), {id: {*asked(pocket, id)} for id in ids}
            with suppress(Refusal):
                if deed == "ask":
                    ids.append(f"q{len(ids)}")
                    ask(pocket, ids[-1])
                elif deed in ("hide", "show"):
                    wishes.save(session, by, hidden=deed == "hide", a_week=None, stopped=False)
                    hidden = hidden | {who} if deed == "hide" else hidden - {who}
                elif ids:
                    _act(pocket, deed, by, AskedId(ids[-1]))
            for id in ids:
                now = asked(pocket, id)
                assert not (set(now) - before.get(id, set())) & hidden
                assert len(now) <= private_questions.AT_ONCE
                found = [private_views.asked_of(session, AskedId(id), Person(pocket.workspace, one)) for one in now]
                assert [one.may_hear for one in found if one] == [one not in hidden for one in now]
                view = private_views.find(session, pocket.workspace, AskedId(id))
                assert view is None or not {*view.asked} & hidden


def _act(pocket: Pocket, deed: str, by: Person, id: AskedId) -> None:
    s = pocket.session
    deeds: dict[str, Callable[[], object]] = {
        "decline": lambda: private_questions.decline(s, id, by=by, at=100.0),
        "pass": lambda: private_questions.pass_over(s, id, by, at=100.0),
        "answer": lambda: private_answers.answer(s, id, "So.", "no", by=by, at=100.0),
        "take back": lambda: private_questions.take_back(s, id, by=Person(pocket.workspace, ANA), at=100.0),
    }
    deeds[deed]()
