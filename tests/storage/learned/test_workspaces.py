"""What a workspace learned, no other sees or touches: down to the ids, its twin stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text

import storage.learned
from storage.ids import LearningId, MessageRef, Ts
from storage.kept.curators import Given
from storage.learned import cards, changes, discussion, drafts, earlier, helps, learnings, links, shown_here, topics
from storage.learned.entries import NewLearning
from storage.learned.helps import Helped
from storage.places import leads
from tests.storage import twins
from tests.storage.rooms import functions_with_a_session
from tests.storage.rows import viewer
from tests.storage.twins import ANA, BEN

OF_ALL_WORKSPACES = {
    "changes.forget_old",
    "drafts.forget_old",
    "earlier.forget_old",
}
"""What the worker, the clock and the operator do for everybody at once."""


class Acts(twins.Acts):
    """Everything that is done there, in one workspace: each public function by its name."""

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        s, w, p, ana, ben, m = self.session, self.workspace, self.place, self.ana, self.ben, self.message
        later = replace(self.new, words="Other words", topics=("other",))
        inside = viewer(self.ana, channels=frozenset({self.place.channel}))
        return {
            "topics.of": lambda: topics.of(s, w, self.shared.id),
            "topics.suggest": lambda: topics.suggest(s, p, "", to=inside),
            "topics.add": lambda: topics.add(s, w, self.kept.id, ("added",)),
            "topics.replace": lambda: topics.replace(s, w, self.kept.id, ("replaced",)),
            "learnings.find": lambda: learnings.find(s, w, self.shared.id),
            "learnings.find_by_key": lambda: learnings.find_by_key(s, w, "form:1", lock=True),
            "learnings.find_by_card": lambda: learnings.find_by_card(s, m),
            "links.add": lambda: links.add(s, w, self.shared.id, self.kept.id, by=ANA, at=9.0),
            "links.of": lambda: links.of(s, w, self.kept.id),
            "links.of_each": lambda: links.of_each(s, w, [self.kept.id]),
            "links.forget": lambda: links.forget(s, w, self.kept.id, at=9.0),
            "changes.link": lambda: changes.link(s, self.shared.id, self.kept.id, by=ana, at=9.0),
            "changes.unlink": lambda: changes.unlink(s, self.shared.id, self.kept.id, by=ana, at=9.0),
            "changes.unlink_all": lambda: self._linked(lambda: changes.unlink_all(s, self.shared.id, by=ana, at=9.0)),
            "links.remove": lambda: self._linked(lambda: links.remove(s, w, self.kept.id, self.shared.id, at=9.0)),
            "links.owe_look": lambda: links.owe_look(s, p, self.shared.id, at=9.0),
            "learnings.change": lambda: learnings.change(s, self.shared, later, at=9.0, edited_by=BEN),
            "helps.of_message": lambda: helps.of_message(s, m, lock=True),
            "helps.press": lambda: helps.press(s, self.shared.id, by=ben, event_ts=Ts("1700000020.0"), at=9.0),
            "helps.follow": lambda: helps.follow(s, Helped(m, BEN, "key", Ts("1700000021.0"), standing=True), at=9.0),
            "helps.most": lambda: helps.most(s, p, since=0.0, limit=9),
            "helps.count": lambda: helps.count(s, self.shared),
            "helps.may_have_helped": lambda: helps.may_have_helped(s, self.shared),
            "helps.counts": lambda: helps.counts(s, p, [self.shared.id]),
            "helps.seen": lambda: helps.seen(s, m, [Given(ANA, "key")], [], known=Ts("1700000030.0"), at=9.0),
            "helps.carried": lambda: helps.carried(s, m, self.kept.id, [Given(BEN, "key")], ask=True, at=9.0),
            "helps.ask_who": lambda: helps.ask_who(s, ben, at=9.0),
            "helps.is_person": lambda: helps.is_person(s, ben, bot=False, at=9.0),
            "helps.is_awaited": lambda: helps.is_awaited(s, MessageRef(p, Ts("1700000001.0"))),
            "helps.card_stands": lambda: helps.card_stands(s, m, at=9.0, late=True),
            "helps.newest": lambda: helps.newest(s, p),
            "helps.forget": lambda: helps.forget(s, w, self.shared.id),
            "discussion.answered": lambda: discussion.answered(
                s, MessageRef(p, Ts("1700000000.000300")), Ts("1700000000.000400"), by=ben, at=9.0
            ),
            "discussion.deleted": lambda: discussion.deleted(
                s, MessageRef(p, Ts("1700000000.000300")), Ts("1700000000.000500"), at=9.0
            ),
            "discussion.answered_by_form": lambda: discussion.answered_by_form(
                s, self.shared.id, LearningId("answer"), by=ben, shown=BEN, at=9.0
            ),
            "changes.changeable": lambda: changes.changeable(s, self.shared.id, by=ana),
            "changes.may_change": lambda: changes.may_change(s, self.shared, by=ben),
            "earlier.hold": lambda: earlier.hold(s, self.shared, at=9.0),
            "earlier.of": lambda: earlier.of(s, w, self.shared.id),
            "earlier.bring_back": self._bring_back,
            "changes.edit": lambda: changes.edit(s, self.shared.id, later, by=ana, at=9.0),
            "changes.outdate": lambda: changes.outdate(s, self.shared.id, "why", by=ana, at=9.0),
            "changes.out_of_date": lambda: changes.out_of_date(s, self.shared),
            "changes.renew": lambda: changes.renew(s, self.shared.id, by=ana, at=9.0),
            "changes.removed": lambda: changes.removed(s, w, self.shared.id),
            "changes.forget_removed": lambda: changes.forget_removed(s, w, self.shared.id),
            "learnings.own": lambda: learnings.own(s, self.shared.id, by=ana),
            "learnings.share": lambda: learnings.share(s, later, by=ana, here=True, at=9.0),
            "learnings.edit": lambda: learnings.edit(s, self.shared.id, self.new, by=ana, at=9.0),
            "cards.stands": lambda: cards.stands(s, w, self.shared.id, ts=Ts("5.0"), at=9.0),
            "cards.is_owed": lambda: cards.is_owed(s, self.shared),
            "cards.owe_words_back": lambda: cards.owe_words_back(s, self.shared, reason="x", at=9.0),
            "learnings.owe_card_refresh": lambda: learnings.owe_card_refresh(s, self.shared, at=9.0),
            "drafts.save": lambda: drafts.save(s, self.draft, by=ana, at=9.0),
            "drafts.is_saved": lambda: drafts.is_saved(s, self.draft, by=ana),
            "drafts.of": lambda: drafts.of(s, ana),
            "drafts.own": lambda: drafts.own(s, "2", by=ana),
            "drafts.share": lambda: drafts.share(s, replace(self.new, key="form:2"), "2", by=ana, at=9.0),
            "drafts.throw_away": lambda: drafts.throw_away(s, "3", by=ana, at=9.0),
            "changes.delete": self._take_away,
            "learnings.forget_words": lambda: learnings.forget_words(s, w, self.kept.id, state="taken back", at=9.0),
            "learnings.withdraw": lambda: learnings.withdraw(s, self.shared.id, by=ana, at=9.0),
            "learnings.several": lambda: learnings.several(s, w, [self.shared.id, self.kept.id]),
            "cards.turn_away": lambda: cards.turn_away(s, w, self.shared.id, at=9.0),
            "topics.of_each": lambda: topics.of_each(s, w, [self.shared.id]),
            "shown_here.show": lambda: shown_here.show(s, self.shared.id, p, None, by=ana, at=1.0),
            "shown_here.withdraw": lambda: shown_here.withdraw(s, w, self._shown_here, reason="gone", at=1.0),
        }

    @property
    def _shown_here(self) -> dict[str, str]:
        return {"learning": self.shared.id, "channel": self.place.channel, "thread": "", "person": self.ana.id}

    def _linked(self, act: Callable[[], Any]) -> Any:
        changes.link(self.session, self.shared.id, self.kept.id, by=self.ana, at=9.0)
        return act()

    def _take_away(self) -> None:
        """Ben, who leads the pocket by now, deletes what ana shared."""
        mine = NewLearning(key="form:2", place=self.place, words=self.new.words)
        leads.add(self.session, self.place, self.ben, at=9.0)
        self.session.execute(text("UPDATE memberships SET standing = true WHERE workspace = :w"), {"w": self.workspace})
        self.session.execute(text("UPDATE channels SET has_bot = true WHERE workspace = :w"), {"w": self.workspace})
        id = learnings.share(self.session, mine, by=self.ana, here=True, at=9.0)
        changes.delete(self.session, id, by=self.ben, at=9.0)

    def _bring_back(self) -> None:
        earlier.hold(self.session, replace(self.shared, edited_by=None), at=9.0)
        earlier.bring_back(self.session, self.shared.id, by=self.ana, at=9.0)


def test_no_function_sees_or_touches_another_workspaces_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is called in one workspace, and does what it does there alone."""
    assert twins.seen_alone(engine, monkeypatch, Acts) | OF_ALL_WORKSPACES == functions_with_a_session(storage.learned)


def test_no_row_of_the_outbox_ever_holds_what_people_wrote(engine: Engine) -> None:
    """After every act that owes something: ids and our own words only, never theirs."""
    twins.assert_no_words_are_owed(engine, Acts)
