"""What people are asked about in a workspace, no other sees or touches: its twin, down to the ids, stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import storage.experts
from storage import people
from storage.experts import asking, earned, endorsing, fading, findable, finding, names, tags, unclaimed, wishes
from storage.experts import private_answers as answers
from storage.experts import private_endings as endings
from storage.experts import private_questions as questions
from storage.experts import private_views as views
from storage.experts.endorsing import Reaction
from storage.experts.private_questions import NewQuestion
from storage.ids import AskedId, MessageRef, Person, PersonId, Ts, WorkspaceId
from storage.kept.curators import Given
from storage.learned import cards, helps
from storage.places import channels, pocket_reactions
from storage.tables import Endorsement
from tests.storage import twins
from tests.storage.rooms import functions_with_a_session
from tests.storage.rows import viewer
from tests.storage.twins import ANA, BEN, OURS, THEIRS, Ids, rows

OF_ALL_WORKSPACES = {
    "fading.bring",
    "wishes.forget_old",
    "private_endings.tick",
    "private_endings.next_due",
    "private_endings.forget_old",
}
CLEO = PersonId("UCLEO")
YEAR = fading.YEAR


class Acts(twins.Acts):
    """Everything that is done with experts, done in one workspace: each public function by its name."""

    def live(self) -> None:
        """Ana's learning helped three people, and somebody endorses her."""
        super().live()
        for number, who in enumerate((BEN, CLEO, PersonId("UDAN"))):
            by = Person(self.workspace, who)
            helps.press(self.session, self.shared.id, by=by, event_ts=Ts(f"170000002{number}.0"), at=1.0)

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        s, w, p, ana, ben = self.session, self.workspace, self.place, self.ana, self.ben
        topic = self.shared.topics[0]
        seeing = viewer(ben, channels=frozenset({p.channel}))
        guest = viewer(ben, "guest", channels=frozenset({p.channel}))
        own = viewer(ana, channels=frozenset({p.channel}))
        card = MessageRef(p, Ts("1700000300.000000"))
        cards.stands(s, w, self.shared.id, ts=card.ts, at=1.0)
        reaction = Reaction(card, BEN, "mortar_board", Ts("1700000400.000000"), standing=True)
        both = [Given(BEN, "mortar_board"), Given(CLEO, "mortar_board")]
        ts = Ts("1700000500.000000")
        return {
            "endorsing.react": lambda: endorsing.react(s, reaction, None, at=2.0),
            "endorsing.seen": lambda: endorsing.seen(s, card, both, both, known=Ts("1700000450.0"), at=2.0),
            "endorsing.newest": lambda: endorsing.newest(s, p),
            "endorsing.checked": lambda: endorsing.checked(s, card, BEN, "mortar_board", ana, may_be=True, at=2.0),
            "endorsing.given_by": lambda: endorsing.given_by(s, card, BEN, "mortar_board"),
            "pocket_reactions.deeds": lambda: pocket_reactions.deeds(s, card, BEN, "mortar_board", standing=False),
            "endorsing.endorse": lambda: endorsing.endorse(s, ana, "x", by=ben, event_ts=ts, at=2.0),
            "endorsing.endorse_all": lambda: endorsing.endorse_all(s, ana, ["y", topic], by=ben, event_ts=ts, at=2.0),
            "endorsing.owe_endorsed": lambda: endorsing.owe_endorsed(s, ben, at=2.0),
            "endorsing.take_back": lambda: endorsing.take_back(s, ana, ["y"], by=ben, event_ts=Ts("1700000600.000000")),
            "asking.hold": lambda: asking.hold(s, Endorsement.workspace == w, Endorsement.person == ana.id),
            "asking.owe": lambda: asking.owe(s, ana, at=3.0),
            "asking.owe_waiting": lambda: asking.owe_waiting(s, ana, at=3.0),
            "asking.owe_resting": lambda: asking.owe_resting(s, ana, at=3.0),
            "asking.helped": lambda: asking.helped(s, ana, [topic], at=3.0),
            "asking.may_have_more": lambda: asking.may_have_more(s, own, [], at=3.0),
            "asking.question": lambda: asking.question(s, own, at=3.0),
            "asking.yes": lambda: asking.yes(s, topic, by=ana, at=4.0),
            "asking.no": lambda: asking.no(s, "x", by=ana, at=4.0),
            "tags.claim": lambda: tags.claim(s, ["a", "b"], by=ana, at=5.0),
            "tags.change": lambda: tags.change(s, ["c"], ["a"], by=ana, at=5.0),
            "tags.of": lambda: tags.of(s, ana),
            "tags.shared": lambda: tags.shared(s, own, [topic]),
            "finding.people": lambda: finding.people(s, seeing, topic, at=6.0),
            "finding.look": lambda: finding.look(s, seeing, topic, at=6.0, hopeful=True, shown=2),
            "findable.allowed": lambda: findable.allowed(s, seeing, [ANA]),
            "findable.tags_of": lambda: findable.tags_of(s, seeing, ana),
            "findable.have_earned": lambda: findable.have_earned(s, seeing, {topic: topic}),
            "earned.by_evidence": lambda: earned.by_evidence(s, seeing, {topic: topic}, [ANA]),
            "findable.whom_to_ask": lambda: findable.whom_to_ask(s, guest, [topic], limit=2),
            "unclaimed.whom_to_ask": lambda: unclaimed.whom_to_ask(s, guest, [p.channel], at=6.0),
            "unclaimed.of": lambda: unclaimed.of(s, seeing, [p.channel], at=6.0),
            "finding.opened": lambda: finding.opened(s, seeing, [self.shared.id]),
            "tags.take_off": lambda: tags.take_off(s, [topic], by=ana, at=6.0),
            "tags.put_back": lambda: tags.put_back(s, [topic], by=ana, at=6.0),
            "tags.unclaim": lambda: tags.unclaim(s, ["b"], by=ana, at=6.0),
            "tags.undo": lambda: tags.undo(s, ["c"], ["a"], by=ana, at=6.0),
            "tags.suggestions": lambda: tags.suggestions(s, own),
            "tags.choose": lambda: tags.choose(s, ["d"], ["c"], by=ana, at=7.0),
            "names.called": lambda: names.called(s, w, ["py"]),
            "names.merge": lambda: names.merge(s, p, ["py", "py3"], "python", by=ana, at=8.0),
            "asking.merge": lambda: asking.merge(s, p, ["py4"], "python", by=ana, at=8.0),
            "names.all_of": lambda: names.all_of(s, w, ["py"]),
            "names.listed": lambda: names.listed(s, p, by=ana),
            "names.separate": lambda: names.separate(s, p, "py", by=ana),
            "names.separate_all": lambda: names.separate_all(s, p, ["py3"], by=ana),
            "fading.old": lambda: fading.old(s, ana, at=YEAR * 2),
            "fading.asked": lambda: fading.asked(s, ana, at=YEAR * 2),
            "fading.still": lambda: fading.still(s, by=ana, at=9.0),
            "wishes.was_asked": lambda: wishes.was_asked(s, ana, at=9.0),
            "wishes.approach": lambda: wishes.approach(s, ana, by=ben, at=9.0),
            "wishes.save": lambda: wishes.save(s, ana, hidden=False, a_week=1, stopped=False),
            "wishes.of": lambda: wishes.of(s, ana),
            "wishes.full": lambda: wishes.full(s, w, [ANA], at=9.0),
            "asking.stop": lambda: asking.stop(s, by=ana),
            "people.is_bot": lambda: people.is_bot(s, ben),
            **self.privately(),
        }

    def privately(self) -> dict[str, Callable[[], Any]]:
        """Ana asks Ben and Cleo four questions; each comes to another end."""
        s, w, p, ana, ben = self.session, self.workspace, self.place, self.ana, self.ben
        channels.seen(s, p, ana, at=1.0)
        channels.seen(s, p, ben, at=1.0)
        ids = one, two, three, four = AskedId("q1"), AskedId("q2"), AskedId("q3"), AskedId("q4")
        new = [NewQuestion(id, p, "Why?") for id in ids]
        ts, may = Ts("1700000700.000000"), "with name"
        return {
            "private_questions.ask": lambda: self.ask_all(new),
            "private_questions.due_at": lambda: questions.due_at(s, p, at=10.0),
            "private_views.find": lambda: views.find(s, w, one),
            "private_views.own": lambda: views.own(s, one, by=ana),
            "private_views.asked_of": lambda: views.asked_of(s, one, ben),
            "private_views.waiting_for": lambda: views.waiting_for(s, one, by=ben),
            "private_questions.stands": lambda: questions.stands(s, one, ben, ts=ts, at=11.0),
            "private_questions.pass_over": lambda: questions.pass_over(s, one, Person(w, CLEO), at=11.0),
            "private_answers.answer": lambda: answers.answer(s, one, "So.", may, by=ben, at=12.0),
            "private_answers.helped": lambda: answers.helped(s, one, by=ana, event_ts=ts, at=13.0),
            "private_answers.share": lambda: answers.share(s, one, by=ana, event_ts=ts, at=13.0),
            "private_answers.unshare": lambda: answers.unshare(s, one, by=ana, at=14.0),
            "private_questions.decline": lambda: questions.decline(s, two, by=ben, at=15.0),
            "private_questions.take_back": lambda: questions.take_back(s, two, by=ana, at=15.0),
            "private_answers.leave": lambda: self.answer_and_leave(three),
            "private_questions.owe_refresh": lambda: questions.owe_refresh(s, ben, four, at=17.0),
            "private_questions.end": lambda: questions.end(s, views.own(s, four, by=ana), "unanswered", at=17.0),
            "private_endings.said": lambda: endings.said(s, w, four),
        }

    def ask_all(self, new: list[NewQuestion]) -> None:
        """Ana asks."""
        for each in new:
            questions.ask(self.session, each, [BEN, CLEO], by=self.ana, at=10.0)

    def answer_and_leave(self, id: AskedId) -> None:
        """Ben answers, and Ana leaves it between them."""
        answers.answer(self.session, id, "So.", "with name", by=self.ben, at=16.0)
        answers.leave(self.session, id, by=self.ana)


def _live(session: Session, workspace: WorkspaceId, ids: Ids) -> Acts:
    ids.restart()
    acts = Acts(session, workspace)
    acts.live()
    return acts


@pytest.mark.parametrize("last", ["endorsing.endorse_all", "names.merge"])
def test_nothing_of_experts_sees_or_touches_another_workspaces_rows(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    """Each function is called in one workspace, and does what it does there alone. In its twin all was done until `last`."""
    ids, alone = Ids(monkeypatch), dict[str, str]()
    with Session(engine) as session:
        for name, act in _live(session, OURS, ids).each().items():
            alone[name] = str(act())
    with Session(engine) as session:
        for name, act in _live(session, THEIRS, ids).each().items():
            act()
            if name == last:
                break
        ours = _live(session, OURS, ids)
        acts, before = ours.each(), rows(session, THEIRS)
        for name, act in acts.items():
            assert str(act()) == alone[name], name
            assert rows(session, THEIRS) == before, name
    named = {name for name in alone if not name.startswith(("people.", "pocket_reactions."))}
    assert named | OF_ALL_WORKSPACES == functions_with_a_session(storage.experts)


def test_what_may_be_opened_comes_in_one_order(engine: Engine) -> None:
    """Whichever way PostgreSQL finds it: on its page, the older row stands behind the newer one once it was changed."""
    with Session(engine) as session:
        acts = Acts(session, OURS)
        acts.live()
        ids = sorted([acts.shared.id, acts.kept.id])
        session.execute(text("UPDATE learnings SET why = 'Because' WHERE id = :id"), {"id": ids[0]})
        if engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_indexscan = off"))
            session.execute(text("SET LOCAL enable_bitmapscan = off"))
        seeing = viewer(acts.ben, channels=frozenset({acts.place.channel}))
        assert list(finding.opened(session, seeing, ids)) == ids
