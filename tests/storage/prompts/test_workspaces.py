"""What a workspace schedules, asks and answers, no other sees or touches: down to the ids, its twin stays as it was."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import storage
import storage.prompts
from storage.ids import ChannelId, LearningId, MessageRef, Person, PersonId, Place, RoundId, Ts, WorkspaceId
from storage.learned import learnings
from storage.learned.entries import NewLearning
from storage.learned.learnings import LearningView
from storage.owed import outbox
from storage.places import channels, pockets
from storage.places.channels import ChannelFacts
from storage.prompts import (
    answering,
    answers,
    asked,
    asking,
    bank,
    claiming,
    collecting,
    digest_times,
    digests,
    first_answers,
    opening,
    plans,
    questions,
    reminders,
    resting,
    rounds,
    schedules,
    silence,
    views,
)
from storage.prompts.answering import NewAnswer
from storage.prompts.bank import Written
from storage.prompts.collecting import Reply
from storage.prompts.digest_times import When
from storage.prompts.plans import Known, Plan, ScheduleId, Source
from storage.prompts.recurrence import Rule, Time
from storage.prompts.rounds import Asking, RoundView
from tests.storage.rooms import functions_with_a_session
from tests.storage.rows import open_workspace, viewer
from tests.storage.twins import ANA, BEN, OURS, THEIRS, Ids, rows

OF_ALL_WORKSPACES = {
    "claiming.claim_due",
    "claiming.next_due",
    "clock.look_anew",
    "closing.next_due",
    "closing.tick",
    "digests.next_due",
    "digests.tick",
    "first_answers.next_due",
    "first_answers.tick",
}
"""What the clock does for everybody at once."""

AT = 1.7e9
"""Tuesday, 14 November 2023, in the evening (UTC)."""

WEDNESDAY = date(2023, 11, 15)
WEEKLY = Rule("weekly", start=WEDNESDAY, time=time(10), zone="Etc/UTC", weekdays=(2,))
PROMPT = Ts("1700000100.000000")


class Acts:
    """Everything that is done with prompts, done in one workspace: each public function by its name."""

    def __init__(self, session: Session, workspace: WorkspaceId) -> None:
        self.session = session
        self.workspace = workspace
        self.place, self.other = (Place(workspace, ChannelId(id)) for id in ("C1", "C2"))
        self.ana, self.ben = Person(workspace, ANA), Person(workspace, BEN)
        self.plan = Plan(WEEKLY, Source("list", (f"What, {workspace}?", "And why?")))
        self.asking = Asking(
            key="schedule:S:2023-11-14", place=self.place, question=f"Who, {workspace}?", lead=ANA, closes_at=AT + 1e5
        )

    def live(self) -> None:
        """Two pockets, a schedule, a prompt of their own, and an open round."""
        open_workspace(self.session, self.workspace)
        for place in (self.place, self.other):
            facts = ChannelFacts(f"{place.channel}-{self.workspace}", is_private=False)
            pockets.start(self.session, place, facts, by=self.ana, at=AT - 1e6)
            channels.listed(self.session, place, [ANA, BEN], asked_at=AT)
        schedules.add(self.session, self.place, self.plan, by=self.ana, at=AT, id=ScheduleId("S"))
        rounds.open(self.session, replace(self.asking, key="schedule:S:2023-11-07", schedule="S"), at=AT - 1e6)

    @property
    def round(self) -> RoundView:
        """The round of today."""
        found = rounds.find_by_key(self.session, self.workspace, self.asking.key)
        assert found
        return found

    @property
    def version(self) -> Known:
        """The schedule as it stands."""
        return Known("S", views.find(self.session, ScheduleId("S"), by=self.ana, at=AT).version)

    @property
    def own(self) -> bank.OwnView:
        """The pocket's own prompt."""
        return bank.own(self.session, self.place, "live")[0]

    @property
    def learning(self) -> LearningView:
        """What ana answered by the form."""
        return answers.of_round(self.session, self.round)[-1].learning

    @property
    def question(self) -> LearningId:
        """What ana asks: shared, once."""
        new = NewLearning(key="question", place=self.place, words=f"How, {self.workspace}?", kind="question")
        return learnings.share(self.session, new, by=self.ana, at=AT)

    @property
    def asked(self) -> LearningView:
        """The same, as it stands."""
        found = learnings.find(self.session, self.workspace, self.question)
        assert found
        return found

    @property
    def asking_round(self) -> RoundView:
        """The round that it asks."""
        found = asked.by(self.session, self.workspace, self.question)
        assert found
        return found

    def reply(self, number: int, thread: Ts = PROMPT) -> Reply:
        """Something that ben wrote."""
        message = MessageRef(self.place, Ts(f"170000020{number}.000000"))
        return Reply(message, thread, BEN, f"Words {number} of {self.workspace}", "https://x.slack.com/p1")

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        s, w, p, ana, ben = self.session, self.workspace, self.place, self.ana, self.ben
        id, key, later = ScheduleId("S"), self.asking.key, "schedule:S:2023-11-22"
        time = Time(WEDNESDAY, AT + 4e4)
        mine = NewAnswer(RoundId(""), "form:1", f"By the form, {w}", without_name=False)
        written = Written(f"Whose, {w}?")
        first = self.reply(1).message
        return {
            "rounds.open": lambda: rounds.open(s, self.asking, at=AT),
            "rounds.find_by_key": lambda: rounds.find_by_key(s, w, key),
            "rounds.find": lambda: rounds.find(s, w, self.round.id),
            "answers.kept_besides": lambda: answers.kept_besides(s, self.round),
            "rounds.is_awaited": lambda: rounds.is_awaited(s, p),
            "rounds.await_prompt": lambda: rounds.await_prompt(s, p),
            "collecting.replied": lambda: collecting.replied(s, self.reply(0), at=AT),
            "collecting.came_early": lambda: collecting.came_early(s, self.round, PROMPT),
            "first_answers.ask": lambda: first_answers.ask(s, self.asking, opens_at=AT + 9, at=AT),
            "first_answers.asked_of": lambda: first_answers.asked_of(s, key, by=ana),
            "first_answers.write": lambda: first_answers.write(s, key, f"First of {w}", by=ana),
            "first_answers.find": lambda: first_answers.find(s, w, key),
            "opening.is_too_late": lambda: opening.is_too_late(s, replace(self.round, schedule="S"), at=AT),
            "first_answers.corrected": lambda: first_answers.corrected(s, w, key, question=self.asking.question),
            "first_answers.moved": lambda: first_answers.moved(s, w, key, opens_at=AT + 99),
            "rounds.stands": lambda: rounds.stands(s, self.round, PROMPT),
            "first_answers.stands": lambda: first_answers.stands(s, self.round, PROMPT, at=AT),
            "rounds.of_thread": lambda: rounds.of_thread(s, p, PROMPT),
            "rounds.stands_before": lambda: rounds.stands_before(s, p, Ts("1700000200.000000")),
            "rounds.before": lambda: rounds.before(s, replace(self.round, schedule="S")),
            "collecting.shown": lambda: collecting.shown(s, self.reply(1), left_out=False, known=PROMPT, at=AT),
            "answers.given": lambda: answers.given(s, self.round, BEN),
            "answers.of_message": lambda: answers.of_message(s, first),
            "answers.stands": lambda: answers.stands(s, first),
            "answers.kind_of": lambda: answers.kind_of(s, first),
            "answers.of_round": lambda: answers.of_round(s, self.round),
            "answers.has_answered": lambda: answers.has_answered(s, self.round, BEN),
            "answers.has_others": lambda: answers.has_others(s, self.round),
            "answers.newcomers": lambda: answers.newcomers(s, self.round),
            "silence.advice": lambda: silence.advice(s, replace(self.round, id=RoundId("same"), schedule="S")),
            "rounds.follow": lambda: rounds.follow(s, w, self.learning.id, at=AT),
            "rounds.owe_refresh": lambda: rounds.owe_refresh(s, self.round, at=AT),
            "reminders.want": lambda: reminders.want(s, p, ben, at=AT),
            "reminders.wanted": lambda: reminders.wanted(s, p, ben),
            "reminders.owe": lambda: reminders.owe(s, self.round, at=AT),
            "reminders.end": lambda: reminders.end(s, p, ben),
            "collecting.left_out": lambda: collecting.left_out(
                s, first, ben, standing=True, event_ts=Ts("1700000300.000000"), at=AT
            ),
            "answers.is_left_out": lambda: answers.is_left_out(s, first, BEN),
            "answers.leave_out": lambda: answers.leave_out(
                s, first, BEN, standing=False, event_ts=Ts("1700000301.000000")
            ),
            "collecting.deleted": lambda: collecting.deleted(s, self.reply(2).message, PROMPT, at=AT),
            "answers.gone": lambda: answers.gone(s, first, event_ts=Ts("1700000302.000000")),
            "answers.take": lambda: answers.take(s, self.round, BEN, Ts("1700000400.000000")),
            "answers.became": lambda: answers.became(s, self.round, BEN, self.learning.id),
            "answers.hold": lambda: answers.hold(s, self.round, BEN),
            "answers.take_form": lambda: answers.take_form(s, self.round, BEN, self.learning.id),
            "answering.asked": lambda: answering.asked(s, self.round.id, by=ana),
            "answers.by_card": lambda: answers.by_card(s, MessageRef(p, PROMPT), ana),
            "answering.answer": self._answer_anew(mine),
            "digests.contents": lambda: digests.contents(s, p, since=AT - 1e6, until=AT + 1e6),
            "digests.turn_on": lambda: digests.turn_on(s, p, When(3, "16:00"), by=ana, at=AT),
            "digests.when_of": lambda: digests.when_of(s, p),
            "digests.owe_post": lambda: digests.owe_post(
                s, workspace=w, body={"channel": p.channel, "since": 1.0, "until": 2.0}, file=None, at=AT
            ),
            "digests.turn_off": lambda: digests.turn_off(s, p, by=ana),
            "rounds.prompt_deleted": lambda: rounds.prompt_deleted(
                s, MessageRef(p, PROMPT), event_ts=Ts("1700000500.000000"), at=AT
            ),
            "rounds.close": lambda: rounds.close(s, self.round, at=AT),
            "first_answers.unasked": lambda: self._unask(replace(self.asking, key=later)),
            "first_answers.given_back": lambda: first_answers.given_back(s, workspace=w, key=later),
            "views.skipped": lambda: views.skipped(s, w, id, at=1.0),
            "rounds.lately_closed": lambda: rounds.lately_closed(s, p),
            "views.find": lambda: views.find(s, id, by=ana, at=AT),
            "views.glance": lambda: views.glance(s, w, id, at=AT),
            "views.led": lambda: views.led(s, id, ana),
            "views.of_pocket": lambda: views.of_pocket(s, p, at=AT),
            "claiming.preview": lambda: claiming.preview(s, id, by=ana, at=AT),
            "asking.drawn": lambda: asking.drawn(s, views.led(s, id, ana), time),
            "asking.put_back": lambda: asking.put_back(s, views.led(s, id, ana), ["Again?"]),
            "asking.keep_deck": lambda: asking.keep_deck(s, (row := views.led(s, id, ana)), asking.drawn(s, row, time)),
            "digest_times.follow": lambda: digest_times.follow(s, p, "Asia/Tokyo", at=AT),
            "schedules.skip": lambda: schedules.skip(s, id, views.find(s, id, by=ana, at=AT).next[0].on, by=ana, at=AT),
            "schedules.unskip": lambda: schedules.unskip(s, id, WEDNESDAY, by=ana, at=AT),
            "claiming.ask_now": lambda: claiming.ask_now(s, id, opening.opens, by=ana, at=AT),
            "opening.opens": lambda: opening.opens(s, self._turn(time), AT),
            "opening.asks_first": lambda: opening.asks_first(s, self._turn(time), AT),
            "opening.hold_schedules": lambda: opening.hold_schedules(s, [self._opened(time)]),
            "opening.never_asked": lambda: opening.never_asked(s, self._opened(time), at=AT),
            "opening.lapsed": lambda: opening.lapsed(s, replace(self.round, schedule=None), at=AT),
            "opening.refused": lambda: opening.refused(
                s, self._opened(time), "restricted_action", for_good=False, at=AT
            ),
            "schedules.asked": lambda: schedules.asked(s, views.led(s, id, ana), WEDNESDAY, by=ana, at=AT),
            "schedules.change": lambda: schedules.change(
                s, self.version, replace(self.plan, open_days=3), by=ana, at=AT
            ),
            "silence.go_fortnightly": lambda: silence.go_fortnightly(s, id, by=ana, at=AT),
            "schedules.add": lambda: schedules.add(s, p, self.plan, by=ana, at=AT, id=ScheduleId("S2")),
            "schedules.duplicate": lambda: schedules.duplicate(s, id, self.other, by=ana, at=AT, key="once"),
            "schedules.pause": lambda: schedules.pause(s, id, None, by=ana, at=AT),
            "schedules.resume": lambda: schedules.resume(s, id, by=ana, at=AT),
            "resting.rest": lambda: resting.rest(s, p, "archived", at=AT),
            "resting.resting": lambda: resting.resting(s, p),
            "resting.why": lambda: resting.why(s, p),
            "resting.look": lambda: resting.look(s, p, at=AT),
            "resting.set_aside": lambda: resting.set_aside(s, p, id, "empty", lead=ANA, at=AT),
            "schedules.resume_all": lambda: schedules.resume_all(s, p, by=ana, at=AT),
            "schedules.remove": lambda: schedules.remove(s, id, by=ana, at=AT),
            "schedules.restore": lambda: schedules.restore(s, id, by=ana, at=AT),
            "bank.add": lambda: bank.add(s, p, written, by=ana, at=AT),
            "bank.suggest": lambda: bank.suggest(s, p, Written(f"Which, {w}?"), by=ben, at=AT),
            "bank.own": lambda: bank.own(s, p, "live"),
            "bank.count": lambda: bank.count(s, p, "suggested"),
            "bank.cards": lambda: bank.cards(s, p, bank.OURS),
            "bank.require_theme": lambda: bank.require_theme(s, p, bank.OURS),
            "bank.find": lambda: bank.find(s, self.own.prompt.id, by=ana),
            "bank.any_prompt": lambda: bank.any_prompt(s, self.own.prompt.id, by=ana),
            "bank.glance": lambda: bank.glance(s, w, self.own.prompt.id),
            "bank.change": lambda: bank.change(
                s, Known(self.own.prompt.id, self.own.version), Written(f"When, {w}?"), by=ana
            ),
            "bank.set_state": lambda: bank.set_state(s, self.own.prompt.id, "retired", by=ana),
            "bank.decline": lambda: bank.decline(s, bank.own(s, p, "retired")[0].prompt.id, by=ana),
            "asked.ask": lambda: asked.ask(s, p, self.question, by=ANA, at=AT),
            "asked.by": lambda: asked.by(s, w, self.question),
            "asked.open_among": lambda: asked.open_among(s, w, [self.question]),
            "rounds.is_answer": lambda: rounds.is_answer(s, w, self.question),
            "questions.stands": lambda: questions.stands(s, w, self.question, Ts("1700000600.000000"), at=AT),
            "questions.standing": lambda: questions.standing(s, self.asked),
            "questions.is_on_its_way": lambda: questions.is_on_its_way(s, self.asking_round),
            "questions.with_words": lambda: questions.with_words(s, self.asking_round),
            "questions.open_questions": lambda: questions.open_questions(
                s, viewer(ben, channels=frozenset({p.channel}))
            ),
            "questions.open_in": lambda: questions.open_in(s, p),
            "rounds.owe_card": lambda: rounds.owe_card(s, p, self.question, at=AT),
            "questions.answered": lambda: questions.answered(
                s, self.question, by=ana, pressed=Ts("1700000601.000000"), at=AT
            ),
            "questions.reopened": lambda: questions.reopened(
                s, self.question, by=ana, pressed=Ts("1700000602.000000"), at=AT
            ),
            "asked.no_more": lambda: asked.no_more(s, w, self.question, at=AT),
            "asked.reopen": lambda: asked.reopen(s, w, self.question),
        }

    def _answer_anew(self, mine: NewAnswer) -> Callable[[], Any]:
        """Dan, who has not answered yet, does."""

        def act() -> Any:
            dan = Person(self.workspace, PersonId("UDAN"))
            channels.listed(self.session, self.place, [ANA, BEN, dan.id], asked_at=AT + 1)
            return answering.answer(self.session, replace(mine, round=self.round.id), by=dan, at=AT)

        return act

    def _unask(self, asking: Asking) -> None:
        first_answers.ask(self.session, asking, opens_at=AT + 9, at=AT)
        first_answers.write(self.session, asking.key, "Words", by=self.ana)
        first_answers.unasked(self.session, self.workspace, asking.key, at=AT)

    def _opened(self, time: Time) -> RoundView:
        found = rounds.find_by_key(self.session, self.workspace, rounds.key_of("S", time.on.isoformat()))
        assert found
        return found

    def _turn(self, time: Time) -> asking.Turn:
        row = views.led(self.session, ScheduleId("S"), self.ana)
        return asking.turn(row, WEEKLY, time, f"Where, {self.workspace}?", opens_at=AT)


def twins(monkeypatch: pytest.MonkeyPatch) -> Ids:
    """Ids that come again after each restart, also where prompts make them."""
    ids = Ids(monkeypatch)
    monkeypatch.setattr(collecting, "new_learning_id", ids.next)
    monkeypatch.setattr(rounds, "new_round_id", ids.next)
    monkeypatch.setattr(asked, "new_round_id", ids.next)
    for module in (outbox, plans, bank):
        monkeypatch.setattr(module, "uuid4", lambda: SimpleNamespace(hex=ids.next()))
    return ids


@pytest.mark.parametrize("last", ["first_answers.find", "reminders.want", "answering.answer", "bank.set_state"])
def test_nothing_of_prompts_sees_or_touches_another_workspaces_rows(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    """Each function is called in one workspace, and does what it does there alone. In its twin all was done until `last`."""
    ids = twins(monkeypatch)
    alone = dict[str, str]()
    with Session(engine) as session:
        ours = Acts(session, OURS)
        ours.live()
        for name, act in ours.each().items():
            alone[name] = str(act())
    with Session(engine) as session:
        ours, theirs = Acts(session, OURS), Acts(session, THEIRS)
        for acts in (theirs, ours):
            ids.restart()
            acts.live()
            if acts is theirs:
                _do(acts, until=last)
        before = rows(session, THEIRS)
        for name, act in ours.each().items():
            assert str(act()) == alone[name], name
            assert rows(session, THEIRS) == before, name
    assert set(alone) | OF_ALL_WORKSPACES == functions_with_a_session(storage.prompts)


def _do(acts: Acts, *, until: str) -> None:
    for name, act in acts.each().items():
        act()
        if name == until:
            return


def test_no_package_of_storage_is_left_out() -> None:
    """Each has a file like this; into db and home looks `tests/storage/test_isolation.py`, and tables hold no functions."""
    rooms = {info.name for info in pkgutil.iter_modules(storage.__path__) if info.ispkg}
    here = Path(__file__).parents[1]
    assert rooms - {"db", "home", "tables"} == {file.parent.name for file in here.glob("*/test_workspaces.py")}
