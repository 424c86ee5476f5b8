"""What a workspace keeps, no other sees or touches: down to the ids, its twin stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text

import storage.kept
from storage.ids import MessageRef, Ts
from storage.kept import (
    consent,
    curators,
    importing,
    keep_forms,
    keepers,
    keeps,
    kept_answers,
    kept_errands,
    kept_news,
    sources,
)
from storage.kept.curators import Given
from storage.kept.importing import Carried
from storage.kept.keep_forms import FormKeep
from storage.people import Someone
from tests.storage import twins
from tests.storage.rooms import functions_with_a_session
from tests.storage.twins import ANA, BEN


class Acts(twins.Acts):
    """Everything that is done there, in one workspace: each public function by its name."""

    @property
    def carried(self) -> Carried:
        """A message of ana's in an export, which ben reacted to."""
        given, ts = frozenset({Given(BEN, "bulb")}), Ts("1600000000.000100")
        return Carried(ts, None, replace(self.seen, helped=given), given, (Someone(ANA), Someone(BEN)))

    @property
    def form_keep(self) -> FormKeep:
        """What ben leaves of it in the form."""
        pressed = Ts("1700000200.000000")
        return FormKeep(self.message, self.seen, "The bakery's oven", ("bread",), pressed, self.kept.words_ts)

    def each(self) -> dict[str, Callable[[], Any]]:
        """What is called, in this order."""
        s, w, p, ana, ben, m = self.session, self.workspace, self.place, self.ana, self.ben, self.message
        return {
            "importing.judge": lambda: importing.judge(s, p, [self.carried]),
            "importing.remember": lambda: importing.remember(s, p, [self.carried], at=9.0),
            "curators.carried": lambda: curators.carried(s, [(m, Given(BEN, "star"))]),
            "kept_news.owe_each": lambda: kept_news.owe_each(s, w, {ANA: self.kept.id}, at=9.0),
            "consent.never_keep_any": lambda: consent.never_keep_any(s, by=ben, at=9.0),
            "curators.of": lambda: curators.of(s, m),
            "curators.follow": lambda: curators.follow(
                s, m, ANA, "bulb", standing=True, event_ts=Ts("1700000050.000000")
            ),
            "curators.stands": lambda: curators.stands(s, m, ANA, event_ts=Ts("1700000050.000000")),
            "curators.withdraw": lambda: curators.withdraw(s, m, ANA, event_ts=Ts("1700000051.000000")),
            "keeps.is_older": lambda: keeps.is_older(s, MessageRef(p, Ts("1700000000.000100"))),
            "keeps.curators_of": lambda: keeps.curators_of(s, self.kept),
            "keeps.follow": lambda: self.react(standing=True),
            "keeps.take_back": lambda: keeps.take_back(
                s, self.kept.id, by=ben, event_ts=Ts("1700000060.000000"), at=9.0
            ),
            "keeps.looked": self._look_again,
            "keeps.may_be_kept": lambda: keeps.may_be_kept(s, w, self.seen),
            "keep_forms.offered": lambda: keep_forms.offered(s, m, by=ben, author=ANA),
            "keep_forms.keep": lambda: keep_forms.keep(s, self.form_keep, by=ben, at=9.0),
            "consent.keep_no_more": lambda: consent.keep_no_more(s, self.kept, at=9.0),
            "consent.withhold_all": lambda: consent.withhold_all(s, by=ana, at=9.0),
            "consent.withhold": self._withhold,
            "consent.leave_out": lambda: consent.leave_out(s, self.kept, author=ana.id, at=9.0),
            "consent.never_keep": lambda: consent.never_keep(s, self.kept.id, by=ana, at=9.0),
            "consent.keep_again": lambda: consent.keep_again(s, by=ana, at=9.0),
            "curators.seen": lambda: curators.seen(s, m, [Given(ANA, "bulb")], known=Ts("1700000090.000000")),
            "kept_errands.owe_look": lambda: kept_errands.owe_look(s, m, self.kept.id, at=9.0),
            "kept_errands.owe_mark_at": lambda: kept_errands.owe_mark_at(s, p, self.kept.id, at=9.0),
            "kept_errands.owe_mark": lambda: kept_errands.owe_mark(s, self.kept, at=9.0),
            "kept_errands.owe_refusal": lambda: kept_errands.owe_refusal(s, m, BEN, at=9.0),
            "kept_errands.owe_words": lambda: kept_errands.owe_words(s, self.kept, BEN, at=9.0),
            "kept_errands.owe_private_refusal": lambda: kept_errands.owe_private_refusal(
                s, workspace=w, body={"channel": p.channel, "ts": m.ts, "person": BEN}, at=9.0
            ),
            "keeps.settle": lambda: keeps.settle(s, m, at=9.0),
            "sources.edited": lambda: sources.edited(s, m, "w", event_ts=Ts("1700000091.000000"), at=9.0),
            "sources.shown": lambda: sources.shown(s, [self.shown], known=Ts("1700000092.000000"), at=9.0),
            "sources.known_between": lambda: sources.known_between(s, p, after=Ts("0"), before=Ts("9")),
            "sources.known_among": lambda: sources.known_among(s, p, [m.ts]),
            "sources.next_older": lambda: sources.next_older(s, p, before=Ts("9")),
            "sources.newest": lambda: sources.newest(s, p),
            "curators.given": lambda: curators.given(s, m),
            "curators.told": lambda: curators.told(s, m),
            "sources.deleted": lambda: sources.deleted(s, m, event_ts=Ts("1700000113.000000"), at=9.0),
            "curators.forget": lambda: curators.forget(s, m),
            "curators.refuse": lambda: curators.refuse(s, m),
            "kept_news.owe": lambda: kept_news.owe(s, self.kept.id, ana, at=9.0),
            "kept_news.untold": lambda: self._kept_again("live", lambda: kept_news.untold(s, ana)),
            "kept_news.told": lambda: kept_news.told(s, ana, [self.kept.id], at=9.0),
            "kept_answers.allow": lambda: self._kept_again(
                "asked", lambda: kept_answers.allow(s, self.kept.id, by=ana, at=9.0)
            ),
            "kept_answers.stay": lambda: self._kept_again("live", lambda: kept_answers.stay(s, self.kept.id, by=ben)),
            "kept_answers.let_go": self._let_go,
            "kept_errands.owe_question": lambda: kept_errands.owe_question(s, self.kept, BEN, at=9.0),
            "keeps.was_touched": lambda: keeps.was_touched(s, self.kept),
            "keeps.is_kept": lambda: keeps.is_kept(s, m),
            "keeps.look_again": lambda: keeps.look_again(s, self.kept, at=9.0),
            "curators.ever_kept": lambda: curators.ever_kept(s, m, BEN),
            "keepers.unknown": lambda: keepers.unknown(s, self.kept),
            "keepers.known": lambda: keepers.known(s, ben, bot=True, at=9.0),
            "keepers.all_known": lambda: keepers.all_known(s, p.workspace, {BEN: True}, at=9.0),
        }

    def _kept_again(self, state: str, act: Callable[[], Any]) -> Any:
        """Do something with what ben keeps of ana's, which is in this state again, in spite of all that came before."""
        where = {"w": self.workspace, "id": self.kept.id, "state": state, "words": "w" if state == "live" else ""}
        again = "UPDATE learnings SET state = :state, words = :words, why = '', author = 'UANA', told_at = NULL"
        self.ts = min(self.ts, 90) + 1
        self.react(standing=True)
        self.session.execute(text(f"{again} WHERE workspace = :w AND id = :id"), where)
        return act()

    def _let_go(self) -> None:
        self.react(standing=False)
        self.session.execute(
            text("UPDATE learnings SET state = 'live', words = 'w' WHERE workspace = :w AND id = :id"),
            {"w": self.workspace, "id": self.kept.id},
        )
        kept_answers.stay(self.session, self.kept.id, by=self.ben)
        kept_answers.let_go(self.session, self.kept.id, by=self.ben, at=9.0)

    def _look_again(self) -> None:
        self.ts = 70
        self.react(standing=True)
        self.look()

    def _withhold(self) -> None:
        self.session.execute(
            text("UPDATE learnings SET state = 'live', words = 'w' WHERE workspace = :w AND id = :id"),
            {"w": self.workspace, "id": self.kept.id},
        )
        consent.withhold(self.session, self.kept.id, by=self.ana, at=9.0)


def test_no_function_sees_or_touches_another_workspaces_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is called in one workspace, and does what it does there alone."""
    assert twins.seen_alone(engine, monkeypatch, Acts) == functions_with_a_session(storage.kept)


def test_no_row_of_the_outbox_ever_holds_what_people_wrote(engine: Engine) -> None:
    """After every act that owes something: ids and our own words only, never theirs."""
    twins.assert_no_words_are_owed(engine, Acts)
